namespace Halyard.Ledger;

/// <summary>Proofs that a tree is a prefix of a later one: RFC 6962, 2.1.2; verification by RFC 9162, 2.1.4.2.</summary>
/// <remarks>The empty tree is a prefix of every tree, and every tree of itself; both have the empty proof.</remarks>
public static class ConsistencyProof
{
    /// <summary>The hashes that lead to both roots.</summary>
    /// <param name="first">The earlier size, zero or more.</param>
    /// <param name="second">The later size, at least <paramref name="first"/>.</param>
    /// <param name="nodes">Holds at least the first <paramref name="second"/> leaves.</param>
    /// <exception cref="ArgumentOutOfRangeException">The sizes are out of order, or the source is too small.</exception>
    public static Digest[] Build(long first, long second, INodeSource nodes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(first);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(first, second);
        if (first == 0 || first == second)
            return [];
        var proof = new List<Digest>();
        long from = 0;
        var to = second;
        while (first < to)
        {
            var split = from + MerkleTree.Split(to - from);
            if (first <= split)
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
        // When the earlier tree is itself a complete subtree, the verifier knows its root.
        if (from > 0)
            proof.Add(nodes.Range(from, to));
        proof.Reverse();
        return [.. proof];
    }

    /// <summary>True when the proof leads to both roots.</summary>
    public static bool Verify(long first, long second, Digest firstRoot, Digest secondRoot, IReadOnlyList<Digest> proof)
    {
        if (first < 0 || first > second)
            return false;
        if (first == second)
            return proof.Count == 0 && firstRoot == secondRoot && (first > 0 || firstRoot == MerkleTree.EmptyRoot);
        if (first == 0)
            return proof.Count == 0 && firstRoot == MerkleTree.EmptyRoot;

        var node = first - 1;
        var last = second - 1;
        while ((node & 1) == 1)
        {
            node >>= 1;
            last >>= 1;
        }

        var next = 0;
        if (node > 0 && proof.Count == 0)
            return false;
        var seed = node > 0 ? proof[next++] : firstRoot;
        var (earlier, later) = (seed, seed);
        for (; next < proof.Count; next++)
        {
            if (last == 0)
                return false;
            if ((node & 1) == 1 || node == last)
            {
                earlier = MerkleTree.HashChildren(proof[next], earlier);
                later = MerkleTree.HashChildren(proof[next], later);
                while ((node & 1) == 0 && node != 0)
                {
                    node >>= 1;
                    last >>= 1;
                }
            }
            else
            {
                later = MerkleTree.HashChildren(later, proof[next]);
            }
            node >>= 1;
            last >>= 1;
        }
        return last == 0 && earlier == firstRoot && later == secondRoot;
    }

    /// <summary>How many hashes a proof between these sizes has.</summary>
    internal static int LengthFor(long first, long second)
    {
        if (first == 0 || first == second)
            return 0;
        // A complete subtree at the earlier tree's right edge is one hash; above it, one for each step that has a sibling.
        var node = first - 1;
        var last = second - 1;
        while ((node & 1) == 1)
        {
            node >>= 1;
            last >>= 1;
        }
        return (node > 0 ? 1 : 0) + InclusionProof.LengthFor(node, last + 1);
    }
}
