using Halyard.Core.Access;
using Halyard.Core.Access.Deciding;
using Halyard.Core.Access.Roles;
using Halyard.Core.Access.Services;
using Halyard.Core.Access.Users;
using Halyard.Core.Flags;
using Halyard.Core.Storage;
using Halyard.Core.Storage.Privacy;
using Halyard.Evaluation.Definitions;

namespace Halyard.Core.Reading;

/// <summary>Who could do what at a time: roles, assignments, policy and tokens as the ledger has them.</summary>
public sealed class AccessHistory(IStore store, PersonalVault vault)
{
    /// <summary>The files of a revision of the policy, those that ship for revision 0; <see langword="null"/> where it never was.</summary>
    public async ValueTask<Sequence<PolicyModule>?> ModulesAsync(
        string tenant,
        long revision,
        CancellationToken cancellationToken
    )
    {
        if (revision == 0)
            return AuthorizationPolicy.Shipped;
        var place = AuthorizationPolicy.Place;
        var slice = await store.LoadAsync(tenant, [place], [], cancellationToken);
        if (
            !slice.Resources.TryGetValue(place, out var current)
            || await store.VersionAsync(tenant, current.Id, revision, cancellationToken) is not { } version
        )
            return null;
        return await ReadAsync(tenant, [version], cancellationToken) is [AuthorizationPolicy policy] ? policy.Modules : null;
    }

    /// <summary>Everything that said who may do what at a time.</summary>
    public async ValueTask<PastAccess> AtAsync(string tenant, DateTimeOffset at, CancellationToken cancellationToken)
    {
        var resources = new Dictionary<ResourceName, Resource>();
        foreach (var kind in PastAccess.Kinds)
        {
            var versions = await store.VersionsAtAsync(tenant, kind, "", at, cancellationToken);
            foreach (var resource in await ReadAsync(tenant, versions, cancellationToken))
                resources[resource.Name] = resource;
        }
        return new PastAccess(resources);
    }

    /// <summary>The resources of versions that were not deletions.</summary>
    internal async ValueTask<IReadOnlyList<Resource>> ReadAsync(
        string tenant,
        IReadOnlyList<ResourceVersion> versions,
        CancellationToken cancellationToken
    ) => [.. (await History.ReadAsync(store, vault, tenant, versions, cancellationToken)).Select(past => past.Resource)];
}

/// <summary>Everything that said who may do what at one moment; goes on as entries are put on it.</summary>
public sealed class PastAccess(Dictionary<ResourceName, Resource> resources)
{
    /// <summary>The kinds of resources that say who may do what.</summary>
    public static IReadOnlyList<ResourceKind> Kinds { get; } =
    [
        ResourceKind.Role,
        ResourceKind.Assignment,
        ResourceKind.Policy,
        ResourceKind.Token,
        ResourceKind.User,
        ResourceKind.ServiceAccount,
    ];

    /// <summary>The tokens that somebody answers for.</summary>
    public IEnumerable<Token> Tokens =>
        resources
            .Values.OfType<Token>()
            .Where(new AnsweredFor(Users, resources.Values.OfType<ServiceAccount>()).Counts)
            .OrderBy(token => token.Id, StringComparer.Ordinal);

    /// <summary>The users of this server.</summary>
    public IEnumerable<User> Users => resources.Values.OfType<User>().OrderBy(user => user.Id, StringComparer.Ordinal);

    /// <summary>The assignments.</summary>
    public IEnumerable<Assignment> Assignments =>
        resources.Values.OfType<Assignment>().OrderBy(assignment => assignment.Id, StringComparer.Ordinal);

    /// <summary>Every way of proving who one is that some role asks for, in the words of identity providers (OIDC <c>acr</c>).</summary>
    public IEnumerable<string> Strengths =>
        BuiltInRoles
            .All.Concat(resources.Values.OfType<Role>())
            .SelectMany(role => role.Grants)
            .SelectMany(grant => grant.When.Acr)
            .Distinct(StringComparer.Ordinal);

    /// <summary>The state to ask, with the policy of that time or another in its place.</summary>
    public AccessState State(PolicyProgram? instead = null)
    {
        var policy = resources.Values.OfType<AuthorizationPolicy>().SingleOrDefault();
        var program =
            instead ?? (policy is null ? PolicyProgram.Shipped : PolicyProgram.CompileOrDeny([.. policy.Modules], "past"));
        return new AccessState(0, resources.Values.OfType<Role>(), Assignments, program);
    }

    /// <summary>Puts what an entry changed on it; <see langword="null"/> for what it deleted.</summary>
    internal void Put(ResourceName name, Resource? resource)
    {
        if (resource is null)
            resources.Remove(name);
        else
            resources[name] = resource;
    }
}
