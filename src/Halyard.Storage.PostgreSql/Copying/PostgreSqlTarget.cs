using Halyard.Core.Audit;
using Halyard.Core.Audit.Privacy;
using Halyard.Core.Audit.Searching;
using Halyard.Core.Flags;
using Halyard.Core.Storage;
using Halyard.Core.Storage.Copying;
using Halyard.Ledger;
using Halyard.Storage.PostgreSql.Native;
using Halyard.Storage.PostgreSql.Privacy;
using Halyard.Storage.PostgreSql.Reading;
using Halyard.Storage.PostgreSql.Writing;
using Npgsql;

namespace Halyard.Storage.PostgreSql.Copying;

/// <summary>Fills an empty schema, each call in a transaction of its own.</summary>
internal sealed class PostgreSqlTarget(Database database, PostgreSqlSubjectKeys keys, AdvisoryLockNumbers locks) : IStoreTarget
{
    /// <summary>2^22 entries a partition; it stands in the database.</summary>
    private const int PartitionBits = 22;

    private readonly Tenants _tenants = new();

    /// <inheritdoc/>
    public ValueTask<LogHead?> HeadAsync(string tenant, CancellationToken cancellationToken) =>
        DoAsync(
            tenant,
            (connection, number, cancellation) => LogReader.HeadAsync(connection, number, tenant, cancellation),
            cancellationToken
        );

