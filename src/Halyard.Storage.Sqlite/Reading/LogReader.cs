using Halyard.Core.Audit;
using Halyard.Core.Storage;
using Halyard.Ledger;
using Halyard.Storage.Sqlite.Native;

namespace Halyard.Storage.Sqlite.Reading;

/// <summary>Queries for the log by index or id, and for what is kept beside it.</summary>
internal static class LogReader
{
    public static List<FeedEntry> Feed(Database database, long tenant, long from, int limit)
    {
        var first = Position.Of(tenant, from);
        var entries = new List<(long Position, byte[] Leaf)>();
        using (
            var rows = database[
                "SELECT position, leaf FROM audit_entry WHERE position >= ? AND position < ? ORDER BY position LIMIT ?"
            ]
                .Query(first, Position.First(tenant + 1), limit)
        )
        {
            while (rows.Next())
                entries.Add((rows.Int64(0), rows.Bytes(1)));
        }
        if (entries.Count == 0)
            return [];

        var versions = new List<ResourceVersion>();
        using (
            var rows = database[ResourceReader.VersionsBetween]
                .Query(Position.FirstVersion(entries[0].Position), Position.FirstVersion(entries[^1].Position + 1))
        )
        {
            while (rows.Next())
                versions.Add(ResourceReader.Version(rows));
        }
        var byIndex = versions.ToLookup(version => version.Index);
        return entries.ConvertAll(entry =>
        {
            var index = Position.Index(entry.Position);
            return new FeedEntry(index, entry.Leaf, [.. byIndex[index]]);
        });
    }

    public static List<Digest> LeafHashes(Database database, long tenant, long from, int count)
    {
        var hashes = new List<Digest>();
        using var rows = database[
            "SELECT hash FROM audit_leaf_hash WHERE position >= ? AND position < ? ORDER BY position LIMIT ?"
        ]
            .Query(Position.Of(tenant, from), Position.First(tenant + 1), count);
        while (rows.Next())
            hashes.Add(rows.Digest(0));
        return hashes;
    }

    public static LogEntry? Entry(Database database, long position)
    {
        using var rows = database["SELECT position, at, effective_at, leaf FROM audit_entry WHERE position = ?"].Query(position);
        return rows.Next() ? Entry(rows) : null;
    }

    public static LogEntry? Entry(Database database, long tenant, string id)
    {
        using var rows = database["SELECT position, at, effective_at, leaf FROM audit_entry WHERE tenant = ? AND id = ?"]
            .Query(tenant, id);
        return rows.Next() ? Entry(rows) : null;
    }

    /// <summary>The entry in a row of: position, at, effective_at, leaf.</summary>
    public static LogEntry Entry(in Rows rows) => new(Position.Index(rows.Int64(0)), rows.Time(1), rows.Time(2), rows.Bytes(3));

    public static Dictionary<Digest, byte[]> Blobs(Database database, long tenant, IReadOnlyCollection<Digest> digests)
    {
        var found = new Dictionary<Digest, byte[]>();
        foreach (var digest in digests)
        {
            using var rows = database["SELECT content FROM blob WHERE tenant = ? AND digest = ?"].Query(tenant, digest);
            if (rows.Next())
                found[digest] = rows.Bytes(0);
        }
        return found;
    }
}
