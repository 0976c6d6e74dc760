namespace Halyard.Core.Access;

/// <summary>A question to the authorizer: may this actor do this here?</summary>
/// <param name="Actor">Who asks.</param>
/// <param name="Action">What, in dotted words: <c>change.submit</c>, <c>audit.read</c>, <c>flag.evaluate</c>.</param>
/// <param name="Project">The project concerned, or empty.</param>
/// <param name="Input">The whole question as canonical JSON, as policies see it and as the log keeps it.</param>
public sealed record AuthorizationRequest(Actor Actor, string Action, string Project, ReadOnlyMemory<byte> Input);

/// <summary>The authorizer's answer.</summary>
/// <param name="Allowed">Anything but an explicit yes is no.</param>
/// <param name="Policy">The policy and version that decided.</param>
/// <param name="Reason">Why, in words.</param>
public sealed record AuthorizationDecision(bool Allowed, string Policy, string Reason);

/// <summary>The port to whatever decides who may do what.</summary>
public interface IAuthorizer
{
    /// <summary>Decides one question. An implementation that cannot decide denies.</summary>
    ValueTask<AuthorizationDecision> DecideAsync(AuthorizationRequest request, CancellationToken cancellationToken);
}

/// <summary>Two roles, fixed in code: ADMIN may do everything in its tenant, CLIENT may evaluate. Everything else is denied.</summary>
public sealed class BuiltInAuthorizer : IAuthorizer
{
    /// <summary>The action that a CLIENT may take.</summary>
    public const string Evaluate = "flag.evaluate";

    private const string Policy = "built-in@1";

    /// <inheritdoc/>
    public ValueTask<AuthorizationDecision> DecideAsync(AuthorizationRequest request, CancellationToken cancellationToken) =>
        ValueTask.FromResult(Decide(request));

    private static AuthorizationDecision Decide(AuthorizationRequest request)
    {
        if (request.Actor.Roles.Contains(BuiltInRoles.Admin, StringComparer.Ordinal))
            return new(true, Policy, $"role {BuiltInRoles.Admin} may do everything");
        if (request.Action == Evaluate && request.Actor.Roles.Contains(BuiltInRoles.Client, StringComparer.Ordinal))
            return new(true, Policy, $"role {BuiltInRoles.Client} may evaluate");
        if (request.Action is "session.start" or "session.end" or "password.change")
            return new(true, Policy, "everybody may log in and out, and change their own password");
        var roles = request.Actor.Roles.Count == 0 ? "no role" : $"role {string.Join(", ", request.Actor.Roles)}";
        return new(false, Policy, $"{roles} does not allow {request.Action}");
    }
}
