using System.Runtime.InteropServices;
using Halyard.Core.Audit.Searching;
using Halyard.Storage.PostgreSql.Native;
using Npgsql;

namespace Halyard.Storage.PostgreSql.Auditing;

/// <summary>Finds the entries of whole blocks that have what free text asks for (ADR 0010).</summary>
internal sealed class WordSearch(NpgsqlConnection connection, int tenant, TextQuery text, bool searchesReasons)
{
    /// <summary>Behind every word that begins with a prefix: a character that no text can hold.</summary>
    private const string AfterAnyWord = "\U0010FFFF";

    private readonly (string[] Words, bool IsPrefix)[] _phrases =
    [
        .. text.Phrases.Select(phrase => (phrase.Text.Split(EntryText.WordEnd), phrase.IsPrefix)),
    ];

    private readonly int _last = (int)(searchesReasons ? WordSource.Reason : WordSource.Content);

    private readonly EntrySet _entries = new();
    private List<long> _before = [];
    private List<long> _places = [];

    /// <summary>Leaves only those candidates that have every phrase; blocks by their first index.</summary>
    public async ValueTask KeepAsync(Dictionary<long, EntrySet> blocks, CancellationToken cancellationToken)
    {
        foreach (var (words, isPrefix) in _phrases)
        {
            // Also where several words make a phrase: most entries are out before a place is looked at.
            for (var i = 0; i < words.Length; i++)
                await KeepHavingAsync(blocks, words[i], isPrefix && i == words.Length - 1, cancellationToken);
            if (words.Length > 1)
                await KeepInARowAsync(blocks, words, isPrefix, cancellationToken);
        }
    }

    private async ValueTask KeepHavingAsync(
        Dictionary<long, EntrySet> blocks,
        string word,
        bool isPrefix,
        CancellationToken cancellationToken
    )
    {
        var having = new Dictionary<long, EntrySet>();
        var left = Left(blocks);
        if (left.Length == 0)
            return;
        await using (var command = Rows("first, entries", left, word, isPrefix))
        {
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            while (await reader.ReadAsync(cancellationToken))
            {
                ref var entries = ref CollectionsMarshal.GetValueRefOrAddDefault(having, reader.GetInt64(0), out _);
                (entries ??= new EntrySet()).Add(reader.Bytes(1));
            }
        }
        foreach (var first in left)
        {
            if (having.TryGetValue(first, out var entries))
                blocks[first].IntersectWith(entries);
            else
                blocks[first].Clear();
        }
    }

    private async ValueTask KeepInARowAsync(
        Dictionary<long, EntrySet> blocks,
        string[] words,
        bool isPrefix,
        CancellationToken cancellationToken
    )
    {
        var left = Left(blocks);
        if (left.Length == 0)
            return;
        var rows = new List<Dictionary<long, List<(WordSource Source, byte[] Entries, byte[] Places)>>>();
        for (var i = 0; i < words.Length; i++)
        {
            var found = await Rows("first, source, entries, places", left, words[i], isPrefix && i == words.Length - 1)
                .ListAsync(
                    row => (First: row.GetInt64(0), Word: ((WordSource)row.GetInt16(1), row.Bytes(2), row.Bytes(3))),
                    cancellationToken
                );
            rows.Add(found.GroupBy(row => row.First, row => row.Word).ToDictionary(block => block.Key, block => block.ToList()));
        }
        foreach (var first in left)
            blocks[first]
                .IntersectWith(
                    HavingInARow([.. rows.Select(word => word.GetValueOrDefault(first, []))], isPrefix, blocks[first])
                );
    }

    private EntrySet HavingInARow(
        List<(WordSource Source, byte[] Entries, byte[] Places)>[] words,
        bool isPrefix,
        EntrySet candidates
    )
    {
        ReadPlaces(words[0], sort: false, candidates);
        for (var i = 1; i < words.Length && _places.Count > 0; i++)
        {
            (_before, _places) = (_places, _before);
            ReadPlaces(words[i], isPrefix && i == words.Length - 1, candidates);
            KeepFollowing();
        }
        var having = new EntrySet();
        foreach (var place in _places)
            having.Add(WordPlaces.EntryOf(place));
        return having;
    }

    private void ReadPlaces(List<(WordSource Source, byte[] Entries, byte[] Places)> rows, bool sort, EntrySet candidates)
    {
        _places.Clear();
        foreach (var (source, entries, places) in rows)
        {
            _entries.Clear();
            _entries.Add(entries);
            WordPlaces.Read(places, source, _entries, candidates, _places);
        }
        if (sort)
            _places.Sort();
    }

    /// <summary>Leaves only those places that directly follow one of those before; both in order.</summary>
    private void KeepFollowing()
    {
        var before = CollectionsMarshal.AsSpan(_before);
        var places = CollectionsMarshal.AsSpan(_places);
        var (at, kept) = (0, 0);
        foreach (var place in places)
        {
            while (at < before.Length && before[at] < place - 1)
                at++;
            if (at < before.Length && before[at] == place - 1)
                places[kept++] = place;
        }
        _places.RemoveRange(kept, _places.Count - kept);
    }

    private static long[] Left(Dictionary<long, EntrySet> blocks) =>
        [.. blocks.Where(block => !block.Value.IsEmpty).Select(block => block.Key).Order()];

    // In the order of sources, so that the places of one word are in order.
    private NpgsqlCommand Rows(string columns, long[] blocks, string word, bool isPrefix) =>
        isPrefix
            ? connection.Command(
                $"""
                SELECT w.{columns.Replace(", ", ", w.", StringComparison.Ordinal)} FROM unnest($2::bigint[]) AS b (first)
                CROSS JOIN LATERAL (
                  SELECT * FROM audit_block_word w
                  WHERE w.tenant = $1 AND w.first = b.first AND w.word >= $3 AND w.word < $4 AND w.source <= $5 OFFSET 0) w
                """,
                tenant,
                blocks,
                word,
                word + AfterAnyWord,
                _last
            )
            : connection.Command(
                $"""
                SELECT {columns} FROM audit_block_word
                WHERE tenant = $1 AND first = ANY($2) AND word = $3 AND source <= $4 ORDER BY first, source
                """,
                tenant,
                blocks,
                word,
                _last
            );
}
