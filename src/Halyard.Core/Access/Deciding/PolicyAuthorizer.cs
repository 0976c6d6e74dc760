using Halyard.Rego;

namespace Halyard.Core.Access.Deciding;

/// <summary>Decides by the tenant's roles, assignments and policy.</summary>
public sealed class PolicyAuthorizer(IAccessStates states, IPolicyEngine engine) : IAuthorizer
{
    // What the server does by itself (records that a job ended, names its key) no policy may keep out of the log; nobody from outside
    // acts as the server.
    private static readonly AuthorizationDecision ItsOwn = new(true, "server@1", "the server itself acts");

    /// <inheritdoc/>
    public async ValueTask<AuthorizationDecision> DecideAsync(AuthorizationRequest request, CancellationToken cancellationToken)
    {
        if (request.Actor.Kind == ActorKind.System)
            return ItsOwn;
        var (plan, version) = await AskAsync(request, cancellationToken);
        // An answer that depends on the resource is no answer here: the question named the resource.
        return new AuthorizationDecision(plan.Kind == PlanKind.Always, plan.Policy, plan.Reason, version);
    }

    /// <inheritdoc/>
    public async ValueTask<AccessPlan> PlanAsync(AuthorizationRequest request, CancellationToken cancellationToken) =>
        request.Actor.Kind == ActorKind.System
            ? new AccessPlan(PlanKind.Always, null, [ItsOwn.Reason], ItsOwn.Policy)
            : (await AskAsync(request, cancellationToken)).Plan;

    /// <inheritdoc/>
    public ValueTask<bool> RefreshAsync(string tenant, CancellationToken cancellationToken) =>
        states.RefreshAsync(tenant, cancellationToken);

    private async ValueTask<(AccessPlan Plan, long Version)> AskAsync(
        AuthorizationRequest request,
        CancellationToken cancellationToken
    )
    {
        var state = await states.CurrentAsync(request.Actor.Tenant, cancellationToken);
        var question = Asking.With(state, request.Actor, request.Input.Span);
        return (await engine.AskAsync(state, question, cancellationToken), state.Version);
    }
}

/// <summary>Puts questions together.</summary>
public static class Asking
{
    private static readonly RegoValue Actions = RegoValue.Of("actions");
    private static readonly RegoValue Action = RegoValue.Of("action");
    private static readonly RegoValue Checks = RegoValue.Of("checks");
    private static readonly RegoValue List = RegoValue.Of("list");
    private static readonly RegoValue Allow = RegoValue.Of("allow");
    private static readonly RegoValue Deny = RegoValue.Of("deny");

    /// <summary>The question as it is recorded, with what the actor's roles say of the actions it names.</summary>
    /// <param name="state">The roles.</param>
    /// <param name="actor">Who asks.</param>
    /// <param name="input">The question as canonical JSON.</param>
    public static RegoValue With(AccessState state, Actor actor, ReadOnlySpan<byte> input)
    {
        var question = (RegoObject)RegoValue.Parse(input);
        var (allow, deny) = state.SentencesOf(actor, ActionsIn(question));
        return question.With(Allow, allow).With(Deny, deny);
    }

    private static HashSet<string> ActionsIn(RegoObject question)
    {
        var actions = new HashSet<string>(StringComparer.Ordinal);
        if (question.Get(Checks) is RegoArray checks)
        {
            foreach (var check in checks.AsSpan())
                Add(actions, (check as RegoObject)?.Get(Actions) as RegoArray ?? RegoArray.Empty);
        }
        if ((question.Get(List) as RegoObject)?.Get(Action) is RegoString listed)
            actions.Add(listed.Value);
        return actions;
    }

    private static void Add(HashSet<string> actions, RegoArray names)
    {
        foreach (var name in names.AsSpan())
        {
            if (name is RegoString text)
                actions.Add(text.Value);
        }
    }
}
