using Halyard.Core.Audit.Searching;
using Halyard.Storage.Sqlite.Native;

namespace Halyard.Storage.Sqlite.Writing;

/// <summary>The words of reasons, which are personal: they go when the reason goes.</summary>
internal sealed class ReasonWords(Database database)
{
    /// <summary>
    /// Forgets which words the reasons of these entries had; free text no longer finds the entries by them. What is deleted is
    /// overwritten in the file, and leaves the write-ahead log with its next checkpoint.
    /// </summary>
    public void Erase(IEnumerable<long> positions)
    {
        foreach (var block in positions.GroupBy(FirstOfBlock))
        {
            var erased = new EntrySet();
            foreach (var position in block)
            {
                erased.Add((int)(position - block.Key));
                database["UPDATE audit_recent SET reason = '' WHERE position = ?"].Run(position);
            }
            foreach (var (word, entries, places) in Words(block.Key))
                Rewrite(block.Key, word, (entries, places), erased);
        }
    }

    private static long FirstOfBlock(long position) => position - (Position.Index(position) % EntrySet.BlockSize);

    private List<(string Word, byte[] Entries, byte[] Places)> Words(long first)
    {
        var words = new List<(string, byte[], byte[])>();
        using var rows = database["SELECT word, entries, places FROM audit_block_word WHERE first = ? AND source = ?"]
            .Query(first, (long)WordSource.Reason);
        while (rows.Next())
            words.Add((rows.Text(0), rows.Bytes(1), rows.Bytes(2)));
        return words;
    }

    private void Rewrite(long first, string word, (byte[] Entries, byte[] Places) row, EntrySet erased)
    {
        var (entries, kept) = (new EntrySet(), new EntrySet());
        entries.Add(row.Entries);
        kept.Add(row.Entries);
        kept.ExceptWith(erased);
        if (kept.Count == entries.Count)
            return;
        if (kept.IsEmpty)
        {
            database["DELETE FROM audit_block_word WHERE first = ? AND word = ? AND source = ?"]
                .Run(first, word, (long)WordSource.Reason);
            return;
        }
        database["UPDATE audit_block_word SET entries = ?, places = ? WHERE first = ? AND word = ? AND source = ?"]
            .Run(kept.ToBytes(), WordPlaces.Without(row.Places, entries, erased), first, word, (long)WordSource.Reason);
    }
}
