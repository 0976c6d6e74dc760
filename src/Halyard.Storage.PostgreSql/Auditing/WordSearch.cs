using System.Runtime.InteropServices;
using Halyard.Core.Audit.Searching;
using Halyard.Storage.PostgreSql.Native;
using Npgsql;

namespace Halyard.Storage.PostgreSql.Auditing;

/// <summary>
/// Finds the entries of whole blocks that have what free text asks for (ADR 0010): in one trip which entries have each word, then in
/// one for each phrase where its words stand, of the blocks that are left.
/// </summary>
internal sealed class WordSearch(NpgsqlConnection connection, int tenant, TextQuery text, bool searchesReasons)
{
    /// <summary>Behind every word that begins with a prefix: a character that no text can hold.</summary>
    private const string AfterAnyWord = "\U0010FFFF";

    /// <summary>A text may have many words: those behind are asked for only where the blocks have the first ones.</summary>
    private const int WordsAtOnce = 8;

    /// <summary>
    /// Of a phrase of so few words all is read at once: what a row costs is to be found, not its bytes. Of longer ones most entries are
    /// out before a place is read.
    /// </summary>
    private const int FewWords = 4;

    /// <summary>While the places of so many blocks are compared here, the server reads those of the next.</summary>
    private const int BlocksAtOnce = 64;

    private readonly (AskedWord[] Words, bool IsPrefix)[] _phrases = [.. text.Phrases.Select(Words)];
    private readonly int _last = (int)(searchesReasons ? WordSource.Reason : WordSource.Content);

    private readonly EntrySet _entries = new();
    private readonly PhraseFinder _phrase = new();

    /// <summary>Leaves only those candidates that have every phrase; blocks by their first index.</summary>
    public async ValueTask KeepAsync(Dictionary<long, EntrySet> blocks, CancellationToken cancellationToken)
    {
        var alone = _phrases.Where(phrase => phrase.Words.Length is 1 or > FewWords).SelectMany(phrase => phrase.Words);
        foreach (var words in alone.Distinct().Chunk(WordsAtOnce))
            await KeepHavingAsync(blocks, words, cancellationToken);
        foreach (var (words, isPrefix) in _phrases.Where(phrase => phrase.Words.Length > 1))
            await KeepInARowAsync(blocks, words, isPrefix, cancellationToken);
    }

    private static (AskedWord[] Words, bool IsPrefix) Words(TextPhrase phrase)
    {
        var words = phrase.Text.Split(EntryText.WordEnd);
        return ([.. words.Select((word, i) => new AskedWord(word, phrase.IsPrefix && i == words.Length - 1))], phrase.IsPrefix);
    }

    private async ValueTask KeepHavingAsync(
        Dictionary<long, EntrySet> blocks,
        AskedWord[] words,
        CancellationToken cancellationToken
    )
    {
        var left = Left(blocks);
        if (left.Length == 0)
            return;
        await using var batch = connection.CreateBatch();
        foreach (var word in words)
            AddEntries(batch, left, word);
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        foreach (var word in words)
        {
            var having = new Dictionary<long, EntrySet>(left.Length);
            while (await reader.ReadAsync(cancellationToken))
            {
                ref var entries = ref CollectionsMarshal.GetValueRefOrAddDefault(having, reader.GetInt64(0), out _);
                Read(reader, word, entries ??= new EntrySet());
            }
            await reader.NextResultAsync(cancellationToken);
            foreach (var first in left)
            {
                if (having.TryGetValue(first, out var entries))
                    blocks[first].IntersectWith(entries);
                else
                    blocks[first].Clear();
            }
        }
    }

    private static void Read(NpgsqlDataReader row, AskedWord word, EntrySet entries)
    {
        if (!word.IsPrefix)
        {
            entries.Add(row.Bytes(1));
            return;
        }
        if (row.BytesOrNull(1) is { } places)
            entries.AddPlaces(places);
        if (row.IsDBNull(2))
            return;
        foreach (var map in row.GetFieldValue<byte[][]>(2))
            entries.Add(map);
    }

