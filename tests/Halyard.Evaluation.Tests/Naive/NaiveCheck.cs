using System.Text.Json;
using Halyard.Evaluation.Definitions;

namespace Halyard.Evaluation.Tests.Naive;

/// <summary>Which flags must not compile: those with a reference to nothing, a cycle, a prerequisite named
/// twice, or weights without a total.</summary>
internal sealed class NaiveCheck(EnvironmentDefinition environment)
{
    private readonly Dictionary<string, bool> _known = new(StringComparer.Ordinal);

    public bool IsBroken(string key) => _known.TryGetValue(key, out var isBroken) ? isBroken : _known[key] = HasDefect(key);

    private bool HasDefect(string key)
    {
        var (flag, configuration, _) = environment.Flags.First(entry => entry.Flag.Key == key);
        var served = configuration.Rules.Select(rule => rule.Serve).Append(configuration.Fallthrough).ToList();
        var rollouts = served.Where(serve => serve.Rollout is not null).Select(serve => serve.Rollout!).ToList();
        IEnumerable<string> variants =
        [
            configuration.OffVariant,
            .. configuration.Overrides.Select(pin => pin.Variant),
            .. served.Where(serve => serve.Variant is not null).Select(serve => serve.Variant!),
            .. rollouts.SelectMany(rollout => rollout.Weights.Select(part => part.Variant)),
            .. rollouts.Where(rollout => rollout.Experiment is not null).Select(rollout => rollout.Experiment!.Control),
        ];
        return variants.Any(name => flag.Variants.All(variant => variant.Key != name))
            || rollouts.Any(rollout => Total(rollout) is < 1 or > int.MaxValue)
            || configuration.Rules.Any(rule => rule.Conditions.Any(UsesBrokenSegment))
            || configuration.Prerequisites.Any(needed => !HasVariants(needed))
            || configuration.Prerequisites.DistinctBy(needed => needed.Flag).Count() < configuration.Prerequisites.Count
            || NeededBy(key, []).Contains(key);
    }

    private static long Total(Rollout rollout) => rollout.Weights.Sum(part => (long)part.Weight) + rollout.Remainder;

    private bool HasVariants(Prerequisite needed) =>
        environment.Flags.FirstOrDefault(entry => entry.Flag.Key == needed.Flag) is { } target
        && needed.Variants.All(name => target.Flag.Variants.Any(variant => variant.Key == name));

    private HashSet<string> NeededBy(string key, HashSet<string> found)
    {
        var next = environment.Flags.FirstOrDefault(entry => entry.Flag.Key == key)?.Configuration.Prerequisites ?? [];
        foreach (var needed in next.Where(needed => found.Add(needed.Flag)))
            NeededBy(needed.Flag, found);
        return found;
    }

    private bool UsesBrokenSegment(Condition condition) =>
        condition.Operator == ConditionOperator.Segment
        && condition.Values.Any(value => IsBrokenSegment(JsonElement.Parse(value.Json).GetString()!, []));

    private bool IsBrokenSegment(string key, IReadOnlyList<string> path) =>
        path.Contains(key)
        || environment.Segments.FirstOrDefault(segment => segment.Key == key) is not { } found
        || found
            .Rules.SelectMany(rule => rule.Conditions)
            .Where(condition => condition.Operator == ConditionOperator.Segment)
            .SelectMany(condition => condition.Values)
            .Any(value => IsBrokenSegment(JsonElement.Parse(value.Json).GetString()!, [.. path, key]));
}
