using System.Globalization;
using Halyard.Evaluation.Definitions;

namespace Halyard.Evaluation.Tests.Naive;

/// <summary>
/// The specification once more: interprets definitions as they were written, step by step in the order of docs/evaluation.md,
/// with nothing prepared and nothing remembered. Slow and obvious; it shares no code with the engine.
/// </summary>
internal sealed class NaiveEvaluator(
    EnvironmentDefinition environment,
    NaiveCheck check,
    NaiveContext context,
    DateTimeOffset now
)
{
    private readonly NaiveConditions _conditions = new(context, environment.Segments);

    public NaiveConditions Conditions => _conditions;

    public NaiveAnswer Evaluate(string key)
    {
        if (environment.Flags.FirstOrDefault(entry => entry.Flag.Key == key) is not var (flag, configuration, _))
            return new(null, EvaluationReason.Error, ErrorCode.FlagNotFound);

        var off = flag.Variants.FirstOrDefault(variant => variant.Key == configuration.OffVariant)?.Key;
        if (check.IsBroken(key))
            return new(off, EvaluationReason.Error, ErrorCode.ParseError);
        if (!configuration.Enabled || flag.Status is FlagStatus.Draft or FlagStatus.Archived)
            return new(off, EvaluationReason.Disabled);
        if (configuration.Prerequisites.FirstOrDefault(needed => !IsMet(needed)) is { } unmet)
            return new(off, EvaluationReason.PrerequisiteFailed, Prerequisite: unmet.Flag);
        if (OverridesInOrder(configuration).FirstOrDefault(Matches) is { } pin)
            return new(pin.Variant, EvaluationReason.TargetingMatch, Override: pin.Id);

        foreach (var rule in configuration.Rules.Where(rule => rule.Enabled && _conditions.AllHold(rule.Conditions)))
        {
            if (rule.Serve.Variant is { } served)
                return new(served, EvaluationReason.TargetingMatch, Rule: rule.Id);
            var place = Place(flag, rule.Serve.Rollout!);
            if (place.Variant is not null)
                return new(place.Variant, EvaluationReason.Split, Rule: rule.Id, Experiment: place.Experiment);
        }

        if (configuration.Fallthrough.Variant is { } fallthrough)
        {
            var isPlain = configuration is { Prerequisites.Count: 0, Overrides.Count: 0, Rules.Count: 0 };
            return new(fallthrough, isPlain ? EvaluationReason.Static : EvaluationReason.Default);
        }
        var last = Place(flag, configuration.Fallthrough.Rollout!);
        return last.Variant is null
            ? new(off, EvaluationReason.Default, Detail: last.Detail)
            : new(last.Variant, EvaluationReason.Split, Experiment: last.Experiment);
    }

    private bool IsMet(Prerequisite needed)
    {
        var answer = Evaluate(needed.Flag);
        return answer.Reason is not (EvaluationReason.Disabled or EvaluationReason.Error)
            && needed.Variants.Contains(answer.Variant!);
    }

    private static IEnumerable<Override> OverridesInOrder(FlagEnvironment configuration) =>
        configuration.Overrides.OrderBy(pin =>
            pin.Emergency ? 0
            : pin.Attribute is null ? 1
            : 2
        );

    private bool Matches(Override pin) =>
        (pin.ExpiresAt is not { } expiry || now < expiry) && _conditions.Equals(pin.Attribute ?? "targetingKey", pin.Value);

    private (string? Variant, string? Experiment, EvaluationDetail Detail) Place(FlagDefinition flag, Rollout rollout)
    {
        var value = context.Find(rollout.BucketBy ?? "targetingKey") switch
        {
            string text => text,
            double number when double.IsInteger(number) && Math.Abs(number) < Math.Pow(2, 63) => ((Int128)number).ToString(
                CultureInfo.InvariantCulture
            ),
            _ => null,
        };
        if (value is null)
            return (null, null, EvaluationDetail.NoBucketValue);

        var salt = rollout.Salt ?? flag.Salt ?? flag.Key;
        if (rollout.Experiment is { } experiment && NaiveHash.Bucket($"{salt}:traffic{value}", 100_000) >= experiment.Traffic)
            return (experiment.Control, null, EvaluationDetail.None);

        var bucket = NaiveHash.Bucket(salt + value, rollout.Weights.Sum(part => (long)part.Weight) + rollout.Remainder);
        for (var i = 0; i < rollout.Weights.Count; i++)
        {
            if (bucket < rollout.Weights.Take(i + 1).Sum(part => (long)part.Weight))
                return (rollout.Weights[i].Variant, rollout.Experiment?.Key, EvaluationDetail.None);
        }
        return (null, null, EvaluationDetail.Remainder);
    }
}
