namespace Halyard.Server.Tests.Hosting;

/// <summary>The system's clock, put forward by as much as a test likes; what waits, waits as long as ever.</summary>
public sealed class ShiftedTime : TimeProvider
{
    private DateTimeOffset? _stopped;
    private long _ticks;

    public override DateTimeOffset GetUtcNow() =>
        (_stopped ?? System.GetUtcNow()) + TimeSpan.FromTicks(Interlocked.Read(ref _ticks));

    /// <summary>Lets it stand still: a slow machine is then no slower than a fast one.</summary>
    public void Stop() => _stopped = System.GetUtcNow();

    /// <summary>Puts the clock forward.</summary>
    public void Advance(TimeSpan by) => Interlocked.Add(ref _ticks, by.Ticks);
}
