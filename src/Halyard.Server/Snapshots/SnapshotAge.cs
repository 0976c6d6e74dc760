using System.Diagnostics.Metrics;

namespace Halyard.Server.Snapshots;

/// <summary>
/// How old what is evaluated may be: the time since the follower last knew that the snapshots are what the logs say. Told in
/// <c>/health/ready</c> and as a metric; a server that is cut off from its database goes on evaluating, and this is how one sees it.
/// </summary>
internal sealed class SnapshotAge : IDisposable
{
    /// <summary>The meter's name.</summary>
    public const string Name = "Halyard.Snapshots";

    /// <summary>Older than this, something keeps the follower from the store: it looks twice a second.</summary>
    public static readonly TimeSpan Usual = TimeSpan.FromSeconds(5);

    private readonly TimeProvider _time;
    private readonly Meter _meter;
    private long _asOf;

    public SnapshotAge(TimeProvider time, IMeterFactory factory)
    {
        _time = time;
        _asOf = time.GetTimestamp();
        _meter = factory.Create(Name);
        _meter.CreateObservableGauge(
            "halyard.snapshots.age",
            () => Age.TotalSeconds,
            "s",
            "Time since the snapshots were last known to be what the logs say"
        );
    }

    /// <summary>How old they may be; since the start, where they were never known to be current.</summary>
    public TimeSpan Age => _time.GetElapsedTime(Interlocked.Read(ref _asOf));

    /// <summary>The logs were read to their ends by somebody who began at this timestamp.</summary>
    public void IsCurrentAsOf(long timestamp) => Interlocked.Exchange(ref _asOf, timestamp);

    /// <inheritdoc/>
    public void Dispose() => _meter.Dispose();
}
