using Halyard.Core.Flags;
using Halyard.Core.Storage.Copying;
using Halyard.Ledger;
using Halyard.Storage.DynamoDb.Logs;
using Halyard.Storage.DynamoDb.Native;
using Halyard.Storage.DynamoDb.Reading;

namespace Halyard.Storage.DynamoDb.Copying;

/// <summary>Reads a section's rows from their items; not the names of those who were erased, even where they are to be removed yet.</summary>
internal sealed class SectionRows(Table table, string tenant, Section section, IReadOnlySet<string> erased)
{
    /// <summary>As many items as are asked for at once; some have many rows, and few of those are kept in memory.</summary>
    private int AtOnce => section.Name is "evaluation_total" or "evaluation_hour" ? 8 : 100;

    /// <summary>The rows after one of them, or the first; in order.</summary>
    public async ValueTask<IReadOnlyList<object?[]>> PageAsync(
        IReadOnlyList<Located> rows,
        object?[]? after,
        int limit,
        CancellationToken cancellationToken
    )
    {
        var found = new List<object?[]>();
        for (var next = after is null ? 0 : FirstAtOrAfter(rows, after); next < rows.Count && found.Count < limit; )
        {
            List<Located> some = [.. rows.Skip(next).Take(Math.Min(AtOnce, limit - found.Count))];
            next += some.Count;
            var read = await ReadAsync(some, cancellationToken);
            read.Sort(RowOrder.Instance.Compare);
            found.AddRange(read.Where(row => after is null || RowOrder.Instance.Compare(Key(row), Key(after)) > 0));
        }
        return [.. found.Take(limit)];
    }

    private object?[] Key(object?[] row) => row[..section.Keys];

    /// <summary>The item that may have more rows behind one of them, or the next one.</summary>
    private static int FirstAtOrAfter(IReadOnlyList<Located> rows, object?[] row)
    {
        var (low, high) = (0, rows.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (RowOrder.Instance.Compare(rows[middle].Row, row) < 0)
                low = middle + 1;
            else
                high = middle;
        }
        return low;
    }

    /// <summary>What its time removed since the items were looked for is not there any more.</summary>
    private async ValueTask<List<object?[]>> ReadAsync(List<Located> some, CancellationToken cancellationToken)
    {
        if (section.Name is "evaluation_total" or "evaluation_hour")
        {
            var counts = await CountItems.ReadAsync(table, some.ConvertAll(row => row.Item), cancellationToken);
            return
            [
                .. some.Where(row => counts.ContainsKey(row.Item))
                    .SelectMany(row => counts[row.Item].Counts.Select(count => Counted(row.Row, count))),
            ];
        }
        if (section == Section.Blobs)
        {
            var blobs = await BlobItems.ReadAsync(table, tenant, some.ConvertAll(Digest), cancellationToken);
            return [.. some.Select(row => (object?[])[row.Row[0], blobs[Digest(row)]])];
        }
        var items = await table.GetAsync(some.Select(row => row.Item), cancellationToken);
        if (section.Name == "resource")
            return
            [
                .. (await ResourceItems.ReadAsync(table, tenant, items.Values, cancellationToken)).Select(
                    object?[] (resource) =>
                        [
                            resource.Name.Kind.Name(),
                            resource.Name.Project,
                            resource.Name.Key,
                            resource.Id,
                            resource.Revision,
                            resource.CreatedAt,
                            resource.UpdatedAt,
                            resource.Document,
                            resource.Sealed,
                        ]
                ),
            ];
        return
        [
            .. some.Where(row => items.ContainsKey(row.Item))
                .Select(row => Row(row.Row, items[row.Item]))
                .Where(row => section.Name != "subject" || !erased.Contains((string)row[1]!)),
        ];
    }

    private object?[] Row(object?[] key, Item item) =>
        section.Name switch
        {
            "fence" => [.. key, item.Number(FenceItems.Value)],
            "answer" => Answer(key, item),
            "document_private" => Private(key, item),
            "subject" => [.. key, item.Text("sid")],
            "erased_subject" => [.. key, Erasures.Index(item)],
            "mark" => [.. key, item.Number(MarkItems.Version), item.Bytes("value")],
            "timer" => Timer(item),
            _ => throw new InvalidOperationException($"Nobody knows how rows of '{section}' are kept."),
        };

    private static object?[] Answer(object?[] key, Item item)
    {
        var (answer, expiresAt) = AnswerItems.Read(item, "");
        var receipt = answer.Receipt;
        return
        [
            .. key,
            answer.Request.ToArray(),
            answer.Outcome,
            expiresAt,
            receipt.Index,
            receipt.Root.ToArray(),
            receipt.At,
            answer.Body,
        ];
    }

    private static object?[] Private(object?[] key, Item item)
    {
        var (index, value) = SegmentCodec
            .ReadPrivates(item.Bytes(Segments.Content))
            .Values.First(value => value.Value.InDocument && value.Value.Commitment == (string)key[0]!);
        return [.. key, value.Pointer, value.Ciphertext, value.Subject, index];
    }

    private static object?[] Timer(Item item)
    {
        var (_, timer, until, fence) = TimerItems.Read(item);
        return
        [
            timer.Id,
            timer.DueAt,
            until,
            timer.Kind,
            timer.Resource.Kind.Name(),
            timer.Resource.Project,
            timer.Resource.Key,
            timer.Attempt,
            fence,
        ];
    }

    private static object?[] Counted(object?[] key, Core.Storage.EvaluationCount count) =>
        [.. key, count.Flag, count.Variant, count.Count, count.LastAt];

    private static Digest Digest(Located row) => Halyard.Ledger.Digest.FromBytes((byte[])row.Row[0]!);
}
