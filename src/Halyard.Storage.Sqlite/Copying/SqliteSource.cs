using Halyard.Core.Audit;
using Halyard.Core.Audit.Privacy;
using Halyard.Core.Audit.Searching;
using Halyard.Core.Storage.Copying;
using Halyard.Ledger;
using Halyard.Storage.Sqlite.Native;
using Halyard.Storage.Sqlite.Privacy;
using Halyard.Storage.Sqlite.Reading;
using Halyard.Storage.Sqlite.Schema;

namespace Halyard.Storage.Sqlite.Copying;

/// <summary>Reads all of a file. Nobody writes to it meanwhile, for it holds the writer's lock.</summary>
internal sealed class SqliteSource(WriterLock writerLock, Database database, SqliteSubjectKeys keys) : IStoreSource
{
    private readonly Tenants _tenants = new();

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<string>> TenantsAsync(CancellationToken cancellationToken)
    {
        var names = new List<string>();
        using var rows = database["SELECT name FROM tenant ORDER BY name"].Query();
        while (rows.Next())
            names.Add(rows.Text(0));
        return ValueTask.FromResult<IReadOnlyList<string>>(names);
    }

    /// <inheritdoc/>
    public ValueTask<LogHead?> HeadAsync(string tenant, CancellationToken cancellationToken) =>
        ValueTask.FromResult(LogTables.Head(database, Number(tenant), tenant));

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<CopiedEntry>> BlockAsync(string tenant, long first, CancellationToken cancellationToken)
    {
        var block = new CopiedBlock(first);
        var (from, end) = (Position.Of(Number(tenant), first), Position.Of(Number(tenant), block.End));
        ReadEntries(block, from, end);
        ReadWords(block, from, end);
        ReadVersions(block, from, end);
        ReadPrivates(block, from, end);
        return ValueTask.FromResult(block.Entries());
    }

    /// <inheritdoc/>
    public ValueTask<byte[]?> BlobAsync(string tenant, Digest digest, CancellationToken cancellationToken)
    {
        using var rows = database["SELECT content FROM blob WHERE tenant = ? AND digest = ?"].Query(Number(tenant), digest);
        return ValueTask.FromResult(rows.Next() ? rows.Bytes(0) : null);
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<object?[]>> RowsAsync(
        string tenant,
        Section section,
        object?[]? after,
        int limit,
        CancellationToken cancellationToken
    ) =>
        ValueTask.FromResult<IReadOnlyList<object?[]>>(
            Section.OfKeys.Contains(section)
                ? keys.Rows(section, after, limit)
                : SectionTable.All[section].Read(database, Number(tenant), after, limit)
        );

    /// <inheritdoc/>
    public ValueTask<long> TimerFenceAsync(CancellationToken cancellationToken) =>
        ValueTask.FromResult(database["SELECT value FROM timer_fence"].Number() ?? 0);

    /// <inheritdoc/>
    public ValueTask<bool> WasWrittenAsync(CancellationToken cancellationToken) => ValueTask.FromResult(false);

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        database.Dispose();
        keys.Dispose();
        writerLock.Dispose();
        return ValueTask.CompletedTask;
    }

    private long Number(string tenant) =>
        _tenants.Find(database, tenant) ?? throw new ArgumentException($"There is no tenant '{tenant}'.", nameof(tenant));

    private void ReadEntries(CopiedBlock block, long from, long end)
    {
        using (
            var hashes = database["SELECT hash FROM audit_leaf_hash WHERE position >= ? AND position < ? ORDER BY position"]
                .Query(from, end)
        )
        {
            while (hashes.Next())
                block.Add(hashes.Digest(0));
        }
        using var rows = database[
            "SELECT position, id, at, effective_at, leaf FROM audit_entry WHERE position >= ? AND position < ?"
        ]
            .Query(from, end);
        while (rows.Next())
        {
            var entry = new StoredEntry(rows.Text(1), rows.Time(2), rows.Time(3), rows.Bytes(4), EntryText.Empty);
            block.Add(Position.Index(rows.Int64(0)), entry);
        }
    }

    private void ReadWords(CopiedBlock block, long from, long end)
    {
        using (
            var recent = database["SELECT position, content, reason FROM audit_recent WHERE position >= ? AND position < ?"]
                .Query(from, end)
        )
        {
            while (recent.Next())
                block.Add(Position.Index(recent.Int64(0)), new EntryText(recent.Text(1), recent.Text(2)));
        }
        using var words = database["SELECT source, word, entries, places FROM audit_block_word WHERE first = ?"].Query(from);
        while (words.Next())
            block.Add((WordSource)words.Int64(0), words.Text(1), words.Span(2), words.Span(3));
    }

    private void ReadVersions(CopiedBlock block, long from, long end)
    {
        using var rows = database[ResourceReader.VersionsBetween].Query(Position.FirstVersion(from), Position.FirstVersion(end));
        while (rows.Next())
            block.Add(ResourceReader.Version(rows));
    }

    private void ReadPrivates(CopiedBlock block, long from, long end)
    {
        using var rows = database[
            """
            SELECT position, pointer, commitment, sealed, t.value FROM entry_private p JOIN audit_term t ON t.number = p.subject
            WHERE position >= ? AND position < ? ORDER BY position, ordinal
            """
        ]
            .Query(from, end);
        while (rows.Next())
        {
            var value = new SealedValue(rows.Text(1), rows.Text(2), rows.Bytes(3), rows.Text(4), InDocument: false);
            block.Add(Position.Index(rows.Int64(0)), value);
        }
    }
}
