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

    private const string VersionColumns = "v.id, r.kind, r.project, r.key, r.id, v.revision, v.effective_at, v.digest";

    /// <summary>The versions from one id to before another, in their order.</summary>
    public const string VersionsBetween =
        $"SELECT {VersionColumns} FROM resource_version v CROSS JOIN versioned_resource r ON r.number = v.resource "
        + "WHERE v.id >= ? AND v.id < ? ORDER BY v.id";

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

    /// <summary>The newest version in force of each resource of a kind in a project, by their keys.</summary>
    public static List<ResourceVersion> VersionsAt(
        Database database,
        long tenant,
        (ResourceKind Kind, string Project) where,
        DateTimeOffset at
    )
    {
        using var rows = database[
            $"""
            SELECT {VersionColumns}
            FROM versioned_resource r CROSS JOIN resource_version v ON v.id = (
              SELECT id FROM resource_version WHERE resource = r.number AND effective_at <= ?4 ORDER BY revision DESC LIMIT 1)
            WHERE r.tenant = ?1 AND r.kind = ?2 AND r.project = ?3 ORDER BY r.key, v.id
            """
        ]
            .Query(tenant, where.Kind.Name(), where.Project, at);
        return [.. NewestOfEach(rows).Where(version => version.Document is not null)];
    }

    public static List<ResourceVersion> VersionsBelow(Database database, long tenant, long index)
    {
        using var rows = database[
            $"""
            SELECT {VersionColumns}
            FROM versioned_resource r CROSS JOIN resource_version v ON v.id = (
              SELECT id FROM resource_version WHERE resource = r.number AND id < ?2 ORDER BY revision DESC LIMIT 1)
            WHERE r.tenant = ?1 ORDER BY v.id
            """
        ]
            .Query(tenant, Position.FirstVersion(Position.Of(tenant, index)));
        return NewestOfEach(rows);
    }

    public static List<ResourceVersion> VersionsOf(Database database, long tenant, ResourceName name, int limit)
    {
        var found = new List<ResourceVersion>();
        using var rows = database[
            $"""
            SELECT {VersionColumns} FROM versioned_resource r CROSS JOIN resource_version v ON v.resource = r.number
            WHERE r.tenant = ? AND r.kind = ? AND r.project = ? AND r.key = ? ORDER BY v.id LIMIT ?
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
            $"""
            SELECT {VersionColumns} FROM versioned_resource r CROSS JOIN resource_version v ON v.resource = r.number
            WHERE r.tenant = ? AND r.id = ? AND v.revision = ?
            """
        ]
            .Query(tenant, id, revision);
        return rows.Next() ? Version(rows) : null;
    }

    /// <summary>
    /// Of rows whose newer ones come later, the last of each name: what was deleted and created anew has versions of several resources.
    /// </summary>
    private static List<ResourceVersion> NewestOfEach(in Rows rows)
    {
        var found = new List<ResourceVersion>();
        while (rows.Next())
            found.Add(Version(rows));
        var newest = new Dictionary<ResourceName, ResourceVersion>();
        foreach (var version in found)
            newest[version.Name] = version;
        return found.FindAll(version => ReferenceEquals(newest[version.Name], version));
    }

    /// <summary>The version in a row of <see cref="VersionColumns"/>.</summary>
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
