using System.Diagnostics.CodeAnalysis;
using System.Net.Http.Headers;
using System.Text;
using Halyard.Core.Audit.Sinks;
using Halyard.Server.Delivery.Http;

namespace Halyard.Server.Delivery.Search;

/// <summary>
/// Indexes entries by <c>_bulk</c>. Where some items fail, those before the first failure are settled, and it goes on from there;
/// what was indexed behind it is indexed again under the same id.
/// </summary>
internal sealed class OpenSearchTarget(string tenant, Sink sink, TargetHttp http, Secrets secrets) : ISinkTarget
{
    private const int MaxBytes = 1024 * 1024;
    private const int MaxAnswer = 1024 * 1024;

    /// <inheritdoc/>
    public int BatchSize => 500;

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<DeliveryResult>> SendAsync(
        IReadOnlyList<SinkMessage> messages,
        CancellationToken cancellationToken
    )
    {
        // One request's worth: the lease is looked at between any two.
        var batch = new List<SinkEntry>();
        var bytes = 0;
        foreach (var entry in messages.Select(message => message.Entries[0]))
        {
            if (batch.Count > 0 && bytes + entry.Leaf.Length > MaxBytes)
                break;
            batch.Add(entry);
            bytes += entry.Leaf.Length;
        }
        return await SendBatchAsync(batch, cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask<DeliveryResult> TestAsync(CancellationToken cancellationToken)
    {
        if (!TryPrepare(out var index, out var authorization, out var problem))
            return problem;
        using var request = new HttpRequestMessage(HttpMethod.Get, index);
        request.Headers.Authorization = authorization;
        return (await http.SendAsync(request, MaxAnswer, cancellationToken)).Result;
    }

    private static bool AreSettled(IEnumerable<DeliveryResult> results) =>
        results.All(result => result.Verdict is DeliveryVerdict.Accepted or DeliveryVerdict.RefusedForGood);

    private async ValueTask<IReadOnlyList<DeliveryResult>> SendBatchAsync(
        List<SinkEntry> entries,
        CancellationToken cancellationToken
    )
    {
        if (!TryPrepare(out var index, out var authorization, out var problem))
            return [problem];
        using var request = new HttpRequestMessage(
            HttpMethod.Post,
            new UriBuilder(index) { Path = $"{index.AbsolutePath}/_bulk" }.Uri
        );
        request.Headers.Authorization = authorization;
        request.Content = new ByteArrayContent(BulkRequest.Write(entries));
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/x-ndjson");
        var answer = await http.SendAsync(request, MaxAnswer, cancellationToken);
        switch (answer.Result.Verdict)
        {
            case DeliveryVerdict.Accepted:
                return BulkAnswer.Read(answer.Body, entries.Count)
                    ?? [DeliveryResult.Failed("the target's answer is not one to a bulk request")];
            case DeliveryVerdict.Refused when entries.Count > 1:
                // Too much, or one that spoils all: halves find which.
                var half = entries.Count / 2;
                var first = await SendBatchAsync([.. entries.Take(half)], cancellationToken);
                return AreSettled(first)
                    ? [.. first, .. await SendBatchAsync([.. entries.Skip(half)], cancellationToken)]
                    : first;
            default:
                return [answer.Result];
        }
    }

    /// <summary>Finds the index and what it wants to see; else what is wrong.</summary>
    private bool TryPrepare(
        [NotNullWhen(true)] out Uri? index,
        out AuthenticationHeaderValue? authorization,
        [NotNullWhen(false)] out DeliveryResult? problem
    )
    {
        authorization = null;
        if (!TargetAddress.TryFind(tenant, sink.Settings, secrets, out index, out problem))
            return false;
        if (SinkRules.IndexOf(index) is null)
            problem = DeliveryResult.Failed("the target's address does not end with the name of an index");
        else if (sink.Settings.Secret is { } name)
        {
            var (secret, missing) = secrets.Find(name, tenant, index);
            authorization = secret is null ? null : Authorization(secret);
            if (secret is null)
                problem = DeliveryResult.Failed(missing);
            else if (authorization is null)
                problem = DeliveryResult.Failed(
                    $"the secret '{name}' must read 'user:password' or 'ApiKey …', in printable ASCII"
                );
        }
        return problem is null;
    }

    /// <summary><c>user:password</c> or <c>ApiKey …</c>; <see langword="null"/> for anything else.</summary>
    private static AuthenticationHeaderValue? Authorization(string secret)
    {
        const string apiKey = "ApiKey ";
        if (secret.Any(letter => letter is < ' ' or > '~'))
            return null;
        if (secret.StartsWith(apiKey, StringComparison.Ordinal))
            return new AuthenticationHeaderValue("ApiKey", secret[apiKey.Length..]);
        return secret.Contains(':', StringComparison.Ordinal)
            ? new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(secret)))
            : null;
    }
}
