using Halyard.Evaluation.Definitions;

namespace Halyard.Evaluation.Tests.Agreement;

/// <summary>Conditions of every operator, with values that the operator accepts, mostly on an attribute of its type.</summary>
internal sealed class RandomConditions(Dice dice)
{
    private static readonly ConditionOperator[] Operators = Enum.GetValues<ConditionOperator>();

    public Sequence<Condition> Some(int most, string[] segments) => dice.Some(most, () => One(segments)).ToSequence();

    /// <summary>A string, number or boolean, of the type that the attribute's name promises or of another.</summary>
    public FlagValue Scalar(string attribute) =>
        dice.Below(10) switch
        {
            0 => FlagValue.Of(dice.OneIn(2)),
            1 => new FlagValue(dice.One(Pools.Numbers)),
            2 => FlagValue.Of(dice.One(Pools.Texts)),
            _ => attribute switch
            {
                RandomContext.Number or "company.size.now" => new FlagValue(dice.One(Pools.Numbers)),
                RandomContext.Whole when dice.OneIn(2) => new FlagValue(dice.One(Pools.Numbers)),
                RandomContext.Whole or "targetingKey" => FlagValue.Of(dice.One(Pools.Users)),
                RandomContext.Version or "app.version" => FlagValue.Of(dice.One(Pools.Versions)),
                RandomContext.Time => FlagValue.Of(dice.One(Pools.Times)),
                RandomContext.Address => FlagValue.Of(dice.One(Pools.Blocks)),
                "beta" => FlagValue.Of(dice.OneIn(2)),
                _ => FlagValue.Of(dice.One(Pools.Texts)),
            },
        };

    private Condition One(string[] segments)
    {
        var comparison = dice.One(Operators);
        var missing = dice.OneIn(4) ? WhenMissing.Match : WhenMissing.NoMatch;
        if (comparison == ConditionOperator.Segment)
        {
            string[] known = dice.OneIn(60) ? ["no-segment"] : segments;
            return known.Length == 0
                ? new Condition("beta", ConditionOperator.Equals, [FlagValue.Of(value: true)], dice.OneIn(3), missing)
                : new Condition(
                    "",
                    comparison,
                    dice.Some(2, () => FlagValue.Of(dice.One(known)), 1).ToSequence(),
                    dice.OneIn(3),
                    missing
                );
        }
        var attribute = dice.OneIn(6) ? dice.One(RandomContext.Names) : Attribute(comparison);
        return new Condition(attribute, comparison, Values(comparison, attribute), dice.OneIn(3), missing);
    }

    private string Attribute(ConditionOperator comparison) =>
        comparison switch
        {
            ConditionOperator.Equals or ConditionOperator.Exists => dice.One(RandomContext.Names),
            >= ConditionOperator.GreaterThan and <= ConditionOperator.Between => dice.One(
                RandomContext.Number,
                "company.size.now",
                RandomContext.Whole
            ),
            >= ConditionOperator.SemverEquals and <= ConditionOperator.SemverCaret => dice.One(
                RandomContext.Version,
                "app.version"
            ),
            ConditionOperator.Before or ConditionOperator.After => RandomContext.Time,
            ConditionOperator.Cidr => RandomContext.Address,
            _ => dice.One(RandomContext.Text, "company.plan", "Plan", "é", "a..b", "targetingKey"),
        };

    private Sequence<FlagValue> Values(ConditionOperator comparison, string attribute)
    {
        if (comparison == ConditionOperator.Exists)
            return [];
        if (comparison == ConditionOperator.Between)
            return Ordered(dice.One(Pools.Numbers), dice.One(Pools.Numbers));
        // Past a handful of values the engine searches a set instead of a list.
        var most = dice.OneIn(6) ? 12 : 3;
        return dice.Some(most, () => Value(comparison, attribute), 1).ToSequence();
    }

    private FlagValue Value(ConditionOperator comparison, string attribute) =>
        comparison switch
        {
            ConditionOperator.Equals => Scalar(attribute),
            ConditionOperator.Matches => FlagValue.Of(dice.One(Pools.Patterns)),
            >= ConditionOperator.GreaterThan and <= ConditionOperator.Between => new FlagValue(dice.One(Pools.Numbers)),
            >= ConditionOperator.SemverEquals and <= ConditionOperator.SemverCaret => FlagValue.Of(dice.One(Pools.Versions)),
            ConditionOperator.Before or ConditionOperator.After when dice.OneIn(2) => new FlagValue(dice.One(Pools.TimeNumbers)),
            ConditionOperator.Before or ConditionOperator.After => FlagValue.Of(dice.One(Pools.Times)),
            ConditionOperator.Cidr => FlagValue.Of(dice.One(Pools.Blocks)),
            _ => FlagValue.Of(dice.One(Pools.Texts)),
        };

    private static Sequence<FlagValue> Ordered(string one, string two)
    {
        var invariant = System.Globalization.CultureInfo.InvariantCulture;
        return double.Parse(one, invariant) <= double.Parse(two, invariant) ? [new(one), new(two)] : [new(two), new(one)];
    }
}
