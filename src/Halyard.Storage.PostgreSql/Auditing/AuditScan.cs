using System.Runtime.CompilerServices;
using Halyard.Core.Audit;
using Halyard.Core.Audit.Searching;
using Halyard.Storage.PostgreSql.Native;
using Npgsql;

namespace Halyard.Storage.PostgreSql.Auditing;

/// <summary>
/// Finds the entries that match a query, newest first: the recent entries in one statement, then whole blocks, of which one row for
/// each term of the query is read; few blocks first, then more at once. In a transaction that sees one moment.
/// </summary>
internal sealed class AuditScan
{
    private const int FirstBlocks = 4;
    private const int MostBlocks = 256;

    private readonly NpgsqlConnection _connection;
    private readonly int _tenant;
    private readonly AuditQuery _query;
    private readonly AuditFilter _filter;
    private readonly TextQuery? _text;
    private readonly DateTime? _from;
    private readonly DateTime? _to;
    private readonly BlockSearch _blocks;
    private readonly WordSearch? _words;

    /// <summary>Reads the query.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Its text is too long.</exception>
    public AuditScan(NpgsqlConnection connection, int tenant, AuditQuery query)
    {
        (_connection, _tenant, _query) = (connection, tenant, query);
        _filter = AuditFilter.Of(query);
        _text = query.Text is { } text ? TextQuery.Parse(text) : null;
        _from = query.From is { } from ? Instants.Ceiling(from) : null;
        _to = query.To is { } to ? Instants.Ceiling(to) : null;
        _blocks = new BlockSearch(connection, tenant, _filter, (_from, _to));
        _words = _text is null ? null : new WordSearch(connection, tenant, _text, query.SearchesReasons);
    }

    /// <summary>The matches below an index, some at a time, each time in descending order.</summary>
    /// <param name="before">The index, or <see langword="null"/> for all.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async IAsyncEnumerable<(long First, EntrySet Entries)> NewestAsync(
        long? before,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        if (_text is { Phrases.Count: 0 } || _from >= _to)
            yield break;
        var (size, minimum, recent) = (
            await _connection
                .Command(
                    """
                    SELECT size, minimum, coalesce((SELECT min(idx) FROM audit_recent WHERE tenant = $1), size)
                    FROM audit_head WHERE tenant = $1
                    """,
                    _tenant
                )
                .ListAsync(row => (row.GetInt64(0), row.GetInt64(1), row.GetInt64(2)), cancellationToken)
        )[0];
        var end = Math.Min(before ?? size, size);
        var since = Math.Max(_query.Since, minimum);
        if (end <= since)
            yield break;
        if (end > recent)
        {
            foreach (var block in await RecentAsync(Math.Max(recent, since), end, cancellationToken))
                yield return block;
        }
        end = Math.Min(end, recent);
        var oldest = since / EntrySet.BlockSize;
        var atOnce = FirstBlocks;
        for (var last = (end - 1) / EntrySet.BlockSize; end > since && last >= oldest; )
        {
            var first = Math.Max(last - atOnce + 1, oldest);
            var blocks = Candidates(first, last, since, end);
            await _blocks.KeepAsync(blocks, cancellationToken);
            if (_words is not null)
                await _words.KeepAsync(blocks, cancellationToken);
            foreach (var (block, entries) in blocks.OrderByDescending(block => block.Key).Where(block => !block.Value.IsEmpty))
                yield return (block, entries);
            last = first - 1;
            atOnce = Math.Min(atOnce * 4, MostBlocks);
        }
    }

    private static Dictionary<long, EntrySet> Candidates(long firstBlock, long lastBlock, long since, long end)
    {
        var blocks = new Dictionary<long, EntrySet>();
        for (var block = firstBlock; block <= lastBlock; block++)
        {
            var first = block * EntrySet.BlockSize;
            blocks[first] = EntrySet.Range((int)Math.Max(since - first, 0), (int)Math.Min(EntrySet.BlockSize, end - first));
        }
        return blocks;
    }

    /// <summary>Those of the entries that are not in a whole block yet, by blocks, newest first.</summary>
    private async ValueTask<IEnumerable<(long First, EntrySet Entries)>> RecentAsync(
        long from,
        long end,
        CancellationToken cancellationToken
    )
    {
        var found = new Dictionary<long, EntrySet>();
        await using var command = RecentCommand(from, end);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            if (_text is not null && !_text.Matches(reader.Text(1), _query.SearchesReasons ? reader.Text(2) : ""))
                continue;
            var index = reader.GetInt64(0);
            var first = index - (index % EntrySet.BlockSize);
            if (!found.TryGetValue(first, out var entries))
                found[first] = entries = new EntrySet();
            entries.Add((int)(index - first));
        }
        return found.OrderByDescending(block => block.Key).Select(block => (block.Key, block.Value));
    }

    // Terms and times are compared there; the words are compared here, where all stores compare them.
    private NpgsqlCommand RecentCommand(long from, long end)
    {
        var sql = _text is null ? "SELECT idx FROM audit_recent" : "SELECT idx, content, reason FROM audit_recent";
        sql += " WHERE tenant = $1 AND idx >= $2 AND idx < $3";
        var values = new List<SqlValue> { _tenant, from, end };
        void And(string condition, SqlValue value)
        {
            values.Add(value);
            sql += $" AND {condition}{values.Count}";
        }
        foreach (var any in _filter.AllOf)
            And("terms && $", any);
        if (_filter.NoneOf.Count > 0)
            And("NOT terms && $", _filter.NoneOf.ToArray());
        if (_from is { } earliest)
            And("effective_at >= $", earliest);
        if (_to is { } latest)
            And("effective_at < $", latest);
        return _connection.Command(sql, [.. values]);
    }
}
