using System.Runtime.CompilerServices;

namespace Halyard.Rego;

/// <summary>One evaluation of a query: what is the same in all its worlds.</summary>
internal sealed class Evaluation(RegoPolicy policy, BudgetMeter meter, BuiltinContext builtins)
{
    public RegoPolicy Policy => policy;

    public BudgetMeter Meter => meter;

    public BuiltinContext Builtins => builtins;

    /// <summary>Ends the evaluation before the stack does.</summary>
    public void EnsureDepth()
    {
        if (!RuntimeHelpers.TryEnsureSufficientExecutionStack())
            throw new RegoAbort("eval_budget_error", "the rules call each other too deep");
    }

    /// <summary>A collection just built, its memory counted and its depth checked.</summary>
    public RegoValue Built(RegoValue value, int items)
    {
        meter.Reserve(48 + 16L * items);
        return value.Depth <= RegoValue.MaxDepth
            ? value
            : throw new RegoAbort("eval_budget_error", $"a value nests deeper than {RegoValue.MaxDepth}");
    }
}
