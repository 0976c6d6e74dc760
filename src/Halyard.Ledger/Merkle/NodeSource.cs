using System.Numerics;

namespace Halyard.Ledger;

/// <summary>Where proofs take their hashes from. Only complete subtrees are asked for, so a source may store tiles.</summary>
public interface INodeSource
{
    /// <summary>The root of the leaves from <c>index &lt;&lt; level</c> up to, not including, <c>(index + 1) &lt;&lt; level</c>.</summary>
    /// <param name="level">Height of the subtree; 0 is a leaf hash.</param>
    /// <param name="index">Which subtree of that height, from the left.</param>
    /// <exception cref="ArgumentOutOfRangeException">The source does not hold all of these leaves.</exception>
    Digest Node(int level, long index);
}

/// <summary>Roots of any range that starts where RFC 6962 splits, from complete subtrees.</summary>
internal static class NodeSources
{
    public static Digest Range(this INodeSource nodes, long from, long to)
    {
        var count = to - from;
        if (BitOperations.IsPow2(count))
        {
            var level = BitOperations.Log2((ulong)count);
            return nodes.Node(level, from >> level);
        }
        var split = from + MerkleTree.Split(count);
        return MerkleTree.HashChildren(nodes.Range(from, split), nodes.Range(split, to));
    }
}
