using System.Text.Json;
using System.Text.Json.Serialization;
using Halyard.Core.Flags;
using Halyard.Evaluation.Definitions;

namespace Halyard.Core.Audit.Sinks;

/// <summary>Where a sink delivers to.</summary>
public enum SinkKind
{
    /// <summary>An HTTP address that takes CloudEvents, signed.</summary>
    Webhook,

    /// <summary>A Slack incoming webhook.</summary>
    Slack,

    /// <summary>A file of one leaf a line, in the folder that the operator configured.</summary>
    File,

    /// <summary>An index of OpenSearch or Elasticsearch.</summary>
    [JsonStringEnumMemberName("opensearch")]
    OpenSearch,

    /// <summary>People's mailboxes, by way of the operator's mail server.</summary>
    Email,
}

/// <summary>How a sink tells what happened.</summary>
public enum SinkMode
{
    /// <summary>Every entry that the filter lets through, one by one, for machines.</summary>
    Stream,

    /// <summary>A message that people read, bursts grouped.</summary>
    Alert,
}

/// <summary>What is worth an alert.</summary>
public enum AlertClass
{
    /// <summary>Something took effect that reaches an environment of type production.</summary>
    [JsonStringEnumMemberName("production-change")]
    ProductionChange,

    /// <summary>A credential, a grant or a role changed, or an attempt was denied.</summary>
    [JsonStringEnumMemberName("access-change")]
    AccessChange,

    /// <summary>A flag changed that had the tag <c>critical</c>, or that was given it.</summary>
    [JsonStringEnumMemberName("critical-tag")]
    CriticalTag,

    /// <summary>The log does not verify.</summary>
    [JsonStringEnumMemberName("verification-failed")]
    VerificationFailed,

    /// <summary>Approvals were passed by in an emergency, or somebody tried to, or something is owed for it.</summary>
    [JsonStringEnumMemberName("emergency-bypass")]
    EmergencyBypass,

    /// <summary>A change request needs somebody, or something became of it: any <see cref="RequestEvent"/>.</summary>
    Approval,
}

/// <summary>Which entries a sink gets. Every member that is set narrows; lists are "any of".</summary>
/// <param name="Projects">Keys of projects; entries of the tenant itself are then left out.</param>
/// <param name="Actions">Entry types or semantic changes, or all that begin alike: <c>flag.*</c>.</param>
/// <param name="EnvironmentTypes">Types of environments that a change reaches.</param>
/// <param name="Tags">Tags that a flag in the entry had before or has afterwards.</param>
/// <param name="Succeeded">True for what succeeded, false for what was denied or failed.</param>
/// <param name="Classes">What is worth an alert.</param>
public sealed record SinkFilter(
    Sequence<string> Projects,
    Sequence<string> Actions,
    Sequence<EnvironmentType> EnvironmentTypes,
    Sequence<string> Tags,
    bool? Succeeded,
    Sequence<AlertClass> Classes
)
{
    /// <summary>Everything.</summary>
    public static SinkFilter All { get; } = new([], [], [], [], null, []);
}

/// <summary>What can be changed about a sink.</summary>
/// <param name="Kind">Where it delivers to; fixed once it is created.</param>
/// <param name="Mode">How it tells.</param>
/// <param name="Target">An address, or a file's name; empty where <paramref name="TargetSecret"/> holds the address.</param>
/// <param name="TargetSecret">The name of the secret that is the address, or <see langword="null"/>.</param>
/// <param name="Secret">The name of the secret that signs or authenticates, or <see langword="null"/>.</param>
/// <param name="PreviousSecret">While a webhook's secret is rotated, the name of the one before, which signs too.</param>
/// <param name="Filter">Which entries it gets.</param>
/// <param name="GroupSeconds">Alerts: how long further entries wait after a message, to be told together; 0 to 3,600.</param>
/// <param name="Enabled">When false nothing is delivered and the cursor stays.</param>
public sealed record SinkSettings(
    SinkKind Kind,
    SinkMode Mode,
    string Target,
    string? TargetSecret,
    string? Secret,
    string? PreviousSecret,
    SinkFilter Filter,
    int GroupSeconds,
    bool Enabled
);

/// <summary>A place outside that follows the log. It holds names of secrets, never a secret.</summary>
/// <param name="Id">Its id; a sink created anew under the same key starts with a cursor of its own.</param>
/// <param name="Key">Unique in the tenant.</param>
/// <param name="From">The index of the first entry it gets, or <see langword="null"/> for the one after its creation.</param>
/// <param name="Settings">What can be changed.</param>
public sealed record Sink(string Id, string Key, long? From, SinkSettings Settings) : Resource(Id, NameOf(Key))
{
    /// <summary>Where the sink with this key is found.</summary>
    public static ResourceName NameOf(string key) => new(ResourceKind.Sink, "", key);

    /// <inheritdoc/>
    protected override void WriteMembers(Utf8JsonWriter writer)
    {
        SinkJson.WriteSettings(writer, Settings);
        if (From is { } from)
            writer.WriteNumber("from", from);
        writer.WriteString("id", Id);
        writer.WriteString("key", Key);
    }
}
