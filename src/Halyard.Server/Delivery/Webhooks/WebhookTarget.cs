using System.Globalization;
using System.Net.Http.Headers;
using Halyard.Core;
using Halyard.Core.Audit.Sinks;
using Halyard.Evaluation.Definitions;
using Halyard.Server.Delivery.Http;

namespace Halyard.Server.Delivery.Webhooks;

/// <summary>Posts CloudEvents, signed, one at a time.</summary>
internal sealed class WebhookTarget(
    string tenant,
    Sink sink,
    string source,
    TargetHttp http,
    Secrets secrets,
    EntryLinks links,
    TimeProvider time,
    Entropy entropy
) : ISinkTarget
{
    // Nothing in the answer matters; it is read so that the connection can be used again.
    private const int MaxAnswer = 4_096;

    /// <inheritdoc/>
    public int BatchSize => 1;

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<DeliveryResult>> SendAsync(
        IReadOnlyList<SinkMessage> messages,
        CancellationToken cancellationToken
    )
    {
        var message = messages.Single();
        return sink.Settings.Mode == SinkMode.Alert
            ? [await PostAsync(message.AlertId, CloudEvent.Alert(message, links.Of), cancellationToken)]
            : [await PostAsync(message.Id, CloudEvent.Entry(message.Entries[0]), cancellationToken)];
    }

    /// <inheritdoc/>
    public ValueTask<DeliveryResult> TestAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var id = entropy.NewUlid(now);
        return PostAsync(id, CloudEvent.Test(id, source, Rfc3339.Format(now)), cancellationToken);
    }

    private async ValueTask<DeliveryResult> PostAsync(string id, byte[] body, CancellationToken cancellationToken)
    {
        if (!TargetAddress.TryFind(tenant, sink.Settings, secrets, out var address, out var problem))
            return problem;
        var keys = new List<byte[]>();
        foreach (var name in new[] { sink.Settings.Secret!, sink.Settings.PreviousSecret }.OfType<string>())
        {
            var (secret, missing) = secrets.Find(name, tenant, address);
            if (secret is null)
                return DeliveryResult.Failed(missing);
            if (WebhookSignature.Key(secret) is not { } key)
                return DeliveryResult.Failed($"the secret '{name}' must have at least 24 bytes, after whsec_ in base64");
            keys.Add(key);
        }
        var timestamp = time.GetUtcNow().ToUnixTimeSeconds();
        using var request = new HttpRequestMessage(HttpMethod.Post, address) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue(CloudEvent.MediaType, "utf-8");
        request.Headers.Add("webhook-id", id);
        request.Headers.Add("webhook-timestamp", timestamp.ToString(CultureInfo.InvariantCulture));
        request.Headers.TryAddWithoutValidation("webhook-signature", WebhookSignature.Sign(id, timestamp, body, keys));
        return (await http.SendAsync(request, MaxAnswer, cancellationToken)).Result;
    }
}
