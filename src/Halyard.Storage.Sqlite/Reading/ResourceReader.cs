using Halyard.Core.Flags;
using Halyard.Core.Storage;
using Halyard.Storage.Sqlite.Native;

namespace Halyard.Storage.Sqlite.Reading;

/// <summary>Queries for the live state and for versions.</summary>
internal static class ResourceReader
{
    private const string Columns = "SELECT key, id, revision, document, sealed, created_at, updated_at FROM resource";
    private const string FirstPage =
        Columns + " WHERE tenant = ?1 AND kind = ?2 AND project = ?3 AND ?5 IS NULL ORDER BY key LIMIT ?4";
    private const string NextPage =
        Columns + " WHERE tenant = ?1 AND kind = ?2 AND project = ?3 AND key > ?5 ORDER BY key LIMIT ?4";
    private const string One = Columns + " WHERE tenant = ? AND kind = ? AND project = ? AND key = ?";

    public static StateSlice Load(
        Database database,
        long tenant,
        IReadOnlyCollection<ResourceName> names,
        IReadOnlyCollection<string> fences
    ) => new(Named(database, tenant, names), Fences(database, tenant, fences));

    /// <summary>The same with every environment of a project.</summary>
    public static StateSlice LoadWithEnvironments(
        Database database,
        long tenant,
        string project,
        IReadOnlyCollection<ResourceName> names,
        IReadOnlyCollection<string> fences
    )
    {
        var resources = Named(database, tenant, names);
        foreach (var environment in List(database, tenant, (ResourceKind.Environment, project), afterKey: null, int.MaxValue))
            resources.TryAdd(environment.Name, environment);
        return new StateSlice(resources, Fences(database, tenant, fences));
    }

    private static Dictionary<ResourceName, StoredResource> Named(
        Database database,
        long tenant,
        IReadOnlyCollection<ResourceName> names
    )
    {
        var resources = new Dictionary<ResourceName, StoredResource>();
        foreach (var name in names)
        {
            using var rows = database[One].Query(tenant, name.Kind.Name(), name.Project, name.Key);
            if (rows.Next())
                resources[name] = Resource(rows, name);
        }
        return resources;
    }

    private static Dictionary<string, long> Fences(Database database, long tenant, IReadOnlyCollection<string> fences)
    {
        var values = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var fence in fences)
            values[fence] = database["SELECT value FROM fence WHERE tenant = ? AND name = ?"].Number(tenant, fence) ?? 0;
        return values;
    }

    public static List<StoredResource> List(
        Database database,
        long tenant,
        (ResourceKind Kind, string Project) where,
        string? afterKey,
        int limit
    )
    {
        var found = new List<StoredResource>();
        using var rows = database[afterKey is null ? FirstPage : NextPage]
            .Query(tenant, where.Kind.Name(), where.Project, limit, afterKey);
        while (rows.Next())
            found.Add(Resource(rows, new ResourceName(where.Kind, where.Project, rows.Text(0))));
        return found;
    }

    /// <summary>
    /// Steps from key to key in the index and takes for each the newest version in force, so that the cost follows the number of
    /// keys and not the length of the history.
    /// </summary>
    public static List<ResourceVersion> VersionsAt(
        Database database,
        long tenant,
        (ResourceKind Kind, string Project) where,
        DateTimeOffset at
    )
    {
        var found = new List<ResourceVersion>();
        using var rows = database[
            """
            WITH RECURSIVE keys (key) AS (
              SELECT min(key) FROM resource_version WHERE tenant = ?1 AND kind = ?2 AND project = ?3
              UNION ALL
              SELECT (
                SELECT min(key) FROM resource_version WHERE tenant = ?1 AND kind = ?2 AND project = ?3 AND key > keys.key)
              FROM keys WHERE key IS NOT NULL)
            SELECT v.id, v.kind, v.project, v.key, v.resource_id, v.revision, v.effective_at, v.digest
            FROM keys CROSS JOIN resource_version v ON v.id = (
              SELECT id FROM resource_version
              WHERE tenant = ?1 AND kind = ?2 AND project = ?3 AND key = keys.key AND effective_at <= ?4
              ORDER BY id DESC LIMIT 1)
            WHERE keys.key IS NOT NULL AND v.digest IS NOT NULL ORDER BY keys.key
            """
        ]
            .Query(tenant, where.Kind.Name(), where.Project, at);
        while (rows.Next())
            found.Add(Version(rows));
        return found;
    }

    public static List<ResourceVersion> VersionsBelow(Database database, long tenant, long index)
    {
        var found = new List<ResourceVersion>();
        using var rows = database[
            """
            SELECT id, kind, project, key, resource_id, revision, effective_at, digest FROM resource_version
            WHERE id IN (SELECT max(id) FROM resource_version WHERE tenant = ? AND id < ? GROUP BY kind, project, key)
            ORDER BY id
            """
        ]
            .Query(tenant, Position.FirstVersion(Position.Of(tenant, index)));
        while (rows.Next())
            found.Add(Version(rows));
        return found;
    }

    public static List<ResourceVersion> VersionsOf(Database database, long tenant, ResourceName name, int limit)
    {
        var found = new List<ResourceVersion>();
        using var rows = database[
            """
            SELECT id, kind, project, key, resource_id, revision, effective_at, digest
            FROM resource_version WHERE tenant = ? AND kind = ? AND project = ? AND key = ? ORDER BY id LIMIT ?
            """
        ]
            .Query(tenant, name.Kind.Name(), name.Project, name.Key, limit);
        while (rows.Next())
            found.Add(Version(rows));
        return found;
    }

    public static ResourceVersion? Version(Database database, long tenant, string id, long revision)
    {
        using var rows = database[
            """
            SELECT id, kind, project, key, resource_id, revision, effective_at, digest
            FROM resource_version WHERE tenant = ? AND resource_id = ? AND revision = ?
            """
        ]
            .Query(tenant, id, revision);
        return rows.Next() ? Version(rows) : null;
    }

    /// <summary>The version in a row of: id, kind, project, key, resource_id, revision, effective_at, digest.</summary>
    public static ResourceVersion Version(in Rows rows) =>
        new(
            new ResourceName(Kind(rows.Text(1)), rows.Text(2), rows.Text(3)),
            rows.Text(4),
            rows.Int64(5),
            Position.Index(Position.OfVersion(rows.Int64(0))),
            rows.Time(6),
            rows.DigestOrNull(7)
        );

    private static StoredResource Resource(in Rows rows, ResourceName name) =>
        new(name, rows.Text(1), rows.Int64(2), rows.Bytes(3), rows.BytesOrNull(4), rows.Time(5), rows.Time(6));

    private static ResourceKind Kind(string name) =>
        ResourceKinds.Parse(name) ?? throw new IOException($"The database holds a resource of unknown kind '{name}'.");
}
