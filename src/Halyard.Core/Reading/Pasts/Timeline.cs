namespace Halyard.Core.Reading.Pasts;

/// <summary>What made a state begin: an entry, or an override that expired.</summary>
/// <param name="At">When.</param>
/// <param name="Index">The entry; for an override that expired the one that put it in force as it was.</param>
/// <param name="Expired">The override that expired, or <see langword="null"/>.</param>
public sealed record Turn(DateTimeOffset At, long Index, string? Expired = null);

/// <summary>A time during which a state held: half-open.</summary>
/// <param name="From">When it begins, in the range asked for.</param>
/// <param name="To">When it ends; excluded.</param>
/// <param name="State">What held.</param>
/// <param name="Started">What made it begin, which may be before the range; <see langword="null"/> before the first entry.</param>
/// <param name="Ended">What made it end; <see langword="null"/> where it lasts.</param>
public sealed record Period<T>(DateTimeOffset From, DateTimeOffset To, T State, Turn? Started, Turn? Ended);

/// <summary>States one after the other. A state begins where it differs from the one before, by value.</summary>
/// <param name="first">What held before the first entry.</param>
public sealed class Timeline<T>(T first)
    where T : IEquatable<T>
{
    /// <summary>The most periods that are given at once.</summary>
    public const int MaxPeriods = 1_000;

    private readonly List<(T State, Turn? Turn)> _states = [(first, null)];

    /// <summary>What held last.</summary>
    public T Last => _states[^1].State;

    /// <summary>What made it begin; <see langword="null"/> where nothing was recorded.</summary>
    public Turn? LastTurn => _states[^1].Turn;

    /// <summary>When the first entry took effect, or <see langword="null"/>.</summary>
    public DateTimeOffset? Begin => _states.Count > 1 ? _states[1].Turn!.At : null;

    /// <summary>Folds a past.</summary>
    /// <param name="versions">What there was.</param>
    /// <param name="until">The last instant looked at.</param>
    /// <param name="first">What held before the first entry.</param>
    /// <param name="judge">What holds at a time, given what is in force.</param>
    /// <param name="expiries">Where the state may turn by itself while nothing changes.</param>
    public static Timeline<T> Of(
        IReadOnlyList<PastVersion> versions,
        DateTimeOffset until,
        T first,
        Func<Moment, DateTimeOffset, T> judge,
        Func<Moment, IEnumerable<Turn>> expiries
    )
    {
        var timeline = new Timeline<T>(first);
        var instants = Moment.Of(versions).TakeWhile(moment => moment.At <= until).GroupBy(moment => moment.At).ToList();
        for (var i = 0; i < instants.Count; i++)
        {
            var moments = instants[i].ToList();
            timeline.Add(moments, judge);
            var next = i + 1 < instants.Count ? instants[i + 1].Key : DateTimeOffset.MaxValue;
            var turns = expiries(moments[^1]).Where(turn => turn.At > instants[i].Key && turn.At < next && turn.At <= until);
            foreach (var turn in turns.OrderBy(turn => turn.At))
                timeline.Add(judge(moments[^1], turn.At), turn);
        }
        return timeline;
    }

    /// <summary>The periods in a half-open range, which they fill; refused where there are too many.</summary>
    public Result<IReadOnlyList<Period<T>>> In(DateTimeOffset from, DateTimeOffset to)
    {
        var periods = new List<Period<T>>();
        for (var i = 0; i < _states.Count; i++)
        {
            var (state, started) = _states[i];
            var ended = i + 1 < _states.Count ? _states[i + 1].Turn : null;
            var begins = started is { } turn && turn.At > from ? turn.At : from;
            var ends = ended is { } end && end.At < to ? end.At : to;
            if (begins < ends)
                periods.Add(new Period<T>(begins, ends, state, started, ended));
        }
        return periods.Count > MaxPeriods
            ? Error.Invalid.At("/from", $"the range has {periods.Count} periods; at most {MaxPeriods} are given, so narrow it")
            : periods;
    }

    /// <summary>What held at an instant is what its last entry left; the entry to name is the one since which it was so.</summary>
    private void Add(List<Moment> moments, Func<Moment, DateTimeOffset, T> judge)
    {
        var last = judge(moments[^1], moments[^1].At);
        if (last.Equals(Last))
            return;
        var i = moments.Count - 1;
        while (i > 0 && judge(moments[i - 1], moments[i - 1].At).Equals(last))
            i--;
        Add(last, new Turn(moments[i].At, moments[i].Index));
    }

    private void Add(T state, Turn turn)
    {
        if (!state.Equals(Last))
            _states.Add((state, turn));
    }
}
