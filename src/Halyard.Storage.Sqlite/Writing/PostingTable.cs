using Halyard.Core.Audit;
using Halyard.Storage.Sqlite.Auditing;
using Halyard.Storage.Sqlite.Native;

namespace Halyard.Storage.Sqlite.Writing;

/// <summary>What entries are found by. An entry has about a dozen of these small rows, so several share a statement.</summary>
internal sealed class PostingTable(Database database, TermTable terms)
{
    private const int RowsAtOnce = 16;

    private static readonly string[] Inserts = [.. Enumerable.Range(0, RowsAtOnce + 1).Select(Insert)];

    private readonly HashSet<long> _found = [];
    private readonly SqlValue[] _values = new SqlValue[RowsAtOnce * 2];

    public void Write(long tenant, long position, EntryDraft draft)
    {
        _found.Clear();
        var filled = 0;
        foreach (var (facet, value) in Facets.Of(draft))
        {
            var term = terms.Term(tenant, facet, value);
            if (!_found.Add(term))
                continue;
            _values[filled++] = term;
            _values[filled++] = position;
            if (filled == _values.Length)
                Flush(ref filled);
        }
        Flush(ref filled);
    }

    private void Flush(ref int filled)
    {
        if (filled > 0)
            database[Inserts[filled / 2]].Run(_values.AsSpan(0, filled));
        filled = 0;
    }

    // OR IGNORE although no row is there yet: the plain form of several rows measured slower than rows one by one (194 µs of
    // processor time an imported entry against 153), presumably for an undo journal of each statement.
    private static string Insert(int rows) =>
        $"INSERT OR IGNORE INTO audit_posting (term, position) VALUES {string.Join(", ", Enumerable.Repeat("(?, ?)", rows))}";
}
