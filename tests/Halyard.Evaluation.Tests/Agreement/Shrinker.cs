using Halyard.Evaluation.Definitions;

namespace Halyard.Evaluation.Tests.Agreement;

/// <summary>Takes away from a case whatever it can while the two evaluators still disagree.</summary>
internal static class Shrinker
{
    public static Case Shrink(Case found)
    {
        while (Smaller(found).FirstOrDefault(candidate => candidate.Disagreement() is not null) is { } smaller)
            found = smaller;
        return found;
    }

    private static IEnumerable<Case> Smaller(Case found)
    {
        var environment = found.Environment;
        foreach (var flags in Without(environment.Flags.ToSequence()))
            yield return found with
            {
                Environment = environment with { Flags = flags },
            };
        foreach (var segments in Without(environment.Segments.ToSequence()))
            yield return found with
            {
                Environment = environment with { Segments = segments },
            };
        foreach (var name in found.Context.Attributes.Keys)
        {
            var fewer = found.Context.Attributes.Where(member => member.Key != name);
            yield return found with
            {
                Context = found.Context with { Attributes = new(fewer, StringComparer.Ordinal) },
            };
        }
        foreach (var flags in Each(environment.Flags.ToSequence(), SmallerFlag))
            yield return found with
            {
                Environment = environment with { Flags = flags },
            };
        foreach (var segments in Each(environment.Segments.ToSequence(), SmallerSegment))
            yield return found with
            {
                Environment = environment with { Segments = segments },
            };
    }

    private static IEnumerable<FlagInEnvironment> SmallerFlag(FlagInEnvironment entry)
    {
        var configuration = entry.Configuration;
        foreach (var list in Without(configuration.Prerequisites))
            yield return entry with
            {
                Configuration = configuration with { Prerequisites = list },
            };
        foreach (var list in Without(configuration.Overrides))
            yield return entry with
            {
                Configuration = configuration with { Overrides = list },
            };
        foreach (var list in Without(configuration.Rules))
            yield return entry with
            {
                Configuration = configuration with { Rules = list },
            };
        foreach (var list in Each(configuration.Rules, SmallerRule))
            yield return entry with
            {
                Configuration = configuration with { Rules = list },
            };
        foreach (var serve in SmallerServe(configuration.Fallthrough, configuration.OffVariant))
            yield return entry with
            {
                Configuration = configuration with { Fallthrough = serve },
            };
    }

    private static IEnumerable<SegmentDefinition> SmallerSegment(SegmentDefinition segment)
    {
        foreach (var list in Without(segment.Includes))
            yield return segment with
            {
                Includes = list,
            };
        foreach (var list in Without(segment.Excludes))
            yield return segment with
            {
                Excludes = list,
            };
        foreach (var list in Without(segment.Rules))
            yield return segment with
            {
                Rules = list,
            };
        foreach (
            var list in Each(
                segment.Rules,
                rule => SmallerConditions(rule.Conditions).Select(fewer => rule with { Conditions = fewer })
            )
        )
            yield return segment with
            {
                Rules = list,
            };
    }

    private static IEnumerable<TargetingRule> SmallerRule(TargetingRule rule) =>
        SmallerConditions(rule.Conditions)
            .Select(fewer => rule with { Conditions = fewer })
            .Concat(
                SmallerServe(rule.Serve, rule.Serve.Rollout is { Weights.Count: > 0 } rollout ? rollout.Weights[0].Variant : null)
                    .Select(serve => rule with { Serve = serve })
            );

    private static IEnumerable<Serve> SmallerServe(Serve serve, string? variant)
    {
        if (serve.Rollout is not { } rollout)
            yield break;
        if (variant is not null)
            yield return Serve.One(variant);
        foreach (var weights in Without(rollout.Weights))
            yield return Serve.Split(rollout with { Weights = weights });
        if (rollout.Experiment is not null)
            yield return Serve.Split(rollout with { Experiment = null });
    }

    private static IEnumerable<Sequence<Condition>> SmallerConditions(Sequence<Condition> conditions) =>
        Without(conditions).Concat(Each(conditions, SmallerCondition));

    // A condition keeps as many values as its operator asks for: a case that no longer compiles would be another case.
    private static IEnumerable<Condition> SmallerCondition(Condition condition) =>
        condition.Values.Count < 2 || condition.Operator == ConditionOperator.Between
            ? []
            : Without(condition.Values).Select(fewer => condition with { Values = fewer });

    private static IEnumerable<Sequence<T>> Without<T>(Sequence<T> items) =>
        Enumerable.Range(0, items.Count).Select(i => items.Where((_, at) => at != i).ToSequence());

    private static IEnumerable<Sequence<T>> Each<T>(Sequence<T> items, Func<T, IEnumerable<T>> smaller) =>
        Enumerable
            .Range(0, items.Count)
            .SelectMany(i => smaller(items[i]).Select(item => items.Select((old, at) => at == i ? item : old).ToSequence()));
}
