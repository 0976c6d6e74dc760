using Halyard.Core.Access;
using Halyard.Core.Access.Deciding;
using Halyard.Core.Access.Roles;
using Halyard.Core.Access.Services;
using Halyard.Core.Flags;
using Halyard.Evaluation.Definitions;

namespace Halyard.Core.Reading;

/// <summary>Who could have changed a flag in an environment at a time, by the roles, assignments, tokens and policy of then.</summary>
public sealed class WhoCould(AccessHistory history, ProjectReader reader)
{
    /// <summary>Everybody whom the ledger knows and who could; <see langword="null"/> where there was no such flag or environment.</summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="project">The project's key.</param>
    /// <param name="flag">The flag's key.</param>
    /// <param name="environment">The environment's key.</param>
    /// <param name="at">The time.</param>
    /// <param name="sees">Whether whoever asks may see a flag, as it was, in the environment; one that is hidden is as if there were none.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async ValueTask<IReadOnlyList<PossibleActor>?> FindAsync(
        string tenant,
        string project,
        string flag,
        string environment,
        DateTimeOffset at,
        Func<ResourceAttributes, bool> sees,
        CancellationToken cancellationToken
    )
    {
        var flags = await reader.AtAsync(tenant, ResourceKind.Flag, project, at, reveal: false, cancellationToken);
        var environments = await reader.AtAsync(tenant, ResourceKind.Environment, project, at, reveal: false, cancellationToken);
        if (
            flags.FirstOrDefault(view => view.Resource.Name.Key == flag)?.Resource is not Flag found
            || environments.FirstOrDefault(view => view.Resource.Name.Key == environment)?.Resource
                is not ProjectEnvironment place
        )
            return null;
        var resource = ResourceAttributes.Of(found).In(place.Key, place.Type);
        if (!sees(resource))
            return null;
        var access = await history.AtAsync(tenant, at, cancellationToken);
        var state = access.State();
        IReadOnlyList<string> strengths = [.. access.Strengths];
        return
        [
            .. Candidates(tenant, access, at)
                .Select(candidate =>
                    candidate with
                    {
                        Actions = Allowed(state, Guises(candidate.Actor, strengths), resource, at),
                    }
                )
                .Where(candidate => candidate.Actions.Count > 0),
        ];
    }

    /// <summary>Tokens, subjects and groups that had a role then. Which groups somebody belonged to, the identity provider alone knows.</summary>
    private static IEnumerable<PossibleActor> Candidates(string tenant, PastAccess access, DateTimeOffset at)
    {
        foreach (var token in access.Tokens.Where(token => token.Terms.IsInForce(at)))
            yield return new PossibleActor(
                "token",
                token.Id,
                new Actor(tenant, token.Subject, ActorKind.Service, "token", token.Roles, token.Id) { Limits = token.Scope },
                []
            );
        foreach (var user in access.Users.Where(user => user.Enabled))
            yield return new PossibleActor("subject", user.Id, Person(tenant, user.Id, at) with { Roles = user.Roles }, []);
        var users = access.Users.Select(user => user.Id).ToHashSet(StringComparer.Ordinal);
        var inForce = access.Assignments.Where(assignment => assignment.IsInForce(at)).ToList();
        foreach (
            var subject in inForce
                .Select(assignment => assignment.Subject)
                .OfType<string>()
                .Distinct(StringComparer.Ordinal)
                // A service account acts by its tokens alone.
                .Where(subject => !users.Contains(subject) && !ServiceAccount.IsOne(subject))
        )
            yield return new PossibleActor("subject", subject, Person(tenant, subject, at), []);
        foreach (var group in inForce.Select(assignment => assignment.Group).OfType<string>().Distinct(StringComparer.Ordinal))
            yield return new PossibleActor("group", group, Person(tenant, "", at) with { Groups = [group] }, []);
    }

    // Who had just logged in could do the most.
    private static Actor Person(string tenant, string subject, DateTimeOffset at) =>
        new(tenant, subject, ActorKind.User, "oidc", [], null) { AuthenticatedAt = at };

    /// <summary>A person as strongly logged in as some role asks for, in each way that one does: nobody knows how they would have.</summary>
    private static List<Actor> Guises(Actor actor, IReadOnlyList<string> strengths) =>
        actor.Kind == ActorKind.User ? [actor, .. strengths.Select(acr => actor with { Acr = acr })] : [actor];

    /// <summary>What the actor could do; asked with a ticket and an incident, for whoever could with them could.</summary>
    private static Sequence<string> Allowed(
        AccessState state,
        List<Actor> guises,
        ResourceAttributes resource,
        DateTimeOffset at
    ) =>
        Actions
            .OfChanges.Where(action => Question.KindOf(action) == resource.Kind)
            .Where(action =>
                guises.Exists(actor =>
                {
                    var input = Questions.OfChecks(actor, Actions.Submit, [new Check([action], resource)], at, reference: "any");
                    return state.Program.Ask(Asking.With(state, actor, input), state.Name, at).Kind == PlanKind.Always;
                })
            )
            .ToSequence();
}

/// <summary>Somebody who could.</summary>
/// <param name="Kind"><c>token</c>, <c>subject</c> or <c>group</c>.</param>
/// <param name="Name">The token's id, the pseudonymous id, or the group's name.</param>
/// <param name="Actor">As whom the policy was asked.</param>
/// <param name="Actions">What it could have done, with a ticket and an incident where these are asked for.</param>
public sealed record PossibleActor(string Kind, string Name, Actor Actor, Sequence<string> Actions);
