using Halyard.Core;
using Halyard.Core.Flags;
using Halyard.Core.Storage;
using Halyard.Core.Storage.Copying;
using Halyard.Ledger;
using Halyard.Storage.DynamoDb.Logs;
using Halyard.Storage.DynamoDb.Native;
using Halyard.Storage.DynamoDb.Reading;

namespace Halyard.Storage.DynamoDb.Copying;

/// <summary>Writes a section's rows as their items.</summary>
internal sealed class SectionItems(Table table, string tenant, PeopleDirectory directory, Entropy entropy)
{
    public async ValueTask WriteAsync(Section section, IReadOnlyList<object?[]> rows, CancellationToken cancellationToken)
    {
        var items = section.Name switch
        {
            "resource" => rows.SelectMany(Resource),
            "fence" => rows.Select(row => FenceItems.Write(tenant, Text(row, 0), Number(row, 1))),
            "answer" => rows.Select(Answer),
            "document_private" => rows.Select(row => DocumentPrivates.Write(tenant, row)),
            "subject" => await PeopleAsync(rows, cancellationToken),
            "erased_subject" => await ErasedAsync(rows, cancellationToken),
            "evaluation_total" => await CountsAsync(rows, keys: 1, cancellationToken),
            "evaluation_hour" => await CountsAsync(rows, keys: 2, cancellationToken),
            "mark" => rows.Select(row => MarkItems.Write(tenant, Text(row, 0), Number(row, 1), Bytes(row, 2), entropy)),
            "timer" => rows.Select(row => TimerItems.Write(Timer(row), entropy)),
            "blob" => rows.SelectMany(row => BlobItems.Write(tenant, new(Digest.FromBytes(Bytes(row, 0)), Bytes(row, 1)))),
            _ => throw new InvalidOperationException($"Nobody knows how rows of '{section}' are kept."),
        };
        await table.PutAsync(items, cancellationToken);
    }

    private List<Item> Resource(object?[] row)
    {
        var name = new ResourceName(ResourceKinds.Parse(Text(row, 0))!.Value, Text(row, 1), Text(row, 2));
        var put = new ResourceWrite.Put(
            name,
            0,
            Text(row, 3),
            Number(row, 4),
            Bytes(row, 7),
            row[8] is byte[] masked ? masked : default(ReadOnlyMemory<byte>?)
        );
        return ResourceItems.Write(tenant, put, Time(row, 5), Time(row, 6));
    }

    private Item Answer(object?[] row) =>
        AnswerItems.Write(
            tenant,
            new PendingAnswer(
                Text(row, 0),
                Text(row, 1),
                Digest.FromBytes(Bytes(row, 2)),
                Text(row, 3),
                Bytes(row, 8),
                Time(row, 4)
            ),
            new Receipt("", Number(row, 5), Digest.FromBytes(Bytes(row, 6)), Time(row, 7))
        );

    private TakenTimer Timer(object?[] row) =>
        new(
            tenant,
            new DurableTimer(
                Text(row, 0),
                Time(row, 1),
                Text(row, 3),
                new ResourceName(ResourceKinds.Parse(Text(row, 4))!.Value, Text(row, 5), Text(row, 6)),
                Number(row, 7)
            ),
            Time(row, 2),
            Number(row, 8)
        );

    private async ValueTask<IEnumerable<Item>> PeopleAsync(IReadOnlyList<object?[]> rows, CancellationToken cancellationToken)
    {
        var items = new List<Item>();
        foreach (var row in rows)
        {
            var (named, profile) = await directory.ItemsAsync(Text(row, 0), Text(row, 1), cancellationToken);
            items.AddRange([named, profile]);
        }
        return items;
    }

    /// <summary>Those of one erasure are one item, whichever pages they come in.</summary>
    private async ValueTask<IEnumerable<Item>> ErasedAsync(IReadOnlyList<object?[]> rows, CancellationToken cancellationToken)
    {
        var erasures = rows.GroupBy(row => Number(row, 1), row => Text(row, 0)).ToList();
        var known = await table.GetAsync(erasures.Select(erasure => Keys.Erasure(tenant, erasure.Key)), cancellationToken);
        return erasures.Select(erasure =>
            Erasures.Write(
                tenant,
                erasure.Key,
                known.TryGetValue(Keys.Erasure(tenant, erasure.Key), out var before)
                    ? Erasures.Subjects(before).Concat(erasure)
                    : erasure
            )
        );
    }

    /// <summary>Those of an environment, or of its hour, are one item too.</summary>
    private async ValueTask<IEnumerable<Item>> CountsAsync(
        IReadOnlyList<object?[]> rows,
        int keys,
        CancellationToken cancellationToken
    )
    {
        var added = rows.GroupBy(row =>
                keys == 1 ? Keys.Totals(tenant, Text(row, 0)) : Keys.Hour(tenant, Text(row, 0), Time(row, 1))
            )
            .ToDictionary(cell => cell.Key, cell => cell.ToList());
        var known = await CountItems.ReadAsync(table, added.Keys, cancellationToken);
        return added.SelectMany(cell =>
        {
            var before = known.GetValueOrDefault(cell.Key, StoredCounts.None);
            var counts = cell.Value.Select(row => new EvaluationCount(
                Text(row, keys),
                Text(row, keys + 1),
                Number(row, keys + 2),
                Time(row, keys + 3)
            ));
            return CountItems.Write(
                cell.Key,
                keys == 1 ? null : Time(cell.Value[0], 1),
                before with
                {
                    Counts = CountCodec.Sum(before.Counts.Concat(counts)),
                    Version = before.Version + 1,
                }
            );
        });
    }

    private static string Text(object?[] row, int column) => (string)row[column]!;

    private static long Number(object?[] row, int column) => (long)row[column]!;

    private static byte[] Bytes(object?[] row, int column) => (byte[])row[column]!;

    private static DateTimeOffset Time(object?[] row, int column) => (DateTimeOffset)row[column]!;
}
