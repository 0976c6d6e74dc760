namespace Halyard.Evaluation;

/// <summary>
/// Retells an evaluation. What decided comes from the evaluator itself; the steps are asked again only to say why each did not,
/// so that the explanation cannot disagree with the result.
/// </summary>
internal sealed class Explainer(CompiledFlag flag, EvaluationContext context, DateTimeOffset now, Predicate<string>? isPersonal)
{
    private readonly List<ExplanationStep> _steps = [];
    private readonly EvaluationResult _result = Evaluator.Evaluate(flag, context, now);

    public static Explanation Explain(
        CompiledFlag flag,
        EvaluationContext context,
        DateTimeOffset now,
        Predicate<string>? isPersonal
    )
    {
        var explainer = new Explainer(flag, context, now, isPersonal);
        explainer.Walk();
        return new Explanation(explainer._result, explainer._steps[^1].Words, explainer._steps);
    }

    public static Explanation NotFound(string key, EvaluationResult result)
    {
        var words = $"there is no flag '{key}'";
        return new Explanation(result, words, [new ExplanationStep(ExplanationKind.Flag, null, Decided: true, words, [])]);
    }

    private string Served => _result.Variant is { } variant ? $"serves '{variant.Key}'" : "serves nothing";

    private void Walk()
    {
        if (flag.IsFixed)
        {
            Add(ExplanationKind.Flag, null, decided: true, FixedWords());
            return;
        }
        if (!Prerequisites() && !Overrides() && !Rules())
            Add(ExplanationKind.Fallthrough, null, decided: true, FallthroughWords());
    }

    private string FixedWords() =>
        _result.Reason switch
        {
            EvaluationReason.Error => $"the flag could not be compiled and {Served}",
            EvaluationReason.Disabled => $"the flag is off and {Served}",
            _ => $"the flag {Served} to everyone",
        };

    private bool Prerequisites()
    {
        foreach (var prerequisite in flag.Prerequisites)
        {
            var decided = ReferenceEquals(prerequisite, _result.Cause);
            var answer = Evaluator.Evaluate(prerequisite.Flag, context, now);
            var needed = string.Join(", ", prerequisite.AcceptedKeys.Select(key => $"'{key}'"));
            var given = $"flag '{prerequisite.Flag.Key}' serves '{answer.Variant?.Key}' ({answer.Reason.WireName()})";
            Add(
                ExplanationKind.Prerequisite,
                prerequisite.Flag.Key,
                decided,
                decided ? $"{given} where {needed} is needed, so the flag {Served}" : $"{given}, as needed"
            );
            if (decided)
                return true;
        }
        return false;
    }

    private bool Overrides()
    {
        foreach (var pin in flag.Overrides?.InOrder ?? [])
        {
            var decided = ReferenceEquals(pin, _result.Cause);
            var subject = pin.Subject;
            // Whatever the attribute: an override is for somebody.
            var target = isPersonal is null ? pin.Value.ToString() : ConditionWords.Personal;
            var words =
                decided ? $"override '{pin.Id}' {Served}: {subject} is {target}"
                : pin.IsActive(now.UtcTicks) ? $"override '{pin.Id}' does not match: {subject} is not {target}"
                : $"override '{pin.Id}' has expired";
            Add(ExplanationKind.Override, pin.Id, decided, words);
            if (decided)
                return true;
        }
        return false;
    }

    private bool Rules()
    {
        foreach (var rule in flag.WrittenRules)
        {
            var decided = ReferenceEquals(rule, _result.Cause);
            var conditions = rule.Enabled ? Conditions(rule) : [];
            Add(ExplanationKind.Rule, rule.Id, decided, RuleWords(rule, conditions, decided), conditions);
            if (decided)
                return true;
        }
        return false;
    }

    private ConditionExplanation[] Conditions(CompiledRule rule) =>
        Array.ConvertAll(
            rule.Conditions,
            condition => new ConditionExplanation(
                ConditionWords.Describe(condition.Definition, isPersonal?.Invoke(condition.Definition.Attribute) == true),
                condition.Holds(context),
                condition.IsMissing(context)
            )
        );

    private string RuleWords(CompiledRule rule, ConditionExplanation[] conditions, bool decided)
    {
        var name = rule.Name.Length == 0 ? $"rule '{rule.Id}'" : $"rule '{rule.Name}'";
        if (!rule.Enabled)
            return $"{name} is disabled";
        if (decided && rule.Serve.Rollout is { } split)
            return $"{name} matches and its rollout {SplitWords(split)}";
        if (decided)
            return $"{name} matches and {Served}";

        if (Array.Find(conditions, condition => !condition.Held) is { } failed)
        {
            var missing = failed.WasMissing ? ", as the attribute is missing or of another type" : "";
            return $"{name} does not match: it is not so that {failed.Words}{missing}";
        }
        var rollout = rule.Serve.Rollout!;
        return rollout.Pick(context, out _, out _) == RolloutOutcome.NoValue
            ? $"{name} matches, but its rollout does not apply: there is no {rollout.BucketAttribute} to place"
            : $"{name} matches, but the user {Missed(rollout, "its rollout")}";
    }

    private string FallthroughWords() =>
        _result.Detail switch
        {
            EvaluationDetail.NoBucketValue =>
                $"nothing else matched, and the fallthrough's rollout does not apply: there is no {flag.Fallthrough.Rollout!.BucketAttribute} to place, so the flag {Served}",
            EvaluationDetail.Remainder =>
                $"nothing else matched, and the user {Missed(flag.Fallthrough.Rollout!, "the fallthrough's rollout")}, so the flag {Served}",
            _ when flag.Fallthrough.Rollout is { } split =>
                $"nothing else matched, and the fallthrough's rollout {SplitWords(split)}",
            _ => $"nothing else matched, so the fallthrough {Served}",
        };

    private string SplitWords(CompiledRollout split) =>
        split.ExperimentKey is { } key && _result.ExperimentKey is null
            ? $"{Served}, as the user is outside the traffic of experiment '{key}'"
            : $"{Served} by {split.BucketAttribute}{Rule(split)}";

    private static string Missed(CompiledRollout rollout, string name) =>
        rollout.HasGate ? $"is outside the gate of {name}{Rule(rollout)}" : $"falls into the remainder of {name}{Rule(rollout)}";

    private static string Rule(CompiledRollout rollout) => rollout.Vendor.Length == 0 ? "" : $", placed as {rollout.Vendor} does";

    private void Add(
        ExplanationKind kind,
        string? id,
        bool decided,
        string words,
        IReadOnlyList<ConditionExplanation>? conditions = null
    ) => _steps.Add(new ExplanationStep(kind, id, decided, words, conditions ?? []));
}
