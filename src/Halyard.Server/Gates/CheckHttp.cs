using System.Net.Http.Headers;

namespace Halyard.Server.Gates;

/// <summary>What a source answered.</summary>
/// <param name="Status">The status; 0 where there is no answer.</param>
/// <param name="Body">The whole answer; empty where there is none.</param>
/// <param name="Why">Why there is none, in words of ours; empty where there is one.</param>
internal sealed record SourceAnswer(int Status, byte[] Body, string Why)
{
    public static SourceAnswer None(string why) => new(0, [], why);
}

/// <summary>
/// Asks sources of evidence: allowed hosts alone, one patience for connecting, head and body together, a bounded answer, no redirect, no
/// proxy, no cookie. What went wrong is told in words of ours; what others say stays out of them.
/// </summary>
internal sealed class CheckHttp(CheckOptions options, TimeProvider time) : IDisposable
{
    /// <summary>The largest answer.</summary>
    public const int MaxBytes = 64 * 1024;

    private const int MaxHeaderKilobytes = 16;

    private readonly HttpClient _client = new(
        new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseProxy = false,
            UseCookies = false,
            MaxResponseHeadersLength = MaxHeaderKilobytes,
            PooledConnectionLifetime = TimeSpan.FromMinutes(2),
        }
    )
    {
        Timeout = Timeout.InfiniteTimeSpan,
    };

    /// <summary>Asks an address, with a bearer token if there is one.</summary>
    public async ValueTask<SourceAnswer> GetAsync(Uri address, string? bearer, CancellationToken cancellationToken)
    {
        if (!options.Allows(address))
            return SourceAnswer.None("its host is not among Halyard:Checks:AllowedHosts");
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(options.TimeoutSeconds), time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, address);
            request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
            if (bearer is not null)
                request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", bearer);
            using var response = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token);
            if ((int)response.StatusCode is >= 300 and < 400)
                return SourceAnswer.None("the source sends elsewhere; redirects are not followed");
            await using var stream = await response.Content.ReadAsStreamAsync(either.Token);
            var bytes = new byte[MaxBytes + 1];
            var read = await stream.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, either.Token);
            return read > MaxBytes
                ? SourceAnswer.None($"the answer has more than {MaxBytes} bytes")
                : new SourceAnswer((int)response.StatusCode, bytes[..read], "");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return SourceAnswer.None($"the source did not answer within {options.TimeoutSeconds} s");
        }
        catch (Exception broken) when (broken is HttpRequestException or IOException)
        {
            return SourceAnswer.None("the source cannot be reached");
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _client.Dispose();
}
