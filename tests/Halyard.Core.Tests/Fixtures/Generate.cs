using FsCheck;
using FsCheck.Fluent;
using Halyard.Core.Flags;
using Halyard.Evaluation.Definitions;

namespace Halyard.Core.Tests.Fixtures;

/// <summary>
/// Flags and segments at random, as edits can leave them, from pools small enough that two of them overlap. Whatever is personal
/// contains <see cref="Secret"/>.
/// </summary>
internal static class Generate
{
    public const string Secret = "SECRET";

    private static readonly Gen<string> Words = Gen.Elements([
        "",
        "a",
        "b",
        "Größe",
        new string('x', 300),
        "{\"$c\":\"x\"}",
        .. Naughty.Own,
    ]);

    private static readonly Gen<string> Variants = Gen.Elements("on", "off", "maybe");

    private static readonly Gen<bool> Bool = Gen.Elements(true, false);

    private static readonly Gen<FlagValue> Personal = Gen.Elements("1", "2", "a/b~c", "\u202E")
        .Select(text => FlagValue.Of(Secret + text));

    private static readonly Gen<Condition> PersonalCondition =
        from attribute in Gen.Elements("email", "targetingKey", "user.age", "company.name")
        from values in Personal.ListOf()
        from negate in Bool
        select new Condition(attribute, ConditionOperator.Equals, values.ToSequence(), negate);

    private static readonly Gen<Condition> OtherCondition =
        from attribute in Gen.Elements("plan", "company.plan")
        from comparison in Gen.Elements(ConditionOperator.Equals, ConditionOperator.StartsWith)
        from values in Gen.Elements("pro", "free", "\u202E").Select(FlagValue.Of).NonEmptyListOf()
        from missing in Gen.Elements(WhenMissing.NoMatch, WhenMissing.Match)
        select new Condition(attribute, comparison, values.ToSequence(), WhenMissing: missing);

    private static readonly Gen<Condition> SegmentCondition = Gen.Elements("beta", "gamma")
        .Select(segment => new Condition("", ConditionOperator.Segment, [FlagValue.Of(segment)]));

    private static readonly Gen<Sequence<Condition>> Conditions = Gen.OneOf(PersonalCondition, OtherCondition, SegmentCondition)
        .ListOf()
        .Select(list => list.Take(3).ToSequence());

    private static readonly Gen<Rollout> Rollout =
        from share in Gen.Choose(0, 3)
        from salt in Words.OrNull()
        from bucketBy in Gen.Elements("company", "plan").OrNull()
        from remainder in Gen.Choose(0, 1)
        from experiment in (
            from key in Gen.Elements("x", "y")
            from traffic in Gen.Elements(0, 50_000)
            select new Experiment(key, "off", traffic)
        ).OrNull()
        from gate in (
            from open in Gen.Elements(0, 50_000)
            from gateSalt in Words.OrNull()
            from stickiness in Gen.Elements("company", "plan").OrNull()
            select new Gate(open, gateSalt, stickiness)
        ).OrNull()
        select new Rollout([new("on", share), new("off", 3)], salt, bucketBy, remainder, experiment, gate);

    private static readonly Gen<Serve> Serve = Gen.OneOf(
        Variants.Select(Evaluation.Definitions.Serve.One),
        Rollout.Select(Evaluation.Definitions.Serve.Split)
    );

    private static readonly Gen<Sequence<TargetingRule>> Rules = Unique(
        from id in Gen.Elements("r1", "r2", "r3")
        from name in Words
        from enabled in Bool
        from conditions in Conditions
        from serve in Serve
        select new TargetingRule(id, name, enabled, conditions, serve),
        rule => rule.Id
    );

    private static readonly Gen<Sequence<Override>> Overrides = Unique(
        from id in Gen.Elements("o1", "o2", "a/b")
        from attribute in Gen.Elements("plan", "email").OrNull()
        from value in Personal
        from variant in Variants
        from expires in Gen.Elements<DateTimeOffset?>(null, new DateTimeOffset(2027, 1, 1, 0, 0, 0, TimeSpan.Zero))
        from emergency in Bool
        select new Override(id, attribute, value, variant, expires, emergency),
        pin => pin.Id
    );

    private static readonly Gen<FlagEnvironment> Configuration =
        from enabled in Bool
        from off in Variants
        from needs in Gen.Elements<Sequence<Prerequisite>>([], [new("g", ["on"])], [new("g", ["on", "off"]), new("h", ["on"])])
        from overrides in Overrides
        from rules in Rules
        from fallthrough in Serve
        from fallback in Variants.OrNull()
        select new FlagEnvironment(enabled, off, needs, overrides, rules, fallthrough, fallback);

    /// <summary>Flags of one id and key, with configurations for dev and prod; never sensitive.</summary>
    public static readonly Gen<Flag> Flag =
        from title in Words
        from description in Words
        from owner in Words
        from kind in Gen.Elements(Enum.GetValues<FlagKind>())
        from status in Gen.Elements(Enum.GetValues<FlagStatus>())
        from tags in Gen.Elements("a", "b", "\u202E").ListOf()
        from salt in Words.OrNull()
        from hash in Gen.Elements(Enum.GetValues<BucketingHash>())
        from maybe in Gen.Elements("true", "false")
        from last in Bool
        from note in Words
        from dev in Configuration
        from prod in Configuration
        select new Flag(
            "f_1",
            "web",
            new FlagDefinition(
                "f",
                FlagType.Boolean,
                status,
                last
                    ? [On, Off, new Variant("maybe", new FlagValue(maybe), note)]
                    : [new Variant("maybe", new FlagValue(maybe), note), On, Off],
                salt,
                hash
            ),
            title,
            description,
            kind,
            owner,
            tags.Distinct().Order(StringComparer.Ordinal).ToSequence(),
            false,
            new FlagDefaults("on", "off"),
            1,
            Halyard.Core.Flags.Flag.NoEnvironments.AddRange([
                new("dev", new FlagConfiguration("e_dev", 1, dev)),
                new("prod", new FlagConfiguration("e_prod", 1, prod)),
            ])
        );

    /// <summary>The same with variants whose values are secret.</summary>
    public static readonly Gen<Flag> SensitiveFlag =
        from flag in Flag
        from values in Personal.Two()
        select flag with
        {
            Sensitive = true,
            Definition = flag.Definition with
            {
                Type = FlagType.String,
                Variants = flag
                    .Definition.Variants.Select(variant =>
                        variant with
                        {
                            Value = variant.Key == "on" ? values.Item1 : values.Item2,
                        }
                    )
                    .ToSequence(),
            },
        };

    public static readonly Gen<Segment> Segment =
        from title in Words
        from includes in Personal.ListOf()
        from excludes in Personal.ListOf()
        from rules in Unique(
            from id in Gen.Elements("r1", "r2")
            from conditions in Conditions
            select new SegmentRule(id, conditions),
            rule => rule.Id
        )
        select new Segment("s_1", "web", new SegmentDefinition("s", Texts(includes), Texts(excludes), rules), title, "");

    private static Variant On => new("on", FlagValue.Of(true));

    private static Variant Off => new("off", FlagValue.Of(false));

    private static Gen<Sequence<T>> Unique<T>(Gen<T> items, Func<T, string> id) =>
        items.ListOf().Select(list => list.DistinctBy(id).Take(3).ToSequence());

    private static Sequence<string> Texts(IEnumerable<FlagValue> values) =>
        values.Select(value => System.Text.Json.JsonSerializer.Deserialize<string>(value.Json)!).ToSequence();
}
