namespace Halyard.Evaluation;

/// <summary>Some users of a rollout, and what it answers for them.</summary>
internal readonly record struct Branch(Cell Cell, RolloutOutcome Outcome, CompiledVariant? Variant);

/// <summary>Follows a rollout's draws for all users at once.</summary>
internal sealed class RolloutSurvey
{
    private readonly IReadOnlyList<Draw> _draws;
    private readonly EvaluationContext _facts;
    private readonly bool _present;
    private readonly List<Branch> _found = [];

    private RolloutSurvey(CompiledRollout rollout, EvaluationContext facts, bool present) =>
        (_draws, _facts, _present) = (rollout.Draws(), facts, present);

    /// <summary>Every answer that the rollout has for the users of a cell.</summary>
    /// <param name="rollout">The rollout.</param>
    /// <param name="cell">Whom to place.</param>
    /// <param name="facts">What is known of all of them.</param>
    /// <param name="present">True to leave out those without the attribute that is hashed. Everybody is taken to have a targeting key.</param>
    public static List<Branch> Branches(CompiledRollout rollout, Cell cell, EvaluationContext facts, bool present = false)
    {
        var survey = new RolloutSurvey(rollout, facts, present);
        survey.Cast(0, cell);
        return survey._found;
    }

    private void Cast(int number, Cell cell)
    {
        var draw = _draws[number];
        if (IsKnown(draw))
        {
            Follow(number, Known(draw), cell);
            return;
        }
        if (draw.Die.By != AttributePath.TargetingKey && !_present)
        {
            cell = cell.Given([draw.Die.By]);
            Follow(number, draw.Missing, cell);
        }
        var low = 0.0;
        foreach (var range in draw.Ranges)
        {
            if (cell.Within(draw.Die, low, range.End) is { } inside)
                Follow(number, range, inside);
            low = range.End;
        }
    }

    private void Follow(int number, in DrawRange range, Cell cell)
    {
        if (range.Outcome is { } outcome)
            _found.Add(new Branch(cell, outcome, range.Variant));
        else
            Cast(number + 1, cell);
    }

    private bool IsKnown(Draw draw) =>
        draw.By is null ? _facts.TargetingKey is not null : draw.By.Resolve(_facts).Kind != AttributeKind.Missing;

    private DrawRange Known(Draw draw)
    {
        Span<char> digits = stackalloc char[BucketValue.Digits];
        if (!BucketValue.TryRead(draw.By, _facts, digits, out var value))
            return draw.Missing;
        var place = draw.Place(value);
        return place < 0 ? draw.Missing : draw.Ranges[place];
    }
}
