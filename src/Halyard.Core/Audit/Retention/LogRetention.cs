using System.Text.Json;
using Halyard.Core.Flags;
using Halyard.Evaluation.Definitions;

namespace Halyard.Core.Audit.Retention;

/// <summary>How long the entries of a log are kept in the store, and when they are copied to the archive.</summary>
/// <param name="ArchiveAfterDays">The age from which on they are archived, or <see langword="null"/>: never.</param>
/// <param name="RetentionDays">The age from which on archived ones are purged, or <see langword="null"/>: they are kept for ever.</param>
/// <param name="MinimumDays">Types of entries that are kept longer, in ordinal order of their prefixes.</param>
public sealed record RetentionPolicy(int? ArchiveAfterDays, int? RetentionDays, Sequence<MinimumAge> MinimumDays)
{
    /// <summary>What holds where nobody said anything: nothing is archived and nothing purged.</summary>
    public static RetentionPolicy KeepForEver { get; } = new(null, null, []);
}

/// <summary>How long entries of some types are kept at least.</summary>
/// <param name="Prefix">What their types begin with.</param>
/// <param name="Days">The age from which on they may be purged.</param>
public sealed record MinimumAge(string Prefix, int Days);

/// <summary>The tenant's setting of how long its log is kept. There is at most one.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Policy">What it says.</param>
public sealed record LogRetention(string Id, RetentionPolicy Policy) : Resource(Id, Place)
{
    private const string Key = "log";

    /// <summary>Where it is found.</summary>
    public static ResourceName Place { get; } = new(ResourceKind.Retention, "", Key);

    /// <inheritdoc/>
    protected override void WriteMembers(Utf8JsonWriter writer)
    {
        if (Policy.ArchiveAfterDays is { } archive)
            writer.WriteNumber("archiveAfterDays", archive);
        writer.WriteString("id", Id);
        writer.WriteString("key", Key);
        writer.WriteStartObject("minimumDays");
        foreach (var minimum in Policy.MinimumDays)
            writer.WriteNumber(minimum.Prefix, minimum.Days);
        writer.WriteEndObject();
        if (Policy.RetentionDays is { } retention)
            writer.WriteNumber("retentionDays", retention);
    }
}
