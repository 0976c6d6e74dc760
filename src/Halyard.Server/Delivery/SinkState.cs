using System.Text.Json;
using System.Text.Json.Serialization;
using Halyard.Core.Storage;

namespace Halyard.Server.Delivery;

/// <summary>How far a sink has come, and who delivers: one mark, so that whoever lost the lease cannot move the cursor.</summary>
internal sealed record SinkState
{
    /// <summary>The index of the next entry to look at.</summary>
    [JsonPropertyName(SinkCursor.Member)]
    public required long Next { get; init; }

    /// <summary>The node that delivers.</summary>
    public string Node { get; init; } = "";

    /// <summary>Until when no other node delivers.</summary>
    public DateTimeOffset LeaseUntil { get; init; }

    /// <summary>When the target last took something.</summary>
    public DateTimeOffset? LastSuccessAt { get; init; }

    /// <summary>What went wrong last, in words.</summary>
    public string? LastError { get; init; }

    /// <summary>When that was.</summary>
    public DateTimeOffset? LastErrorAt { get; init; }

    /// <summary>How often in a row the next message did not get through.</summary>
    public int Failures { get; init; }

    /// <summary>How many of these times the target said that the message is why.</summary>
    public int Refusals { get; init; }

    /// <summary>Nothing is sent before.</summary>
    public DateTimeOffset? RetryAt { get; init; }

    /// <summary>Alerts: further entries wait until then, to be told together.</summary>
    public DateTimeOffset? GroupUntil { get; init; }

    /// <summary>
    /// Alerts: where the group ends that is being sent, not including it. Whatever comes meanwhile belongs to the next, or a message that
    /// is sent again would be another one.
    /// </summary>
    public long? GroupEnd { get; init; }
}

/// <summary>Entries that a target refused and that were set aside.</summary>
/// <param name="First">The index of the first.</param>
/// <param name="Last">The index of the last.</param>
/// <param name="Reason">Why, in words.</param>
/// <param name="At">When.</param>
internal sealed record DeadLetter(long First, long Last, string Reason, DateTimeOffset At);

/// <summary>Source-generated JSON of what marks hold.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(SinkState))]
[JsonSerializable(typeof(DeadLetter))]
internal sealed partial class DeliveryJson : JsonSerializerContext;
