using System.Globalization;
using Halyard.Evaluation.Definitions;

namespace Halyard.Evaluation.Tests.Agreement;

/// <summary>Environments of a few flags and segments that lean on one another; most are valid, some have a named defect.</summary>
internal sealed class RandomEnvironment(Dice dice)
{
    private static readonly string[] Letters = ["a", "b", "c", "d"];

    private static readonly int[] Weights = [0, 0, 1, 1, 2, 50_000, 99_999, 1_000_000, 1_000_000, int.MaxValue - 1, int.MaxValue];

    private readonly RandomConditions _conditions = new(dice);
    private int _ids;

    public EnvironmentDefinition Next()
    {
        _ids = 0;
        var segments = new List<SegmentDefinition>();
        for (var i = dice.Below(4); i > 0; i--)
            segments.Add(Segment($"seg-{segments.Count}", [.. segments.Select(segment => segment.Key)]));
        var flags = new List<FlagInEnvironment>();
        for (var i = 2 + dice.Below(4); i > 0; i--)
            flags.Add(Flag($"flag-{flags.Count}", flags, [.. segments.Select(segment => segment.Key)]));
        if (dice.OneIn(20))
            CloseCycle(flags);
        if (segments.Count > 0 && dice.OneIn(40))
            segments[0] = segments[0] with { Rules = [new SegmentRule("cycle", [Uses(segments[^1].Key)])] };
        return new EnvironmentDefinition("project", "production", 1, flags, segments);
    }

    private SegmentDefinition Segment(string key, string[] others) =>
        new(
            key,
            dice.Some(2, () => dice.One(Pools.Users)).ToSequence(),
            dice.Some(2, () => dice.One(Pools.Users)).ToSequence(),
            dice.Some(2, () => new SegmentRule(Id("s"), _conditions.Some(2, others))).ToSequence()
        );

    private FlagInEnvironment Flag(string key, List<FlagInEnvironment> earlier, string[] segments)
    {
        var variants = Letters[..(1 + dice.Below(4))];
        var flag = new FlagDefinition(
            key,
            FlagType.String,
            dice.OneIn(8) ? dice.One(FlagStatus.Draft, FlagStatus.Archived) : dice.One(FlagStatus.Active, FlagStatus.Deprecated),
            variants.Select(letter => new Variant(letter, FlagValue.Of(letter))).ToSequence(),
            dice.OneIn(3) ? dice.One(Pools.Salts) : null
        );
        var names = dice.OneIn(40) ? [.. variants, "missing"] : variants;
        var isPlain = dice.OneIn(6);
        var configuration = new FlagEnvironment(
            !dice.OneIn(10),
            dice.One(names),
            isPlain || earlier.Count == 0 || !dice.OneIn(3) ? [] : Prerequisites(earlier),
            isPlain || !dice.OneIn(3) ? [] : dice.Some(3, () => Pin(names), 1).ToSequence(),
            isPlain ? [] : dice.Some(4, () => Rule(names, segments)).ToSequence(),
            Answer(names)
        );
        return new FlagInEnvironment(flag, configuration, 1);
    }

    private Sequence<Prerequisite> Prerequisites(List<FlagInEnvironment> earlier) =>
        dice.Some(
                2,
                () =>
                {
                    var (flag, _, _) = dice.One(earlier);
                    var accepted = dice.Some(4, () => dice.One(flag.Variants).Key, 1).Distinct().ToSequence();
                    return new Prerequisite(dice.OneIn(60) ? "nowhere" : flag.Key, accepted);
                },
                1
            )
            .ToSequence();

    private Override Pin(string[] variants)
    {
        var attribute = dice.OneIn(2) ? null : dice.One(RandomContext.Names);
        return new Override(
            Id("o"),
            attribute,
            attribute is null ? FlagValue.Of(dice.One(Pools.Users)) : _conditions.Scalar(attribute),
            dice.One(variants),
            dice.Below(4) switch
            {
                0 => Given.Now.AddTicks(dice.Below(3) - 1),
                1 => Given.Now.AddDays(1),
                _ => null,
            },
            dice.OneIn(4)
        );
    }

    private TargetingRule Rule(string[] variants, string[] segments) =>
        new(Id("r"), "", !dice.OneIn(6), _conditions.Some(2, segments), Answer(variants));

    private Serve Answer(string[] variants) => dice.OneIn(2) ? Serve.One(dice.One(variants)) : Serve.Split(Rollout(variants));

    private Rollout Rollout(string[] variants)
    {
        var weights = dice.Some(5, () => new WeightedVariant(dice.One(variants), dice.One(Weights))).ToSequence();
        var remainder = dice.OneIn(2) ? dice.One(0, 1, 2, 100_000, 2_000_000) : 0;
        if (weights.Sum(part => (long)part.Weight) + remainder is < 1 or > int.MaxValue && !dice.OneIn(20))
            (weights, remainder) = (
                [new(dice.One(variants), 0), new(dice.One(variants), int.MaxValue - 1), new(variants[0], 1)],
                0
            );
        return new Rollout(
            weights,
            dice.OneIn(3) ? dice.One(Pools.Salts) : null,
            dice.OneIn(3) ? dice.One(RandomContext.Whole, RandomContext.Number, "company.plan", "targetingKey", "nowhere") : null,
            remainder,
            dice.OneIn(4) ? new Experiment("exp", dice.One(variants), dice.One(0, 1, 30_000, 99_999, 100_000)) : null
        );
    }

    private void CloseCycle(List<FlagInEnvironment> flags)
    {
        var (first, last) = (flags[0], flags[^1]);
        flags[0] = first with
        {
            Configuration = first.Configuration with { Prerequisites = [new(last.Flag.Key, [last.Flag.Variants[0].Key])] },
        };
    }

    private static Condition Uses(string segment) => new("", ConditionOperator.Segment, [FlagValue.Of(segment)]);

    private string Id(string kind) => kind + (++_ids).ToString(CultureInfo.InvariantCulture);
}
