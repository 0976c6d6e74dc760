using Halyard.Core.Storage.Copying;
using Halyard.Storage.DynamoDb.Copying;
using Halyard.Storage.DynamoDb.Native;

namespace Halyard.Storage.DynamoDb.Privacy;

/// <summary>Keys on their way from one store to another: unwrapped here and wrapped there.</summary>
internal sealed partial class DynamoDbSubjectKeys
{
    private static readonly string[] CopiedAttributes = [Item.Partition, Item.Sort, Wrapped, Erased, Subject];

    private List<(string Section, object?[] Row)>? _rows;

    /// <summary>Whether there is nothing but what opening the keys makes.</summary>
    public async ValueTask<bool> IsEmptyAsync(CancellationToken cancellationToken)
    {
        await foreach (var item in _table.ScanAsync([Item.Partition, Item.Sort], cancellationToken))
        {
            if (item.Key != DirectorySecret)
                return false;
        }
        return true;
    }

    /// <summary>A page of a section, keys in clear. All are read at the first page, and held wrapped.</summary>
    public async ValueTask<IReadOnlyList<object?[]>> RowsAsync(
        Section section,
        object?[]? after,
        int limit,
        CancellationToken cancellationToken
    )
    {
        var all = _rows ??= await ReadAsync(cancellationToken);
        var rows = all.Where(row => row.Section == section.Name)
            .Select(row => row.Row)
            .SkipWhile(row => after is not null && RowOrder.Instance.Compare(row[..section.Keys], after[..section.Keys]) <= 0)
            .Take(limit);
        return
        [
            .. rows.Select(row =>
                section.Name switch
                {
                    "secret" => [row[0], _wrap.Open("", (string)row[0]!, (byte[])row[1]!)],
                    "subject_key" => [row[0], row[1], _wrap.Open((string)row[0]!, (string)row[1]!, (byte[])row[2]!)],
                    _ => row,
                }
            ),
        ];
    }

    /// <summary>Removes all rows of a section.</summary>
    public async ValueTask ClearAsync(Section section, CancellationToken cancellationToken)
    {
        var keys = new List<Key>();
        await foreach (var item in _table.ScanAsync([Item.Partition, Item.Sort], cancellationToken))
        {
            if (SectionOf(item.Key) == section.Name)
                keys.Add(item.Key);
        }
        await _table.DeleteAsync(keys, cancellationToken);
    }

    /// <summary>Adds rows to a section, whose keys are in clear.</summary>
    public ValueTask WriteAsync(Section section, IReadOnlyList<object?[]> rows, CancellationToken cancellationToken) =>
        _table.PutAsync(
            section.Name switch
            {
                "secret" => rows.Select(row => SecretItem((string)row[0]!, (byte[])row[1]!)),
                "subject_key" => rows.Select(row => KeyItem((string)row[0]!, (string)row[1]!, (byte[])row[2]!)),
                "subject_name" => rows.SelectMany(row =>
                    NameItems((string)row[0]!, (string)row[1]!, (string)row[2]!, (bool)row[3]!)
                ),
                "erased" => rows.SelectMany(row => ErasedItems((string)row[0]!, (string)row[1]!, (long)row[2]!)),
                _ => throw new InvalidOperationException($"Nobody knows how rows of '{section}' are kept."),
            },
            cancellationToken
        );

    private async ValueTask<List<(string Section, object?[] Row)>> ReadAsync(CancellationToken cancellationToken)
    {
        var items = new Dictionary<Key, Item>();
        await foreach (var item in _table.ScanAsync(CopiedAttributes, cancellationToken))
            items[item.Key] = item;
        return
        [
            .. items
                .Values.Select(item => (Section: SectionOf(item.Key), Row: Row(item, items)))
                .Where(row => row.Row.Length > 0)
                .OrderBy(row => row.Row, RowOrder.Instance),
        ];
    }

    /// <summary>What an item is of; one that finds a name is of the names, and one of a key may say that it was erased.</summary>
    private static string SectionOf(Key key) =>
        (key.Partition.Split('#'), key.Sort) switch
        {
            (["SECRET"], _) => "secret",
            ([_, _, "SUBJECT", _], "KEY") => "subject_key",
            ([_, _, "ERASED"], _) => "erased",
            _ => "subject_name",
        };

    /// <summary>The row that an item has, or an empty one.</summary>
    private static object?[] Row(Item item, Dictionary<Key, Item> items)
    {
        string[] place = item.Key.Partition.Split('#');
        switch (SectionOf(item.Key))
        {
            case "secret":
                return [item.Key.Sort, item.Bytes(Wrapped)];
            case "subject_key":
                return item.Has(Wrapped) ? [Keys.Text(place[1]), item.Text(Subject), item.Bytes(Wrapped)] : [];
            case "erased":
                return [Keys.Text(place[1]), item.Text(Subject), item.Number(Erased)];
            default:
                if (place[2] != "NAME" || item.Key.Sort == Own)
                    return [];
                var (tenant, pseudonym, subject) = (Keys.Text(place[1]), Keys.Text(place[3]), item.Text(Subject));
                var isOwn = items.TryGetValue(OwnOf(tenant, pseudonym), out var own) && own.Text(Subject) == subject;
                return [tenant, pseudonym, subject, isOwn];
        }
    }
}
