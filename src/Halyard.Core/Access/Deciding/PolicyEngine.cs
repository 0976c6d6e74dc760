using Halyard.Rego;

namespace Halyard.Core.Access.Deciding;

/// <summary>What answers questions by a policy.</summary>
public interface IPolicyEngine
{
    /// <summary>The answer to a question; an engine that cannot answer says no, and why.</summary>
    ValueTask<AccessPlan> AskAsync(AccessState state, RegoValue question, CancellationToken cancellationToken);
}

/// <summary>Evaluates the policy in this process.</summary>
public sealed class RegoEngine(TimeProvider time) : IPolicyEngine
{
    /// <inheritdoc/>
    public ValueTask<AccessPlan> AskAsync(AccessState state, RegoValue question, CancellationToken cancellationToken) =>
        ValueTask.FromResult(state.Program.Ask(question, state.Name, time.GetUtcNow()));
}

/// <summary>Where the state of roles and policy is found.</summary>
public interface IAccessStates
{
    /// <summary>The state as far as it is known here; what was just changed elsewhere may be missing.</summary>
    ValueTask<AccessState> CurrentAsync(string tenant, CancellationToken cancellationToken);

    /// <summary>Looks at the store anew. Returns whether anything is different from what was known.</summary>
    ValueTask<bool> RefreshAsync(string tenant, CancellationToken cancellationToken);
}
