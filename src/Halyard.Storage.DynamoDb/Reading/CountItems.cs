using Halyard.Core.Storage;
using Halyard.Storage.DynamoDb.Native;

namespace Halyard.Storage.DynamoDb.Reading;

/// <summary>The counts of an environment, for ever or of one hour, as they are in the table.</summary>
/// <param name="Counts">One for each flag and variant.</param>
/// <param name="Version">How often they were written.</param>
/// <param name="Parts">Of how many items they consist.</param>
/// <param name="Flushes">The last flush of each server that counted lately.</param>
internal sealed record StoredCounts(IReadOnlyList<EvaluationCount> Counts, long Version, int Parts, IReadOnlyList<string> Flushes)
{
    public static StoredCounts None { get; } = new([], 0, 0, []);
}

/// <summary>
/// Counts as items: one of all flags and variants, and more behind it where they are more than an item takes. Those that belong together
/// are written together and have the same version.
/// </summary>
internal static class CountItems
{
    public const string Hour = "hour";
    public const string Version = "version";

    private const string Content = "counts";
    private const string Flushes = "flushes";
    private const string Parts = "parts";

    /// <summary>Reading meets a writer now and then, but never so often in a row.</summary>
    private const int MaxTries = 50;

    /// <summary>The items, the one that is read first first.</summary>
    public static List<Item> Write(Key key, DateTimeOffset? hour, StoredCounts counts)
    {
        var pieces = Pieces.Cut(CountCodec.Write(counts.Counts));
        var item = new Item(key)
            .With(Content, pieces[0])
            .With(Version, counts.Version)
            .With(Parts, pieces.Count)
            .With(Flushes, string.Join(' ', counts.Flushes));
        List<Item> items =
        [
            item,
            .. pieces
                .Skip(1)
                .Select(
                    (piece, part) => new Item(Keys.CountPart(key, part + 1)).With(Content, piece).With(Version, counts.Version)
                ),
        ];
        if (hour is not { } start)
            return items;
        item.With(Hour, start);
        foreach (var written in items)
            written.With(Opening.Expiry, Instants.Expiry(start + EvaluationHours.Kept + TimeSpan.FromDays(1)));
        return items;
    }

    /// <summary>Whether it is not the first item of its counts.</summary>
    public static bool IsPart(Key key) => key.Sort.Count(letter => letter == '#') > (IsOfHour(key) ? 1 : 0);

    /// <summary>Whether the counts are those of one hour.</summary>
    public static bool IsOfHour(Key key) => key.Sort.StartsWith("HOUR", StringComparison.Ordinal);

    /// <summary>Those that exist.</summary>
    public static async ValueTask<Dictionary<Key, StoredCounts>> ReadAsync(
        Table table,
        IReadOnlyCollection<Key> keys,
        CancellationToken cancellationToken
    )
    {
        var found = new Dictionary<Key, StoredCounts>();
        for (var tries = 0; keys.Count > 0; tries++)
        {
            if (tries == MaxTries)
                throw new IOException($"Evaluation counts are incomplete: {keys.First()}.");
            var items = await table.GetAsync(keys, cancellationToken);
            var parts = await table.GetAsync(items.Values.SelectMany(PartsOf), cancellationToken);
            keys = Join(items.Values, parts, found);
        }
        return found;
    }

    /// <summary>The counts of each hour, from one to another, both included; in order.</summary>
    public static async ValueTask<List<(DateTimeOffset Hour, StoredCounts Counts)>> ReadAsync(
        Table table,
        Key first,
        Key last,
        CancellationToken cancellationToken
    )
    {
        var range = (first.Sort, last.Sort + "#\U0010FFFF");
        var items = (await table.QueryAsync(first.Partition, range, cancellationToken)).ToDictionary(item => item.Key);
        var hours = items.Values.Where(item => !IsPart(item.Key)).ToList();
        var found = new Dictionary<Key, StoredCounts>();
        var torn = Join(hours, items, found);
        foreach (var (key, counts) in await ReadAsync(table, torn, cancellationToken))
            found[key] = counts;
        return
        [
            .. hours
                .Where(hour => found.ContainsKey(hour.Key))
                .Select(hour => (Hour: hour.Time(Hour), found[hour.Key]))
                .OrderBy(hour => hour.Hour),
        ];
    }

    /// <summary>Adds what is whole to what was found, and gives the keys of what is not: somebody counted in between.</summary>
    private static List<Key> Join(IEnumerable<Item> items, Dictionary<Key, Item> parts, Dictionary<Key, StoredCounts> found)
    {
        var torn = new List<Key>();
        foreach (var item in items)
        {
            var version = item.Number(Version);
            var more = PartsOf(item).Select(parts.GetValueOrDefault).ToList();
            if (more.TrueForAll(part => part?.Number(Version) == version))
                found[item.Key] = new StoredCounts(
                    CountCodec.Read([.. item.Bytes(Content), .. more.SelectMany(part => part!.Bytes(Content))]),
                    version,
                    more.Count + 1,
                    item.Text(Flushes).Split(' ', StringSplitOptions.RemoveEmptyEntries)
                );
            else
                torn.Add(item.Key);
        }
        return torn;
    }

    private static IEnumerable<Key> PartsOf(Item item) =>
        Enumerable.Range(1, (int)item.Number(Parts) - 1).Select(part => Keys.CountPart(item.Key, part));
}

/// <summary>Counts as bytes.</summary>
internal static class CountCodec
{
    public static byte[] Write(IEnumerable<EvaluationCount> counts) =>
        Packed.Write(writer =>
        {
            writer.WriteStartArray();
            foreach (var count in counts)
            {
                writer.WriteStartArray();
                writer.WriteStringValue(count.Flag);
                writer.WriteStringValue(count.Variant);
                writer.WriteNumberValue(count.Count);
                writer.WriteNumberValue(Instants.Micros(count.LastAt));
                writer.WriteEndArray();
            }
            writer.WriteEndArray();
        });

    public static List<EvaluationCount> Read(byte[] bytes)
    {
        using var document = Packed.Read(bytes);
        return
        [
            .. document
                .RootElement.EnumerateArray()
                .Select(count => new EvaluationCount(
                    count[0].GetString()!,
                    count[1].GetString()!,
                    count[2].GetInt64(),
                    Instants.From(count[3].GetInt64())
                )),
        ];
    }

    /// <summary>One for each flag and variant, in ordinal order.</summary>
    public static IReadOnlyList<EvaluationCount> Sum(IEnumerable<EvaluationCount> counts) =>
        [
            .. counts
                .GroupBy(count => (count.Flag, count.Variant))
                .OrderBy(cell => cell.Key.Flag, StringComparer.Ordinal)
                .ThenBy(cell => cell.Key.Variant, StringComparer.Ordinal)
                .Select(cell => new EvaluationCount(
                    cell.Key.Flag,
                    cell.Key.Variant,
                    cell.Sum(count => count.Count),
                    cell.Max(count => Instants.From(Instants.Micros(count.LastAt)))
                )),
        ];
}
