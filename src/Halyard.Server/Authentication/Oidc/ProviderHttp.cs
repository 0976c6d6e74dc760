namespace Halyard.Server.Authentication.Oidc;

/// <summary>What a provider answered.</summary>
/// <param name="Status">The status; 0 where it was not reached.</param>
/// <param name="Body">The whole answer; empty where it was not reached.</param>
/// <param name="Problem">Why there is none, in words; <see langword="null"/> where there is.</param>
internal sealed record ProviderAnswer(int Status, byte[] Body, string? Problem)
{
    /// <summary>What was asked for, or <see langword="null"/> where it was not given.</summary>
    public byte[]? Good => Status == 200 ? Body : null;

    /// <summary>What went wrong, in words, for the server's log.</summary>
    public string Words => Problem ?? $"it answers {Status}";
}

/// <summary>
/// Talks to identity providers: patient for ten seconds, bounded, without cookies and without following redirects, so that an answer
/// comes from the address that was configured or announced and from no other.
/// </summary>
internal sealed class ProviderHttp(TimeProvider time) : IDisposable
{
    /// <summary>The most bytes of an answer.</summary>
    public const int MaxBytes = 262_144;

    private const int MaxHeaderKilobytes = 16;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly HttpClient _client = new(
        new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            MaxResponseHeadersLength = MaxHeaderKilobytes,
            // A host that moves is found again.
            PooledConnectionLifetime = TimeSpan.FromMinutes(2),
        }
    )
    {
        Timeout = Timeout.InfiniteTimeSpan,
    };

    /// <summary>Asks for a document.</summary>
    public async ValueTask<ProviderAnswer> GetAsync(Uri address, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        request.Headers.Accept.ParseAdd("application/json");
        return await SendAsync(request, cancellationToken);
    }

    /// <summary>Sends a request and reads its whole answer.</summary>
    public async ValueTask<ProviderAnswer> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        try
        {
            using var response = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token);
            await using var content = await response.Content.ReadAsStreamAsync(either.Token);
            var body = new byte[MaxBytes + 1];
            var read = await content.ReadAtLeastAsync(body, body.Length, throwOnEndOfStream: false, either.Token);
            return read > MaxBytes
                ? Without($"it answers with more than {MaxBytes} bytes")
                : new ProviderAnswer((int)response.StatusCode, body[..read], null);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return Without($"it does not answer within {Patience.TotalSeconds} s");
        }
        catch (HttpRequestException broken)
        {
            return Without($"it cannot be reached ({broken.HttpRequestError})");
        }
        catch (IOException)
        {
            return Without("the connection broke");
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _client.Dispose();

    private static ProviderAnswer Without(string problem) => new(0, [], problem);
}
