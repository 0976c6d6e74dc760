using Halyard.Core.Access;
using Halyard.Core.Access.Deciding;
using Halyard.Core.Access.Roles;
using Halyard.Core.Access.Users;
using Halyard.Core.Flags.Editing;
using Halyard.Core.Policies;

namespace Halyard.Core.Changes;

/// <summary>
/// What a change hands over: the means to act as somebody with more power than the actor used to make it. A role given, a credential
/// made or changed, the password of another: by whatever door, it takes what giving roles takes.
/// </summary>
internal static class HandedOver
{
    private const string Policy = "limits@1";

    /// <summary>Whether an edit hands over what the actor does not have.</summary>
    public static bool IsMore(ResourceEdit edit, Actor actor) =>
        (edit.Before?.Resource, edit.After) switch
        {
            (null, Token made) => !Holds(actor, [made.Role]),
            (Token before, Token after) => before.Secret != after.Secret && !IsOwn(after, actor),
            (var before, User user) => !Holds(actor, Added(before as User, user)) || LetsIn(before as User, user, actor),
            _ => false,
        };

    /// <summary>
    /// The denial of a change by a credential that counts in some places alone and would make something that counts elsewhere;
    /// <see langword="null"/> where it does not. No policy is asked: what a limit leaves out, no role of its holder can put back.
    /// </summary>
    public static Decision.Deny? Beyond(Actor actor, IReadOnlyList<ResourceEdit> edits) =>
        !actor.Limits.IsEverything && edits.Any(edit => IsBeyond(edit, actor))
            ? new Decision.Deny(
                Policy,
                "a credential that counts in some places alone cannot make anything that counts elsewhere"
            )
            : null;

    private static bool IsBeyond(ResourceEdit edit, Actor actor) =>
        (edit.Before?.Resource, edit.After) switch
        {
            (null, Token made) => !IsWithin(made.Scope, actor),
            (Token before, Token after) => before.Secret != after.Secret && !IsWithin(after.Scope, actor),
            (var before, User user) => Added(before as User, user).Any() || LetsIn(before as User, user, actor),
            (_, Assignment given) => !IsWithin(given.Scope, actor),
            // Roles and the policy count everywhere; taking an assignment away may take a denial away.
            (_, Role or AuthorizationPolicy) or (Role or AuthorizationPolicy or Assignment, null) => true,
            _ => false,
        };

    private static bool Holds(Actor actor, IEnumerable<string> roles) => !roles.Except(actor.Roles, StringComparer.Ordinal).Any();

    private static bool IsOwn(Token token, Actor actor) =>
        Holds(actor, [token.Role]) && token.Subject == actor.Subject && token.Scope.Within(actor.Limits) == token.Scope;

    private static bool IsWithin(ResourcePattern scope, Actor actor) => scope.Within(actor.Limits) == scope;

    private static IEnumerable<string> Added(User? before, User after) =>
        after.Roles.Except(before?.Roles ?? [], StringComparer.Ordinal);

    /// <summary>
    /// Whether the actor could now log in as somebody else who was there before: what that one may do is more than their own roles.
    /// </summary>
    private static bool LetsIn(User? before, User after, Actor actor) =>
        before is not null
        && after.Id != actor.Subject
        && (before.Password != after.Password || before.Email != after.Email || (after.Enabled && !before.Enabled));
}
