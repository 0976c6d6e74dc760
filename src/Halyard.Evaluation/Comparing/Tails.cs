namespace Halyard.Evaluation;

/// <summary>What a flag may serve from each of its steps on.</summary>
internal sealed class Tails
{
    private readonly HashSet<int>[] _from;
    private readonly HashSet<int>[] _of;

    /// <summary>Collects the answers of a flag.</summary>
    /// <param name="flag">The flag.</param>
    /// <param name="answers">The variants' numbers.</param>
    /// <param name="off">The number of its off variant, which whoever passes the fallthrough gets.</param>
    public Tails(ComparedFlag flag, Answers answers, int off)
    {
        var steps = flag.Steps;
        (_from, _of) = (new HashSet<int>[steps.Count], new HashSet<int>[steps.Count]);
        for (var i = steps.Count - 1; i >= 0; i--)
        {
            _of[i] =
            [
                .. RolloutWays
                    .Missing(steps[i].Serve)
                    .SelectMany(missing => RolloutWays.Of(steps[i].Serve, Cell.Everybody, missing))
                    .Select(way =>
                        answers.Of(way.Variant) is var number && number == Answers.GoesOn && i == steps.Count - 1 ? off : number
                    ),
            ];
            // Shared while nothing is added: a tail has at most as many answers as there are variants.
            var served = _of[i].Where(number => number != Answers.GoesOn).ToHashSet();
            _from[i] =
                i == steps.Count - 1 ? served
                : served.IsSubsetOf(_from[i + 1]) ? _from[i + 1]
                : [.. served, .. _from[i + 1]];
        }
    }

    /// <summary>Every answer of the step; <see cref="Answers.GoesOn"/> is among them where it lets users go on.</summary>
    public IReadOnlySet<int> Of(int step) => _of[step];

    /// <summary>Whether nothing but these is served from the step on.</summary>
    public bool IsWithin(int step, params ReadOnlySpan<int> answers)
    {
        foreach (var answer in _from[step])
        {
            if (!answers.Contains(answer))
                return false;
        }
        return true;
    }

    /// <summary>The one answer from the step on; <see langword="null"/> where there are several.</summary>
    public int? Only(int step) => _from[step].Count == 1 ? _from[step].First() : null;
}
