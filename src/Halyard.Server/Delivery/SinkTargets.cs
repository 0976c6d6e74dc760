using Halyard.Core;
using Halyard.Core.Audit.Sinks;
using Halyard.Core.Changes;
using Halyard.Server.Delivery.Files;
using Halyard.Server.Delivery.Http;
using Halyard.Server.Delivery.Mail;
using Halyard.Server.Delivery.Search;
using Halyard.Server.Delivery.Slack;
using Halyard.Server.Delivery.Webhooks;
using Halyard.Server.Hosting;

namespace Halyard.Server.Delivery;

/// <summary>Opens the targets of sinks, one kind each.</summary>
internal sealed class SinkTargets(
    TargetHttp http,
    Secrets secrets,
    HalyardOptions options,
    LogOrigins origins,
    TimeProvider time,
    Entropy entropy
)
{
    private readonly EntryLinks _links = new(options);

    /// <summary>The target of a sink.</summary>
    public ISinkTarget Open(string tenant, Sink sink) =>
        sink.Settings.Kind switch
        {
            SinkKind.Webhook => new WebhookTarget(tenant, sink, origins.Of(tenant), http, secrets, _links, time, entropy),
            SinkKind.Slack => new SlackTarget(tenant, sink, http, secrets, _links),
            SinkKind.File => new FileTarget(tenant, sink, options.Sinks),
            SinkKind.OpenSearch => new OpenSearchTarget(tenant, sink, http, secrets),
            SinkKind.Email => new MailTarget(tenant, sink, options.Mail, secrets, _links, time),
        };
}
