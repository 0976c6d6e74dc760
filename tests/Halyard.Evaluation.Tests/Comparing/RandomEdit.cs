using Halyard.Evaluation.Definitions;
using Halyard.Evaluation.Tests.Agreement;

namespace Halyard.Evaluation.Tests.Comparing;

/// <summary>Changes an environment at random, as edits do: mostly in directions that are safer, and sometimes in any.</summary>
internal sealed class RandomEdit(Dice dice)
{
    public EnvironmentDefinition Apply(EnvironmentDefinition environment)
    {
        for (var i = 1 + dice.Below(2); i > 0; i--)
            environment = dice.OneIn(10) && environment.Segments.Count > 0 ? EditSegment(environment) : EditFlag(environment);
        return environment;
    }

    private EnvironmentDefinition EditSegment(EnvironmentDefinition environment)
    {
        var segments = environment.Segments.ToArray();
        var place = dice.Below(segments.Length);
        segments[place] = segments[place] with { Includes = [.. segments[place].Includes, dice.One(Pools.Users)] };
        return environment with { Segments = segments };
    }

    private EnvironmentDefinition EditFlag(EnvironmentDefinition environment)
    {
        var flags = environment.Flags.ToArray();
        var place = dice.Below(flags.Length);
        var (flag, configuration) = (flags[place].Flag, flags[place].Configuration);
        var off = Serve.One(configuration.OffVariant);
        var any = dice.One(flag.Variants).Key;
        flags[place] = dice.Below(15) switch
        {
            0 => With(configuration with { Enabled = false }),
            1 => With(configuration with { Fallthrough = off }),
            2 => With(configuration with { Fallthrough = Shifted(configuration.Fallthrough, off) }),
            3 => With(configuration with { Overrides = Without(configuration.Overrides) }),
            4 => With(configuration with { Rules = Without(configuration.Rules) }),
            5 => With(configuration with { Rules = Changed(configuration.Rules, rule => rule with { Serve = off }) }),
            6 => With(
                configuration with
                {
                    Rules = Changed(configuration.Rules, rule => rule with { Serve = Shifted(rule.Serve, off) }),
                }
            ),
            7 => With(configuration with { Rules = [new("new", "", true, [], off), .. configuration.Rules] }),
            8 => With(configuration with { Overrides = Changed(configuration.Overrides, pin => pin with { Variant = any }) }),
            9 => flags[place] with { Flag = flag with { Status = dice.One(FlagStatus.Archived, FlagStatus.Active) } },
            10 => With(configuration with { Rules = configuration.Rules.Reverse().ToSequence() }),
            11 => With(configuration with { OffVariant = any }),
            12 => With(configuration with { Fallthrough = Serve.One(any) }),
            13 => With(configuration with { Prerequisites = Without(configuration.Prerequisites) }),
            _ => With(configuration with { Enabled = true }),
        };
        return environment with { Flags = flags };

        FlagInEnvironment With(FlagEnvironment next) => flags[place] with { Configuration = next };
    }

    // Moves weight of one variant to the off variant, which stands where it stood or at the end.
    private Serve Shifted(Serve serve, Serve off)
    {
        if (serve.Rollout is not { Weights.Count: > 0 } rollout)
            return off;
        var place = dice.Below(rollout.Weights.Count);
        var source = rollout.Weights[place];
        var taken = Math.Min(dice.Below(source.Weight) + 1, source.Weight);
        var weights = rollout.Weights.ToList();
        weights[place] = source with { Weight = source.Weight - taken };
        weights.Insert(dice.OneIn(2) ? place + 1 : weights.Count, new WeightedVariant(off.Variant!, taken));
        return Serve.Split(rollout with { Weights = weights.ToSequence() });
    }

    private Sequence<T> Without<T>(Sequence<T> items)
    {
        var place = dice.Below(items.Count + 1);
        return items.Where((_, i) => i != place).ToSequence();
    }

    private Sequence<T> Changed<T>(Sequence<T> items, Func<T, T> change)
    {
        var place = dice.Below(items.Count + 1);
        return items.Select((item, i) => i == place ? change(item) : item).ToSequence();
    }
}
