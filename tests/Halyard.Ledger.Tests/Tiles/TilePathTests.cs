using System.Text;
using FsCheck.Fluent;

namespace Halyard.Ledger.Tests.Tiles;

public sealed class TilePathTests
{
    public static TheoryData<string, int, long, int> Paths =>
        new()
        {
            { "tile/0/000", 0, 0, 256 },
            { "tile/0/999.p/255", 0, 999, 255 },
            { "tile/1/x001/000", 1, 1000, 256 },
            { "tile/0/x001/x234/067.p/1", 0, 1234067, 1 },
            { "tile/6/000.p/31", 6, 0, 31 },
            { "tile/entries/x001/234.p/7", -1, 1234, 7 },
            { "tile/entries/x035/x184/x372/x088/831", -1, 35184372088831, 256 },
        };

    [Theory]
    [MemberData(nameof(Paths))]
    public void Read_Path_IsThatTileAndWrittenTheSameAgain(string text, int level, long index, int width)
    {
        TilePath.TryParse(text, out var path).ShouldBeTrue();
        (path.Level, path.Index, path.Width).ShouldBe((level, index, width));
        path.IsEntries.ShouldBe(level < 0);
        path.IsPartial.ShouldBe(width < 256);
        path.ToString().ShouldBe(text);
    }

    [Theory]
    [InlineData("")]
    [InlineData("tile")]
    [InlineData("tile/0")]
    [InlineData("tile/0/")]
    [InlineData("tile/0/0")]
    [InlineData("tile/0/00")]
    [InlineData("tile/0/0000")]
    [InlineData("tile/0/x000/000")]
    [InlineData("tile/0/001/000")]
    [InlineData("tile/0/x001")]
    [InlineData("tile/0/X001/000")]
    [InlineData("tile/0/000.p/0")]
    [InlineData("tile/0/000.p/01")]
    [InlineData("tile/0/000.p/256")]
    [InlineData("tile/0/000.p/-1")]
    [InlineData("tile/0/000.p")]
    [InlineData("tile/0/000.p/")]
    [InlineData("tile/0/000.p/1/2")]
    [InlineData("tile/00/000")]
    [InlineData("tile/7/000")]
    [InlineData("tile/-1/000")]
    [InlineData("tile/+1/000")]
    [InlineData("tile/Entries/000")]
    [InlineData("/tile/0/000")]
    [InlineData("tile/0/../000")]
    [InlineData("tile\\0\\000")]
    [InlineData("tile/entries/x035/x184/x372/x088/832")]
    [InlineData("tile/entries/x999/x999/x999/x999/x999/x999/999")]
    [InlineData("tile/0/\u0660\u0660\u0660")]
    public void Read_AnythingElse_IsRefused(string text) => TilePath.TryParse(text, out _).ShouldBeFalse();

    [Fact]
    public void Read_AnyTile_IsTheTileWritten() =>
        FsCheck.Check.One(
            FsCheck.Config.QuickThrowOnFailure.WithMaxTest(2_000),
            Prop.ForAll(
                Arb.From(
                    from level in Gen.Choose(-1, TilePath.MaxLevel)
                    from bits in Gen.Choose(0, 45)
                    from low in Gen.Choose(0, int.MaxValue)
                    from width in Gen.Choose(1, TilePath.FullWidth)
                    let index = ((long)low * 16411) & ((1L << bits) - 1)
                    select level < 0 ? TilePath.Entries(index, width) : TilePath.Hashes(level, index, width)
                ),
                path => TilePath.TryParse(path.ToString(), out var read) && read == path
            )
        );

    [Fact]
    public void Read_AnyText_NeverThrows() =>
        Fuzz.Around(
            Encoding.UTF8.GetBytes("tile/0/x001/x234/067.p/1"),
            bytes => TilePath.TryParse(Encoding.Latin1.GetString(bytes), out _)
        );

    [Fact]
    public void Make_TileThatCannotBe_Throws()
    {
        Should.Throw<ArgumentOutOfRangeException>(() => TilePath.Hashes(-1, 0));
        Should.Throw<ArgumentOutOfRangeException>(() => TilePath.Hashes(7, 0));
        Should.Throw<ArgumentOutOfRangeException>(() => TilePath.Hashes(0, -1));
        Should.Throw<ArgumentOutOfRangeException>(() => TilePath.Entries(0, 0));
        Should.Throw<ArgumentOutOfRangeException>(() => TilePath.Entries(0, 257));
    }
}
