namespace Halyard.Ledger.Tests.Merkle;

public sealed class ProofTests
{
    private const int Small = 130;
    private const int Large = 300;

    private static readonly Digest[] All = Leaves.Of(Large);
    private static readonly Digest[] Roots = [.. Enumerable.Range(0, Large + 1).Select(n => MerkleTree.Root(All[..n]))];

    private readonly LeafNodeSource _nodes = new(All);

    [Fact]
    public void Inclusion_EveryLeafOfEverySmallTree_IsProvenAndAlteredProofsAreRefused()
    {
        for (var size = 1; size <= Small; size++)
        {
            for (var index = 0; index < size; index++)
            {
                var proof = InclusionProof.Build(index, size, _nodes);

                InclusionProof.Verify(index, size, All[index], proof, Roots[size]).ShouldBeTrue($"{index} of {size}");
                InclusionProof.RootFrom(index, size, All[index], proof).ShouldBe(Roots[size]);
                InclusionProof.LengthFor(index, size).ShouldBe(proof.Length);
                foreach (var altered in ProofAlterations.Of(proof))
                    InclusionProof.Verify(index, size, All[index], altered, Roots[size]).ShouldBeFalse($"{index} of {size}");
                if (index > 0)
                    InclusionProof.Verify(index - 1, size, All[index], proof, Roots[size]).ShouldBeFalse($"{index} of {size}");
                InclusionProof.Verify(index, size, All[index], proof, Roots[size - 1]).ShouldBeFalse($"{index} of {size}");
            }
        }
    }

    [Fact]
    public void Consistency_EveryPairOfSmallSizes_IsProvenAndAlteredProofsAreRefused()
    {
        for (var second = 0; second <= Small; second++)
        {
            for (var first = 0; first <= second; first++)
            {
                var proof = ConsistencyProof.Build(first, second, _nodes);
                bool Accepts(IReadOnlyList<Digest> hashes) =>
                    ConsistencyProof.Verify(first, second, Roots[first], Roots[second], hashes);

                Accepts(proof).ShouldBeTrue($"{first} to {second}");
                ConsistencyProof.LengthFor(first, second).ShouldBe(proof.Length);
                foreach (var altered in ProofAlterations.Of(proof))
                    Accepts(altered).ShouldBeFalse($"{first} to {second}");
                ConsistencyProof.Verify(first, second, ProofAlterations.Flip(Roots[first]), Roots[second], proof).ShouldBeFalse();
                if (first > 0)
                    ConsistencyProof
                        .Verify(first, second, Roots[first], ProofAlterations.Flip(Roots[second]), proof)
                        .ShouldBeFalse();
            }
        }
    }

    [Fact]
    public void Consistency_EveryPairUpToThreeHundred_IsProven()
    {
        for (var second = Small + 1; second <= Large; second++)
        {
            for (var first = 0; first <= second; first++)
            {
                var proof = ConsistencyProof.Build(first, second, _nodes);
                ConsistencyProof.Verify(first, second, Roots[first], Roots[second], proof).ShouldBeTrue($"{first} to {second}");
            }
        }
    }

    [Fact]
    public void Consistency_HistoryRewritten_HasNoProof()
    {
        var forged = All.ToArray();
        forged[5] = Digest.Of("forged"u8);
        var nodes = new LeafNodeSource(forged);
        for (var first = 6; first < Small; first++)
        {
            var proof = ConsistencyProof.Build(first, Small, nodes);
            ConsistencyProof.Verify(first, Small, Roots[first], MerkleTree.Root(forged[..Small]), proof).ShouldBeFalse();
        }
    }

    [Fact]
    public void Build_OutsideTheTree_Throws()
    {
        Should.Throw<ArgumentOutOfRangeException>(() => InclusionProof.Build(3, 3, _nodes));
        Should.Throw<ArgumentOutOfRangeException>(() => InclusionProof.Build(-1, 3, _nodes));
        Should.Throw<ArgumentOutOfRangeException>(() => InclusionProof.Build(0, Large * 2, _nodes));
        Should.Throw<ArgumentOutOfRangeException>(() => ConsistencyProof.Build(4, 3, _nodes));
        Should.Throw<ArgumentOutOfRangeException>(() => ConsistencyProof.Build(-1, 3, _nodes));
        Should.Throw<ArgumentOutOfRangeException>(() => _nodes.Node(0, Large));
        Should.Throw<ArgumentOutOfRangeException>(() => _nodes.Node(9, 0));
        Should.Throw<ArgumentOutOfRangeException>(() => _nodes.Node(70, 0));
    }

    [Fact]
    public void Verify_HugeSizes_AnswersWithoutHashing()
    {
        InclusionProof.Verify(long.MaxValue - 1, long.MaxValue, All[0], [], Roots[1]).ShouldBeFalse();
        InclusionProof.Verify(0, long.MinValue, All[0], [], Roots[1]).ShouldBeFalse();
        ConsistencyProof.Verify(1, long.MaxValue, Roots[1], Roots[2], []).ShouldBeFalse();
        ConsistencyProof.Verify(long.MaxValue - 1, long.MaxValue, Roots[1], Roots[2], []).ShouldBeFalse();
    }

    [Fact]
    public void Consistency_FromTheEmptyTree_NeedsTheEmptyRoot()
    {
        ConsistencyProof.Verify(0, 5, MerkleTree.EmptyRoot, Roots[5], []).ShouldBeTrue();
        ConsistencyProof.Verify(0, 5, Roots[1], Roots[5], []).ShouldBeFalse();
        ConsistencyProof.Verify(0, 0, Roots[1], Roots[1], []).ShouldBeFalse();
    }
}
