using Halyard.Core;
using Halyard.Core.Access;
using Halyard.Core.Access.Users;
using Halyard.Core.Changes;

namespace Halyard.Server.Authentication.Local;

/// <summary>Puts another password in place of one's own with a log-in, for somebody who just proved who they are by the one of now.</summary>
internal sealed class PasswordChange(NewPasswords passwords, LocalUsers users, ChangeService changes, TimeProvider time)
{
    /// <summary>What the authorizer is asked.</summary>
    public const string Action = "password.change";

    /// <summary>The user as they are with the new password, or why it does not count.</summary>
    /// <param name="context">The request.</param>
    /// <param name="tenant">The tenant.</param>
    /// <param name="user">The user as they were found when they proved it.</param>
    /// <param name="next">The new password, which keeps the rules.</param>
    public async ValueTask<Result<User>> ToAsync(HttpContext context, string tenant, User user, string next)
    {
        var cancellationToken = context.RequestAborted;
        var kept = await passwords.KeepAsync(tenant, user.Id, next, user, cancellationToken);
        if (!kept.TryGet(out var password, out var error))
            return error;
        var actor = new Actor(tenant, user.Id, ActorKind.User, "password", user.Roles, null)
        {
            AuthenticatedAt = time.GetUtcNow(),
        };
        var operation = new SetPassword(user.Id, password.Id, MustChange: false) { Proved = user.Epoch };
        var change = Change.Edit("", [operation], "", action: Action);
        var result = await changes.SubmitAsync(new Submission(actor, Caller.RequestOf(context, null), change), cancellationToken);
        if (!result.TryGet(out var outcome, out error))
            return error;
        if (outcome is Outcome.Denied denied)
            return new Error.Denied(denied.Reason);
        return await users.FindAsync(tenant, user.Id, cancellationToken) is { } changed
            ? changed
            : new Error.NotFound("user", user.Id);
    }
}
