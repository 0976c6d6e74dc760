using Halyard.Core.Flags;
using Halyard.Core.Storage;

namespace Halyard.Core.Reading;

/// <summary>Everything that a tenant has, as stored.</summary>
internal sealed class LiveState(IStore store, string tenant)
{
    /// <summary>The resources of the tenant and of every project that it has or that one of the names is of.</summary>
    public async ValueTask<Dictionary<ResourceName, StoredResource>> ReadAsync(
        IEnumerable<ResourceName> names,
        CancellationToken cancellationToken
    )
    {
        var found = new Dictionary<ResourceName, StoredResource>();
        foreach (var kind in Enum.GetValues<ResourceKind>().Where(kind => !kind.IsInProject()))
            await store.AddAllAsync(tenant, kind, "", found, cancellationToken);
        var projects = found.Keys.Where(name => name.Kind == ResourceKind.Project).Select(name => name.Key);
        foreach (
            var project in projects.Concat(names.Select(name => name.Project)).Where(key => key.Length > 0).Distinct().ToList()
        )
        {
            foreach (var kind in Enum.GetValues<ResourceKind>().Where(kind => kind.IsInProject()))
                await store.AddAllAsync(tenant, kind, project, found, cancellationToken);
        }
        return found;
    }
}
