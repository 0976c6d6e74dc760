using System.Runtime.CompilerServices;

namespace Halyard.Rego;

/// <summary>One evaluation of a query: what is the same in all its worlds.</summary>
internal sealed class Evaluation(RegoPolicy policy, BudgetMeter meter, BuiltinContext builtins)
{
    private const int WeightPerStep = 16;

    public RegoPolicy Policy => policy;

    public BudgetMeter Meter => meter;

    public BuiltinContext Builtins => builtins;

    /// <summary>Ends the evaluation before the stack does.</summary>
    public static void EnsureDepth()
    {
        if (!RuntimeHelpers.TryEnsureSufficientExecutionStack())
            throw new RegoAbort("eval_budget_error", "the rules call each other too deep");
    }

    /// <summary>A collection just built, its memory counted; its depth and weight checked.</summary>
    public RegoValue Built(RegoValue value, int items)
    {
        meter.Reserve(48 + 16L * items);
        return Bounded(value);
    }

    /// <summary>The set of values; comparing them to sort them counts as work.</summary>
    public RegoValue BuiltSet(RegoValue[] items)
    {
        var weight = Nesting.Heaviness(items);
        meter.Spend(weight / WeightPerStep);
        meter.Reserve(48 + 16L * items.Length);
        if (weight > meter.MaxWeight)
            throw TooLarge();
        return Bounded(RegoSet.OfOwned(items));
    }

    /// <summary>The value, unless it is deeper or heavier than values may be: then what looks at it could not be bounded.</summary>
    public RegoValue Bounded(RegoValue value)
    {
        if (value.Depth > RegoValue.MaxDepth)
            throw new RegoAbort("eval_budget_error", $"a value nests deeper than {RegoValue.MaxDepth}");
        return value.Weight <= meter.MaxWeight ? value : throw TooLarge();
    }

    /// <summary>Counts the work of comparing with a value, unless it is a small one.</summary>
    public void Weigh(RegoValue value)
    {
        if (value.Weight > WeightPerStep)
            meter.Spend(value.Weight / WeightPerStep);
    }

    private static RegoAbort TooLarge() => new("eval_budget_error", "a value is larger than the budget allows");
}
