namespace Halyard.Evaluation;

/// <summary>
/// Proves that each context gets after a change what it got before, or the off variant. Walks both flags' steps side by side; what it
/// cannot prove is not so as far as anybody may rely on it.
/// </summary>
internal sealed class SaferProof
{
    private readonly ComparedFlag _before;
    private readonly ComparedFlag _after;
    private readonly Answers _answers;
    private readonly Tails _tailsBefore;
    private readonly Tails _tailsAfter;

    /// <summary>The off variant where it is the same before and after, else a number that no variant has: nothing else is then allowed.</summary>
    private readonly int _off;

    public SaferProof(ComparedFlag before, ComparedFlag after)
    {
        (_before, _after) = (before, after);
        _answers = new Answers(before, after);
        _off = _answers.OffBefore == _answers.OffAfter ? _answers.OffAfter : int.MinValue;
        _tailsBefore = new Tails(before, _answers, _answers.OffBefore);
        _tailsAfter = new Tails(after, _answers, _answers.OffAfter);
    }

    /// <summary>Whether off means the same before and after.</summary>
    public bool HasOneOff => _off != int.MinValue;

    /// <summary>Whether nothing but the off variant is served afterwards, whatever happened before.</summary>
    public bool IsOffForAll => _tailsAfter.IsWithin(0, _off);

    /// <summary>Whether it holds for every context that passes the prerequisites of both.</summary>
    public bool Holds()
    {
        for (var (i, j) = (0, 0); ; )
        {
            var (before, after) = (_before.Steps[i], _after.Steps[j]);
            if (_tailsAfter.IsWithin(j, _off))
                return true;
            if (_tailsBefore.Only(i) is { } only)
                return _tailsAfter.IsWithin(j, _off, only);
            if (before.Guard == after.Guard)
            {
                if (!HoldsFor(i, j))
                    return false;
                if (before.Guard is null)
                    return true;
                (i, j) = (i + 1, j + 1);
            }
            else if (after.Guard is not null && _tailsAfter.Of(j).All(answer => answer == _off || answer == Answers.GoesOn))
            {
                // Added, and serves nothing but the off variant: whom it lets go on is where they were.
                j++;
            }
            else if (before.Guard is not null && IsRemovable(i, j))
            {
                i++;
            }
            else
            {
                return false;
            }
        }
    }

    // Whom the step served must get the same from what is left, or the off variant.
    private bool IsRemovable(int i, int j)
    {
        var served = _tailsBefore.Of(i).Where(answer => answer != Answers.GoesOn).ToList();
        return served.Count == 0 || served.Count == 1 && _tailsAfter.IsWithin(j, _off, served[0]);
    }

    private bool HoldsFor(int i, int j)
    {
        var (before, after) = (_before.Steps[i].Serve, _after.Steps[j].Serve);
        foreach (var missing in RolloutWays.Missing(before, after))
        {
            foreach (var was in RolloutWays.Of(before, Cell.Everybody, missing))
            {
                foreach (var becomes in RolloutWays.Of(after, was.Cell, missing))
                {
                    if (!IsAllowed(_answers.Of(was.Variant), _answers.Of(becomes.Variant), i, j))
                        return false;
                }
            }
        }
        return true;
    }

    private bool IsAllowed(int was, int becomes, int i, int j)
    {
        var isLast = _before.Steps[i].Guard is null;
        if (isLast)
        {
            was = was == Answers.GoesOn ? _answers.OffBefore : was;
            becomes = becomes == Answers.GoesOn ? _answers.OffAfter : becomes;
        }
        // Where both go on, the walk does too.
        if (becomes == was || becomes == _off)
            return true;
        if (becomes == Answers.GoesOn)
            return _tailsAfter.IsWithin(j + 1, _off, was);
        return was == Answers.GoesOn && _tailsBefore.Only(i + 1) == becomes;
    }
}