    /// <inheritdoc/>
    public async ValueTask AddAsync(LogHead head, IReadOnlyList<CopiedEntry> entries, CancellationToken cancellationToken)
    {
        await DoAsync(
            head.Tenant,
            async (connection, number, cancellation) =>
            {
                // Done twice where the answer was lost, it adds nothing the second time.
                var before = await LogReader.HeadAsync(connection, number, head.Tenant, cancellation);
                if (before?.Range.Size == head.Range.Size)
                    return true;
                var batch = connection.CreateBatch().Add(Statements.Begin);
                foreach (var part in entries.Select(entry => entry.Index >> PartitionBits).Distinct())
                    batch.Add("SELECT add_entry_partition($1, $2)", number, part);
                AddEntries(batch, number, entries);
                AddFound(batch, number, entries, head.Minimum);
                AddVersions(batch, number, entries);
                AddPrivates(batch, number, entries);
                AddHead(batch, number, head);
                await batch.Add(Statements.Commit).RunAsync(cancellation);
                return true;
            },
            cancellationToken
        );
        await new Folding(database, _tenants, locks).FoldAsync(head.Tenant, cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask<Digest?> LastBlobAsync(string tenant, CancellationToken cancellationToken) =>
        DoAsync<Digest?>(
            tenant,
            async (connection, number, cancellation) =>
                await connection
                    .Command("SELECT digest FROM blob WHERE tenant = $1 ORDER BY digest DESC LIMIT 1", number)
                    .ListAsync(row => row.Digest(0), cancellation)
                    is [var last]
                    ? last
                    : null,
            cancellationToken
        );

    /// <inheritdoc/>
    public async ValueTask ClearAsync(string tenant, Section section, CancellationToken cancellationToken)
    {
        if (Section.OfKeys.Contains(section))
            await keys.ClearAsync(section, cancellationToken);
        else
            await WriteAsync(
                tenant,
                (connection, number, cancellation) => SectionTable.All[section].ClearAsync(connection, number, cancellation),
                cancellationToken
            );
    }

    /// <inheritdoc/>
    public async ValueTask WriteAsync(
        string tenant,
        Section section,
        IReadOnlyList<object?[]> rows,
        CancellationToken cancellationToken
    )
    {
        if (Section.OfKeys.Contains(section))
            await keys.WriteAsync(section, rows, cancellationToken);
        else
            await WriteAsync(
                tenant,
                (connection, number, cancellation) =>
                    SectionTable.All[section].WriteAsync(connection, number, rows, cancellation),
                cancellationToken
            );
    }

    /// <inheritdoc/>
    public async ValueTask LiftTimerFenceAsync(long value, CancellationToken cancellationToken)
    {
        if (value <= 0)
            return;
        await database.DoAsync(
            (connection, cancellation) =>
                connection
                    .Command("SELECT setval('timer_fence', greatest($1, nextval('timer_fence') - 1))", value)
                    .RunAsync(cancellation),
            cancellationToken
        );
    }

    /// <inheritdoc/>
    public async ValueTask FinishAsync(CancellationToken cancellationToken) =>
        await database.DoAsync(
            (connection, cancellation) => connection.Command("DELETE FROM copying").RunAsync(cancellation),
            cancellationToken
        );

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await keys.DisposeAsync();
        await database.DisposeAsync();
    }

    private static void AddEntries(NpgsqlBatch batch, int tenant, IReadOnlyList<CopiedEntry> entries)
    {
        (long Index, StoredEntry Stored)[] stored =
        [
            .. entries.Where(entry => entry.Stored is not null).Select(entry => (entry.Index, entry.Stored!)),
        ];
        batch.Add(
            """
            INSERT INTO audit_entry (tenant, idx, at, effective_at, leaf)
            SELECT $1, * FROM unnest($2::bigint[], $3::timestamptz[], $4::timestamptz[], $5::bytea[])
            """,
            tenant,
            Array.ConvertAll(stored, entry => entry.Index),
            Array.ConvertAll(stored, entry => entry.Stored.At),
            Array.ConvertAll(stored, entry => entry.Stored.EffectiveAt),
            Array.ConvertAll(stored, entry => entry.Stored.Leaf)
        );
        // The id of an entry that was purged is not known; nothing is found by it.
        batch.Add(
            "INSERT INTO audit_leaf_hash (tenant, idx, id, hash) SELECT $1, * FROM unnest($2::bigint[], $3::text[], $4::bytea[])",
            tenant,
            entries.Select(entry => entry.Index).ToArray(),
            entries.Select(entry => entry.Stored?.Id ?? $"purged {entry.Index}").ToArray(),
            entries.Select(entry => entry.Hash.ToArray()).ToArray()
        );
    }

    /// <summary>What entries are found by. A block that is cut is folded whole; what was purged is found by nothing.</summary>
    private static void AddFound(NpgsqlBatch batch, int tenant, IReadOnlyList<CopiedEntry> entries, long minimum)
    {
        var whole = minimum - (minimum % EntrySet.BlockSize);
        CopiedEntry[] found = [.. entries.Where(entry => entry.Stored is not null || entry.Index >= whole)];
        batch.Add(
            """
            INSERT INTO audit_recent (tenant, idx, effective_at, terms, content, reason)
            SELECT $1, n.idx, n.effective_at, n.terms::uuid[], n.content, n.reason
            FROM unnest($2::bigint[], $3::timestamptz[], $4::text[], $5::text[], $6::text[])
              AS n (idx, effective_at, terms, content, reason)
            """,
            tenant,
            Array.ConvertAll(found, entry => entry.Index),
            Array.ConvertAll(found, entry => entry.Stored?.EffectiveAt ?? DateTimeOffset.UnixEpoch),
            Array.ConvertAll(found, entry => Terms.Literal(entry.Stored?.Facets ?? [])),
            Array.ConvertAll(found, entry => entry.Stored?.Text.Content ?? ""),
            Array.ConvertAll(found, entry => entry.Stored?.Text.Reason ?? "")
        );
    }

    private static void AddVersions(NpgsqlBatch batch, int tenant, IReadOnlyList<CopiedEntry> entries)
    {
        (int Place, ResourceVersion Version)[] versions =
        [
            .. entries.SelectMany(entry => entry.Versions.Select((version, place) => (place, version))),
        ];
        batch.Add(
            """
            INSERT INTO resource_version (tenant, idx, place, resource_id, revision, kind, project, key, effective_at, digest)
            SELECT $1, * FROM unnest(
              $2::bigint[], $3::integer[], $4::text[], $5::bigint[], $6::text[], $7::text[], $8::text[], $9::timestamptz[],
              $10::bytea[])
            """,
            tenant,
            Array.ConvertAll(versions, version => version.Version.Index),
            Array.ConvertAll(versions, version => version.Place),
            Array.ConvertAll(versions, version => version.Version.Id),
            Array.ConvertAll(versions, version => version.Version.Revision),
            Array.ConvertAll(versions, version => version.Version.Name.Kind.Name()),
            Array.ConvertAll(versions, version => version.Version.Name.Project),
            Array.ConvertAll(versions, version => version.Version.Name.Key),
            Array.ConvertAll(versions, version => version.Version.EffectiveAt),
            Array.ConvertAll(versions, version => version.Version.Document?.ToArray())
        );
    }

    private static void AddPrivates(NpgsqlBatch batch, int tenant, IReadOnlyList<CopiedEntry> entries)
    {
        (long Index, int Ordinal, SealedValue Value)[] values =
        [
            .. entries.SelectMany(entry => entry.Privates.Select((value, ordinal) => (entry.Index, ordinal, value))),
        ];
        batch.Add(
            """
            INSERT INTO entry_private (tenant, idx, ordinal, pointer, commitment, sealed, subject)
            SELECT $1, * FROM unnest($2::bigint[], $3::integer[], $4::text[], $5::text[], $6::bytea[], $7::text[])
            """,
            tenant,
            Array.ConvertAll(values, value => value.Index),
            Array.ConvertAll(values, value => value.Ordinal),
            Array.ConvertAll(values, value => value.Value.Pointer),
            Array.ConvertAll(values, value => value.Value.Commitment),
            Array.ConvertAll(values, value => value.Value.Ciphertext),
            Array.ConvertAll(values, value => value.Value.Subject)
        );
    }

    private static void AddHead(NpgsqlBatch batch, int tenant, LogHead head) =>
        batch.Add(
            """
            UPDATE audit_head SET origin = $2, size = $3, frontier = $4, root = $5, last_at = $6, minimum = $7 WHERE tenant = $1
            """,
            tenant,
            head.Origin,
            head.Range.Size,
            head.Range.ToBytes(),
            head.Range.Root,
            head.LastAt,
            head.Minimum
        );

    private async ValueTask WriteAsync(
        string tenant,
        Func<NpgsqlConnection, int, CancellationToken, ValueTask> write,
        CancellationToken cancellationToken
    ) =>
        await database.DoOnceAsync(
            async (connection, cancellation) =>
                await write(connection, await _tenants.EnsureAsync(connection, tenant, cancellation), cancellation),
            cancellationToken
        );

    private ValueTask<T> DoAsync<T>(
        string tenant,
        Func<NpgsqlConnection, int, CancellationToken, ValueTask<T>> work,
        CancellationToken cancellationToken
    ) =>
        database.DoAsync(
            async (connection, cancellation) =>
                await work(connection, await _tenants.EnsureAsync(connection, tenant, cancellation), cancellation),
            cancellationToken
        );
}
