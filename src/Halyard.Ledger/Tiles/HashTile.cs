using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;

namespace Halyard.Ledger;

/// <summary>The bytes of a hash tile: its hashes from the left, 32 bytes each.</summary>
public static class HashTile
{
    /// <summary>The tile's bytes.</summary>
    public static byte[] Write(ReadOnlySpan<Digest> hashes) => MemoryMarshal.AsBytes(hashes).ToArray();

    /// <summary>Reads a tile of exactly this many hashes.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, int width, [NotNullWhen(true)] out Digest[]? hashes)
    {
        hashes = bytes.Length == width * Digest.Length ? MemoryMarshal.Cast<byte, Digest>(bytes).ToArray() : null;
        return hashes is not null;
    }

    /// <summary>The root over the hashes of a full tile: its one hash in the level above.</summary>
    /// <exception cref="ArgumentException">The tile is partial; it has no hash above.</exception>
    public static Digest Above(ReadOnlySpan<Digest> hashes)
    {
        if (hashes.Length != TilePath.FullWidth)
            throw new ArgumentException($"A full tile has {TilePath.FullWidth} hashes, not {hashes.Length}.", nameof(hashes));
        return Fold(hashes);
    }

    /// <summary>The root over a number of hashes that is a power of two, up to 256.</summary>
    internal static Digest Fold(ReadOnlySpan<Digest> hashes)
    {
        Span<Digest> level = stackalloc Digest[TilePath.FullWidth];
        hashes.CopyTo(level);
        for (var count = hashes.Length; count > 1; count /= 2)
        {
            for (var i = 0; i < count / 2; i++)
                level[i] = MerkleTree.HashChildren(level[2 * i], level[(2 * i) + 1]);
        }
        return level[0];
    }
}
