using Halyard.Core.Access;
using Halyard.Core.Access.Deciding;
using Halyard.Core.Access.Roles;
using Halyard.Core.Access.Services;
using Halyard.Core.Access.Users;
using Halyard.Core.Flags;
using Halyard.Core.Flags.Editing;

namespace Halyard.Core.Changes;

/// <summary>
/// Refuses a change after which nobody could give anybody a role any more. Asked of the policy itself, as the change leaves it: a
/// policy that lets nobody administer is refused like the revocation of the last administrator's token.
/// </summary>
internal static class LastAdministrator
{
    private static readonly IReadOnlyList<Check> Administering =
    [
        new([Actions.Assign], ResourceAttributes.Of("assignment", "")),
        new([Actions.ChangePolicy], ResourceAttributes.Of("policy", "")),
    ];

    /// <summary>What is wrong with the change, or <see langword="null"/>; where nobody could administer before, nothing is.</summary>
    public static Error.Invalid? Check(Submission submission, Workspace workspace, TimeProvider time)
    {
        var now = time.GetUtcNow();
        var tenant = submission.Actor.Tenant;
        return
            Exists(tenant, kind => workspace.FoundOf<Resource>(kind), now)
            && !Exists(tenant, kind => workspace.Of<Resource>(kind), now)
            ? Error.Invalid.At("", "would leave nobody who can give roles and change the policy, for good and everywhere")
            : null;
    }

    private static bool Exists(string tenant, Func<ResourceKind, IEnumerable<Resource>> all, DateTimeOffset now)
    {
        // What ends by itself does not count: an administrator until tomorrow leaves nobody the day after.
        var assignments = all(ResourceKind.Assignment)
            .Cast<Assignment>()
            .Where(assignment => assignment.NotAfter is null && assignment.IsInForce(now))
            .ToList();
        var policy = all(ResourceKind.Policy).Cast<AuthorizationPolicy>().SingleOrDefault();
        var program = policy is null
            ? PolicyProgram.Shipped
            : PolicyProgram.CompileOrDeny([.. policy.Modules], AuthorizationPolicy.Place.Key);
        var state = new AccessState(0, all(ResourceKind.Role).Cast<Role>(), assignments, program);
        var users = all(ResourceKind.User).Cast<User>().Where(user => user.Enabled).ToDictionary(user => user.Id);
        var answered = new AnsweredFor(users.Values, all(ResourceKind.ServiceAccount).Cast<ServiceAccount>());
        var tokens = all(ResourceKind.Token).Cast<Token>().Where(answered.Counts).ToList();
        return Candidates(tenant, tokens, users, assignments, now).Any(actor => May(state, actor, now));
    }

    /// <summary>
    /// Everybody whom the store knows: who holds a token, users who may log in, who has a role, and whoever belongs to a group that
    /// has one.
    /// </summary>
    private static IEnumerable<Actor> Candidates(
        string tenant,
        IReadOnlyList<Token> tokens,
        IReadOnlyDictionary<string, User> users,
        IReadOnlyList<Assignment> assignments,
        DateTimeOffset now
    ) =>
        tokens
            .Where(token => token.Terms.ExpiresAt is null)
            .Select(token => new Actor(tenant, token.Subject, ActorKind.Service, "token", token.Roles, token.Id)
            {
                Limits = token.Scope,
            })
            .Concat(
                users.Values.Select(user => new Actor(tenant, user.Id, ActorKind.User, "password", user.Roles, null)
                {
                    AuthenticatedAt = now,
                })
            )
            .Concat(
                assignments
                    .Where(assignment => !IsOfNobody(assignment, users))
                    .Select(assignment => new Actor(tenant, assignment.Subject ?? "", ActorKind.User, "oidc", [], null)
                    {
                        Groups = assignment.Group is { } group ? [group] : [],
                        AuthenticatedAt = now,
                    })
            );

    /// <summary>
    /// Whether it is given to a user of this server who was disabled or deleted, or to the subject of a token: that one counts where
    /// the token does, and is nobody where it does not.
    /// </summary>
    private static bool IsOfNobody(Assignment assignment, IReadOnlyDictionary<string, User> users) =>
        assignment.Subject is { } subject
        && (
            subject.StartsWith(Token.SubjectPrefix, StringComparison.Ordinal)
            || ServiceAccount.IsOne(subject)
            || (subject.StartsWith(User.IdPrefix, StringComparison.Ordinal) && !users.ContainsKey(subject))
        );

    private static bool May(AccessState state, Actor actor, DateTimeOffset now)
    {
        var input = Questions.OfChecks(actor, Actions.Assign, Administering, now);
        return state.Program.Ask(Asking.With(state, actor, input), state.Name, now).Kind == PlanKind.Always;
    }
}
