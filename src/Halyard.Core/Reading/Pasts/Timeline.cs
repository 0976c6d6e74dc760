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
public sealed class Timeline<T>
    where T : IEquatable<T>
{
    /// <summary>The most periods that are given at once.</summary>
    public const int MaxPeriods = 1_000;

    /// <summary>How many bytes of documents are judged for one question, each as often as it is judged.</summary>
    public const long MaxWork = 256 * 1024 * 1024;

    private readonly List<(T State, Turn? Turn)> _states;
    private readonly (DateTimeOffset? From, DateTimeOffset? To) _asked;
    private int _turnsAsked;

    private Timeline(T first, (DateTimeOffset? From, DateTimeOffset? To) asked) => (_states, _asked) = ([(first, null)], asked);

    /// <summary>What held last.</summary>
    public T Last => _states[^1].State;

    /// <summary>What made it begin; <see langword="null"/> where nothing was recorded.</summary>
    public Turn? LastTurn => _states[^1].Turn;

    /// <summary>When the first entry took effect, or <see langword="null"/>.</summary>
    public DateTimeOffset? Begin => _states.Count > 1 ? _states[1].Turn!.At : null;

    /// <summary>Folds a past; refused where that is too much work, or where the range asked for has too many periods.</summary>
    /// <param name="versions">What there was.</param>
    /// <param name="until">The last instant looked at.</param>
    /// <param name="asked">The range that will be asked for, as far as it is bounded; both ends excluded here.</param>
    /// <param name="first">What held before the first entry.</param>
    /// <param name="judge">What holds at a time, given what is in force.</param>
    /// <param name="expiries">Where the state may turn by itself while nothing changes.</param>
    /// <param name="cancellationToken">Ends it early.</param>
    public static Result<Timeline<T>> Of(
        IReadOnlyList<PastVersion> versions,
        DateTimeOffset until,
        (DateTimeOffset? From, DateTimeOffset? To) asked,
        T first,
        Func<Moment, DateTimeOffset, T> judge,
        Func<Moment, IEnumerable<Turn>> expiries,
        CancellationToken cancellationToken
    )
    {
        var timeline = new Timeline<T>(first, asked);
        var work = 0L;
        var instants = Moment.Of(versions).TakeWhile(moment => moment.At <= until).GroupBy(moment => moment.At).ToList();
        for (var i = 0; i < instants.Count; i++)
        {
            var moments = instants[i].ToList();
            timeline.Add(moments, Judge);
            var next = i + 1 < instants.Count ? instants[i + 1].Key : DateTimeOffset.MaxValue;
            var turns = expiries(moments[^1]).Where(turn => turn.At > instants[i].Key && turn.At < next && turn.At <= until);
            foreach (var turn in turns.OrderBy(turn => turn.At))
            {
                timeline.Add(Judge(moments[^1], turn.At), turn);
                if (work > MaxWork)
                    break;
            }
            if (work > MaxWork)
                return Error.Invalid.At(
                    "/flag",
                    $"its past has too many changes of too large documents to be judged: more than {MaxWork} bytes in all"
                );
            if (timeline._turnsAsked >= MaxPeriods)
                return TooMany(timeline._turnsAsked + 1);
        }
        return timeline;

        T Judge(Moment moment, DateTimeOffset at)
        {
            cancellationToken.ThrowIfCancellationRequested();
            work += moment.Bytes;
            // What is left of the instant is not judged: its answer will be that it was too much.
            return work > MaxWork ? timeline.Last : judge(moment, at);
        }
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
        return periods.Count > MaxPeriods ? TooMany(periods.Count) : periods;
    }

    private static Error.Invalid TooMany(int periods) =>
        Error.Invalid.At("/from", $"the range has at least {periods} periods; at most {MaxPeriods} are given, so narrow it");

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
        if (state.Equals(Last))
            return;
        _states.Add((state, turn));
        // The first turn is where a range without a beginning begins.
        if ((_asked.From is { } from ? turn.At > from : _states.Count > 2) && !(turn.At >= _asked.To))
            _turnsAsked++;
    }
}
