using System.Globalization;
using System.Text;

namespace Halyard.Ledger.Tests.Merkle;

internal static class Leaves
{
    /// <summary>Leaf hashes of a log whose entries are "entry 0", "entry 1" and so on.</summary>
    public static Digest[] Of(int count) =>
        [
            .. Enumerable
                .Range(0, count)
                .Select(i =>
                    MerkleTree.HashLeaf(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"entry {i}")))
                ),
        ];
}
