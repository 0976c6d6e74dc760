using System.Globalization;
using Halyard.Evaluation.Definitions;

namespace Halyard.Evaluation.Tests.Bucketing.Vendors;

/// <summary>Flags with numbered variants, placed by one vendor's rule.</summary>
internal static class Placing
{
    public const string Flag = "flag";

    /// <summary>A fallthrough that splits over the variants <c>0</c>, <c>1</c>, … with these weights.</summary>
    public static CompiledSnapshot Split(BucketingHash hash, string salt, params int[] weights) =>
        Split(hash, new Rollout(Weights(weights), salt));

    public static CompiledSnapshot Split(BucketingHash hash, Rollout rollout) =>
        Given.Snapshot(
            new FlagInEnvironment(Numbered(hash), new FlagEnvironment(true, "off", [], [], [], Serve.Split(rollout)), 1)
        );

    /// <summary>The problems of such a fallthrough.</summary>
    public static IReadOnlyList<DefinitionProblem> Problems(BucketingHash hash, Rollout rollout) =>
        DefinitionRules.Check(Numbered(hash), new FlagEnvironment(true, "off", [], [], [], Serve.Split(rollout)));

    public static Sequence<WeightedVariant> Weights(params int[] weights) =>
        weights.Select((weight, i) => new WeightedVariant(Name(i), weight)).ToSequence();

    /// <summary>The variant's number; <c>off</c> where the rollout serves none.</summary>
    public static string Of(CompiledSnapshot snapshot, string user) => Of(snapshot, EvaluationContext.For(user));

    public static string Of(CompiledSnapshot snapshot, EvaluationContext context) =>
        Evaluator.Evaluate(snapshot, Flag, context, Given.Now).Variant!.Key;

    public static IEnumerable<string> Users(int count) => Enumerable.Range(0, count).Select(i => $"user-{i}");

    private static FlagDefinition Numbered(BucketingHash hash) =>
        new(
            Flag,
            FlagType.String,
            FlagStatus.Active,
            [.. Enumerable.Range(0, 20).Select(i => new Variant(Name(i), FlagValue.Of(Name(i)))), new("off", FlagValue.Of(""))],
            Hash: hash
        );

    private static string Name(int variant) => variant.ToString(CultureInfo.InvariantCulture);
}
