using Halyard.Core.Audit.Searching;
using Halyard.Storage.Sqlite.Auditing;
using Halyard.Storage.Sqlite.Native;

namespace Halyard.Storage.Sqlite.Writing;

/// <summary>
/// What the newest entries are found by: one row an entry, until a whole block of them is folded into postings. The rows of a
/// transaction are written at its end, so that those of a block that it completes are never written at all.
/// </summary>
internal sealed class RecentTable(Database database, TermTable terms)
{
    private readonly HashSet<long> _found = [];
    private readonly BlockFolder _folder = new(database);

    /// <summary>The rows of this transaction, in the order of each log; the first <see cref="_written"/> are in the table.</summary>
    private readonly List<RecentRow> _rows = [];
    private int _written;
    private (int Rows, int Written) _mark;

    /// <summary>Each tenant's first index that is not folded; known once its log was looked at.</summary>
    private readonly Dictionary<long, long> _unfolded = [];

    public void Add(
        long tenant,
        long position,
        IEnumerable<(string Facet, string Value)> facets,
        EntryText text,
        DateTimeOffset effectiveAt
    )
    {
        _found.Clear();
        foreach (var (facet, value) in facets)
            _found.Add(terms.Term(tenant, facet, value));
        _rows.Add(new RecentRow(position, Micros.Floor(effectiveAt), [.. _found], text));
    }

    /// <summary>Writes the rows so far, for whoever changes the table.</summary>
    public void Write()
    {
        for (; _written < _rows.Count; _written++)
            Write(_rows[_written]);
    }

    /// <summary>A request begins.</summary>
    public void Mark() => _mark = (_rows.Count, _written);

    /// <summary>The request is undone, and with it whatever it wrote into the table, be it rows of others.</summary>
    public void Undo()
    {
        _rows.RemoveRange(_mark.Rows, _rows.Count - _mark.Rows);
        _written = _mark.Written;
    }

    /// <summary>Ends the transaction: folds the whole blocks of these logs, and writes the rows that are in none.</summary>
    public void Flush(IEnumerable<(long Tenant, long Size)> logs)
    {
        foreach (var (tenant, size) in logs)
        {
            Fold(tenant, size);
            foreach (var row in Unwritten(Position.Of(tenant, _unfolded[tenant]), Position.First(tenant + 1)))
                Write(row);
        }
        _rows.Clear();
        _written = 0;
    }

    /// <summary>After a rollback: what was folded in it is not.</summary>
    public void Forget()
    {
        _unfolded.Clear();
        _rows.Clear();
        (_written, _mark) = (0, default);
    }

    /// <summary>Folds every whole block below the log's size.</summary>
    private void Fold(long tenant, long size)
    {
        if (!_unfolded.TryGetValue(tenant, out var first))
            first = Oldest(tenant) is { } oldest ? Position.Index(oldest) : size;
        for (; first + EntrySet.BlockSize <= size; first += EntrySet.BlockSize)
        {
            var from = Position.Of(tenant, first);
            _folder.Fold(from, Unwritten(from, from + EntrySet.BlockSize));
        }
        _unfolded[tenant] = first;
    }

    /// <summary>The rows from one position to before another that are not in the table; those of other logs may stand between them.</summary>
    private IEnumerable<RecentRow> Unwritten(long from, long end)
    {
        for (var i = _written; i < _rows.Count; i++)
        {
            if (_rows[i].Position >= from && _rows[i].Position < end)
                yield return _rows[i];
        }
    }

    private long? Oldest(long tenant)
    {
        var (from, end) = (Position.First(tenant), Position.First(tenant + 1));
        if (
            database["SELECT min(position) FROM audit_recent WHERE position >= ? AND position < ?"].Number(from, end) is
            { } oldest
        )
            return oldest;
        return Unwritten(from, end).FirstOrDefault()?.Position;
    }

    private void Write(RecentRow row) =>
        database["INSERT INTO audit_recent (position, effective_at, terms, content, reason) VALUES (?, ?, ?, ?, ?)"]
            .Run(row.Position, row.EffectiveAt, TermList.Write(row.Terms), row.Text.Content, row.Text.Reason);
}

/// <summary>What one of the newest entries is found by.</summary>
/// <param name="Position">Its position.</param>
/// <param name="EffectiveAt">When it took effect, in microseconds.</param>
/// <param name="Terms">The numbers of the values that it is found by.</param>
/// <param name="Text">What free text finds it by.</param>
internal sealed record RecentRow(long Position, long EffectiveAt, long[] Terms, EntryText Text);
