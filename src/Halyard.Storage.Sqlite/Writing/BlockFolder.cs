using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Halyard.Core.Audit.Searching;
using Halyard.Storage.Sqlite.Auditing;
using Halyard.Storage.Sqlite.Native;

namespace Halyard.Storage.Sqlite.Writing;

/// <summary>Turns the recent rows of a whole block into one row a term: a block is written once and never again.</summary>
internal sealed class BlockFolder(Database database)
{
    private readonly Dictionary<long, EntrySet> _postings = [];
    private readonly List<long> _terms = [];
    private readonly BlockWords _words = new(database);
    private long _earliest;
    private long _latest;
    private char[] _content = [];
    private char[] _reason = [];
    private readonly byte[] _times = new byte[EntrySet.BlockSize * sizeof(long)];

    /// <summary>Folds the block whose first entry is at this position.</summary>
    /// <param name="first">The position.</param>
    /// <param name="rows">The block's last rows, as far as they are not in the table.</param>
    /// <exception cref="IOException">A row is missing: the log has no gaps, so the file is damaged.</exception>
    public void Fold(long first, IEnumerable<RecentRow> rows)
    {
        _postings.Clear();
        _words.Clear();
        (_earliest, _latest) = (long.MaxValue, long.MinValue);
        var place = Read(first);
        foreach (var row in rows)
        {
            if (row.Position != first + place)
                break;
            Add(place, row.EffectiveAt, row.Terms);
            _words.Add(place, row.Text.Content, row.Text.Reason);
            place++;
        }
        if (place != EntrySet.BlockSize)
            throw new IOException($"The index of the audit log is damaged: entry {first + place} is missing in it.");
        database["INSERT INTO audit_block (first, effective_from, effective_to, effective, has_words) VALUES (?, ?, ?, ?, 1)"]
            .Run(first, _earliest, _latest, _times);
        // In the order of the table's key, so that each of its pages is visited once.
        foreach (var (term, entries) in _postings.OrderBy(posting => posting.Key))
            database["INSERT INTO audit_block_posting (term, first, entries) VALUES (?, ?, ?)"]
                .Run(term, first, entries.ToBytes());
        _words.Write(first);
        database["DELETE FROM audit_recent WHERE position >= ? AND position < ?"].Run(first, first + EntrySet.BlockSize);
    }

    /// <summary>Adds the rows of the table; how many there are without a gap.</summary>
    private int Read(long first)
    {
        var place = 0;
        using var rows = database[
            """
            SELECT position, effective_at, terms, content, reason FROM audit_recent
            WHERE position >= ? AND position < ? ORDER BY position
            """
        ]
            .Query(first, first + EntrySet.BlockSize);
        while (rows.Next())
        {
            if (rows.Int64(0) != first + place)
                break;
            TermList.Read(rows.Span(2), _terms);
            Add(place, rows.Int64(1), CollectionsMarshal.AsSpan(_terms));
            _words.Add(place, rows.Text(3, ref _content), rows.Text(4, ref _reason));
            place++;
        }
        return place;
    }

    private void Add(int place, long effective, ReadOnlySpan<long> terms)
    {
        (_earliest, _latest) = (Math.Min(_earliest, effective), Math.Max(_latest, effective));
        BinaryPrimitives.WriteInt64LittleEndian(_times.AsSpan(place * sizeof(long)), effective);
        foreach (var term in terms)
        {
            ref var entries = ref CollectionsMarshal.GetValueRefOrAddDefault(_postings, term, out _);
            (entries ??= new EntrySet()).Add(place);
        }
    }
}
