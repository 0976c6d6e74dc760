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
            var rows = database[
                """
                SELECT id, kind, project, key, resource_id, revision, effective_at, digest
                FROM resource_version WHERE id >= ? AND id < ? ORDER BY id
                """
            ]
                .Query(Position.FirstVersion(first), Position.FirstVersion(entries[^1].Position + 1))
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

    public static List<PrivateValue> EntryPrivates(Database database, long tenant, IReadOnlyCollection<long> indexes)
    {
        var found = new List<PrivateValue>();
        foreach (var index in indexes.Where(index => index >= 0).Distinct().Order())
        {
            using var rows = database[
                "SELECT pointer, commitment, key, value, subject FROM entry_private WHERE position = ? ORDER BY ordinal"
            ]
                .Query(Position.Of(tenant, index));
            while (rows.Next())
                found.Add(Private(rows, inDocument: false));
        }
        return found;
    }

    public static List<PrivateValue> DocumentPrivates(Database database, long tenant, IReadOnlyCollection<string> commitments)
    {
        var found = new List<PrivateValue>();
        foreach (var commitment in commitments.Distinct(StringComparer.Ordinal))
        {
            using var rows = database[
                "SELECT pointer, commitment, key, value, subject FROM document_private WHERE tenant = ? AND commitment = ?"
            ]
                .Query(tenant, commitment);
            while (rows.Next())
                found.Add(Private(rows, inDocument: true));
        }
        return found;
    }

    public static Dictionary<string, string> SubjectNames(Database database, long tenant, IReadOnlyCollection<string> subjects)
    {
        var found = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var subject in subjects)
        {
            using var rows = database["SELECT name FROM subject WHERE tenant = ? AND sid = ?"].Query(tenant, subject);
            if (rows.Next())
                found[subject] = rows.Text(0);
        }
        return found;
    }

    private static PrivateValue Private(in Rows rows, bool inDocument) =>
        new(rows.Text(0), rows.Text(1), rows.Bytes(2), rows.Text(3), rows.TextOrNull(4), inDocument);
}
