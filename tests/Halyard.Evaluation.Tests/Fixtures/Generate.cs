using FsCheck;
using FsCheck.Fluent;
using Halyard.Evaluation.Definitions;

namespace Halyard.Evaluation.Tests;

/// <summary>Definitions and contexts at random, the nasty ones included.</summary>
internal static class Generate
{
    public static readonly Gen<string> Text = Gen.Elements(
        "",
        "a",
        "on",
        "off",
        "plan",
        "company.plan",
        "user-1",
        "0",
        "5",
        "true",
        "null",
        "é☃😀",
        "\ud800",
        "\"\\\u0001\n",
        "a/b~c",
        "..",
        "targetingKey",
        "1.2.3",
        "v1",
        "10.0.0.0/8",
        "::1",
        "2026-01-01T00:00:00Z",
        "(",
        "((a{999}){999}){999}",
        "^a+$",
        new string('x', 5000)
    );

    public static readonly Gen<FlagValue> Value = Gen.OneOf(
        Text.Select(FlagValue.Of),
        Gen.Elements(
                "true",
                "false",
                "null",
                "5",
                "-0",
                "1e400",
                "-1.5e-7",
                "1e308",
                "9007199254740993",
                "[]",
                "[1,[2]]",
                "{}",
                "{\"a\":{\"b\":[1]}}",
                "\"\\ud800\"",
                "nonsense",
                "",
                "1 2",
                "{"
            )
            .Select(text => new FlagValue(text)),
        Gen.Constant(default(FlagValue))
    );

    public static readonly Gen<int> Number = Gen.Elements(0, 1, -1, 5000, 100_000, int.MaxValue, int.MinValue);

    public static readonly Gen<Condition> Condition =
        from attribute in Text
        from comparison in Gen.Choose(-1, 26)
        from values in Value.ListOf()
        from negate in Gen.Elements(true, false)
        from missing in Gen.Choose(-1, 2)
        select new Condition(attribute, (ConditionOperator)comparison, values.ToSequence(), negate, (WhenMissing)missing);

    public static readonly Gen<Serve> Serve =
        from variant in Text.OrNull()
        from rollout in Rollout().OrNull()
        select new Serve(variant, rollout);

    public static readonly Gen<FlagEnvironment> Environment =
        from enabled in Gen.Elements(true, true, false)
        from off in Text
        from prerequisites in (
            from flag in Text
            from variants in Text.ListOf()
            select new Prerequisite(flag, variants.ToSequence())
        ).ListOf()
        from overrides in (
            from id in Text
            from attribute in Text.OrNull()
            from value in Value
            from variant in Text
            from emergency in Gen.Elements(true, false)
            select new Override(id, attribute, value, variant, emergency ? Given.Now : null, emergency)
        ).ListOf()
        from rules in (
            from id in Text
            from enabled in Gen.Elements(true, false)
            from conditions in Condition.ListOf()
            from serve in Serve
            select new TargetingRule(id, id, enabled, conditions.ToSequence(), serve)
        ).ListOf()
        from serve in Serve
        from fallback in Text.OrNull()
        select new FlagEnvironment(
            enabled,
            off,
            prerequisites.ToSequence(),
            overrides.ToSequence(),
            rules.ToSequence(),
            serve,
            fallback
        );

    public static readonly Gen<FlagDefinition> Flag =
        from key in Text
        from type in Gen.Choose(-1, 4)
        from status in Gen.Choose(-1, 4)
        from variants in (from variant in Text from value in Value select new Variant(variant, value)).ListOf()
        from salt in Text.OrNull()
        from hash in Gen.Choose(-1, 8)
        select new FlagDefinition(key, (FlagType)type, (FlagStatus)status, variants.ToSequence(), salt, (BucketingHash)hash);

    public static readonly Gen<SegmentDefinition> Segment =
        from key in Text
        from includes in Text.ListOf()
        from excludes in Text.ListOf()
        from rules in (
            from id in Text
            from conditions in Condition.ListOf()
            select new SegmentRule(id, conditions.ToSequence())
        ).ListOf()
        select new SegmentDefinition(key, includes.ToSequence(), excludes.ToSequence(), rules.ToSequence());

    private static Gen<Rollout> Rollout() =>
        from weights in (from variant in Text from weight in Number select new WeightedVariant(variant, weight)).ListOf()
        from salt in Text.OrNull()
        from bucketBy in Text.OrNull()
        from remainder in Number
        from experiment in (
            from key in Text
            from control in Text
            from traffic in Number
            select new Experiment(key, control, traffic)
        ).OrNull()
        from gate in (from share in Number from its in Text.OrNull() select new Gate(share, its, its)).OrNull()
        select new Rollout(weights.ToSequence(), salt, bucketBy, remainder, experiment, gate);
}
