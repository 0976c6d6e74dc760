using Halyard.Core.Audit;
using Halyard.Core.Audit.Searching;
using Halyard.Storage.Sqlite.Auditing;
using Halyard.Storage.Sqlite.Native;

namespace Halyard.Storage.Sqlite.Writing;

/// <summary>What the newest entries are found by: one row an entry, until a whole block of them is folded into postings.</summary>
internal sealed class RecentTable(Database database, TermTable terms)
{
    private readonly HashSet<long> _found = [];
    private readonly BlockFolder _folder = new(database);

    /// <summary>Each tenant's first index that is not folded; known once its log was looked at.</summary>
    private readonly Dictionary<long, long> _unfolded = [];

    public void Write(long tenant, long position, EntryDraft draft, DateTimeOffset effectiveAt)
    {
        _found.Clear();
        foreach (var (facet, value) in Facets.Of(draft))
            _found.Add(terms.Term(tenant, facet, value));
        var text = draft.Index.Text;
        database["INSERT INTO audit_recent (position, effective_at, terms, content, reason) VALUES (?, ?, ?, ?, ?)"]
            .Run(position, effectiveAt, TermList.Write(_found), text.Content, text.Reason);
    }

    /// <summary>Folds every whole block below the log's size.</summary>
    public void Fold(long tenant, long size)
    {
        if (!_unfolded.TryGetValue(tenant, out var first))
        {
            var position = database["SELECT min(position) FROM audit_recent WHERE position >= ? AND position < ?"]
                .Number(Position.First(tenant), Position.First(tenant + 1));
            first = position is { } oldest ? Position.Index(oldest) : size;
        }
        for (; first + EntrySet.BlockSize <= size; first += EntrySet.BlockSize)
            _folder.Fold(Position.Of(tenant, first));
        _unfolded[tenant] = first;
    }

    /// <summary>After a rollback: what was folded in it is not.</summary>
    public void Forget() => _unfolded.Clear();
}
