namespace Halyard.Ledger;

/// <summary>
/// Computes subtree hashes from leaf hashes and keeps them, one whole level at the first question for it.
/// The leaves are copied when the source is made. Not safe for use by several threads at once.
/// </summary>
public sealed class LeafNodeSource(IReadOnlyList<Digest> leaves) : INodeSource
{
    private readonly List<Digest[]> _levels =
    [
        [.. leaves],
    ];

    /// <inheritdoc/>
    public Digest Node(int level, long index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(level);
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        while (_levels.Count <= level && _levels[^1].Length > 1)
            _levels.Add(Above(_levels[^1]));
        if (level >= _levels.Count || index >= _levels[level].Length)
            throw new ArgumentOutOfRangeException(
                nameof(index),
                $"{_levels[0].Length} leaves have no complete subtree {index} at level {level}."
            );
        return _levels[level][index];
    }

    private static Digest[] Above(Digest[] level)
    {
        var above = new Digest[level.Length / 2];
        for (var i = 0; i < above.Length; i++)
            above[i] = MerkleTree.HashChildren(level[2 * i], level[(2 * i) + 1]);
        return above;
    }
}
