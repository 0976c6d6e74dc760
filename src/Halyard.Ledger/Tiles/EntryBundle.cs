using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;

namespace Halyard.Ledger;

/// <summary>The bytes of a bundle: each entry behind its length, two bytes, the higher first.</summary>
public static class EntryBundle
{
    /// <summary>The most bytes that an entry can have in a bundle.</summary>
    public const int MaxEntryLength = ushort.MaxValue;

    /// <summary>The most bytes that a bundle can have.</summary>
    public const int MaxLength = TilePath.FullWidth * (sizeof(ushort) + MaxEntryLength);

    /// <summary>The bundle's bytes.</summary>
    /// <param name="entries">1 to 256 entries.</param>
    /// <exception cref="ArgumentException">There are none or too many, or one is longer than <see cref="MaxEntryLength"/>.</exception>
    public static byte[] Write(IReadOnlyList<ReadOnlyMemory<byte>> entries)
    {
        if (entries.Count is 0 or > TilePath.FullWidth)
            throw new ArgumentException($"A bundle has 1 to {TilePath.FullWidth} entries.", nameof(entries));
        var bytes = new byte[entries.Sum(entry => sizeof(ushort) + entry.Length)];
        var rest = bytes.AsSpan();
        foreach (var entry in entries)
        {
            if (entry.Length > MaxEntryLength)
                throw new ArgumentException($"An entry has at most {MaxEntryLength} bytes.", nameof(entries));
            BinaryPrimitives.WriteUInt16BigEndian(rest, (ushort)entry.Length);
            entry.Span.CopyTo(rest[sizeof(ushort)..]);
            rest = rest[(sizeof(ushort) + entry.Length)..];
        }
        return bytes;
    }

    /// <summary>Reads a bundle of exactly this many entries; nothing may be left over.</summary>
    /// <param name="bytes">The bundle; the entries are views of it.</param>
    /// <param name="width">How many entries it must have.</param>
    /// <param name="entries">The entries in their order.</param>
    /// <param name="problem">The first place that does not fit, or null.</param>
    public static bool TryRead(
        ReadOnlyMemory<byte> bytes,
        int width,
        [NotNullWhen(true)] out ReadOnlyMemory<byte>[]? entries,
        [NotNullWhen(false)] out BundleProblem? problem
    )
    {
        entries = null;
        var found = new ReadOnlyMemory<byte>[width];
        var rest = bytes;
        for (var i = 0; i < width; i++)
        {
            if (rest.Length < sizeof(ushort))
                return Refuse(i, $"the bundle ends before its entry {i} of {width}", out problem);
            var length = BinaryPrimitives.ReadUInt16BigEndian(rest.Span);
            rest = rest[sizeof(ushort)..];
            if (rest.Length < length)
                return Refuse(i, $"the bundle's entry {i} is said to have {length} bytes; {rest.Length} are left", out problem);
            found[i] = rest[..length];
            rest = rest[length..];
        }
        if (!rest.IsEmpty)
            return Refuse(width, $"the bundle has {rest.Length} bytes behind its {width} entries", out problem);
        entries = found;
        problem = null;
        return true;
    }

    private static bool Refuse(int entry, string words, out BundleProblem? problem)
    {
        problem = new BundleProblem(entry, words);
        return false;
    }
}

/// <summary>Why a bundle cannot be read.</summary>
/// <param name="Entry">The first entry of the bundle that cannot be had, from 0; the width where something is left over.</param>
/// <param name="Words">What is wrong.</param>
public sealed record BundleProblem(int Entry, string Words);
