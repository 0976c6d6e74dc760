namespace Halyard.Storage.Sqlite.Auditing;

/// <summary>
/// Where one word stands in the entries of a block, as bytes: for each entry the distances between its places, as varints, and 0.
/// </summary>
internal static class WordPlaces
{
    private const byte More = 0x80;

    /// <summary>Begins the places of an entry, or of the next.</summary>
    public const int None = -1;

    public static void Write(List<byte> bytes, int distance)
    {
        for (; distance >= More; distance >>= 7)
            bytes.Add((byte)(distance | More));
        bytes.Add((byte)distance);
    }

    public static void End(List<byte> bytes) => bytes.Add(0);

    /// <summary>Adds the places in those of the word's entries that are candidates, as (entry, place) in order.</summary>
    /// <exception cref="IOException">The bytes are not what was written for these entries.</exception>
    public static void Read(ReadOnlySpan<byte> bytes, EntrySet entries, EntrySet candidates, List<long> found)
    {
        foreach (var entry in entries.Ascending())
        {
            var wanted = candidates.Contains(entry);
            var place = None;
            while (ReadDistance(ref bytes) is > 0 and var distance)
            {
                place += distance;
                if (wanted)
                    found.Add(Key(entry, place));
            }
        }
        if (!bytes.IsEmpty)
            throw Damaged();
    }

    /// <summary>The bytes of those entries alone that are kept.</summary>
    public static byte[] Without(ReadOnlySpan<byte> bytes, EntrySet entries, EntrySet removed)
    {
        var kept = new List<byte>(bytes.Length);
        foreach (var entry in entries.Ascending())
        {
            var all = bytes;
            while (ReadDistance(ref bytes) > 0) { }
            if (!removed.Contains(entry))
                kept.AddRange(all[..^bytes.Length]);
        }
        return [.. kept];
    }

    /// <summary>One number for an entry and a place, in their order.</summary>
    public static long Key(int entry, int place) => ((long)entry << 32) | (uint)place;

    public static int EntryOf(long key) => (int)(key >> 32);

    public static int PlaceOf(long key) => (int)key;

    private static int ReadDistance(ref ReadOnlySpan<byte> bytes)
    {
        var distance = 0;
        for (var i = 0; i < bytes.Length && i < 5; i++)
        {
            distance |= (bytes[i] & ~More) << (7 * i);
            if (bytes[i] >= More)
                continue;
            bytes = bytes[(i + 1)..];
            return distance;
        }
        throw Damaged();
    }

    private static IOException Damaged() => new("The index of the audit log is damaged: the places of a word cannot be read.");
}
