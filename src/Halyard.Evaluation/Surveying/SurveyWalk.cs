namespace Halyard.Evaluation;

/// <summary>Some users, and what they get.</summary>
internal readonly record struct Landing(Cell Cell, EvaluationResult Result);

/// <summary>
/// Walks through a flag as <see cref="Evaluator"/> does, for all users at once: where a condition may or may not hold, or a hash
/// decides, both ways are followed.
/// </summary>
internal sealed class SurveyWalk(EvaluationContext facts, long nowTicks)
{
    /// <summary>How many groups of users, told apart by their hashes, are followed at a time.</summary>
    private const int MaxCells = 1_000;

    /// <summary>How many rules and overrides are asked, and answers noted, each for each group.</summary>
    private const int MaxSteps = 20_000;

    private int _steps;

    /// <summary>False where there were more ways than may be followed; those not followed have no landing.</summary>
    public bool IsComplete => _steps <= MaxSteps;

    /// <summary>Where the users of a cell end up.</summary>
    public List<Landing> Through(CompiledFlag flag, Cell start)
    {
        if (!IsComplete)
            return [];
        if (flag.IsFixed)
            return [new Landing(start, flag.Fixed)];
        var landings = new List<Landing>();
        var cells = Prerequisites(flag, start, landings);
        cells = Overrides(flag, cells, landings);
        foreach (var rule in flag.Rules)
            cells = Rule(flag, rule, cells, landings);
        foreach (var cell in cells)
            FallThrough(flag, cell, landings);
        return landings;
    }

    private List<Cell> Prerequisites(CompiledFlag flag, Cell start, List<Landing> landings)
    {
        List<Cell> cells = [start];
        foreach (var prerequisite in flag.Prerequisites)
        {
            var (held, failed) = (new List<Cell>(), new List<Cell>());
            foreach (var cell in cells)
            {
                foreach (var landing in Through(prerequisite.Flag, cell))
                    (Evaluator.Satisfies(prerequisite, landing.Result) ? held : failed).Add(landing.Cell);
            }
            foreach (var cell in Join(failed))
                Land(cell, new EvaluationResult(flag, flag.Off, EvaluationReason.PrerequisiteFailed, prerequisite), landings);
            cells = Join(held);
        }
        return cells;
    }

    private List<Cell> Overrides(CompiledFlag flag, List<Cell> cells, List<Landing> landings)
    {
        foreach (var pin in flag.Overrides?.InOrder ?? [])
        {
            if (!pin.IsActive(nowTicks))
                continue;
            var matches = pin.Judge(facts);
            if (matches == false)
                continue;
            cells = Meet(cells, matches, [pin.Subject]);
            foreach (var cell in cells)
                Land(cell, new EvaluationResult(flag, pin.Variant, EvaluationReason.TargetingMatch, pin), landings);
            if (matches == true)
                return [];
        }
        return cells;
    }

    private List<Cell> Rule(CompiledFlag flag, CompiledRule rule, List<Cell> cells, List<Landing> landings)
    {
        var unknown = new List<string>();
        var matches = CompiledCondition.AllHold(rule.Conditions, facts, unknown);
        if (matches == false || cells.Count == 0)
            return cells;
        cells = Meet(cells, matches, unknown);
        List<Cell> on = matches == true ? [] : [.. cells];
        foreach (var cell in cells)
        {
            if (rule.Serve.Variant is { } variant)
                Land(cell, new EvaluationResult(flag, variant, EvaluationReason.TargetingMatch, rule), landings);
            else
                Split(flag, rule, cell, on, landings);
        }
        return Join(on);
    }

    private void Split(CompiledFlag flag, CompiledRule rule, Cell cell, List<Cell> on, List<Landing> landings)
    {
        foreach (var branch in RolloutSurvey.Branches(rule.Serve.Rollout!, cell, facts))
        {
            if (branch.Outcome == RolloutOutcome.Served)
                Land(branch.Cell, new EvaluationResult(flag, branch.Variant, EvaluationReason.Split, rule), landings);
            else
                on.Add(branch.Cell);
        }
    }

    private void FallThrough(CompiledFlag flag, Cell cell, List<Landing> landings)
    {
        if (flag.Fallthrough.Variant is { } variant)
        {
            Land(cell, new EvaluationResult(flag, variant, EvaluationReason.Default), landings);
            return;
        }
        foreach (var branch in RolloutSurvey.Branches(flag.Fallthrough.Rollout!, cell, facts))
            Land(branch.Cell, Evaluator.Outcome(flag, branch.Outcome, branch.Variant, participates: false), landings);
    }

    /// <summary>The cells at a step that users may pass or not, depending on these attributes.</summary>
    private List<Cell> Meet(List<Cell> cells, bool? matches, IReadOnlyCollection<string> unknown)
    {
        _steps += cells.Count;
        if (!IsComplete)
            return [];
        return matches == true ? cells : cells.ConvertAll(cell => cell.Given(unknown));
    }

    private List<Cell> Join(List<Cell> cells)
    {
        cells = Cell.Join(cells);
        if (cells.Count > MaxCells)
            _steps = MaxSteps + 1;
        return IsComplete ? cells : [];
    }

    private void Land(Cell cell, EvaluationResult result, List<Landing> landings)
    {
        if (++_steps <= MaxSteps)
            landings.Add(new Landing(cell, result));
    }
}