    private async ValueTask KeepInARowAsync(
        Dictionary<long, EntrySet> blocks,
        AskedWord[] words,
        bool isPrefix,
        CancellationToken cancellationToken
    )
    {
        long[][] parts = [.. Left(blocks).Chunk(BlocksAtOnce)];
        if (parts.Length == 0)
            return;
        await using var batch = connection.CreateBatch();
        foreach (var part in parts)
        {
            foreach (var word in words)
                AddPlaces(batch, part, word);
        }
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        foreach (var part in parts)
        {
            var rows = new List<ILookup<long, WordRow>>(words.Length);
            foreach (var _ in words)
                rows.Add((await reader.ListAsync(Place, cancellationToken)).ToLookup(row => row.First, row => row.Word));
            foreach (var first in part)
                KeepInARow([.. rows.Select(word => word[first])], isPrefix, blocks[first]);
        }
    }

    private static (long First, WordRow Word) Place(NpgsqlDataReader row) =>
        (row.GetInt64(0), new WordRow((WordSource)row.GetInt16(1), row.Bytes(2), row.Bytes(3)));

    private void KeepInARow(IEnumerable<WordRow>[] words, bool isPrefix, EntrySet candidates)
    {
        // Few entries have all of the words, and only in these are places compared.
        foreach (var word in words)
        {
            _entries.Clear();
            foreach (var row in word)
                _entries.Add(row.Entries);
            candidates.IntersectWith(_entries);
        }
        _phrase.Keep(
            candidates,
            words.Length,
            isPrefix,
            i =>
            {
                foreach (var (source, entries, places) in words[i])
                    _phrase.Add(source, entries, places, candidates);
            }
        );
    }

    private static long[] Left(Dictionary<long, EntrySet> blocks) =>
        [.. blocks.Where(block => !block.Value.IsEmpty).Select(block => block.Key).Order()];

    /// <summary>
    /// Which entries have a word, a row for each text that it stands in. Thousands of words may begin with a prefix, and most of them
    /// stand in few entries: a row a block, with the lists of places (of other lengths than a map's) as one.
    /// </summary>
    private void AddEntries(NpgsqlBatch batch, long[] blocks, AskedWord word)
    {
        if (word.IsPrefix)
            batch.Add(
                """
                SELECT b.first, w.places, w.maps FROM unnest($2::bigint[]) AS b (first)
                CROSS JOIN LATERAL (
                  SELECT string_agg(entries, '') FILTER (WHERE length(entries) <> 256) AS places,
                    array_agg(entries) FILTER (WHERE length(entries) = 256) AS maps
                  FROM audit_block_word
                  WHERE tenant = $1 AND first = b.first AND word >= $3 AND word < $4 AND source <= $5) w
                """,
                tenant,
                blocks,
                word.Text,
                word.Text + AfterAnyWord,
                _last
            );
        else
            batch.Add(
                "SELECT first, entries FROM audit_block_word WHERE tenant = $1 AND first = ANY($2) AND word = $3 AND source <= $4",
                tenant,
                blocks,
                word.Text,
                _last
            );
    }

    // In the order of sources, so that the places of one word are in order.
    private void AddPlaces(NpgsqlBatch batch, long[] blocks, AskedWord word)
    {
        if (word.IsPrefix)
            batch.Add(
                """
                SELECT w.first, w.source, w.entries, w.places FROM unnest($2::bigint[]) AS b (first)
                CROSS JOIN LATERAL (
                  SELECT * FROM audit_block_word w
                  WHERE w.tenant = $1 AND w.first = b.first AND w.word >= $3 AND w.word < $4 AND w.source <= $5 OFFSET 0) w
                """,
                tenant,
                blocks,
                word.Text,
                word.Text + AfterAnyWord,
                _last
            );
        else
            batch.Add(
                """
                SELECT first, source, entries, places FROM audit_block_word
                WHERE tenant = $1 AND first = ANY($2) AND word = $3 AND source <= $4 ORDER BY first, source
                """,
                tenant,
                blocks,
                word.Text,
                _last
            );
    }

    /// <summary>A word that is looked for.</summary>
    /// <param name="Text">The folded word.</param>
    /// <param name="IsPrefix">Whether it may go on.</param>
    private readonly record struct AskedWord(string Text, bool IsPrefix);

    /// <summary>A word in one kind of text of a block's entries.</summary>
    private readonly record struct WordRow(WordSource Source, byte[] Entries, byte[] Places);
}
