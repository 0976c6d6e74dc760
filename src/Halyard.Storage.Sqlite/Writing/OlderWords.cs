using Halyard.Core.Audit.Searching;
using Halyard.Ledger;
using Halyard.Storage.Sqlite.Native;

namespace Halyard.Storage.Sqlite.Writing;

/// <summary>
/// Indexes the words of entries that were written before words were indexed, from their leaves; a block a transaction, so that
/// one that was interrupted goes on. Part of opening a file: a query never misses what is not indexed yet.
/// </summary>
internal sealed class OlderWords(Database database)
{
    private readonly BlockWords _words = new(database);

    /// <summary>Indexes what is missing; nothing, where nothing is.</summary>
    /// <exception cref="IOException">A leaf or blob is missing: the file is damaged.</exception>
    public void Index()
    {
        while (database["SELECT first FROM audit_block WHERE has_words = 0 LIMIT 1"].Number() is { } first)
            InTransaction(() => IndexBlock(first));
        while (Recent() is { Count: > 0 } positions)
            InTransaction(() => positions.ForEach(IndexRecent));
    }

    private void IndexBlock(long first)
    {
        _words.Clear();
        for (var entry = 0; entry < EntrySet.BlockSize; entry++)
        {
            var text = TextOf(first + entry);
            _words.Add(entry, text.Content, text.Reason);
        }
        _words.Write(first);
        database["UPDATE audit_block SET has_words = 1 WHERE first = ?"].Run(first);
    }

    private List<long> Recent()
    {
        var positions = new List<long>();
        using var rows = database["SELECT position FROM audit_recent WHERE content IS NULL LIMIT ?"].Query(EntrySet.BlockSize);
        while (rows.Next())
            positions.Add(rows.Int64(0));
        return positions;
    }

    private void IndexRecent(long position)
    {
        var text = TextOf(position);
        database["UPDATE audit_recent SET content = ?, reason = ? WHERE position = ?"].Run(text.Content, text.Reason, position);
    }

    private EntryText TextOf(long position)
    {
        using var rows = database["SELECT leaf FROM audit_entry WHERE position = ?"].Query(position);
        return rows.Next()
            ? LeafText.Of(rows.Bytes(0), Reason(position), digest => Blob(Position.Tenant(position), digest))
            : throw new IOException($"The audit log is damaged: there is no entry at {position}.");
    }

    private string? Reason(long position)
    {
        using var rows = database["SELECT pointer, value FROM entry_private_clear WHERE position = ?"].Query(position);
        while (rows.Next())
        {
            if (LeafText.ReasonPointers.Contains(rows.Text(0), StringComparer.Ordinal))
                return rows.Text(1);
        }
        return null;
    }

    private ReadOnlyMemory<byte> Blob(long tenant, Digest digest)
    {
        using var rows = database["SELECT content FROM blob WHERE tenant = ? AND digest = ?"].Query(tenant, digest);
        return rows.Next() ? rows.Bytes(0) : throw new IOException($"The audit log is damaged: the blob {digest} is missing.");
    }

    private void InTransaction(Action work)
    {
        database.Execute("BEGIN IMMEDIATE");
        try
        {
            work();
            database.Execute("COMMIT");
        }
        catch
        {
            if (database.InTransaction)
                database.Execute("ROLLBACK");
            throw;
        }
    }
}
