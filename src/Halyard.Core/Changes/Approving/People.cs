using Halyard.Core.Access;
using Halyard.Core.Access.Roles;
using Halyard.Core.Access.Services;
using Halyard.Core.Access.Users;
using Halyard.Core.Approvals;
using Halyard.Core.Flags;
using Halyard.Core.Policies;
using Halyard.Core.Reading;
using Halyard.Core.Storage;
using Halyard.Evaluation.Definitions;

namespace Halyard.Core.Changes.Approving;

/// <summary>Who holds which roles, as of one version of them.</summary>
internal sealed class People(
    long version,
    IReadOnlyList<Assignment> assignments,
    IReadOnlyList<Token> tokens,
    IReadOnlyList<User> users,
    string tenant,
    DateTimeOffset now
)
{
    /// <summary>What is decided on this holds only as long as the roles do.</summary>
    public Precondition Stand => new Precondition.FenceStands(Role.Fence, version);

    public static async ValueTask<People> LoadAsync(
        IStore store,
        string tenant,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        // The version first: what is committed meanwhile may be seen already, and then nothing that rests on the version takes effect.
        var slice = await store.LoadAsync(tenant, [], [Role.Fence], cancellationToken);
        var found = new Dictionary<ResourceName, StoredResource>();
        await store.AddAllAsync(tenant, ResourceKind.Assignment, "", found, cancellationToken);
        await store.AddAllAsync(tenant, ResourceKind.Token, "", found, cancellationToken);
        await store.AddAllAsync(tenant, ResourceKind.User, "", found, cancellationToken);
        await store.AddAllAsync(tenant, ResourceKind.ServiceAccount, "", found, cancellationToken);
        var resources = found.Values.Select(stored => ResourceDocuments.Read(stored.Name, stored.Document)).ToList();
        var answered = new AnsweredFor(resources.OfType<User>(), resources.OfType<ServiceAccount>());
        return new People(
            slice.Fences[Role.Fence],
            [.. resources.OfType<Assignment>().Where(assignment => assignment.IsInForce(now))],
            [
                .. resources
                    .OfType<Token>()
                    .Where(token => token.Terms.IsInForce(now) && answered.Counts(token))
                    // Of several tokens of one account the one that counts everywhere speaks for it.
                    .OrderByDescending(token => token.Scope.IsEverything),
            ],
            [.. resources.OfType<User>().Where(user => user.Enabled)],
            tenant,
            now
        );
    }

    /// <summary>What an actor holds who is here now.</summary>
    public Sequence<string> HoldsOf(Actor actor, RequestScope scope) =>
        Covers(actor.Limits, scope) ? Holds(actor.Subject, actor.Roles, actor.Groups, scope) : [];

    /// <summary>The roles that the actor holds somewhere, each wherever it counts.</summary>
    public IEnumerable<string> HoldsSomewhere(Actor actor) =>
        actor.Roles.Concat(
            assignments
                .Where(item => item.Subject == actor.Subject || (item.Group is { } group && actor.Groups.Contains(group)))
                .Select(item => item.Role)
        );

    /// <summary>What somebody holds who is not here now.</summary>
    public Sequence<string> HoldsOf(Party party, RequestScope scope) => Find(party, []) is { } actor ? HoldsOf(actor, scope) : [];

    /// <summary>The actor that somebody would be who is not here; <see langword="null"/> where nothing is known of them any more.</summary>
    public Actor? Find(Party party, Sequence<string> groups)
    {
        if (tokens.FirstOrDefault(token => token.Subject == party.Subject) is { } token)
            return new Actor(tenant, token.Subject, ActorKind.Service, "token", token.Roles, token.Id)
            {
                Limits = token.Scope,
                Owner = token.Owner,
            };
        // Who had just logged in could do the most.
        if (users.FirstOrDefault(user => user.Id == party.Subject) is { } user)
            return new Actor(tenant, user.Id, ActorKind.User, "password", user.Roles, null) { AuthenticatedAt = now };
        // Who may act no more may have assignments still, and yet may nothing.
        if (party.Subject.StartsWith(User.IdPrefix, StringComparison.Ordinal) || ServiceAccount.IsOne(party.Subject))
            return null;
        var isKnown = assignments.Any(item =>
            item.Subject == party.Subject || (item.Group is { } group && groups.Contains(group))
        );
        return isKnown
            ? new Actor(tenant, party.Subject, ActorKind.User, "oidc", [], null) { Groups = groups, AuthenticatedAt = now }
            : null;
    }

    /// <summary>Everybody whom the store knows by name, and of those who voted whom it knows by their groups.</summary>
    public ApproverDirectory Directory(RequestScope scope, IEnumerable<Vote> votes)
    {
        var named = new Dictionary<string, Approver>(StringComparer.Ordinal);
        foreach (var subject in assignments.Select(item => item.Subject).OfType<string>().Where(IsActive))
            named[subject] = new Approver(Party.Human(subject), Holds(subject, [], [], scope));
        foreach (var user in users)
            named[user.Id] = new Approver(Party.Human(user.Id), Holds(user.Id, user.Roles, [], scope));
        foreach (var token in tokens.DistinctBy(token => token.Subject))
        {
            var holds = Covers(token.Scope, scope) ? Holds(token.Subject, token.Roles, [], scope) : [];
            named[token.Subject] = new Approver(new Party(token.Subject, token.Owner ?? token.Subject), holds);
        }
        foreach (var vote in votes)
        {
            foreach (var party in new[] { vote.Voter, vote.Principal })
            {
                var groups = GroupsIn(vote.Holds);
                if (groups.Count > 0 && !named.ContainsKey(party.Subject))
                    named[party.Subject] = new Approver(party, Holds(party.Subject, [], groups, scope));
            }
            // Of who votes for another nothing else is known where the identity provider alone knows them; a user or token that is gone is.
            if (vote.For is not null && IsFromElsewhere(vote.Voter))
                named.TryAdd(vote.Voter.Subject, new Approver(vote.Voter, []));
        }
        return new ApproverDirectory(named.Values.OrderBy(member => member.Who.Subject, StringComparer.Ordinal).ToSequence());
    }

    /// <summary>
    /// The same with as many people of each group as could be asked: who belongs to a group the identity provider alone knows, and a
    /// request is not refused for want of people whom nobody here can count.
    /// </summary>
    public ApproverDirectory WithGroups(RequestScope scope, Requirement requirement)
    {
        var slots = requirement.Stages.Sum(stage => stage.Groups.Sum(group => group.Count));
        var groups = assignments
            .Select(item => item.Group)
            .OfType<string>()
            .Concat(requirement.Stages.SelectMany(Asked).Where(ApproverNames.IsGroup).Select(GroupName))
            .Distinct(StringComparer.Ordinal);
        var some = groups.SelectMany(group =>
            Enumerable
                .Range(1, slots)
                .Select(number => new Approver(Party.Human($"group:{group}#{number}"), Holds("", [], [group], scope)))
        );
        return new ApproverDirectory([.. Directory(scope, []).Members, .. some]);
    }

    private static bool IsFromElsewhere(Party party) =>
        party.Subject == party.Person && !party.Subject.StartsWith(User.IdPrefix, StringComparison.Ordinal);

    // A service account acts by its tokens alone.
    private bool IsActive(string subject) =>
        !ServiceAccount.IsOne(subject)
        && (!subject.StartsWith(User.IdPrefix, StringComparison.Ordinal) || users.Any(user => user.Id == subject));

    private static IEnumerable<string> Asked(RequiredStage stage) =>
        stage.Groups.SelectMany(group => group.From).Concat(stage.EscalateTo);

    private Sequence<string> Holds(string subject, Sequence<string> roles, Sequence<string> groups, RequestScope scope)
    {
        var assigned = assignments
            .Where(item => (item.Subject is { } one && one == subject) || (item.Group is { } group && groups.Contains(group)))
            .Where(item => Covers(item.Scope, scope))
            .Select(item => item.Role);
        var isOwner = scope.Owners.Contains(subject) || groups.Any(scope.Owners.Contains);
        return roles
            .Concat(assigned)
            .Concat(groups.Select(group => ApproverNames.GroupPrefix + group))
            .Concat(isOwner ? [ApproverNames.Owners] : [])
            .Distinct(StringComparer.Ordinal)
            .Order(StringComparer.Ordinal)
            .ToSequence();
    }

    /// <summary>A role given for a part counts for requests that lie in it wholly; one given for tags or kinds for none.</summary>
    private static bool Covers(ResourcePattern pattern, RequestScope scope) =>
        pattern is { Tags.Count: 0, Kinds.Count: 0 }
        && (pattern.Projects.Count == 0 || pattern.Projects.Contains(scope.Project))
        && (
            pattern.Environments.Count + pattern.EnvironmentTypes.Count == 0
            || (
                scope.Environments.Count > 0
                && scope.Environments.All(target =>
                    (pattern.Environments.Count == 0 || pattern.Environments.Contains(target.Key))
                    && (pattern.EnvironmentTypes.Count == 0 || pattern.EnvironmentTypes.Contains(ScopeOf(target.Type)))
                )
            )
        );

    private static EnvironmentScope ScopeOf(EnvironmentType type) =>
        type switch
        {
            EnvironmentType.Development => EnvironmentScope.Development,
            EnvironmentType.Staging => EnvironmentScope.Staging,
            EnvironmentType.Production => EnvironmentScope.Production,
        };

    private static Sequence<string> GroupsIn(Sequence<string> holds) =>
        holds.Where(ApproverNames.IsGroup).Select(GroupName).ToSequence();

    private static string GroupName(string name) => name[ApproverNames.GroupPrefix.Length..];
}
