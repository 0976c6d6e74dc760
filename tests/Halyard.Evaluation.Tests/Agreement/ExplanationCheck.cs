using Halyard.Evaluation.Definitions;
using Halyard.Evaluation.Tests.Naive;

namespace Halyard.Evaluation.Tests.Agreement;

/// <summary>An explanation must give the evaluator's answer, and name every rule before it with why it did not match.</summary>
internal static class ExplanationCheck
{
    public static string? Problem(Explanation explanation, Case asked, NaiveAnswer expected, NaiveConditions conditions)
    {
        var answer = NaiveAnswer.From(explanation.Result);
        if (answer != expected)
            return $"the explanation says {answer}, the evaluator {expected}";
        var steps = explanation.Steps;
        if (
            steps.Count == 0
            || steps.Count(step => step.Decided) != 1
            || !steps[^1].Decided
            || steps.Any(step => step.Words.Length == 0)
        )
            return "the explanation does not end with the one step that decided";

        if (expected.Reason is EvaluationReason.Error or EvaluationReason.Disabled or EvaluationReason.Static)
            return steps[^1].Kind == ExplanationKind.Flag
                ? null
                : "the flag itself decided, and the explanation says another step did";
        var configuration = asked.Environment.Flags.First(entry => entry.Flag.Key == asked.Flag).Configuration;
        return Prerequisites(steps, configuration, expected)
            ?? Overrides(steps, configuration, expected)
            ?? Rules(steps, configuration, expected, conditions);
    }

    private static string? Prerequisites(
        IReadOnlyList<ExplanationStep> steps,
        FlagEnvironment configuration,
        NaiveAnswer expected
    )
    {
        var named = Ids(steps, ExplanationKind.Prerequisite);
        var keys = configuration.Prerequisites.Select(needed => needed.Flag).ToList();
        var reached =
            expected.Prerequisite is { } failed && steps[^1].Kind == ExplanationKind.Prerequisite
                ? named.Count <= keys.Count && named[^1] == failed && named.SequenceEqual(keys.Take(named.Count))
                : named.SequenceEqual(keys);
        return reached ? null : $"the explanation names the prerequisites {string.Join(", ", named)}";
    }

    private static string? Overrides(IReadOnlyList<ExplanationStep> steps, FlagEnvironment configuration, NaiveAnswer expected)
    {
        var named = Ids(steps, ExplanationKind.Override);
        var order = configuration
            .Overrides.OrderBy(pin => (!pin.Emergency, !pin.Emergency && pin.Attribute is not null))
            .Select(pin => pin.Id)
            .ToList();
        var reached =
            expected.Prerequisite is not null ? 0
            : expected.Override is { } chosen ? order.IndexOf(chosen) + 1
            : order.Count;
        return named.SequenceEqual(order.Take(reached))
            ? null
            : $"the explanation names the overrides {string.Join(", ", named)}";
    }

    private static string? Rules(
        IReadOnlyList<ExplanationStep> steps,
        FlagEnvironment configuration,
        NaiveAnswer expected,
        NaiveConditions conditions
    )
    {
        var rules = configuration.Rules;
        var reached =
            expected.Prerequisite is not null || expected.Override is not null ? 0
            : expected.Rule is { } chosen ? rules.ToList().FindIndex(rule => rule.Id == chosen) + 1
            : rules.Count;
        var told = steps.Where(step => step.Kind == ExplanationKind.Rule).ToList();
        if (!told.Select(step => step.Id).SequenceEqual(rules.Take(reached).Select(rule => rule.Id)))
            return $"the explanation names the rules {string.Join(", ", told.Select(step => step.Id))}";

        foreach (var (rule, step) in rules.Zip(told))
        {
            var held = step.Conditions.Select(condition => condition.Held).ToList();
            var known = rule.Conditions.Select(conditions.Holds).ToList();
            if (rule.Enabled && (held.Count > known.Count || !held.SequenceEqual(known.Take(held.Count))))
                return $"the explanation of rule {rule.Id} says that its conditions hold as {string.Join(", ", held)}";
            var words =
                step.Decided ? "matches and "
                : !rule.Enabled ? "is disabled"
                : held.Contains(value: false) ? "does not match: "
                : "matches, but ";
            if (rule.Enabled && !step.Decided && known.Contains(value: false) != held.Contains(value: false))
                return $"the explanation of rule {rule.Id} does not show the condition that does not hold";
            if (!step.Words.Contains(words, StringComparison.Ordinal))
                return $"the explanation of rule {rule.Id} is '{step.Words}', without '{words}'";
        }
        return null;
    }

    private static List<string?> Ids(IReadOnlyList<ExplanationStep> steps, ExplanationKind kind) =>
        [.. steps.Where(step => step.Kind == kind).Select(step => step.Id)];
}
