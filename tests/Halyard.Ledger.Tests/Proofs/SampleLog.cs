using System.Globalization;
using System.Text;

namespace Halyard.Ledger.Tests.Proofs;

/// <summary>A log of forty entries and true proofs from it.</summary>
internal static class SampleLog
{
    private const string Origin = "flags.example.com/t_1/admin";

    private static readonly Digest[] Hashes = [.. Enumerable.Range(0, 40).Select(i => MerkleTree.HashLeaf(Leaf(i)))];

    public static byte[] Leaf(int index) =>
        CanonicalJson.Canonicalize(
            Encoding.UTF8.GetBytes(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $$"""{"v":1,"log":"{{Origin}}","idx":{{index}},"why":"deploy <b>é & ü</b>"}"""
                )
            )
        );

    public static ProofFile Proof(int index, int size, int? later = null)
    {
        var nodes = new LeafNodeSource(Hashes);
        var consistency = later is { } to ? new ConsistencyPart(to, Root(to), ConsistencyProof.Build(size, to, nodes)) : null;
        return new ProofFile(Origin, index, size, Root(size), Leaf(index), InclusionProof.Build(index, size, nodes), consistency);
    }

    private static Digest Root(int size) => MerkleTree.Root(Hashes[..size]);
}
