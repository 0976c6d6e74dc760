using System.Collections.Concurrent;

namespace Halyard.Server.Publishing;

/// <summary>How far each log is published and anchored, and what went wrong last; since this process started.</summary>
internal sealed class LedgerStatus(TimeProvider time)
{
    private readonly ConcurrentDictionary<string, PublishingStatus> _logs = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<(string Tenant, string Anchor), AnchorStatus> _anchors = new();

    /// <summary>Every contradiction that stops a log from being published or anchored, in words with the tenant.</summary>
    public IReadOnlyList<string> Alarms =>
        [
            .. _logs.Where(log => log.Value.Alarm is not null).Select(log => $"{log.Key}: {log.Value.Alarm}"),
            .. _anchors
                .Where(anchor => anchor.Value.Alarm is not null)
                .Select(anchor => $"{anchor.Key.Tenant}, {anchor.Key.Anchor}: {anchor.Value.Alarm}"),
        ];

    /// <summary>How far a log is published.</summary>
    public PublishingStatus Of(string tenant) => _logs.GetValueOrDefault(tenant, PublishingStatus.Unknown);

    /// <summary>How far a log is anchored in one place.</summary>
    public AnchorStatus Of(string tenant, string anchor) => _anchors.GetValueOrDefault((tenant, anchor), AnchorStatus.Unknown);

    /// <summary>A log is published up to a checkpoint, and nothing is wrong.</summary>
    public void Published(string tenant, PublishedLog log) =>
        _logs[tenant] = new PublishingStatus(log, time.GetUtcNow(), null, null);

    /// <summary>A log could not be published; true where this is news.</summary>
    public bool Failed(string tenant, Exception broken)
    {
        var before = Of(tenant);
        _logs[tenant] = before with
        {
            Alarm = broken is LedgerAlarmException ? broken.Message : before.Alarm,
            Error = broken.Message,
        };
        return before.Error != broken.Message;
    }

    /// <summary>A log is anchored up to a size.</summary>
    public void Anchored(string tenant, string anchor, long size) =>
        _anchors[(tenant, anchor)] = new AnchorStatus(size, time.GetUtcNow(), null, null);

    /// <summary>A checkpoint could not be anchored; true where this is news.</summary>
    public bool AnchoringFailed(string tenant, string anchor, Exception broken)
    {
        var before = Of(tenant, anchor);
        _anchors[(tenant, anchor)] = before with
        {
            Alarm = broken is LedgerAlarmException ? broken.Message : before.Alarm,
            Error = broken.Message,
        };
        return before.Error != broken.Message;
    }
}

/// <summary>How far a log is published.</summary>
/// <param name="Log">The last checkpoint; <see langword="null"/> where this process does not know of one yet.</param>
/// <param name="At">When it was last seen to be right.</param>
/// <param name="Alarm">The contradiction that stops it, or <see langword="null"/>.</param>
/// <param name="Error">What went wrong since, or <see langword="null"/>.</param>
internal sealed record PublishingStatus(PublishedLog? Log, DateTimeOffset? At, string? Alarm, string? Error)
{
    public static PublishingStatus Unknown { get; } = new(null, null, null, null);
}

/// <summary>How far a log is anchored in one place.</summary>
/// <param name="Size">The size of the last checkpoint that is there; <see langword="null"/> where this process does not know yet.</param>
/// <param name="At">When that was last seen.</param>
/// <param name="Alarm">The contradiction that stops it, or <see langword="null"/>.</param>
/// <param name="Error">What went wrong since, or <see langword="null"/>.</param>
internal sealed record AnchorStatus(long? Size, DateTimeOffset? At, string? Alarm, string? Error)
{
    public static AnchorStatus Unknown { get; } = new(null, null, null, null);
}
