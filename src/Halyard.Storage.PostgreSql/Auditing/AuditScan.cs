using System.Runtime.CompilerServices;
using Halyard.Core.Audit;
using Halyard.Core.Audit.Searching;
using Halyard.Storage.PostgreSql.Native;
using Npgsql;

namespace Halyard.Storage.PostgreSql.Auditing;

/// <summary>
/// Finds the entries that match a query, newest first: the recent entries in one statement, then whole blocks, of which one row for
/// each term of the query is read; for a page few blocks first, then more at once. In a transaction that sees one moment.
/// </summary>
internal sealed class AuditScan
{
    private const int FirstBlocks = 4;
    private const int MostBlocks = 512;

    private const string Head = """
        SELECT minimum, coalesce((SELECT min(idx) FROM audit_recent WHERE tenant = $1), size) FROM audit_head WHERE tenant = $1
        """;

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

    /// <summary>Whether nothing can match, so that nobody need be asked.</summary>
    public bool IsHopeless => _text is { Phrases.Count: 0 } || _from >= _to;

    /// <summary>
    /// The matches below an index, some at a time, each time in descending order. Begins a transaction that sees one moment; whoever
    /// asks ends it.
    /// </summary>
    /// <param name="before">The index, or <see langword="null"/> for all.</param>
    /// <param name="toTheEnd">Whether all of them are wanted, so that many blocks at once are never too many.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async IAsyncEnumerable<(long First, EntrySet Entries)> NewestAsync(
        long? before,
        bool toTheEnd,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        var (head, newest) = await BeginAsync(before ?? long.MaxValue, cancellationToken);
        foreach (var block in newest)
            yield return block;
        var end = Math.Min(before ?? head.Recent, head.Recent);
        var since = Math.Max(_query.Since, head.Minimum);
        var oldest = since / EntrySet.BlockSize;
        var atOnce = toTheEnd ? MostBlocks : FirstBlocks;
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

    /// <summary>
    /// Begins, and tells where the log begins, from which index on entries are not in a whole block yet, and which of those match, by
    /// blocks, newest first.
    /// </summary>
    private async ValueTask<((long Minimum, long Recent) Head, IEnumerable<(long First, EntrySet Entries)> Newest)> BeginAsync(
        long before,
        CancellationToken cancellationToken
    )
    {
        await using var batch = _connection.CreateBatch().Add(Statements.BeginSnapshot).Add(Head, _tenant);
        AddRecent(batch, before);
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        var head = (await reader.ListAsync(row => (row.GetInt64(0), row.GetInt64(1)), cancellationToken))[0];
        var found = new Dictionary<long, EntrySet>();
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
        return (head, found.OrderByDescending(block => block.Key).Select(block => (block.Key, block.Value)));
    }

    // Terms and times are compared there, and who lacks a phrase's letters is out; words are compared here, where all stores compare them.
    private void AddRecent(NpgsqlBatch batch, long before)
    {
        var sql = _text is null ? "SELECT idx FROM audit_recent" : "SELECT idx, content, reason FROM audit_recent";
        sql += " WHERE tenant = $1 AND idx >= greatest($2, (SELECT minimum FROM audit_head WHERE tenant = $1)) AND idx < $3";
        var values = new List<SqlValue> { _tenant, _query.Since, before };
        void And(string condition, SqlValue value)
        {
            values.Add(value);
            sql += $" AND {condition.Replace("$", $"${values.Count}", StringComparison.Ordinal)}";
        }
        foreach (var any in _filter.AllOf)
            And("terms && $", any);
        if (_filter.NoneOf.Count > 0)
            And("NOT terms && $", _filter.NoneOf.ToArray());
        if (_from is { } earliest)
            And("effective_at >= $", earliest);
        if (_to is { } latest)
            And("effective_at < $", latest);
        foreach (var phrase in _text?.Phrases ?? [])
            And(
                _query.SearchesReasons ? "(strpos(content, $) > 0 OR strpos(reason, $) > 0)" : "strpos(content, $) > 0",
                phrase.Text
            );
        batch.Add(sql, [.. values]);
    }
}
