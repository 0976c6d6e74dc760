using Halyard.Core.Flags;

namespace Halyard.Core.Storage;

/// <summary>
/// Something to be done at a time, as a row: it is set and cleared by the commit that calls for it, and survives every restart.
/// </summary>
/// <param name="Id">Unique in the tenant, 1…<see cref="MaxId"/> characters. Set again under it, the one before is replaced.</param>
/// <param name="DueAt">Not before this.</param>
/// <param name="Kind">Who handles it, in dotted words, 1…<see cref="MaxKind"/> characters.</param>
/// <param name="Resource">What it is about. Whoever handles it reads that anew.</param>
/// <param name="Attempt">
/// Given by who set it, and kept in the resource as well: a timer may act only while the resource still names this number.
/// </param>
public sealed record DurableTimer(string Id, DateTimeOffset DueAt, string Kind, ResourceName Resource, long Attempt)
{
    /// <summary>The most characters of an id.</summary>
    public const int MaxId = 200;

    /// <summary>The most characters of a kind.</summary>
    public const int MaxKind = 64;

    /// <summary>The idempotency key of what it does: done twice, it takes effect once.</summary>
    public string Occasion => $"timer/{Id}/{Attempt}";
}

/// <summary>What a commit does to one timer.</summary>
public abstract record TimerWrite
{
    /// <summary>The most that one commit may do.</summary>
    public const int MaxPerCommit = 20;

    private TimerWrite() { }

    /// <summary>Sets it, or replaces the one with its id; whoever had taken that can no longer finish it.</summary>
    public sealed record Set(DurableTimer Timer) : TimerWrite;

    /// <summary>Removes the one with this id, if there is one.</summary>
    public sealed record Clear(string Id) : TimerWrite;

    /// <summary>Refuses what no store may take.</summary>
    /// <exception cref="ArgumentException">There are too many, or an id or a kind is empty or too long: a bug in the pipeline.</exception>
    internal static void Validate(IReadOnlyList<TimerWrite> timers)
    {
        if (timers.Count > MaxPerCommit)
            throw new ArgumentException($"A commit sets and clears at most {MaxPerCommit} timers.", nameof(timers));
        foreach (var write in timers)
        {
            var id = write switch
            {
                Set set => set.Timer.Id,
                Clear clear => clear.Id,
            };
            if (id.Length is 0 or > DurableTimer.MaxId)
                throw new ArgumentException($"A timer's id has 1 to {DurableTimer.MaxId} characters.", nameof(timers));
            if (write is Set { Timer.Kind.Length: 0 or > DurableTimer.MaxKind })
                throw new ArgumentException($"A timer's kind has 1 to {DurableTimer.MaxKind} characters.", nameof(timers));
        }
    }
}

/// <summary>A timer that was due, held by whoever took it until its lease is over.</summary>
/// <param name="Tenant">Whose it is.</param>
/// <param name="Timer">As it was set.</param>
/// <param name="Until">From then on another may take it.</param>
/// <param name="Fence">Greater than that of every timer taken before; it finishes this one alone.</param>
public sealed record TakenTimer(string Tenant, DurableTimer Timer, DateTimeOffset Until, long Fence);
