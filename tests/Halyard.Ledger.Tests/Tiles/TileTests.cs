using Halyard.Ledger.Tests.Merkle;

namespace Halyard.Ledger.Tests.Tiles;

public sealed class TileTests
{
    private const int Large = 66_000;

    private static readonly int[] Sizes = [0, 1, 2, 255, 256, 257, 511, 512, 700, 65_535, 65_536, 65_537, Large];
    private static readonly Digest[] All = Leaves.Of(Large);
    private static readonly LeafNodeSource Expected = new(All);

    [Fact]
    public void Grow_FromAnySizeToAnother_GivesTheLayoutAndTheHashesOfTheTree()
    {
        foreach (var from in Sizes)
        {
            foreach (var to in Sizes.Where(size => size >= from))
            {
                var before = Tiles(from);
                var grown = TileGrowth.Grow(from, All[from..to], path => before[path]).ToList();
                grown.Select(tile => tile.Path).ShouldBe(TileLayout.HashTiles(from, to), $"{from} to {to}");
                foreach (var tile in grown)
                    ShouldBeOfTheTree(tile);
            }
        }
    }

    [Fact]
    public void Grow_InOneStepOrInMany_GivesTheSameTiles()
    {
        var kept = new Dictionary<TilePath, Digest[]>();
        for (var size = 0; size < 1_000; size += 37)
        {
            foreach (var tile in TileGrowth.Grow(size, All[size..(size + 37)], path => kept[path]))
                kept[tile.Path] = tile.Hashes;
        }
        foreach (var tile in TileGrowth.Grow(0, All[..1_036], path => throw new InvalidOperationException($"{path}")))
            kept[tile.Path].ShouldBe(tile.Hashes, $"{tile.Path}");
    }

    [Fact]
    public void Grow_EdgeOfAnotherWidth_Throws() =>
        Should.Throw<ArgumentException>(() => TileGrowth.Grow(3, All[3..5], _ => All[..2]).ToList());

    [Fact]
    public void Edge_OfAnySize_IsThePartialTilesOfTheLayout()
    {
        foreach (var size in Sizes)
            TileLayout.Edge(size).ShouldBe(TileLayout.HashTiles(0, size).Where(path => path.IsPartial), $"{size}");
    }

    [Fact]
    public void Bundles_OfAnySize_HoldEachEntryOnce()
    {
        foreach (var size in Sizes)
        {
            TileLayout.Bundles(0, size).Sum(path => path.Width).ShouldBe(size);
            TileLayout.Bundles(size, size).ShouldBeEmpty();
        }
        TileLayout.Bundles(300, 600).Select(path => path.ToString()).ShouldBe(["tile/entries/001", "tile/entries/002.p/88"]);
        TileLayout.BundleHolding(599, 600).ShouldBe(TilePath.Entries(2, 88));
        Should.Throw<ArgumentOutOfRangeException>(() => TileLayout.BundleHolding(600, 600));
        Should.Throw<ArgumentOutOfRangeException>(() => TileLayout.Holding(1, 2, 600));
    }

    [Fact]
    public void Proofs_FromTiles_AreThoseFromTheLeaves()
    {
        foreach (var size in Sizes.Where(size => size > 0))
        {
            var tiles = Tiles(size);
            var source = new TileNodeSource(
                size,
                path => tiles.TryGetValue(path, out var hashes) ? HashTile.Write(hashes) : null
            );
            source.Root().ShouldBe(Root(size));
            foreach (var index in (int[])[0, size / 3, size / 2, size - 1])
            {
                InclusionProof
                    .Build(index, size, source)
                    .ShouldBe(InclusionProof.Build(index, size, Expected), $"{index} of {size}");
                ConsistencyProof
                    .Build(index, size, source)
                    .ShouldBe(ConsistencyProof.Build(index, size, Expected), $"{index} to {size}");
            }
        }
    }

    [Fact]
    public void Proofs_WherePartialTilesWereRemovedAfterGrowth_TakeTheFullOnes()
    {
        var tiles = Tiles(65_536);
        var source = new TileNodeSource(
            700,
            path => path.IsPartial || !tiles.TryGetValue(path, out var hashes) ? null : HashTile.Write(hashes)
        );
        source.Root().ShouldBe(Root(700));
        source.Node(3, 80).ShouldBe(Expected.Node(3, 80));
    }

    [Fact]
    public void Node_OutsideTheLogOrInABrokenTile_Throws()
    {
        var source = new TileNodeSource(300, _ => new byte[31]);
        Should.Throw<ArgumentOutOfRangeException>(() => source.Node(0, 300));
        Should.Throw<ArgumentOutOfRangeException>(() => source.Node(9, 0));
        Should.Throw<ArgumentOutOfRangeException>(() => source.Node(64, 0));
        Should.Throw<TileException>(() => source.Node(0, 0)).Path.ShouldBe(TilePath.Hashes(0, 0));
        Should
            .Throw<TileException>(() => new TileNodeSource(300, _ => null).Node(0, 299))
            .Path.ShouldBe(TilePath.Hashes(0, 1, 44));
    }

    [Fact]
    public void Above_PartialTile_Throws() => Should.Throw<ArgumentException>(() => HashTile.Above(All.AsSpan(0, 255)));

    private static void ShouldBeOfTheTree(FilledTile tile)
    {
        tile.Hashes.Length.ShouldBe(tile.Path.Width);
        for (var i = 0; i < tile.Hashes.Length; i++)
        {
            var node = (tile.Path.Index * TilePath.FullWidth) + i;
            if (tile.Hashes[i] != Expected.Node(tile.Path.Level * TilePath.Height, node))
                Assert.Fail($"{tile.Path} has another hash {i}");
        }
    }

    private static Dictionary<TilePath, Digest[]> Tiles(int size) =>
        TileGrowth
            .Grow(0, All[..size], path => throw new InvalidOperationException($"{path} of nothing"))
            .ToDictionary(tile => tile.Path, tile => tile.Hashes);

    private static Digest Root(int size) => Expected.Range(0, size);
}
