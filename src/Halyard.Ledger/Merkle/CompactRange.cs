using System.Numerics;

namespace Halyard.Ledger;

/// <summary>
/// The frontier of a tree: the roots of its complete subtrees, left to right, largest first; as many as the size has one bits.
/// It is all that is needed to append a leaf and to know the root, at every size. Immutable.
/// </summary>
public sealed class CompactRange
{
    private readonly Digest[] _hashes;

    // Boxed, so that those who ask at once see it whole or not at all.
    private object? _root;

    private CompactRange(long size, Digest[] hashes)
    {
        Size = size;
        _hashes = hashes;
    }

    /// <summary>The range over no leaves.</summary>
    public static CompactRange Empty { get; } = new(0, []);

    /// <summary>The number of leaves.</summary>
    public long Size { get; }

    /// <summary>The roots of the complete subtrees, left to right.</summary>
    public IReadOnlyList<Digest> Hashes => _hashes;

    /// <summary>The root of the tree (RFC 6962, 2.1), computed from the frontier when it is asked for first.</summary>
    public Digest Root => (Digest)(_root ??= ComputeRoot());

    /// <summary>The range over the first leaves of a tree.</summary>
    /// <param name="nodes">Holds at least the first <paramref name="size"/> leaves.</param>
    /// <param name="size">How many leaves, zero or more.</param>
    /// <exception cref="ArgumentOutOfRangeException">The size is negative, or the source is too small.</exception>
    public static CompactRange Of(INodeSource nodes, long size)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(size);
        var hashes = new List<Digest>();
        long start = 0;
        for (var level = size == 0 ? -1 : BitOperations.Log2((ulong)size); level >= 0; level--)
        {
            if ((size >> level & 1) == 0)
                continue;
            hashes.Add(nodes.Node(level, start >> level));
            start += 1L << level;
        }
        return new CompactRange(size, [.. hashes]);
    }

    /// <summary>The range with one more leaf; this one stays as it is.</summary>
    /// <param name="leafHash">Result of <see cref="MerkleTree.HashLeaf"/>.</param>
    public CompactRange Append(Digest leafHash)
    {
        var merges = BitOperations.TrailingZeroCount(~Size);
        var kept = _hashes.Length - merges;
        var hashes = new Digest[kept + 1];
        _hashes.AsSpan(0, kept).CopyTo(hashes);
        var subtree = leafHash;
        for (var i = _hashes.Length - 1; i >= kept; i--)
            subtree = MerkleTree.HashChildren(_hashes[i], subtree);
        hashes[kept] = subtree;
        return new CompactRange(checked(Size + 1), hashes);
    }

    private Digest ComputeRoot()
    {
        if (_hashes.Length == 0)
            return MerkleTree.EmptyRoot;
        var root = _hashes[^1];
        for (var i = _hashes.Length - 2; i >= 0; i--)
            root = MerkleTree.HashChildren(_hashes[i], root);
        return root;
    }

    /// <summary>The hashes one after the other, 32 bytes each; with the size they are the whole range.</summary>
    public byte[] ToBytes()
    {
        var bytes = new byte[_hashes.Length * Digest.Length];
        for (var i = 0; i < _hashes.Length; i++)
            _hashes[i].CopyTo(bytes.AsSpan(i * Digest.Length));
        return bytes;
    }

    /// <summary>Reads what <see cref="ToBytes"/> wrote.</summary>
    /// <param name="size">The number of leaves, zero or more.</param>
    /// <param name="hashes">32 bytes for each one bit of the size.</param>
    /// <exception cref="FormatException">The size is negative, or the bytes do not fit the size.</exception>
    public static CompactRange FromBytes(long size, ReadOnlySpan<byte> hashes)
    {
        if (size < 0)
            throw new FormatException($"A tree cannot have {size} leaves.");
        var count = BitOperations.PopCount((ulong)size);
        if (hashes.Length != count * Digest.Length)
            throw new FormatException(
                $"A tree of {size} leaves has {count} frontier hashes; {hashes.Length} bytes do not hold them."
            );
        var digests = new Digest[count];
        for (var i = 0; i < count; i++)
            digests[i] = Digest.FromBytes(hashes.Slice(i * Digest.Length, Digest.Length));
        return new CompactRange(size, digests);
    }
}
