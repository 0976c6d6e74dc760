using FsCheck;
using FsCheck.Fluent;
using Halyard.Evaluation;
using Halyard.Evaluation.Definitions;

namespace Halyard.Cli.Tests.Exporting;

/// <summary>Flags at random within what flagd can say, over the attributes of <c>FlagdGenerate.Context</c>.</summary>
internal static class DefinitionGenerate
{
    private static readonly Gen<(string, ConditionOperator, FlagValue[])> Comparison = Gen.OneOf(
        Texts("plan", ConditionOperator.Equals, "pro", "free", ""),
        Texts("plan", ConditionOperator.Contains, "ro", "e"),
        Texts("plan", ConditionOperator.StartsWith, "pro", "f"),
        Texts("plan", ConditionOperator.EndsWith, "e", "l"),
        Texts("targetingKey", ConditionOperator.Equals, "user-1", "user-2", "user-3"),
        Texts("app.version", ConditionOperator.SemverEquals, "1.2.3", "v1.2"),
        from comparison in Gen.Elements(
            ConditionOperator.SemverLessThan,
            ConditionOperator.SemverLessThanOrEqual,
            ConditionOperator.SemverGreaterThan,
            ConditionOperator.SemverGreaterThanOrEqual,
            ConditionOperator.SemverTilde,
            ConditionOperator.SemverCaret
        )
        from versions in Some("1.2.1", "0.9.0", "0.0.0", "2", "1.2.0-beta")
        select ("app.version", comparison, Array.ConvertAll(versions, FlagValue.Of)),
        from comparison in Gen.Elements(
            ConditionOperator.Equals,
            ConditionOperator.LessThan,
            ConditionOperator.LessThanOrEqual,
            ConditionOperator.GreaterThan,
            ConditionOperator.GreaterThanOrEqual
        )
        from numbers in Some("0", "18", "-1", "18.5")
        select ("age", comparison, Array.ConvertAll(numbers, number => new FlagValue(number))),
        Gen.Constant(("age", ConditionOperator.Between, new[] { new FlagValue("0"), new FlagValue("18") })),
        Gen.Elements("plan", "age", "beta").Select(name => (name, ConditionOperator.Exists, Array.Empty<FlagValue>())),
        Gen.Elements(true, false).Select(value => ("beta", ConditionOperator.Equals, new[] { FlagValue.Of(value) })),
        Gen.Constant(("", ConditionOperator.Segment, new[] { FlagValue.Of("testers") }))
    );

    private static readonly Gen<Condition> Condition =
        from comparison in Comparison
        from negate in Gen.Elements(true, false)
        from missing in Gen.Elements(WhenMissing.Match, WhenMissing.NoMatch)
        let isVersion = comparison.Item1 == "app.version"
        select new Condition(
            comparison.Item1,
            comparison.Item2,
            comparison.Item3.ToSequence(),
            negate,
            isVersion ? WhenMissing.NoMatch : missing
        );

    private static readonly Gen<string> Variant = Gen.Elements("a", "b", "c");

    private static readonly Gen<Serve> Serve = Gen.OneOf(
        Variant.Select(Evaluation.Definitions.Serve.One),
        from weights in Gen.Choose(0, 50).Three()
        from salt in Gen.Elements(null, "seed", "")
        from bucketBy in Gen.Elements(null, "plan")
        select Evaluation.Definitions.Serve.Split(
            new Rollout([new("a", weights.Item1), new("b", weights.Item2), new("c", weights.Item3 + 1)], salt, bucketBy)
        )
    );

    private static readonly Gen<TargetingRule> Rule =
        from conditions in Gen.ListOf(Condition, 2)
        from enabled in Gen.Elements(true, true, true, false)
        from serve in Serve
        select new TargetingRule("", "", enabled, conditions.ToSequence(), serve);

    private static readonly Gen<Override> Override = Gen.OneOf(
        from n in Gen.Choose(1, 500)
        from variant in Variant
        from emergency in Gen.Elements(true, false)
        select new Override("", null, FlagValue.Of($"user-{n}"), variant, null, emergency),
        from value in Gen.Elements("18", "65")
        from variant in Variant
        select new Override("", "age", new FlagValue(value), variant)
    );

    /// <summary>An environment with the flag <c>flag</c> and the segment <c>testers</c>.</summary>
    public static readonly Gen<EnvironmentDefinition> Environment =
        from rules in Gen.ListOf(Rule, 3)
        from overrides in Gen.ListOf(Override, 2)
        from fallthrough in Serve
        from enabled in Gen.Elements(true, true, true, false)
        from off in Variant
        select new EnvironmentDefinition(
            "p",
            "e",
            0,
            [
                new FlagInEnvironment(
                    new FlagDefinition(
                        "flag",
                        FlagType.String,
                        FlagStatus.Active,
                        [new("a", FlagValue.Of("A")), new("b", FlagValue.Of("B")), new("c", FlagValue.Of("C"))]
                    ),
                    new FlagEnvironment(
                        enabled,
                        off,
                        [],
                        overrides.Select((pin, i) => pin with { Id = $"o{i}" }).ToSequence(),
                        rules.Select((rule, i) => rule with { Id = $"r{i}" }).ToSequence(),
                        fallthrough
                    ),
                    1
                ),
            ],
            [
                new SegmentDefinition(
                    "testers",
                    ["user-1", "user-2"],
                    ["user-3"],
                    [new SegmentRule("s", [new Condition("plan", ConditionOperator.Equals, [FlagValue.Of("pro")])])]
                ),
            ]
        );

    private static Gen<(string, ConditionOperator, FlagValue[])> Texts(
        string attribute,
        ConditionOperator comparison,
        params string[] texts
    ) => Some(texts).Select(some => (attribute, comparison, Array.ConvertAll(some, FlagValue.Of)));

    private static Gen<string[]> Some(params string[] items) => Gen.Choose(1, items.Length).Select(count => items[..count]);
}
