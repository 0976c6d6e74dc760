using Halyard.Storage.Sqlite.Native;

namespace Halyard.Storage.Sqlite.Writing;

/// <summary>The directory of people known by name only.</summary>
internal sealed class SubjectTable(Database database, TermTable terms)
{
    public Dictionary<string, string> Ensure(string tenantName, IReadOnlyCollection<string> names, Func<string> newId)
    {
        var tenant = terms.Tenant(tenantName);
        var known = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var name in names)
        {
            if (!known.ContainsKey(name))
                known[name] = Find(database, tenant, name) ?? Insert(tenant, name, newId());
        }
        return known;
    }

    public static string? Find(Database database, long tenant, string name)
    {
        using var rows = database["SELECT sid FROM subject WHERE tenant = ? AND name = ?"].Query(tenant, name);
        return rows.Next() ? rows.Text(0) : null;
    }

    private string Insert(long tenant, string name, string id)
    {
        database["INSERT INTO subject (tenant, name, sid) VALUES (?, ?, ?)"].Run(tenant, name, id);
        return id;
    }
}
