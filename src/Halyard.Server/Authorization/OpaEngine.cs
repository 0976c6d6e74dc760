using System.Buffers;
using System.Net.Http.Headers;
using System.Text.Json;
using Halyard.Core.Access.Deciding;
using Halyard.Rego;

namespace Halyard.Server.Authorization;

/// <summary>
/// Asks Open Policy Agent over REST. What the policy in this process would be asked is asked there, and answered in the same document;
/// whatever else comes back, or nothing in time, is no. No answer is remembered.
/// </summary>
internal sealed class OpaEngine : IPolicyEngine, IDisposable
{
    private const int MaxAnswer = 256 * 1024;
    private const string Place = "/v1/data/halyard/authz";

    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };

    private readonly HttpClient _client = new(Direct()) { Timeout = Timeout.InfiniteTimeSpan };
    private readonly Uri _address;
    private readonly TimeSpan _patience;
    private readonly TimeProvider _time;

    public OpaEngine(AuthorizationOptions options, TimeProvider time)
    {
        _address = new Uri(options.OpaUrl.TrimEnd('/') + Place);
        _patience = TimeSpan.FromMilliseconds(options.OpaTimeoutMs);
        _time = time;
    }

    /// <inheritdoc/>
    public async ValueTask<AccessPlan> AskAsync(AccessState state, RegoValue question, CancellationToken cancellationToken)
    {
        var policy = $"opa {state.Name}";
        using var patience = new CancellationTokenSource(_patience, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        try
        {
            using var content = new ReadOnlyMemoryContent(Body(question));
            content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
            using var request = new HttpRequestMessage(HttpMethod.Post, _address) { Content = content };
            using var response = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token);
            if (response.StatusCode != System.Net.HttpStatusCode.OK)
                return AccessPlan.Never($"the policy engine answered with status {(int)response.StatusCode}", policy);
            await using var stream = await response.Content.ReadAsStreamAsync(either.Token);
            var bytes = new byte[MaxAnswer + 1];
            var read = await stream.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, either.Token);
            return read > MaxAnswer
                ? AccessPlan.Never($"the policy engine's answer has more than {MaxAnswer} bytes", policy)
                : Read(bytes.AsMemory(0, read), policy);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return AccessPlan.Never($"the policy engine did not answer within {_patience.TotalMilliseconds} ms", policy);
        }
        catch (Exception broken) when (broken is HttpRequestException or IOException)
        {
            return AccessPlan.Never("the policy engine cannot be reached", policy);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _client.Dispose();

    /// <summary>An answer that comes from elsewhere is not OPA's.</summary>
    private static SocketsHttpHandler Direct() =>
        new()
        {
            AllowAutoRedirect = false,
            UseProxy = false,
            UseCookies = false,
        };

    private static ReadOnlyMemory<byte> Body(RegoValue question)
    {
        var buffer = new ArrayBufferWriter<byte>(4096);
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            writer.WritePropertyName("input");
            question.WriteTo(writer);
            writer.WriteEndObject();
        }
        return buffer.WrittenMemory;
    }

    private static AccessPlan Read(ReadOnlyMemory<byte> answer, string policy)
    {
        try
        {
            using var document = JsonDocument.Parse(answer, Strict);
            if (document.RootElement.ValueKind != JsonValueKind.Object)
                return AccessPlan.Never("the policy engine's answer is no object", policy);
            // OPA leaves the result out where the policy has no value for what was asked.
            return document.RootElement.TryGetProperty("result", out var result)
                ? AnswerReader.Read(result, policy)
                : AccessPlan.Never("the policy gives no answer", policy);
        }
        catch (JsonException)
        {
            return AccessPlan.Never("the policy engine's answer is not JSON", policy);
        }
    }
}
