using System.IO.Compression;
using System.Text;
using Halyard.Ledger;
using Halyard.Storage.DynamoDb.Logs;
using Halyard.Storage.DynamoDb.Native;

namespace Halyard.Storage.DynamoDb.Blocks;

/// <summary>
/// What stands of a block beside its pages. It says the same whoever writes it and whenever, and nothing of it is ever removed: where the
/// entries are, their times and hashes, ids, versions, and whose values documents hold.
/// </summary>
internal static class BlockItems
{
    /// <summary>How many leaf hashes are one item: those of a tile.</summary>
    public const int HashesInItem = 256;

    private const string Content = "content";
    private const string Earliest = "earliest";
    private const string Latest = "latest";
    private const string Index = "idx";

    public static IEnumerable<Item> Write(
        string tenant,
        long first,
        IReadOnlyList<Segment> segments,
        IReadOnlyList<LogRecord> records
    )
    {
        yield return new Item(Keys.Block(tenant, first))
            .With(
                Content,
                Pack(segments.SelectMany<Segment, long>(segment => [segment.First, segment.Count, segment.PrivateParts]))
            )
            .With(Earliest, records.Min(record => record.EffectiveAt))
            .With(Latest, records.Max(record => record.EffectiveAt));
        yield return new Item(Keys.Times(tenant, first)).With(
            Content,
            Pack(records.Select(record => Instants.Micros(record.EffectiveAt)))
        );
        foreach (var tile in records.Chunk(HashesInItem))
            yield return new Item(Keys.Hashes(tenant, tile[0].Index)).With(
                Content,
                tile.SelectMany(record => record.Hash.ToArray()).ToArray()
            );
        foreach (var record in records)
        {
            yield return new Item(Keys.Entry(tenant, record.Id)).With(Index, record.Index);
            foreach (var item in VersionItems.Write(tenant, record.Versions))
                yield return item;
            foreach (var mark in record.Privates)
            {
                if (mark.Commitment is not { } commitment)
                    continue;
                yield return new Item(Keys.Committed(tenant, commitment, record.Index)).With(Index, record.Index);
                yield return new Item(Keys.Brought(tenant, mark.Subject, record.Index)).With(Index, record.Index);
            }
        }
    }

    /// <summary>Which entry an item names.</summary>
    public static long ReadIndex(Item item) => item.Number(Index);

    /// <summary>In the order of the log; the first may begin before the block, the last end behind it.</summary>
    public static List<Segment> ReadSegments(Item item) =>
        [.. Unpack(item.Bytes(Content)).Chunk(3).Select(segment => new Segment(segment[0], (int)segment[1], (int)segment[2]))];

    /// <summary>When the first and the last of a block's changes took effect.</summary>
    public static (DateTimeOffset Earliest, DateTimeOffset Latest) ReadExtent(Item item) =>
        (item.Time(Earliest), item.Time(Latest));

    /// <summary>When each entry of a block took effect, from an item of times.</summary>
    public static List<DateTimeOffset> ReadTimes(Item item) => [.. Unpack(item.Bytes(Content)).Select(Instants.From)];

    public static IEnumerable<Digest> ReadHashes(Item item) =>
        item.Bytes(Content).Chunk(Digest.Length).Select(hash => Digest.FromBytes(hash));

    /// <summary>Each as the distance from the one before it: they are much alike.</summary>
    private static byte[] Pack(IEnumerable<long> numbers)
    {
        using var plain = new MemoryStream();
        using (var writer = new BinaryWriter(plain, Encoding.UTF8, leaveOpen: true))
        {
            var before = 0L;
            foreach (var number in numbers)
            {
                writer.Write(number - before);
                before = number;
            }
        }
        return Packed.Compress(plain.ToArray());
    }

    private static IEnumerable<long> Unpack(byte[] bytes)
    {
        using var brotli = new BrotliStream(new MemoryStream(bytes), CompressionMode.Decompress);
        using var plain = new MemoryStream();
        brotli.CopyTo(plain);
        var number = 0L;
        foreach (var distance in plain.ToArray().Chunk(sizeof(long)))
            yield return number += BitConverter.ToInt64(distance);
    }
}
