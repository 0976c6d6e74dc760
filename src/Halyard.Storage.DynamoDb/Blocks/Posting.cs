using System.IO.Compression;
using System.Text;
using Halyard.Core.Audit.Searching;
using Halyard.Storage.DynamoDb.Native;

namespace Halyard.Storage.DynamoDb.Blocks;

/// <summary>Which entries of a block have a term or a word, and where a word stands in them; as the other stores keep it.</summary>
/// <param name="Key">The term, or the word.</param>
/// <param name="Entries">The entries (<see cref="EntrySet.ToBytes"/>).</param>
/// <param name="Places">The places of a word (<see cref="WordPlaces"/>); nothing for a term.</param>
internal sealed record Posting(string Key, byte[] Entries, byte[] Places);

/// <summary>Postings as the bytes of an item, in the ordinal order of their keys. The form stands in tables: it is never changed.</summary>
internal static class Postings
{
    public static byte[] Write(IReadOnlyCollection<Posting> postings)
    {
        using var plain = new MemoryStream();
        using (var writer = new BinaryWriter(plain, Encoding.UTF8, leaveOpen: true))
        {
            writer.Write7BitEncodedInt(postings.Count);
            foreach (var posting in postings)
            {
                writer.Write(posting.Key);
                Write(writer, posting.Entries);
                Write(writer, posting.Places);
            }
        }
        return Packed.Compress(plain.ToArray());
    }

    public static List<Posting> Read(byte[] bytes)
    {
        using var brotli = new BrotliStream(new MemoryStream(bytes), CompressionMode.Decompress);
        using var reader = new BinaryReader(brotli, Encoding.UTF8);
        var postings = new List<Posting>();
        for (var left = reader.Read7BitEncodedInt(); left > 0; left--)
            postings.Add(new Posting(reader.ReadString(), ReadBytes(reader), ReadBytes(reader)));
        return postings;
    }

    /// <summary>Those that have a key, or begin with it.</summary>
    public static IEnumerable<Posting> Find(IEnumerable<Posting> postings, string key, bool isPrefix) =>
        postings.Where(posting => isPrefix ? posting.Key.StartsWith(key, StringComparison.Ordinal) : posting.Key == key);

    /// <summary>What is left of postings without some entries.</summary>
    public static List<Posting> Without(IEnumerable<Posting> postings, EntrySet removed)
    {
        var left = new List<Posting>();
        foreach (var posting in postings)
        {
            var (entries, kept) = (new EntrySet(), new EntrySet());
            entries.Add(posting.Entries);
            kept.Add(posting.Entries);
            kept.ExceptWith(removed);
            if (kept.IsEmpty)
                continue;
            var places = posting.Places.Length == 0 ? [] : WordPlaces.Without(posting.Places, entries, removed);
            left.Add(posting with { Entries = kept.ToBytes(), Places = places });
        }
        return left;
    }

    private static void Write(BinaryWriter writer, byte[] bytes)
    {
        writer.Write7BitEncodedInt(bytes.Length);
        writer.Write(bytes);
    }

    private static byte[] ReadBytes(BinaryReader reader) => reader.ReadBytes(reader.Read7BitEncodedInt());
}
