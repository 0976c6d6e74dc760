using System.Collections.Concurrent;
using Halyard.Core.Policies.Installing;
using Halyard.Core.Storage;

namespace Halyard.Core.Changes.Approving;

/// <summary>The approval policies of a tenant as they were found.</summary>
/// <param name="Revision">Their revision; 0 where none were ever put in force.</param>
/// <param name="Policies">The policies, or <see langword="null"/> where changes wait for nobody.</param>
internal sealed record PoliciesInForce(long Revision, LoadedPolicies? Policies)
{
    /// <summary>What is decided by them holds only as long as they do.</summary>
    public Precondition Stand => new Precondition.Unchanged(InstalledPolicies.Place, Revision);
}

/// <summary>Finds the policies in force, and keeps those of each tenant ready to be asked.</summary>
internal sealed class PolicyShelf(IStore store)
{
    private readonly ConcurrentDictionary<string, (string Id, PoliciesInForce Found)> _known = new(StringComparer.Ordinal);

    public async ValueTask<PoliciesInForce> LoadAsync(string tenant, CancellationToken cancellationToken)
    {
        var slice = await store.LoadAsync(tenant, [InstalledPolicies.Place], [], cancellationToken);
        return Of(tenant, slice.Resources.GetValueOrDefault(InstalledPolicies.Place));
    }

    /// <summary>The policies in force, for whoever has read what the store has under <see cref="InstalledPolicies.Place"/>.</summary>
    public PoliciesInForce Of(string tenant, StoredResource? stored)
    {
        if (stored is null)
            return new PoliciesInForce(0, null);
        if (_known.TryGetValue(tenant, out var known) && known.Id == stored.Id && known.Found.Revision == stored.Revision)
            return known.Found;
        var installed = (InstalledPolicies)InstalledPolicies.Read(stored.Name, stored.Document)!;
        // They loaded when they were put in force, with the same names; that they do not now means a damaged store.
        if (!InstalledPolicies.Load(installed.Roles, installed.Checks, installed.Documents).TryGet(out var loaded, out _))
            throw new InvalidDataException($"The stored document of {stored.Name} does not load.");
        var found = new PoliciesInForce(stored.Revision, loaded);
        _known[tenant] = (stored.Id, found);
        return found;
    }
}
