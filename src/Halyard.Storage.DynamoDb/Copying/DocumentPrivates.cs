using System.Globalization;
using Halyard.Core.Audit.Privacy;
using Halyard.Storage.DynamoDb.Logs;
using Halyard.Storage.DynamoDb.Native;

namespace Halyard.Storage.DynamoDb.Copying;

/// <summary>
/// Values in documents on their way into a log. Here they stand beside the entry that brought them, and a copy brings them apart, after the
/// log and in the order of their commitments; so they wait as items of their own, and each segment is written anew once for all of its.
/// </summary>
internal sealed class DocumentPrivates(Table table, string tenant)
{
    /// <summary>A value that waits, from its row.</summary>
    public static Item Write(string tenant, object?[] row) =>
        new Item(Keys.CopiedPrivate(tenant, (long)row[4]!, (string)row[0]!))
            .With("commitment", (string)row[0]!)
            .With("pointer", (string)row[1]!)
            .With("sealed", (byte[])row[2]!)
            .With("subject", (string)row[3]!);

    /// <summary>Forgets what waits.</summary>
    public async ValueTask ClearAsync(long size, CancellationToken cancellationToken)
    {
        foreach (var part in Parts(size))
            await table.DeleteAsync((await WaitingAsync(part, cancellationToken)).Select(item => item.Key), cancellationToken);
    }

    /// <summary>Puts what waits where it belongs. It can be broken off and begun again anywhere.</summary>
    public async ValueTask MoveAsync(long size, CancellationToken cancellationToken)
    {
        foreach (var part in Parts(size))
        {
            var waiting = await WaitingAsync(part, cancellationToken);
            if (waiting.Count == 0)
                continue;
            var values = waiting.ToLookup(IndexOf, Read);
            foreach (var item in await table.QueryAsync(Keys.Segments(tenant, part), Range(part), cancellationToken))
            {
                var (segment, records) = Segments.Read(item);
                if (records.Any(record => values.Contains(record.Index)))
                    await AddAsync(segment, records, values, cancellationToken);
            }
            await table.DeleteAsync(waiting.Select(item => item.Key), cancellationToken);
        }
    }

    /// <summary>The values first: parts that the segment does not count are not there, and are written again.</summary>
    private async ValueTask AddAsync(
        Segment segment,
        IReadOnlyList<LogRecord> records,
        ILookup<long, SealedValue> values,
        CancellationToken cancellationToken
    )
    {
        var added = records
            .Select(record => Missing(record, values[record.Index]))
            .Where(entry => entry.Privates.Count > 0)
            .ToList();
        if (added.Count == 0)
            return;
        var parts = Segments.Privates(added);
        await table.PutAsync(
            parts.Select(
                (privates, part) =>
                    Segments.WritePrivates(Keys.Privates(tenant, segment.First, segment.PrivateParts + part), privates)
            ),
            cancellationToken
        );
        var marked = added.ToDictionary(entry => entry.Record.Index, entry => entry.Record);
        await table.PutAsync(
            Segments.Write(
                tenant,
                segment with
                {
                    PrivateParts = segment.PrivateParts + parts.Count,
                },
                records.Select(record => marked.GetValueOrDefault(record.Index, record))
            ),
            condition: null,
            cancellationToken
        );
    }

    /// <summary>What an entry does not have yet, and the entry with it.</summary>
    private static SegmentEntry Missing(LogRecord record, IEnumerable<SealedValue> values)
    {
        var known = record.Privates.Select(mark => mark.Commitment).OfType<string>().ToHashSet(StringComparer.Ordinal);
        List<SealedValue> missing = [.. values.Where(value => !known.Contains(value.Commitment))];
        var marks = missing.Select(value => new PrivateMark(value.Subject, value.Commitment, IsReason: false));
        return new SegmentEntry(record with { Privates = [.. record.Privates, .. marks] }, missing, "");
    }

    private ValueTask<List<Item>> WaitingAsync(long part, CancellationToken cancellationToken) =>
        table.QueryAsync(Keys.CopiedPrivates(tenant, part), range: null, cancellationToken);

    private static IEnumerable<long> Parts(long size)
    {
        for (var part = 0L; part * Keys.LogPart < size; part++)
            yield return part;
    }

    private static (string From, string To) Range(long part) =>
        (Keys.Index(part * Keys.LogPart), Keys.Index(((part + 1) * Keys.LogPart) - 1));

    private static long IndexOf(Item item) => long.Parse(item.Key.Sort.Split('#')[0], CultureInfo.InvariantCulture);

    private static SealedValue Read(Item item) =>
        new(item.Text("pointer"), item.Text("commitment"), item.Bytes("sealed"), item.Text("subject"), InDocument: true);
}
