using System.Collections.Concurrent;
using Halyard.Core.Access.Deciding;
using Halyard.Core.Access.Roles;
using Halyard.Core.Flags;
using Halyard.Core.Storage;

namespace Halyard.Core.Reading;

/// <summary>Every tenant's roles, assignments and policy, kept by version.</summary>
public sealed class AccessStates(IStore store) : IAccessStates
{
    private readonly ConcurrentDictionary<string, Held> _states = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public async ValueTask<AccessState> CurrentAsync(string tenant, CancellationToken cancellationToken) =>
        _states.TryGetValue(tenant, out var held)
            ? held.State
            : (await LoadAsync(tenant, await VersionAsync(tenant, cancellationToken), null, cancellationToken)).State;

    /// <inheritdoc/>
    public async ValueTask<bool> RefreshAsync(string tenant, CancellationToken cancellationToken)
    {
        var version = await VersionAsync(tenant, cancellationToken);
        var held = _states.GetValueOrDefault(tenant);
        if (held?.State.Version >= version)
            return false;
        await LoadAsync(tenant, version, held, cancellationToken);
        return true;
    }

    private async ValueTask<long> VersionAsync(string tenant, CancellationToken cancellationToken) =>
        (await store.LoadAsync(tenant, [], [Role.Fence], cancellationToken)).Fences[Role.Fence];

    /// <summary>
    /// Loads the state. The version was read before: what is committed meanwhile may be in the state already, and then no commit that
    /// rests on the version takes effect.
    /// </summary>
    private async ValueTask<Held> LoadAsync(string tenant, long version, Held? before, CancellationToken cancellationToken)
    {
        var found = new Dictionary<ResourceName, StoredResource>();
        foreach (var kind in new[] { ResourceKind.Role, ResourceKind.Assignment, ResourceKind.Policy })
            await store.AddAllAsync(tenant, kind, "", found, cancellationToken);
        var resources = found.Values.Select(stored => ResourceDocuments.Read(stored.Name, stored.Document)).ToList();
        var revision = found.GetValueOrDefault(AuthorizationPolicy.Place)?.Revision ?? 0;
        var program =
            before is not null && before.PolicyRevision == revision
                ? before.State.Program
                : ProgramOf(resources.OfType<AuthorizationPolicy>().SingleOrDefault(), revision);
        var state = new AccessState(version, resources.OfType<Role>(), resources.OfType<Assignment>(), program);
        // A slower reader must not put an older state in the place of a newer one.
        return _states.AddOrUpdate(
            tenant,
            new Held(state, revision),
            (_, known) => known.State.Version > version ? known : new Held(state, revision)
        );
    }

    private static PolicyProgram ProgramOf(AuthorizationPolicy? policy, long revision) =>
        policy is null ? PolicyProgram.Shipped : PolicyProgram.CompileOrDeny([.. policy.Modules], $"policy-{revision}");

    private sealed record Held(AccessState State, long PolicyRevision);
}
