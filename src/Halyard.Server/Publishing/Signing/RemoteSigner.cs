using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Halyard.Ledger;

namespace Halyard.Server.Publishing.Signing;

/// <summary>A signer in a process of its own (<c>halyard-server sign</c>), over HTTP with a shared secret.</summary>
internal sealed class RemoteSigner : ISigner, IDisposable
{
    private const int MaxKeys = 16;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    private readonly HttpClient _http;

    /// <summary>A signer at an address.</summary>
    /// <param name="address">Where it listens; ends with a slash.</param>
    /// <param name="token">The shared secret.</param>
    /// <param name="patience">How long an answer is waited for; 15 seconds where it is not given.</param>
    public RemoteSigner(Uri address, string token, TimeSpan? patience = null)
    {
#pragma warning disable CA2000 // The client disposes it.
        _http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false })
#pragma warning restore CA2000
        {
            BaseAddress = address,
            Timeout = patience ?? Patience,
            MaxResponseContentBufferSize = SignBody.MaxBytes,
        };
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<NoteKey>> KeysAsync(CancellationToken cancellationToken)
    {
        var text = await _http.GetStringAsync(new Uri("keys", UriKind.Relative), cancellationToken);
        var keys = new List<NoteKey>();
        foreach (var line in text.Split('\n', MaxKeys + 1, StringSplitOptions.RemoveEmptyEntries))
        {
            if (!NoteKey.TryParse(line, out var key, out var problem))
                throw new HttpRequestException($"The signer's keys cannot be read: {problem}.");
            keys.Add(key);
        }
        return keys.Count > 0 ? keys : throw new HttpRequestException("The signer names no key.");
    }

    /// <inheritdoc/>
    public async ValueTask<SigningAnswer> SignAsync(SigningRequest request, CancellationToken cancellationToken)
    {
        using var response = await _http.PostAsJsonAsync(
            new Uri("sign", UriKind.Relative),
            SignBody.Of(request),
            SigningJson.Default.SignBody,
            cancellationToken
        );
        var body = await response.Content.ReadAsByteArrayAsync(cancellationToken);
        return response.StatusCode switch
        {
            HttpStatusCode.OK => Note.TryParse(body, out var note, out var problem)
                ? new SigningAnswer.Signed(note)
                : throw new HttpRequestException($"The signer's answer is no note: {problem}."),
            HttpStatusCode.Conflict
                when Read(body, SigningJson.Default.StaleBody) is { } stale && Digest.TryParse(stale.Root, out var root) =>
                new SigningAnswer.Stale(stale.Size, root),
            HttpStatusCode.UnprocessableEntity when Read(body, SigningJson.Default.RefusedBody) is { } refused =>
                new SigningAnswer.Refused(refused.Reason),
            var status => throw new HttpRequestException($"The signer answers {(int)status}.", null, status),
        };
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    private static T? Read<T>(byte[] body, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize(body, type);
        }
        catch (JsonException unreadable)
        {
            throw new HttpRequestException("The signer's answer cannot be read.", unreadable);
        }
    }
}
