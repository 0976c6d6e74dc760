using Halyard.Core.Flags;
using Halyard.Ledger;
using Halyard.Storage.Sqlite.Native;

namespace Halyard.Storage.Sqlite.Writing;

/// <summary>The versions of resources, each under the place of its entry.</summary>
internal sealed class VersionTable(Database database, TermTable terms)
{
    /// <summary>Writes one version.</summary>
    /// <param name="tenant">The tenant's number.</param>
    /// <param name="id">The version's own, by the position of its entry.</param>
    /// <param name="name">Of what it is a version.</param>
    /// <param name="resource">The id of that.</param>
    /// <param name="revision">Its revision.</param>
    /// <param name="effectiveAt">From when on it was in force.</param>
    /// <param name="document">What it was; <see langword="null"/> where it was deleted.</param>
    public void Write(
        long tenant,
        long id,
        ResourceName name,
        string resource,
        long revision,
        DateTimeOffset effectiveAt,
        Digest? document
    ) =>
        database["INSERT INTO resource_version (id, resource, revision, effective_at, digest) VALUES (?, ?, ?, ?, ?)"]
            .Run(id, terms.Resource(tenant, name, resource), revision, effectiveAt, document);
}
