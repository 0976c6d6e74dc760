namespace Halyard.Rego;

/// <summary>What an evaluation has left. Used by one thread.</summary>
internal sealed class BudgetMeter(RegoBudget budget, CancellationToken cancellation)
{
    private const int StepsBetweenLooks = 4096;

    private long _steps = budget.Steps;
    private long _bytes = budget.Bytes;
    private long _nextLook = budget.Steps - StepsBetweenLooks;

    /// <summary>The heaviest value that may be built.</summary>
    public long MaxWeight { get; } = budget.Bytes / 16;

    public void Spend(long steps = 1)
    {
        if ((_steps -= steps) < 0)
            throw new RegoAbort("eval_budget_error", "the evaluation took more steps than its budget allows");
        if (_steps < _nextLook)
            Look();
    }

    public void Reserve(long bytes)
    {
        if ((_bytes -= bytes) < 0)
            throw new RegoAbort("eval_budget_error", "the evaluation took more memory than its budget allows");
    }

    private void Look()
    {
        _nextLook = _steps - StepsBetweenLooks;
        if (cancellation.IsCancellationRequested)
            throw new RegoAbort("eval_cancel_error", "the evaluation was cancelled");
    }
}
