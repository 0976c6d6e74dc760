namespace Halyard.Core.Audit.Searching;

/// <summary>
/// Where one word stands in the entries of a block, as bytes: for each entry the distances between its places, as varints, and 0.
/// </summary>
public static class WordPlaces
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

    /// <summary>Adds the places in those of the word's entries that are candidates, in order.</summary>
    /// <exception cref="InvalidDataException">The bytes are not what was written for these entries.</exception>
    public static void Read(ReadOnlySpan<byte> bytes, WordSource source, EntrySet entries, EntrySet candidates, List<long> found)
    {
        var (at, next) = (0, 0);
        for (var entry = entries.Next(0, candidates); entry >= 0; entry = entries.Next(next, candidates))
        {
            at = Pass(bytes, at, entries.CountIn(next, entry));
            var place = None;
            while (ReadDistance(bytes, ref at) is > 0 and var distance)
            {
                place += distance;
                found.Add(Key(source, entry, place));
            }
            next = entry + 1;
        }
        if (Pass(bytes, at, entries.CountIn(next, EntrySet.BlockSize)) != bytes.Length)
            throw Damaged();
    }

    /// <summary>The bytes of those entries alone that are kept.</summary>
    /// <exception cref="InvalidDataException">The bytes are not what was written for these entries.</exception>
    public static byte[] Without(ReadOnlySpan<byte> bytes, EntrySet entries, EntrySet removed)
    {
        var (kept, at) = (new List<byte>(bytes.Length), 0);
        for (var entry = entries.Next(0); entry >= 0; entry = entries.Next(entry + 1))
        {
            var start = at;
            at = Pass(bytes, at, 1);
            if (!removed.Contains(entry))
                kept.AddRange(bytes[start..at]);
        }
        return [.. kept];
    }

    /// <summary>One number for a source, an entry and a place, in their order; the next place is the next number.</summary>
    public static long Key(WordSource source, int entry, int place) => ((long)source << 48) | ((long)entry << 32) | (uint)place;

    public static int EntryOf(long key) => (ushort)(key >> 32);

    public static int PlaceOf(long key) => (int)key;

    /// <summary>Where it goes on behind so many entries. No byte of a distance is 0, so their ends need only be counted.</summary>
    private static int Pass(ReadOnlySpan<byte> bytes, int at, int entries)
    {
        while (entries > 0 && at < bytes.Length)
            entries -= bytes[at++] == 0 ? 1 : 0;
        return entries == 0 ? at : throw Damaged();
    }

    private static int ReadDistance(ReadOnlySpan<byte> bytes, ref int at)
    {
        var distance = 0;
        for (var shift = 0; at < bytes.Length && shift < 35; shift += 7)
        {
            var part = bytes[at++];
            distance |= (part & ~More) << shift;
            if (part < More)
                return distance;
        }
        throw Damaged();
    }

    private static InvalidDataException Damaged() =>
        new("The index of the audit log is damaged: the places of a word cannot be read.");
}
