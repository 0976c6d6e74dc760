using System.Collections.Frozen;
using System.Globalization;
using Halyard.Core;
using Halyard.Core.Access;
using Halyard.Core.Access.Roles;

namespace Halyard.Server.Authentication;

/// <summary>
/// Asks people for a fresh or stronger log-in before they pass approvals by, and before they do what the operator named. Who acts with a credential of this server proved
/// nothing at a moment and is not asked; that is for policies to say.
/// </summary>
internal sealed class Reauthentication(ReauthenticationOptions options, TimeProvider time)
{
    private readonly FrozenSet<string> _actions = options
        .Named()
        .Concat([Actions.Bypass, Actions.ConfirmBypass])
        .ToFrozenSet(StringComparer.Ordinal);

    /// <summary>What the actor must do before this action, or <see langword="null"/> where nothing.</summary>
    public Error.ReauthenticationRequired? Demand(Actor actor, string action) =>
        actor.Kind == ActorKind.User && _actions.Contains(action) && !(IsFresh(actor) && IsStrong(actor))
            ? new Error.ReauthenticationRequired(options.MaxAgeSeconds, options.Acr)
            : null;

    private bool IsFresh(Actor actor) =>
        actor.AuthenticatedAt is { } at && time.GetUtcNow() - at <= TimeSpan.FromSeconds(options.MaxAgeSeconds);

    private bool IsStrong(Actor actor) => options.Acr.Count == 0 || (actor.Acr is { } acr && options.Acr.Contains(acr));
}

/// <summary>Says in the header too what a fresh log-in must be like, as RFC 9470 has it.</summary>
/// <param name="demand">What it must be like.</param>
/// <param name="body">The answer's body.</param>
internal sealed class ReauthenticationResult(Error.ReauthenticationRequired demand, IResult body) : IResult
{
    /// <summary>The problem.</summary>
    public IResult Body { get; } = body;

    /// <inheritdoc/>
    public Task ExecuteAsync(HttpContext httpContext)
    {
        var age = demand.MaxAgeSeconds.ToString(CultureInfo.InvariantCulture);
        var strength = demand.Acr.Count == 0 ? "" : $", acr_values=\"{string.Join(' ', demand.Acr)}\"";
        httpContext.Response.Headers.WWWAuthenticate =
            $"Bearer error=\"insufficient_user_authentication\", max_age=\"{age}\"{strength}";
        return Body.ExecuteAsync(httpContext);
    }
}
