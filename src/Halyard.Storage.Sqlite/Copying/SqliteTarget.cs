using Halyard.Core.Audit;
using Halyard.Core.Audit.Searching;
using Halyard.Core.Storage.Copying;
using Halyard.Ledger;
using Halyard.Storage.Sqlite.Native;
using Halyard.Storage.Sqlite.Privacy;
using Halyard.Storage.Sqlite.Reading;
using Halyard.Storage.Sqlite.Schema;
using Halyard.Storage.Sqlite.Writing;

namespace Halyard.Storage.Sqlite.Copying;

/// <summary>Fills an empty file, each call in a transaction of its own.</summary>
internal sealed class SqliteTarget : IStoreTarget
{
    private readonly WriterLock _lock;
    private readonly Database _database;
    private readonly SqliteSubjectKeys _keys;
    private readonly TermTable _terms;
    private readonly RecentTable _recent;
    private readonly PrivateTable _privates;
    private readonly VersionTable _versions;
    private readonly Tenants _tenants = new();

    public SqliteTarget(WriterLock writerLock, Database database, SqliteSubjectKeys keys)
    {
        (_lock, _database, _keys) = (writerLock, database, keys);
        _terms = new TermTable(database);
        _recent = new RecentTable(database, _terms);
        _privates = new PrivateTable(database, _terms);
        _versions = new VersionTable(database, _terms);
    }

    /// <summary>Whether the file is empty or the target of this very copy; it then is that.</summary>
    public static bool Begin(Database database, SqliteSubjectKeys keys, string copy)
    {
        using (var rows = database["SELECT name FROM copying"].Query())
        {
            if (rows.Next())
                return rows.Text(0) == copy;
        }
        if (database["SELECT count(*) FROM tenant"].Number() > 0 || !keys.IsEmpty)
            return false;
        database["INSERT INTO copying (name) VALUES (?)"].Run(copy);
        return true;
    }

    /// <inheritdoc/>
    public ValueTask<LogHead?> HeadAsync(string tenant, CancellationToken cancellationToken) =>
        ValueTask.FromResult(_tenants.Find(_database, tenant) is { } number ? LogTables.Head(_database, number, tenant) : null);

    /// <inheritdoc/>
    public ValueTask AddAsync(LogHead head, IReadOnlyList<CopiedEntry> entries, CancellationToken cancellationToken) =>
        InTransaction(() =>
        {
            var tenant = _terms.Tenant(head.Tenant);
            foreach (var entry in entries)
                Add(tenant, entry, head.Minimum);
            _database[
                """
                INSERT INTO audit_head (tenant, origin, size, frontier, root, last_at, minimum) VALUES (?, ?, ?, ?, ?, ?, ?)
                ON CONFLICT (tenant) DO UPDATE SET
                  origin = excluded.origin, size = excluded.size, frontier = excluded.frontier, root = excluded.root,
                  last_at = excluded.last_at, minimum = excluded.minimum
                """
            ]
                .Run(tenant, head.Origin, head.Range.Size, head.Range.ToBytes(), head.Range.Root, head.LastAt, head.Minimum);
            _recent.Flush([(tenant, head.Range.Size)]);
        });

    /// <inheritdoc/>
    public ValueTask<Digest?> LastBlobAsync(string tenant, CancellationToken cancellationToken)
    {
        if (_tenants.Find(_database, tenant) is not { } number)
            return ValueTask.FromResult<Digest?>(null);
        using var rows = _database["SELECT max(digest) FROM blob WHERE tenant = ?"].Query(number);
        return ValueTask.FromResult(rows.Next() ? rows.DigestOrNull(0) : null);
    }

    /// <inheritdoc/>
    public ValueTask ClearAsync(string tenant, Section section, CancellationToken cancellationToken) =>
        WriteAsync(
            section,
            database => SectionTable.All[section].Clear(database, _terms.Tenant(tenant)),
            keys => keys.Clear(section)
        );

    /// <inheritdoc/>
    public ValueTask WriteAsync(
        string tenant,
        Section section,
        IReadOnlyList<object?[]> rows,
        CancellationToken cancellationToken
    ) =>
        WriteAsync(
            section,
            database =>
            {
                var number = _terms.Tenant(tenant);
                SectionTable.All[section].Write(database, number, rows, sid => _terms.Term(number, Facets.Subject, sid));
            },
            keys => keys.Write(section, rows)
        );

    /// <inheritdoc/>
    public ValueTask LiftTimerFenceAsync(long value, CancellationToken cancellationToken) =>
        InTransaction(() => _database["UPDATE timer_fence SET value = max(value, ?)"].Run(value));

    /// <inheritdoc/>
    public ValueTask FinishAsync(CancellationToken cancellationToken) =>
        InTransaction(() => _database["DELETE FROM copying"].Run());

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _database.Dispose();
        _keys.Dispose();
        _lock.Dispose();
        return ValueTask.CompletedTask;
    }

    private void Add(long tenant, CopiedEntry entry, long minimum)
    {
        var position = Position.Of(tenant, entry.Index);
        _database["INSERT INTO audit_leaf_hash (position, hash) VALUES (?, ?)"].Run(position, entry.Hash);
        if (entry.Stored is { } stored)
        {
            _database["INSERT OR FAIL INTO audit_entry (position, tenant, id, at, effective_at, leaf) VALUES (?, ?, ?, ?, ?, ?)"]
                .Run(position, tenant, stored.Id, stored.At, stored.EffectiveAt, stored.Leaf);
            _recent.Add(tenant, position, stored.Facets, stored.Text, stored.EffectiveAt);
        }
        else if (entry.Index >= minimum - (minimum % EntrySet.BlockSize))
        {
            // A block that is cut is folded whole; what was purged is found by nothing.
            _recent.Add(tenant, position, [], EntryText.Empty, DateTimeOffset.UnixEpoch);
        }
        var id = Position.FirstVersion(position);
        foreach (var version in entry.Versions)
            _versions.Write(tenant, id++, version.Name, version.Id, version.Revision, version.EffectiveAt, version.Document);
        for (var place = 0; place < entry.Privates.Count; place++)
            _privates.WriteInEntry(tenant, position, place, entry.Privates[place]);
    }

    private ValueTask WriteAsync(Section section, Action<Database> toStore, Action<SqliteSubjectKeys> toKeys)
    {
        if (!Section.OfKeys.Contains(section))
            return InTransaction(() => toStore(_database));
        toKeys(_keys);
        return ValueTask.CompletedTask;
    }

    private ValueTask InTransaction(Action work)
    {
        _database.Execute("BEGIN IMMEDIATE");
        try
        {
            work();
            _database.Execute("COMMIT");
        }
        catch
        {
            _terms.Forget();
            _recent.Forget();
            if (_database.InTransaction)
                _database.Execute("ROLLBACK");
            throw;
        }
        return ValueTask.CompletedTask;
    }
}
