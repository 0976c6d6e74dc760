using Halyard.Core.Storage.Copying;
using Halyard.Storage.DynamoDb.Logs;
using Halyard.Storage.DynamoDb.Native;
using Halyard.Storage.DynamoDb.Reading;

namespace Halyard.Storage.DynamoDb.Copying;

/// <summary>A row of a section and where it is.</summary>
/// <param name="Row">The first columns of its key, by which rows are found and ordered; several rows that begin with them are one item.</param>
/// <param name="Item">The item that has it.</param>
internal readonly record struct Located(object?[] Row, Key Item);

/// <summary>
/// What a table has beside its logs, read once from end to end: an answer's or a person's partition cannot be known beforehand. It holds
/// keys alone; the rows stay in the table.
/// </summary>
internal sealed class Inventory
{
    private static readonly string[] Attributes =
    [
        Item.Partition,
        Item.Sort,
        "name",
        "kind",
        "project",
        "key",
        "revision",
        "credential",
        "id",
        "hour",
        Erasures.Names,
    ];

    private readonly Dictionary<(string Tenant, string Section), List<Located>> _rows = [];
    private readonly Dictionary<(string Tenant, string Section), List<Key>> _items = [];
    private readonly SortedSet<string> _tenants = new(StringComparer.Ordinal);

    /// <summary>Every tenant that anything is kept of, in ordinal order.</summary>
    public IReadOnlyList<string> Tenants => [.. _tenants];

    public static async ValueTask<Inventory> TakeAsync(Table table, CancellationToken cancellationToken)
    {
        var inventory = new Inventory();
        await foreach (var item in table.ScanAsync(Attributes, cancellationToken))
            inventory.Add(item);
        foreach (var (place, rows) in inventory._rows)
            inventory._rows[place] = Ordered(rows);
        return inventory;
    }

    /// <summary>The rows of a section, in their order.</summary>
    public IReadOnlyList<Located> RowsOf(string tenant, Section section) => _rows.GetValueOrDefault((tenant, section.Name)) ?? [];

    /// <summary>Every item that a section consists of.</summary>
    public IReadOnlyList<Key> ItemsOf(string tenant, Section section) => _items.GetValueOrDefault((tenant, section.Name)) ?? [];

    /// <summary>Of somebody who was erased twice the last erasure counts.</summary>
    private static List<Located> Ordered(List<Located> rows)
    {
        rows.Sort(
            (one, other) =>
                RowOrder.Instance.Compare(one.Row, other.Row) is not 0 and var order
                    ? order
                    : string.CompareOrdinal(one.Item.Sort, other.Item.Sort)
        );
        return
        [
            .. rows.Where(
                (row, place) => place == rows.Count - 1 || RowOrder.Instance.Compare(row.Row, rows[place + 1].Row) != 0
            ),
        ];
    }

    private void Add(Item item)
    {
        string[] place = item.Key.Partition.Split('#');
        if (place is not ["T", var tenantPart, var what, ..])
            return;
        var tenant = Keys.Text(tenantPart);
        if (what != "COPYING")
            _tenants.Add(tenant);
        foreach (var (section, row) in Locate(place, item))
        {
            ListOf(_items, (tenant, section)).Add(item.Key);
            if (row is not null)
                ListOf(_rows, (tenant, section)).Add(new Located(row, item.Key));
        }
    }

    /// <summary>The sections that an item belongs to, with the row in it; without one for an item that has more of a row, or finds it.</summary>
    private static IEnumerable<(string Section, object?[]? Row)> Locate(string[] place, Item item)
    {
        switch (place)
        {
            case [_, _, "FENCE"]:
                return [("fence", [item.Text("name")])];
            case [_, _, "ANSWER", _]:
                return [("answer", [item.Text("credential"), item.Text("key")])];
            case [_, _, "MARK"]:
                return [("mark", [item.Text("name")])];
            case [_, _, "TIMER"]:
                return item.Has(TimerItems.Id) ? [("timer", [item.Text(TimerItems.Id)])] : [];
            case [_, _, "USER", _]:
                return [("subject", [item.Text("name")])];
            case [_, _, "NAME", _]:
                return [("subject", null)];
            case [_, _, "ERASED"]:
                return Erasures.Subjects(item).Select(subject => ("erased_subject", (object?[]?)[subject]));
            case [_, _, "COUNT", var environment]:
                return Count(Keys.Text(environment), item);
            case [_, _, "BLOB", var digest]:
                return [("blob", Keys.IsFirstPart(item.Key) ? [Convert.FromHexString(digest)] : null)];
            case [.., "PARTS"]:
                return [("resource", null)];
            case [_, _, _] or [_, _, "P", _, _] when item.Has("kind") && item.Has(ResourceItems.Revision):
                return [("resource", [item.Text("kind"), item.Text("project"), item.Text("key")])];
            default:
                return [];
        }
    }

    private static IEnumerable<(string Section, object?[]? Row)> Count(string environment, Item item) =>
        CountItems.IsPart(item.Key)
            ? [(item.Key.Sort.StartsWith("HOUR", StringComparison.Ordinal) ? "evaluation_hour" : "evaluation_total", null)]
        : item.Has(CountItems.Hour) ? [("evaluation_hour", [environment, item.Time(CountItems.Hour)])]
        : [("evaluation_total", [environment])];

    private static List<T> ListOf<T>(Dictionary<(string, string), List<T>> lists, (string, string) place)
    {
        if (!lists.TryGetValue(place, out var list))
            lists[place] = list = [];
        return list;
    }
}
