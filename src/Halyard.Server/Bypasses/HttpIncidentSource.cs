using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Halyard.Core.Approvals.Bypasses;
using Halyard.Core.Changes.Bypassing;
using Halyard.Evaluation.Definitions;
using Halyard.Server.Authentication.Jwt;
using Halyard.Server.Delivery;

namespace Halyard.Server.Bypasses;

/// <summary>
/// Asks the configured address about incidents: bounded, without redirects, cookies and proxies, read strictly. Whatever it does not
/// say clearly it does not say: then a second person must agree.
/// </summary>
internal sealed class HttpIncidentSource(IncidentOptions options, Secrets secrets, TimeProvider time)
    : IIncidentSource,
        IDisposable
{
    /// <summary>The most bytes of an answer.</summary>
    public const int MaxBytes = 65_536;

    private const int MaxHeaderKilobytes = 16;

    private readonly HttpClient _client = new(
        new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = false,
            MaxResponseHeadersLength = MaxHeaderKilobytes,
            // A host that moves is found again.
            PooledConnectionLifetime = TimeSpan.FromMinutes(2),
        }
    )
    {
        Timeout = Timeout.InfiniteTimeSpan,
    };

    /// <inheritdoc/>
    public async ValueTask<IncidentReport> FindAsync(string incident, CancellationToken cancellationToken)
    {
        // A name is letters, digits, dots, hyphens and underscores: no path, no query, nothing that could mean another address.
        if (!JsonCursor.IsKey(incident))
            return new IncidentReport.Unknown();
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(options.TimeoutSeconds), time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        try
        {
            return await AskAsync(incident, either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new IncidentReport.Unavailable($"its source does not answer within {options.TimeoutSeconds} s");
        }
        catch (HttpRequestException broken)
        {
            return new IncidentReport.Unavailable($"its source cannot be reached ({broken.HttpRequestError})");
        }
        catch (IOException)
        {
            return new IncidentReport.Unavailable("the connection to its source broke");
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _client.Dispose();

    private async ValueTask<IncidentReport> AskAsync(string incident, CancellationToken cancellationToken)
    {
        var address = options.Url.Replace(IncidentOptions.Placeholder, Uri.EscapeDataString(incident), StringComparison.Ordinal);
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        request.Headers.Accept.ParseAdd("application/json");
        if (options.Secret.Length > 0)
        {
            var (token, missing) = secrets.FindOwn(options.Secret, new Uri(address));
            if (token is null)
                return new IncidentReport.Unavailable(missing);
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        }
        using var response = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        if (response.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.Gone)
            return new IncidentReport.Unknown();
        if (response.StatusCode != HttpStatusCode.OK)
            return new IncidentReport.Unavailable($"its source answers {(int)response.StatusCode}");
        await using var content = await response.Content.ReadAsStreamAsync(cancellationToken);
        var body = new byte[MaxBytes + 1];
        var read = await content.ReadAtLeastAsync(body, body.Length, throwOnEndOfStream: false, cancellationToken);
        return read > MaxBytes
            ? new IncidentReport.Unavailable($"its source answers with more than {MaxBytes} bytes")
            : Read(incident, body.AsMemory(0, read));
    }

    private IncidentReport Read(string incident, ReadOnlyMemory<byte> body)
    {
        if (!StrictJson.TryReadObject(body, out var document))
            return new IncidentReport.Unavailable("its source answers with no proper JSON object");
        using (document)
        {
            if (Text(document.RootElement, options.IdField) != incident)
                return new IncidentReport.Unavailable("its source answers about another incident, or does not say which");
            if (Text(document.RootElement, options.StatusField) is not { Length: > 0 and <= Limits.Identifier } status)
                return new IncidentReport.Unavailable("its source does not say its state");
            var severity = Text(document.RootElement, options.SeverityField);
            return new IncidentReport.Known(
                severity is null ? null : options.SeverityOf(severity),
                options.IsActive(status),
                status
            )
            {
                IsOver = options.IsOver(status),
            };
        }
    }

    private static string? Text(JsonElement root, string field)
    {
        var place = root;
        foreach (var member in field.Split('.'))
        {
            if (place.ValueKind != JsonValueKind.Object || !place.TryGetProperty(member, out place))
                return null;
        }
        return place.ValueKind == JsonValueKind.String ? place.GetString() : null;
    }
}
