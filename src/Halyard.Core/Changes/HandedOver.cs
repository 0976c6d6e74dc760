using Halyard.Core.Access;
using Halyard.Core.Access.Deciding;
using Halyard.Core.Access.Roles;
using Halyard.Core.Access.Services;
using Halyard.Core.Access.Users;
using Halyard.Core.Approvals;
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
            (null, Token { Account: not null } made) => !IsBehind(made, actor),
            (null, Token made) => !Holds(actor, made.Roles),
            (Token before, Token after) => before.Secret != after.Secret && !IsOwn(after, actor),
            (ServiceAccount before, ServiceAccount after) => IsOpened(before, after),
            (var before, User user) => !Holds(actor, Added(before as User, user)) || LetsIn(before as User, user, actor),
            _ => false,
        };

    /// <summary>
    /// The denial of a change that no role allows: by a credential that counts in some places alone and would make something that
    /// counts elsewhere, or for a time and would make a token or a delegation that outlasts it; and of another secret of a token by
    /// anybody but the person who counts as the one who acts with it. <see langword="null"/> where it is none of these. No policy is
    /// asked: what a limit leaves out, no role of its holder can put back.
    /// </summary>
    public static Decision.Deny? Refusal(Actor actor, IReadOnlyList<ResourceEdit> edits) =>
        !actor.Limits.IsEverything && edits.Any(edit => IsBeyond(edit, actor))
            ? new Decision.Deny(
                Policy,
                "a credential that counts in some places alone cannot make anything that counts elsewhere"
            )
        : actor.ExpiresAt is { } end && edits.Any(edit => Outlasts(edit, end))
            ? new Decision.Deny(
                Policy,
                "a token that expires cannot make anything that lasts longer, nor give a token another secret"
            )
        : edits.Any(edit => IsOfAnother(edit, actor))
            ? new Decision.Deny(
                Policy,
                "whoever answers for a token alone gives it another secret, for its holder counts as that person"
            )
        : null;

    private static bool IsBeyond(ResourceEdit edit, Actor actor) =>
        (edit.Before?.Resource, edit.After) switch
        {
            (null, Token made) => !IsWithin(made.Scope, actor),
            (Token before, Token after) => before.Secret != after.Secret && !IsWithin(after.Scope, actor),
            (var before, User user) => Added(before as User, user).Any() || LetsIn(before as User, user, actor),
            (ServiceAccount before, ServiceAccount after) => IsOpened(before, after),
            (_, Assignment given) => !IsWithin(given.Scope, actor),
            // Whoever it is given to votes with all that its giver holds, not with what this credential does.
            (null, Delegation) => true,
            // Roles and the policy count everywhere; taking an assignment away may take a denial away.
            (_, Role or AuthorizationPolicy) or (Role or AuthorizationPolicy or Assignment, null) => true,
            _ => false,
        };

    private static bool Holds(Actor actor, IEnumerable<string> roles) => !roles.Except(actor.Roles, StringComparer.Ordinal).Any();

    private static bool IsOwn(Token token, Actor actor) =>
        IsWithin(token.Scope, actor)
        && (token.Account is null ? Holds(actor, token.Roles) && token.Subject == actor.Subject : IsBehind(token, actor));

    /// <summary>Whether the actor is the account itself, or the person who answers for it: not a lesser credential of that person.</summary>
    private static bool IsBehind(Token token, Actor actor) =>
        token.Subject == actor.Subject || (actor.Kind == ActorKind.User && token.Owner == actor.Subject);

    private static bool IsOfAnother(ResourceEdit edit, Actor actor) =>
        edit is { Before.Resource: Token before, After: Token { Owner: { } owner } after }
        && before.Secret != after.Secret
        && Party.Of(actor).Person != owner;

    private static bool IsOpened(ServiceAccount before, ServiceAccount after) =>
        before.Owner != after.Owner || (after.Enabled && !before.Enabled);

    private static bool Outlasts(ResourceEdit edit, DateTimeOffset end) =>
        (edit.Before?.Resource, edit.After) switch
        {
            (null, Token made) => !(made.Terms.ExpiresAt <= end),
            (null, Delegation given) => !(given.ValidTo <= end),
            (Token before, Token after) => before.Secret != after.Secret && !(after.Terms.ExpiresAt <= end),
            _ => false,
        };

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
