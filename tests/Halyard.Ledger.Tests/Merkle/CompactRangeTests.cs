using System.Numerics;

namespace Halyard.Ledger.Tests.Merkle;

public sealed class CompactRangeTests
{
    [Fact]
    public void Root_EverySizeUpToTwoThousand_IsTheRecursiveDefinition()
    {
        var leaves = Leaves.Of(2000);
        var range = CompactRange.Empty;
        for (var size = 0; size <= leaves.Length; size++)
        {
            range.Size.ShouldBe(size);
            range.Hashes.Count.ShouldBe(BitOperations.PopCount((uint)size));
            range.Root.ShouldBe(MerkleTree.Root(new ArraySegment<Digest>(leaves, 0, size)), $"size {size}");
            if (size < leaves.Length)
                range = range.Append(leaves[size]);
        }
    }

    [Fact]
    public void Of_NodesOfEverySize_IsTheRangeThatWasAppended()
    {
        var leaves = Leaves.Of(600);
        var nodes = new LeafNodeSource(leaves);
        var range = CompactRange.Empty;
        for (var size = 0; size <= leaves.Length; size++)
        {
            CompactRange.Of(nodes, size).ToBytes().ShouldBe(range.ToBytes(), $"size {size}");
            MerkleTree.Root(nodes, size).ShouldBe(range.Root, $"size {size}");
            if (size < leaves.Length)
                range = range.Append(leaves[size]);
        }

        Should.Throw<ArgumentOutOfRangeException>(() => CompactRange.Of(nodes, 601));
        Should.Throw<ArgumentOutOfRangeException>(() => CompactRange.Of(nodes, -1));
        Should.Throw<ArgumentOutOfRangeException>(() => MerkleTree.Root(nodes, -1));
    }

    [Fact]
    public void Append_LeavesTheEarlierRangeAsItWas()
    {
        var leaves = Leaves.Of(3);
        var one = CompactRange.Empty.Append(leaves[0]);
        var two = one.Append(leaves[1]);
        var other = one.Append(leaves[2]);

        one.Root.ShouldBe(leaves[0]);
        two.Root.ShouldBe(MerkleTree.HashChildren(leaves[0], leaves[1]));
        other.Root.ShouldBe(MerkleTree.HashChildren(leaves[0], leaves[2]));
        CompactRange.Empty.Size.ShouldBe(0);
    }

    [Fact]
    public void FromBytes_WhatWasWritten_ContinuesTheLog()
    {
        var leaves = Leaves.Of(40);
        var range = CompactRange.Empty;
        foreach (var leaf in leaves)
        {
            var read = CompactRange.FromBytes(range.Size, range.ToBytes());
            read.Root.ShouldBe(range.Root);
            range = read.Append(leaf);
        }
        range.Root.ShouldBe(MerkleTree.Root(leaves));
    }

    [Theory]
    [InlineData(-1, 0)]
    [InlineData(long.MinValue, 32)]
    [InlineData(0, 32)]
    [InlineData(1, 0)]
    [InlineData(1, 31)]
    [InlineData(1, 33)]
    [InlineData(3, 32)]
    [InlineData(4, 64)]
    public void FromBytes_HashesThatDoNotFitTheSize_AreRefused(long size, int bytes) =>
        Should.Throw<FormatException>(() => CompactRange.FromBytes(size, new byte[bytes]));

    [Fact]
    public void Append_BeyondTheLargestSize_Throws()
    {
        var full = CompactRange.FromBytes(long.MaxValue, new byte[63 * Digest.Length]);
        Should.Throw<OverflowException>(() => full.Append(MerkleTree.EmptyRoot));
    }
}
