using System.Net.Http.Headers;
using System.Text;
using Halyard.Core.Audit.Sinks;
using Halyard.Server.Delivery.Http;

namespace Halyard.Server.Delivery.Slack;

/// <summary>Posts alerts to an incoming webhook of Slack, or of whatever speaks like it.</summary>
internal sealed class SlackTarget(string tenant, Sink sink, TargetHttp http, Secrets secrets, EntryLinks links) : ISinkTarget
{
    private const int MaxAnswer = 256;

    // The words that Slack answers with; anything else that comes back is not repeated.
    private static readonly HashSet<string> Known = new(StringComparer.Ordinal)
    {
        "action_prohibited",
        "channel_is_archived",
        "channel_not_found",
        "invalid_blocks",
        "invalid_blocks_format",
        "invalid_payload",
        "invalid_token",
        "no_active_hooks",
        "no_service",
        "no_service_id",
        "no_team",
        "no_text",
        "posting_to_general_channel_denied",
        "rate_limited",
        "rollup_error",
        "team_disabled",
        "too_many_attachments",
        "user_not_found",
    };

    /// <inheritdoc/>
    public int BatchSize => 1;

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<DeliveryResult>> SendAsync(
        IReadOnlyList<SinkMessage> messages,
        CancellationToken cancellationToken
    ) => [await PostAsync(SlackMessage.Alert(messages.Single(), links.Of), cancellationToken)];

    /// <inheritdoc/>
    public ValueTask<DeliveryResult> TestAsync(CancellationToken cancellationToken) =>
        PostAsync(SlackMessage.Test(sink.Key), cancellationToken);

    private async ValueTask<DeliveryResult> PostAsync(byte[] body, CancellationToken cancellationToken)
    {
        if (!TargetAddress.TryFind(tenant, sink.Settings, secrets, out var address, out var problem))
            return problem;
        using var request = new HttpRequestMessage(HttpMethod.Post, address) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json", "utf-8");
        var answer = await http.SendAsync(request, MaxAnswer, cancellationToken);
        var word = Encoding.UTF8.GetString(answer.Body).Trim();
        return answer.Status >= 400 && Known.Contains(word)
            ? answer.Result with
            {
                Words = $"{answer.Result.Words}: {word}",
            }
            : answer.Result;
    }
}
