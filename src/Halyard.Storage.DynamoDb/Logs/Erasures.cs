using System.Globalization;
using System.Text.Json;
using Halyard.Storage.DynamoDb.Native;

namespace Halyard.Storage.DynamoDb.Logs;

/// <summary>Who was erased: an item for each erasure, written by the transaction of its entry.</summary>
internal static class Erasures
{
    public const string Names = "subjects";

    public static Item Write(string tenant, long index, IEnumerable<string> subjects) =>
        new Item(Keys.Erasure(tenant, index)).With(
            Names,
            JsonSerializer.Serialize(subjects.Distinct(StringComparer.Ordinal).ToArray())
        );

    /// <summary>
    /// The erasures from one entry to another, both included. The head, or what says how far it is swept, may name the last one a moment
    /// before that is everywhere in the table; without it nobody would know who was erased.
    /// </summary>
    /// <exception cref="IOException">The last one is missing.</exception>
    public static async ValueTask<List<Item>> ReadAsync(
        Table table,
        string tenant,
        long from,
        long to,
        CancellationToken cancellationToken
    )
    {
        var found = await table.ReadWholeAsync(
            () => table.QueryAsync(Keys.Erasures(tenant), (Keys.Index(from), Keys.Index(to)), cancellationToken),
            IsWhole,
            cancellationToken
        );
        return IsWhole(found) ? found : throw new IOException($"Whom entry {to} of '{tenant}' erased is missing in the table.");

        bool IsWhole(List<Item> items) => items.Count > 0 && Index(items[^1]) == to;
    }

    /// <summary>The entry that says so.</summary>
    public static long Index(Item item) => long.Parse(item.Key.Sort, CultureInfo.InvariantCulture);

    public static IReadOnlyList<string> Subjects(Item item) => JsonSerializer.Deserialize<string[]>(item.Text(Names))!;
}
