using Halyard.Core.Audit;
using Halyard.Core.Storage;
using Halyard.Ledger;
using Halyard.Storage.Sqlite.Native;

namespace Halyard.Storage.Sqlite;

/// <summary>Rows that the writer and the readers both read.</summary>
internal static class LogTables
{
    public static LogHead? Head(Database database, long tenant, string name)
    {
        using var rows = database["SELECT origin, size, frontier, last_at, minimum FROM audit_head WHERE tenant = ?"]
            .Query(tenant);
        return rows.Next()
            ? new LogHead(name, rows.Text(0), CompactRange.FromBytes(rows.Int64(1), rows.Bytes(2)), rows.Time(3))
            {
                Minimum = rows.Int64(4),
            }
            : null;
    }

    /// <summary>The answer under a key that has not expired by then; in which log its receipt is, the caller knows.</summary>
    public static StoredAnswer? Answer(Database database, long tenant, string credential, string key, DateTimeOffset now)
    {
        using var rows = database[
            """
            SELECT request, outcome, body, idx, root, at FROM answer
            WHERE tenant = ? AND credential = ? AND key = ? AND expires_at > ?
            """
        ]
            .Query(tenant, credential, key, now);
        if (!rows.Next())
            return null;
        var receipt = new Receipt("", rows.Int64(3), rows.Digest(4), rows.Time(5));
        return new StoredAnswer(rows.Digest(0), rows.Text(1), rows.Bytes(2), receipt);
    }
}
