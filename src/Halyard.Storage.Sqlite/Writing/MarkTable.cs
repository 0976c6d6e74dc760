using Halyard.Core.Storage;
using Halyard.Storage.Sqlite.Native;

namespace Halyard.Storage.Sqlite.Writing;

/// <summary>Marks, written by compare-and-set.</summary>
internal sealed class MarkTable(Database database, TermTable terms)
{
    public static Mark? Find(Database database, long tenant, string name)
    {
        using var rows = database["SELECT version, value FROM mark WHERE tenant = ? AND name = ?"].Query(tenant, name);
        return rows.Next() ? new Mark(name, rows.Int64(0), rows.Span(1).ToArray()) : null;
    }

    public static List<Mark> Find(Database database, long tenant, string prefix, string end)
    {
        var found = new List<Mark>();
        using var rows = database[
            "SELECT name, version, value FROM mark WHERE tenant = ? AND name >= ? AND name < ? ORDER BY name"
        ]
            .Query(tenant, prefix, end);
        while (rows.Next())
            found.Add(new Mark(rows.Text(0), rows.Int64(1), rows.Span(2).ToArray()));
        return found;
    }

    public bool Set(string tenantName, string name, long expectedVersion, ReadOnlyMemory<byte> value)
    {
        var tenant = terms.Tenant(tenantName);
        if ((Find(database, tenant, name)?.Version ?? 0) != expectedVersion)
            return false;
        database[
            """
            INSERT INTO mark (tenant, name, version, value) VALUES (?, ?, ?, ?)
            ON CONFLICT DO UPDATE SET version = excluded.version, value = excluded.value
            """
        ]
            .Run(tenant, name, expectedVersion + 1, value);
        return true;
    }

    public bool Remove(string tenantName, string name, long expectedVersion)
    {
        if (terms.FindTenant(tenantName) is not { } tenant || Find(database, tenant, name)?.Version != expectedVersion)
            return false;
        database["DELETE FROM mark WHERE tenant = ? AND name = ?"].Run(tenant, name);
        return true;
    }
}
