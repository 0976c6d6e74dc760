using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Halyard.Core.Audit;
using Halyard.Core.Audit.Searching;
using Halyard.Storage.Sqlite.Native;

namespace Halyard.Storage.Sqlite.Auditing;

/// <summary>
/// Finds the entries that match a query, block by block, newest first: the recent entries are looked at one by one, of a whole
/// block one row for each term of the query is read.
/// </summary>
internal sealed class AuditScan(Database database, long tenant, AuditQuery query)
{
    private readonly AuditFilter _filter = AuditFilter.Of(database, tenant, query);
    private readonly TextQuery? _text = query.Text is { } text ? TextQuery.Parse(text) : null;
    private readonly long _from = query.From is { } from ? Micros.Ceiling(from) : long.MinValue;
    private readonly long _to = query.To is { } to ? Micros.Ceiling(to) : long.MaxValue;

    /// <summary>The matches below an index, a block at a time; blocks without a match are left out.</summary>
    public IEnumerable<(long First, EntrySet Entries)> Newest(long? before)
    {
        var size = database["SELECT size FROM audit_head WHERE tenant = ?"].Number(tenant) ?? 0;
        var end = Math.Min(before ?? size, size);
        if (_filter.IsHopeless || _text is { Phrases.Count: 0 } || end <= 0 || _from >= _to)
            yield break;
        var recent = FirstRecent(size);
        var words = _text is null
            ? null
            : new WordSearch(database, _text, query.SearchesReasons ? WordSource.Reason : WordSource.Content);
        var minimum = database["SELECT minimum FROM audit_head WHERE tenant = ?"].Number(tenant) ?? 0;
        var since = Math.Max(query.Since, minimum);
        for (var block = (end - 1) / EntrySet.BlockSize; block >= since / EntrySet.BlockSize; block--)
        {
            var index = block * EntrySet.BlockSize;
            var first = Position.Of(tenant, index);
            var entries = EntrySet.Range((int)Math.Max(since - index, 0), (int)Math.Min(EntrySet.BlockSize, end - index));
            if (index >= recent)
                entries.IntersectWith(Recent(first));
            else
                KeepMatches(entries, first, words);
            if (!entries.IsEmpty)
                yield return (first, entries);
        }
    }

    /// <summary>The index from which on entries are not in a whole block yet.</summary>
    private long FirstRecent(long size) =>
        database["SELECT min(position) FROM audit_recent WHERE position >= ? AND position < ?"]
            .Number(Position.First(tenant), Position.First(tenant + 1))
            is { } position
            ? Position.Index(position)
            : size;

    private EntrySet Recent(long first)
    {
        var found = new EntrySet();
        var terms = new List<long>();
        var (content, reason) = (Array.Empty<char>(), Array.Empty<char>());
        using var rows = database[
            "SELECT position, effective_at, terms, content, reason FROM audit_recent WHERE position >= ? AND position < ?"
        ]
            .Query(first, first + EntrySet.BlockSize);
        while (rows.Next())
        {
            TermList.Read(rows.Span(2), terms);
            if (
                IsInTime(rows.Int64(1))
                && _filter.Accepts(CollectionsMarshal.AsSpan(terms))
                && (
                    _text is null
                    || _text.Matches(rows.Text(3, ref content), query.SearchesReasons ? rows.Text(4, ref reason) : [])
                )
            )
                found.Add((int)(rows.Int64(0) - first));
        }
        return found;
    }

    private void KeepMatches(EntrySet entries, long first, WordSearch? words)
    {
        foreach (var terms in _filter.AllOf)
        {
            entries.IntersectWith(Posted(terms, first));
            if (entries.IsEmpty)
                return;
        }
        if (_filter.NoneOf.Count > 0)
            entries.ExceptWith(Posted(_filter.NoneOf, first));
        if (query.From is not null || query.To is not null)
            KeepInTime(entries, first);
        words?.Keep(entries, first);
    }

    private EntrySet Posted(IReadOnlyList<long> terms, long first)
    {
        var posted = new EntrySet();
        foreach (var term in terms)
        {
            using var rows = database["SELECT entries FROM audit_block_posting WHERE term = ? AND first = ?"].Query(term, first);
            if (rows.Next())
                posted.Add(rows.Span(0));
        }
        return posted;
    }

    private void KeepInTime(EntrySet entries, long first)
    {
        using var rows = database["SELECT effective_from, effective_to, effective FROM audit_block WHERE first = ?"].Query(first);
        if (!rows.Next())
            throw new IOException($"The index of the audit log is damaged: block {first} is missing.");
        var (earliest, latest) = (rows.Int64(0), rows.Int64(1));
        if (_from <= earliest && latest < _to)
            return;
        var inTime = new EntrySet();
        if (earliest < _to && _from <= latest)
        {
            var times = rows.Span(2);
            for (var place = 0; place < EntrySet.BlockSize; place++)
            {
                if (IsInTime(BinaryPrimitives.ReadInt64LittleEndian(times[(place * sizeof(long))..])))
                    inTime.Add(place);
            }
        }
        entries.IntersectWith(inTime);
    }

    private bool IsInTime(long effective) => effective >= _from && effective < _to;
}
