using System.Text.Json;
using System.Text.Json.Serialization;

namespace Halyard.Server.Jobs;

/// <summary>Where a job stands. Wire names: waiting, running, finished, failed, cancelled.</summary>
internal enum JobStatus
{
    /// <summary>It has not begun, or another of its kind runs.</summary>
    Waiting,

    /// <summary>It has begun and not ended; perhaps nobody carries it on until its lease is over.</summary>
    Running,

    /// <summary>It did what was asked.</summary>
    Finished,

    /// <summary>It cannot do what was asked.</summary>
    Failed,

    /// <summary>Somebody told it to stop.</summary>
    Cancelled,
}

/// <summary>Everything there is to know of a job; kept in a mark, so that whoever comes after a crash carries on from here.</summary>
internal sealed record JobState
{
    /// <summary>Its ULID.</summary>
    public required string Id { get; init; }

    /// <summary>What kind of work: <c>export</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>What exactly; the kind knows how to read it.</summary>
    public required JsonElement Parameters { get; init; }

    /// <summary>Pseudonymous id of who started it.</summary>
    public required string Subject { get; init; }

    /// <summary>The entry that says that it was started.</summary>
    public required long Entry { get; init; }

    /// <summary>When it was asked for.</summary>
    public required DateTimeOffset Created { get; init; }

    /// <summary>When it was begun, or <see langword="null"/>.</summary>
    public DateTimeOffset? Started { get; init; }

    /// <summary>When it ended and the log knew, or <see langword="null"/>.</summary>
    public DateTimeOffset? Ended { get; init; }

    public JobStatus Status { get; init; }

    /// <summary>How much is done, in the kind's own unit.</summary>
    public long Done { get; init; }

    /// <summary>How much there is to do; 0 until it is known.</summary>
    public long Total { get; init; }

    /// <summary>Where to go on; the kind's own.</summary>
    public JsonElement? Cursor { get; init; }

    /// <summary>How it ends, set before the log is told, so that the log is told whatever happens in between.</summary>
    public JobEnd? End { get; init; }

    /// <summary>True once somebody told it to stop.</summary>
    public bool Stop { get; init; }

    /// <summary>How often it was begun or carried on.</summary>
    public int Attempts { get; init; }

    /// <summary>Who carries it out, or <see langword="null"/>.</summary>
    public string? Owner { get; init; }

    /// <summary>Until when nobody else may.</summary>
    public DateTimeOffset? Until { get; init; }
}

/// <summary>How a job ends.</summary>
/// <param name="Status">Finished, failed or cancelled.</param>
/// <param name="Words">What came of it, in words without personal values.</param>
/// <param name="Code">A code in dotted words where it did not finish, else <see langword="null"/>.</param>
/// <param name="Result">What it made, as the kind's own JSON.</param>
/// <param name="Events">What the log is told besides that it ended.</param>
internal sealed record JobEnd(
    JobStatus Status,
    string Words,
    string? Code = null,
    JsonElement? Result = null,
    IReadOnlyList<JobEvent>? Events = null
)
{
    /// <summary>It cannot do what was asked.</summary>
    public static JobEnd Failed(string code, string words) => new(JobStatus.Failed, words, code);

    /// <summary>It was told to stop.</summary>
    public static JobEnd Cancelled { get; } = new(JobStatus.Cancelled, "stopped before its end, as it was told", "cancelled");
}

/// <summary>Something that the log is told of a job.</summary>
/// <param name="Type">Its entry type.</param>
/// <param name="Words">What happened, in words.</param>
/// <param name="Details">What else there is to say, as canonical JSON.</param>
internal sealed record JobEvent(string Type, string Words, JsonElement Details);

/// <summary>Which jobs of a tenant have not ended, and how far its log was searched for new ones.</summary>
/// <param name="Next">The first index that was not looked at.</param>
/// <param name="Open">Ids, oldest first.</param>
internal sealed record JobInbox(long Next, IReadOnlyList<string> Open);

[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web,
    UseStringEnumConverter = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull
)]
[JsonSerializable(typeof(JobState))]
[JsonSerializable(typeof(JobInbox))]
internal sealed partial class JobJson : JsonSerializerContext;
