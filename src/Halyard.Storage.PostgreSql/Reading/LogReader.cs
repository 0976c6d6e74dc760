using Halyard.Core.Audit;
using Halyard.Core.Storage;
using Halyard.Ledger;
using Halyard.Storage.PostgreSql.Native;
using Npgsql;

namespace Halyard.Storage.PostgreSql.Reading;

/// <summary>Queries for the log by index or id, and for what is kept beside it.</summary>
internal static class LogReader
{
    private const string Entry = "SELECT e.idx, e.at, e.effective_at, e.leaf FROM audit_entry e";

    // The versions of the page's entries in the same statement, so that both are as of one moment.
    private const string Feed = $"""
        SELECT {VersionReader.Columns}, e.idx, e.leaf FROM (
          SELECT idx, leaf FROM audit_entry WHERE tenant = $1 AND idx >= $2 ORDER BY idx LIMIT $3) e
        LEFT JOIN LATERAL (SELECT * FROM resource_version v WHERE v.tenant = $1 AND v.idx = e.idx OFFSET 0) v ON true
        ORDER BY e.idx, v.place
        """;

    public static async ValueTask<LogHead?> HeadAsync(
        NpgsqlConnection connection,
        int number,
        string tenant,
        CancellationToken cancellationToken
    ) =>
        (
            await connection.Command(LogRows.Head, number).ListAsync(row => LogRows.ReadHead(row, tenant), cancellationToken)
        ).FirstOrDefault();

    public static async ValueTask<IReadOnlyList<string>> TenantsAsync(
        NpgsqlConnection connection,
        CancellationToken cancellationToken
    )
    {
        var names = await connection
            .Command("SELECT t.name FROM tenant t JOIN audit_head h ON h.tenant = t.number WHERE h.size > 0")
            .ListAsync(row => row.Text(0), cancellationToken);
        names.Sort(StringComparer.Ordinal);
        return names;
    }

    public static async ValueTask<IReadOnlyList<FeedEntry>> FeedAsync(
        NpgsqlConnection connection,
        int tenant,
        long from,
        int limit,
        CancellationToken cancellationToken
    )
    {
        var found = new List<(long Index, byte[] Leaf, List<ResourceVersion> Versions)>();
        await using var command = connection.Command(Feed, tenant, from, limit);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            var index = reader.GetInt64(VersionReader.Count);
            if (found.Count == 0 || found[^1].Index != index)
                found.Add((index, reader.Bytes(VersionReader.Count + 1), []));
            if (!await reader.IsDBNullAsync(0, cancellationToken))
                found[^1].Versions.Add(VersionReader.Version(reader));
        }
        return found.ConvertAll(entry => new FeedEntry(entry.Index, entry.Leaf, entry.Versions));
    }

    public static async ValueTask<IReadOnlyList<Digest>> LeafHashesAsync(
        NpgsqlConnection connection,
        int tenant,
        long from,
        int count,
        CancellationToken cancellationToken
    ) =>
        await connection
            .Command(
                "SELECT hash FROM audit_leaf_hash WHERE tenant = $1 AND idx >= $2 ORDER BY idx LIMIT $3",
                tenant,
                from,
                count
            )
            .ListAsync(row => row.Digest(0), cancellationToken);

    public static async ValueTask<LogEntry?> EntryAsync(
        NpgsqlConnection connection,
        int tenant,
        long index,
        CancellationToken cancellationToken
    ) =>
        (
            await connection
                .Command($"{Entry} WHERE e.tenant = $1 AND e.idx = $2", tenant, index)
                .ListAsync(ReadEntry, cancellationToken)
        ).FirstOrDefault();

    public static async ValueTask<LogEntry?> EntryAsync(
        NpgsqlConnection connection,
        int tenant,
        string id,
        CancellationToken cancellationToken
    ) =>
        (
            await connection
                .Command(
                    $"{Entry} JOIN audit_leaf_hash l USING (tenant, idx) WHERE l.tenant = $1 AND l.id = $2 AND e.tenant = $1",
                    tenant,
                    id
                )
                .ListAsync(ReadEntry, cancellationToken)
        ).FirstOrDefault();

    /// <summary>The entries at these indexes, newest first; the transaction ends with them.</summary>
    public static async ValueTask<List<LogEntry>> LastEntriesAsync(
        NpgsqlConnection connection,
        int tenant,
        long[] indexes,
        CancellationToken cancellationToken
    )
    {
        await using var batch = connection
            .CreateBatch()
            .Add($"{Entry} WHERE e.tenant = $1 AND e.idx = ANY($2) ORDER BY e.idx DESC", tenant, indexes)
            .Add(Statements.Commit);
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        return await reader.ListAsync(ReadEntry, cancellationToken);
    }

    public static async ValueTask<IReadOnlyDictionary<Digest, byte[]>> BlobsAsync(
        NpgsqlConnection connection,
        int tenant,
        IReadOnlyCollection<Digest> digests,
        CancellationToken cancellationToken
    )
    {
        var rows = await connection
            .Command(
                "SELECT digest, content FROM blob WHERE tenant = $1 AND digest = ANY($2)",
                tenant,
                digests.Distinct().Select(digest => digest.ToArray()).ToArray()
            )
            .ListAsync(row => (Digest: row.Digest(0), Content: row.Bytes(1)), cancellationToken);
        return rows.ToDictionary(row => row.Digest, row => row.Content);
    }

    private static LogEntry ReadEntry(NpgsqlDataReader row) => new(row.GetInt64(0), row.Time(1), row.Time(2), row.Bytes(3));
}
