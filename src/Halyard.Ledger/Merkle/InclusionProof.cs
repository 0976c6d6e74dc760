namespace Halyard.Ledger;

/// <summary>Proofs that a leaf is in a tree: RFC 6962, 2.1.1; verification by RFC 9162, 2.1.3.2.</summary>
/// <remarks>A proof binds leaf, index and root. The size is bound only together with a root that is trusted for that size.</remarks>
public static class InclusionProof
{
    /// <summary>The hashes from the leaf's sibling up to the root's child.</summary>
    /// <param name="index">The leaf's index, from 0, below <paramref name="size"/>.</param>
    /// <param name="size">The number of leaves of the tree to prove for.</param>
    /// <param name="nodes">Holds at least the first <paramref name="size"/> leaves.</param>
    /// <exception cref="ArgumentOutOfRangeException">The index is not in the tree, or the source is too small.</exception>
    public static Digest[] Build(long index, long size, INodeSource nodes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, size);
        var proof = new List<Digest>();
        long from = 0;
        var to = size;
        while (to - from > 1)
        {
            var split = from + MerkleTree.Split(to - from);
            if (index < split)
            {
                proof.Add(nodes.Range(split, to));
                to = split;
            }
            else
            {
                proof.Add(nodes.Range(from, split));
                from = split;
            }
        }
        // Walked from the root down; a proof is written from the leaf up.
        proof.Reverse();
        return [.. proof];
    }

    /// <summary>True when the proof leads from the leaf to exactly this root.</summary>
    public static bool Verify(long index, long size, Digest leafHash, IReadOnlyList<Digest> proof, Digest root) =>
        RootFrom(index, size, leafHash, proof) == root;

    /// <summary>The root that the proof leads to; null when the index is not in the tree or the proof's length does not fit.</summary>
    public static Digest? RootFrom(long index, long size, Digest leafHash, IReadOnlyList<Digest> proof)
    {
        if (index < 0 || index >= size)
            return null;
        var node = index;
        var last = size - 1;
        var root = leafHash;
        foreach (var sibling in proof)
        {
            if (last == 0)
                return null;
            if ((node & 1) == 1 || node == last)
            {
                root = MerkleTree.HashChildren(sibling, root);
                // A right edge without a sibling goes up unhashed until it is a right child.
                while ((node & 1) == 0 && node != 0)
                {
                    node >>= 1;
                    last >>= 1;
                }
            }
            else
            {
                root = MerkleTree.HashChildren(root, sibling);
            }
            node >>= 1;
            last >>= 1;
        }
        return last == 0 ? root : null;
    }

    /// <summary>How many hashes a proof for this leaf has.</summary>
    internal static int LengthFor(long index, long size)
    {
        var length = 0;
        var last = size - 1;
        for (var node = index; last > 0; node >>= 1, last >>= 1)
        {
            if ((node & 1) == 1 || node < last)
                length++;
        }
        return length;
    }
}
