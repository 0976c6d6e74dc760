using System.Threading.Channels;

namespace Halyard.Server.Tests.Timers;

/// <summary>A clock that stands until it is moved; whoever waits by it is woken when it was moved far enough.</summary>
internal sealed class MovedTime : TimeProvider
{
    private readonly Channel<TimeSpan> _asked = Channel.CreateUnbounded<TimeSpan>();
    private readonly List<Waiting> _waiting = [];
    private readonly Lock _gate = new();

    public DateTimeOffset Now { get; set; }

    /// <summary>How long somebody wants to wait, each time that somebody begins to.</summary>
    public ChannelReader<TimeSpan> Asked => _asked.Reader;

    public override DateTimeOffset GetUtcNow() => Now;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var waiting = new Waiting(this, () => callback(state), Now + dueTime);
        lock (_gate)
            _waiting.Add(waiting);
        // Leases are minutes long, and nobody waits for those.
        if (dueTime < TimeSpan.FromMinutes(1))
            _asked.Writer.TryWrite(dueTime);
        return waiting;
    }

    public void Elapse(TimeSpan time)
    {
        Now += time;
        List<Waiting> due;
        lock (_gate)
        {
            due = [.. _waiting.Where(waiting => waiting.Until <= Now)];
            _waiting.RemoveAll(due.Contains);
        }
        foreach (var waiting in due)
            waiting.Wake();
    }

    private sealed class Waiting(MovedTime time, Action wake, DateTimeOffset until) : ITimer
    {
        public DateTimeOffset Until => until;

        public void Wake() => wake();

        public bool Change(TimeSpan dueTime, TimeSpan period) => throw new NotSupportedException();

        public void Dispose()
        {
            lock (time._gate)
                time._waiting.Remove(this);
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
