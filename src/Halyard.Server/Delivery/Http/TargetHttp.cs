using System.Net;
using System.Net.Http.Headers;
using Halyard.Server.Hosting;

namespace Halyard.Server.Delivery.Http;

/// <summary>What a target answered.</summary>
/// <param name="Result">What its status means for the message.</param>
/// <param name="Status">The status; 0 where it was not reached.</param>
/// <param name="Body">The answer as far as the limit goes; empty where it was not reached.</param>
internal sealed record TargetAnswer(DeliveryResult Result, int Status, byte[] Body);

/// <summary>
/// Sends to targets: guarded, bounded, patient for ten seconds. What went wrong is told by kind, never with what a target or an
/// exception says, for both may hold what is secret.
/// </summary>
internal sealed class TargetHttp(SinkOptions options, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan MaxRetryAfter = TimeSpan.FromHours(1);

    private readonly HttpClient _client = new(GuardedHandler.Create(options)) { Timeout = Timeout.InfiniteTimeSpan };

    /// <summary>Sends one request and reads at most <paramref name="most"/> bytes of its answer.</summary>
    public async ValueTask<TargetAnswer> SendAsync(HttpRequestMessage request, int most, CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        try
        {
            using var response = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token);
            await using var content = await response.Content.ReadAsStreamAsync(either.Token);
            var body = new byte[most];
            var read = await content.ReadAtLeastAsync(body, most, throwOnEndOfStream: false, either.Token);
            var wait = RetryAfter(response.Headers.RetryAfter);
            return new TargetAnswer(Judge(response.StatusCode, wait), (int)response.StatusCode, body[..read]);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return NotReached($"the target did not answer within {Patience.TotalSeconds} s");
        }
        catch (HttpRequestException broken)
        {
            return NotReached(
                broken.InnerException is TargetRefusedException refused
                    ? refused.Message
                    : $"the target cannot be reached ({broken.HttpRequestError})"
            );
        }
        catch (IOException)
        {
            return NotReached("the connection broke");
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _client.Dispose();

    /// <summary>
    /// What a status says: of the message, of us, or of the target. Only what it says of the message can set the message aside; a
    /// credential that expired or an address that moved concerns every message, and those wait.
    /// </summary>
    internal static DeliveryResult Judge(HttpStatusCode status, TimeSpan? retryAfter)
    {
        var words = $"the target answered {(int)status}";
        return (int)status switch
        {
            >= 200 and < 300 => new DeliveryResult(DeliveryVerdict.Accepted, words),
            >= 300 and < 400 => DeliveryResult.Failed($"{words}; redirects are not followed"),
            401 or 403 or 404 or 405 or 407 or 408 or 410 or 425 or 429 => new(DeliveryVerdict.Failed, words, retryAfter),
            >= 400 and < 500 => new DeliveryResult(DeliveryVerdict.Refused, words),
            _ => new DeliveryResult(DeliveryVerdict.Failed, words, retryAfter),
        };
    }

    private static TargetAnswer NotReached(string words) => new(DeliveryResult.Failed(words), 0, []);

    private TimeSpan? RetryAfter(RetryConditionHeaderValue? header)
    {
        var wait = header?.Delta ?? (header?.Date - time.GetUtcNow());
        return wait is not { } asked || asked <= TimeSpan.Zero ? null
            : asked < MaxRetryAfter ? asked
            : MaxRetryAfter;
    }
}
