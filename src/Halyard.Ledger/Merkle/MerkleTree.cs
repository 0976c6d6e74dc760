using System.Buffers;
using System.Numerics;

namespace Halyard.Ledger;

/// <summary>The Merkle tree hash of RFC 6962, section 2.1 (the same in RFC 9162), over SHA-256.</summary>
public static class MerkleTree
{
    private const byte LeafPrefix = 0x00;
    private const byte NodePrefix = 0x01;
    private const int StackLimit = 2048;

    /// <summary>The root of the tree without leaves: SHA-256 of nothing.</summary>
    public static Digest EmptyRoot { get; } = Digest.Of([]);

    /// <summary>The hash of a leaf: SHA-256(0x00 ‖ bytes).</summary>
    public static Digest HashLeaf(ReadOnlySpan<byte> leaf)
    {
        // One call over a copy is several times faster than an incremental hash over two parts.
        var length = leaf.Length + 1;
        byte[]? rented = null;
        var input = length <= StackLimit ? stackalloc byte[length] : rented = ArrayPool<byte>.Shared.Rent(length);
        input[0] = LeafPrefix;
        leaf.CopyTo(input[1..]);
        var digest = Digest.Of(input[..length]);
        if (rented is not null)
            ArrayPool<byte>.Shared.Return(rented);
        return digest;
    }

    /// <summary>The hash of an inner node: SHA-256(0x01 ‖ left ‖ right).</summary>
    public static Digest HashChildren(Digest left, Digest right)
    {
        Span<byte> input = stackalloc byte[1 + (2 * Digest.Length)];
        input[0] = NodePrefix;
        left.CopyTo(input[1..]);
        right.CopyTo(input[(1 + Digest.Length)..]);
        return Digest.Of(input);
    }

    /// <summary>The root over leaf hashes by the recursive definition of RFC 6962; the oracle that faster ways are tested against.</summary>
    /// <param name="leafHashes">Results of <see cref="HashLeaf"/>, in order.</param>
    public static Digest Root(IReadOnlyList<Digest> leafHashes) =>
        leafHashes.Count == 0 ? EmptyRoot : RootOf(leafHashes, 0, leafHashes.Count);

    /// <summary>The root over the first leaves of a tree, from its complete subtrees.</summary>
    /// <param name="nodes">Holds at least the first <paramref name="size"/> leaves.</param>
    /// <param name="size">How many leaves, zero or more.</param>
    /// <exception cref="ArgumentOutOfRangeException">The size is negative, or the source is too small.</exception>
    public static Digest Root(INodeSource nodes, long size)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(size);
        return size == 0 ? EmptyRoot : nodes.Range(0, size);
    }

    /// <summary>The largest power of two below <paramref name="size"/>, which must be at least two: where RFC 6962 splits a tree.</summary>
    internal static long Split(long size) => 1L << BitOperations.Log2((ulong)(size - 1));

    private static Digest RootOf(IReadOnlyList<Digest> leaves, int from, int count)
    {
        if (count == 1)
            return leaves[from];
        var left = (int)Split(count);
        return HashChildren(RootOf(leaves, from, left), RootOf(leaves, from + left, count - left));
    }
}
