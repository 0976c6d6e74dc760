using Halyard.Core.Audit;
using Halyard.Core.Audit.Privacy;
using Halyard.Core.Audit.Searching;
using Halyard.Core.Storage.Copying;
using Halyard.Ledger;
using Halyard.Storage.PostgreSql.Native;
using Halyard.Storage.PostgreSql.Privacy;
using Halyard.Storage.PostgreSql.Reading;
using Npgsql;

namespace Halyard.Storage.PostgreSql.Copying;

/// <summary>Reads all of a schema in one transaction, as of the moment at which it began; the keys as of later.</summary>
internal sealed class PostgreSqlSource(Database database, NpgsqlConnection snapshot, PostgreSqlSubjectKeys keys, string schema)
    : IStoreSource
{
    private readonly Tenants _tenants = new();

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<string>> TenantsAsync(CancellationToken cancellationToken) =>
        await snapshot.Command("SELECT name FROM tenant ORDER BY name").ListAsync(row => row.Text(0), cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<LogHead?> HeadAsync(string tenant, CancellationToken cancellationToken) =>
        (
            await snapshot
                .Command(LogRows.Head, await NumberAsync(tenant, cancellationToken))
                .ListAsync(row => LogRows.ReadHead(row, tenant), cancellationToken)
        ).FirstOrDefault();

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<CopiedEntry>> BlockAsync(string tenant, long first, CancellationToken cancellationToken)
    {
        var number = await NumberAsync(tenant, cancellationToken);
        var block = new CopiedBlock(first);
        await using var batch = snapshot
            .CreateBatch()
            .Add(
                """
                SELECT l.idx, l.hash, l.id, e.at, e.effective_at, e.leaf
                FROM audit_leaf_hash l LEFT JOIN audit_entry e USING (tenant, idx)
                WHERE l.tenant = $1 AND l.idx >= $2 AND l.idx < $3 ORDER BY l.idx
                """,
                number,
                first,
                block.End
            )
            .Add(
                "SELECT idx, content, reason FROM audit_recent WHERE tenant = $1 AND idx >= $2 AND idx < $3",
                number,
                first,
                block.End
            )
            .Add("SELECT source, word, entries, places FROM audit_block_word WHERE tenant = $1 AND first = $2", number, first)
            .Add(
                $"""
                SELECT {VersionReader.Columns} FROM resource_version v
                WHERE v.tenant = $1 AND v.idx >= $2 AND v.idx < $3 ORDER BY v.idx, v.place
                """,
                number,
                first,
                block.End
            )
            .Add(
                """
                SELECT idx, pointer, commitment, sealed, subject FROM entry_private
                WHERE tenant = $1 AND idx >= $2 AND idx < $3 ORDER BY idx, ordinal
                """,
                number,
                first,
                block.End
            );
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            block.Add(reader.Digest(1));
            if (!await reader.IsDBNullAsync(5, cancellationToken))
            {
                var entry = new StoredEntry(reader.Text(2), reader.Time(3), reader.Time(4), reader.Bytes(5), EntryText.Empty);
                block.Add(reader.GetInt64(0), entry);
            }
        }
        await reader.NextResultAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
            block.Add(reader.GetInt64(0), new EntryText(reader.Text(1), reader.Text(2)));
        await reader.NextResultAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
            block.Add((WordSource)reader.GetInt16(0), reader.Text(1), reader.Bytes(2), reader.Bytes(3));
        await reader.NextResultAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
            block.Add(VersionReader.Version(reader));
        await reader.NextResultAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
            block.Add(
                reader.GetInt64(0),
                new SealedValue(reader.Text(1), reader.Text(2), reader.Bytes(3), reader.Text(4), InDocument: false)
            );
        return block.Entries();
    }

    /// <inheritdoc/>
    public async ValueTask<byte[]?> BlobAsync(string tenant, Digest digest, CancellationToken cancellationToken) =>
        (
            await snapshot
                .Command(
                    "SELECT content FROM blob WHERE tenant = $1 AND digest = $2",
                    await NumberAsync(tenant, cancellationToken),
                    digest
                )
                .ListAsync(row => row.Bytes(0), cancellationToken)
        ).FirstOrDefault();

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<object?[]>> RowsAsync(
        string tenant,
        Section section,
        object?[]? after,
        int limit,
        CancellationToken cancellationToken
    ) =>
        Section.OfKeys.Contains(section)
            ? await keys.RowsAsync(section, after, limit, cancellationToken)
            : await SectionTable
                .All[section]
                .ReadAsync(snapshot, await NumberAsync(tenant, cancellationToken), after, limit, cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<long> TimerFenceAsync(CancellationToken cancellationToken) =>
        (
            await snapshot
                .Command(
                    "SELECT coalesce(last_value, 0) FROM pg_sequences WHERE schemaname = $1 AND sequencename = 'timer_fence'",
                    schema
                )
                .ListAsync(row => row.GetInt64(0), cancellationToken)
        )[0];

    /// <inheritdoc/>
    public async ValueTask<bool> WasWrittenAsync(CancellationToken cancellationToken)
    {
        var before = await SizesAsync(snapshot, cancellationToken);
        var now = await database.DoAsync(SizesAsync, cancellationToken);
        return !now.SequenceEqual(before);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await snapshot.DisposeAsync();
        await keys.DisposeAsync();
        await database.DisposeAsync();
    }

    private static ValueTask<List<(int Tenant, long Size)>> SizesAsync(
        NpgsqlConnection connection,
        CancellationToken cancellationToken
    ) =>
        connection
            .Command("SELECT tenant, size FROM audit_head WHERE size > 0 ORDER BY tenant")
            .ListAsync(row => (row.GetInt32(0), row.GetInt64(1)), cancellationToken);

    private async ValueTask<int> NumberAsync(string tenant, CancellationToken cancellationToken) =>
        await _tenants.FindAsync(snapshot, tenant, cancellationToken)
        ?? throw new ArgumentException($"There is no tenant '{tenant}'.", nameof(tenant));
}
