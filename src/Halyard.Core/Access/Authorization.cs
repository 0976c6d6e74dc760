using Halyard.Core.Access.Deciding;

namespace Halyard.Core.Access;

/// <summary>A question to the authorizer: may this actor do this here?</summary>
/// <param name="Actor">Who asks.</param>
/// <param name="Action">What, in dotted words: <c>change.submit</c>, <c>audit.read</c>, <c>flag.evaluate</c>.</param>
/// <param name="Project">The project concerned, or empty.</param>
/// <param name="Input">The whole question as canonical JSON, as policies see it and as the log keeps it.</param>
public sealed record AuthorizationRequest(Actor Actor, string Action, string Project, ReadOnlyMemory<byte> Input);

/// <summary>The authorizer's answer.</summary>
/// <param name="Allowed">Anything but an explicit yes is no.</param>
/// <param name="Policy">The policy and version that decided, and on which state of roles.</param>
/// <param name="Reason">Why, in words.</param>
/// <param name="AccessVersion">
/// The value of the fence <see cref="Roles.Role.Fence"/> that the answer rests on, or <see langword="null"/> where it rests on no role.
/// </param>
public sealed record AuthorizationDecision(bool Allowed, string Policy, string Reason, long? AccessVersion = null);

/// <summary>The port to whatever decides who may do what.</summary>
public interface IAuthorizer
{
    /// <summary>Decides one question. An implementation that cannot decide denies.</summary>
    ValueTask<AuthorizationDecision> DecideAsync(AuthorizationRequest request, CancellationToken cancellationToken);

    /// <summary>Of which resources an actor may take an action. An implementation that cannot decide says of none.</summary>
    ValueTask<AccessPlan> PlanAsync(AuthorizationRequest request, CancellationToken cancellationToken);

    /// <summary>
    /// Looks at the store for roles that changed. Returns whether any did: what was decided before may then be decided otherwise.
    /// </summary>
    ValueTask<bool> RefreshAsync(string tenant, CancellationToken cancellationToken);
}
