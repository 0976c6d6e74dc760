using System.Globalization;
using Halyard.Core.Audit.Privacy;
using Halyard.Storage.DynamoDb.Native;

namespace Halyard.Storage.DynamoDb.Logs;

/// <summary>The items that a log consists of: entries that one transaction wrote, and their private values beside them.</summary>
internal static class Segments
{
    public const string Content = "content";
    private const string Count = "count";
    private const string PrivateParts = "privates";

    // What a value or an entry takes beyond its texts.
    private const int Overhead = 400;

    /// <summary>The items of new entries, in order, with the segments that they make.</summary>
    public static List<(Segment Segment, IReadOnlyList<LogRecord> Records, List<Item> Items)> Of(
        string tenant,
        IReadOnlyList<SegmentEntry> entries
    )
    {
        var made = new List<(Segment, IReadOnlyList<LogRecord>, List<Item>)>();
        foreach (var some in Cut(entries))
        {
            var first = some[0].Record.Index;
            var records = some.ConvertAll(entry => entry.Record);
            var privates = Privates(some);
            var segment = new Segment(first, records.Count, privates.Count);
            var items = new List<Item> { Write(tenant, segment, records) };
            for (var part = 0; part < privates.Count; part++)
                items.Add(WritePrivates(Keys.Privates(tenant, first, part), privates[part]));
            made.Add((segment, records, items));
        }
        return made;
    }

    public static Item Write(string tenant, Segment segment, IEnumerable<LogRecord> records) =>
        new Item(Keys.Segment(tenant, segment.First))
            .With(Content, SegmentCodec.Write(records))
            .With(Count, segment.Count)
            .With(PrivateParts, segment.PrivateParts);

    public static Item WritePrivates(Key key, SegmentPrivates privates) =>
        new Item(key).With(Content, SegmentCodec.Write(privates));

    public static (Segment Segment, IReadOnlyList<LogRecord> Records) Read(Item item)
    {
        var records = SegmentCodec.Read(item.Bytes(Content));
        return (new Segment(records[0].Index, records.Count, (int)item.Number(PrivateParts)), records);
    }

    /// <summary>
    /// The segments that begin from one entry on, up to before another, of one part of the log. The head may count the last ones a moment
    /// before they are everywhere in the table; whoever gets less than that says so.
    /// </summary>
    public static async ValueTask<List<(Segment Segment, IReadOnlyList<LogRecord> Records)>> ReadAsync(
        Table table,
        string tenant,
        long from,
        long end,
        CancellationToken cancellationToken
    )
    {
        var items = await table.ReadWholeAsync(
            () =>
                table.QueryAsync(
                    Keys.Segments(tenant, from / Keys.LogPart),
                    (Keys.Index(from), Keys.Index(end - 1)),
                    cancellationToken
                ),
            items => items.Count > 0 && FirstOf(items[^1]) + items[^1].Number(Count) >= end,
            cancellationToken
        );
        return items.ConvertAll(Read);
    }

    private static long FirstOf(Item item) => long.Parse(item.Key.Sort, CultureInfo.InvariantCulture);

    public static IEnumerable<Key> PrivateKeys(string tenant, Segment segment) =>
        Enumerable.Range(0, segment.PrivateParts).Select(part => Keys.Privates(tenant, segment.First, part));

    private static IEnumerable<List<SegmentEntry>> Cut(IReadOnlyList<SegmentEntry> entries)
    {
        var some = new List<SegmentEntry>();
        long size = 0;
        foreach (var entry in entries)
        {
            var next = SizeOf(entry);
            if (some.Count > 0 && (size + next > SegmentCodec.MaxBytes || entry.Record.Index % Keys.LogPart == 0))
            {
                yield return some;
                some = [];
                size = 0;
            }
            some.Add(entry);
            size += next;
        }
        yield return some;
    }

    /// <summary>The private values and words of some entries, as many to a part as an item takes.</summary>
    public static List<SegmentPrivates> Privates(IEnumerable<SegmentEntry> entries)
    {
        var parts = new List<SegmentPrivates>();
        var values = new List<(long, SealedValue)>();
        var reasons = new Dictionary<long, string>();
        long size = 0;
        foreach (var (record, sealedValues, reason) in entries)
        {
            foreach (var value in sealedValues)
            {
                MakeRoom(Overhead + (value.Ciphertext.Length * 4L / 3) + value.Pointer.Length);
                values.Add((record.Index, value));
            }
            if (reason.Length > 0)
            {
                MakeRoom(Overhead + (reason.Length * 3L));
                reasons[record.Index] = reason;
            }
        }
        if (size > 0)
            parts.Add(new SegmentPrivates(values, reasons));
        return parts;

        void MakeRoom(long next)
        {
            if (size > 0 && size + next > SegmentCodec.MaxBytes)
            {
                parts.Add(new SegmentPrivates(values, reasons));
                (values, reasons, size) = ([], [], 0);
            }
            size += next;
        }
    }

    private static long SizeOf(SegmentEntry entry) =>
        Overhead
        + (entry.Record.Leaf?.Length ?? 0)
        + (entry.Record.Content.Length * 3L)
        + entry.Record.Terms.Sum(term => term.Length)
        + (entry.Record.Versions.Count * (long)Overhead)
        + (entry.Record.Privates.Count * (long)Overhead);
}
