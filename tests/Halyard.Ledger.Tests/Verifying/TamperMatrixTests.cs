using System.Buffers.Binary;
using System.Text;

namespace Halyard.Ledger.Tests.Verifying;

/// <summary>Each way to change a published log is found, and where an entry can be named it is the first that is concerned.</summary>
public sealed class TamperMatrixTests
{
    private const int Size = 700;
    private const string Second = "tile/entries/001";
    private const string Last = "tile/entries/002.p/188";

    private static readonly List<byte[]> Leaves = [.. Enumerable.Range(0, Size).Select(index => SampleArchive.Leaf(index))];

    private readonly SampleArchive _archive = SampleArchive.Of(Size, 300, 512);

    [Theory]
    [InlineData(0)]
    [InlineData(255)]
    [InlineData(256)]
    [InlineData(511)]
    [InlineData(699)]
    public void LeafText_AnyByteFlipped_NamesTheEntry(int index)
    {
        var path = TileLayout.BundleHolding(index, Size).ToString();
        var bundle = _archive.Files[path];
        var from = Offset(index) + sizeof(ushort);
        for (var at = 0; at < Leaves[index].Length; at++)
        {
            bundle[from + at] ^= 1;
            ShouldBeTampered(index);
            bundle[from + at] ^= 1;
        }
        _archive.Verify().ShouldBeOfType<ArchiveVerdict.Verified>();
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(0, 1)]
    [InlineData(300, 0)]
    [InlineData(300, 1)]
    [InlineData(699, 0)]
    [InlineData(699, 1)]
    public void LengthPrefix_Flipped_NamesTheEntryOrOneThatCannotBeReadAnyMore(int index, int which)
    {
        _archive.Files[TileLayout.BundleHolding(index, Size).ToString()][Offset(index) + which] ^= 1;
        // A false length moves the borders of all behind it; the bundle may break there before any hash is compared.
        var found = _archive.Verify().ShouldBeOfType<ArchiveVerdict.Tampered>();
        found.Index!.Value.ShouldBeInRange(index, Math.Min((index / 256 * 256) + 256, Size) - 1);
    }

    [Fact]
    public void LengthPrefix_BeyondTheBundle_NamesTheEntry()
    {
        BinaryPrimitives.WriteUInt16BigEndian(_archive.Files[Last].AsSpan(Offset(690)), ushort.MaxValue);
        ShouldBeTampered(690);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(299)]
    [InlineData(512)]
    [InlineData(699)]
    public void TileHash_AnyByteFlipped_NamesTheEntry(int index)
    {
        var tile = _archive.Files[TileLayout.Holding(0, index, Size).ToString()];
        for (var at = 0; at < Digest.Length; at++)
        {
            tile[(index % 256 * Digest.Length) + at] ^= 0x80;
            ShouldBeTampered(index);
            tile[(index % 256 * Digest.Length) + at] ^= 0x80;
        }
    }

    [Fact]
    public void UpperTile_Flipped_NamesTheSubtree()
    {
        _archive.Files["tile/1/000.p/2"][33] ^= 1;
        ShouldBeTampered(256);
    }

    [Theory]
    [InlineData("tile/0/000", 0)]
    [InlineData("tile/0/001", 256)]
    [InlineData("tile/0/002.p/188", 512)]
    [InlineData("tile/1/000.p/2", 0)]
    [InlineData("tile/entries/000", 0)]
    [InlineData("tile/entries/001", 256)]
    [InlineData("tile/entries/002.p/188", 512)]
    public void File_RemovedCutLengthenedOrEmptied_NamesItsFirstEntryOrTheBrokenOne(string path, int index)
    {
        var whole = _archive.Files[path];
        _archive.Files.Remove(path);
        ShouldBeTampered(index);
        _archive.Files[path] = [];
        ShouldBeTampered(index);
        _archive.Files[path] = whole[..^1];
        _archive.Verify().ShouldBeOfType<ArchiveVerdict.Tampered>().Index.ShouldNotBeNull();
        _archive.Files[path] = [.. whole, 0];
        _archive.Verify().ShouldBeOfType<ArchiveVerdict.Tampered>().Index.ShouldNotBeNull();
    }

    [Fact]
    public void Checkpoint_AnyByteFlipped_IsNeverVerified()
    {
        _archive.Lists = false;
        var note = _archive.Files[LedgerPaths.Checkpoint];
        var verdicts = new List<ArchiveVerdict>();
        for (var at = 0; at < note.Length; at++)
        {
            note[at] ^= 1;
            verdicts.Add(_archive.Verify());
            note[at] ^= 1;
        }
        verdicts.ShouldAllBe(verdict => !(verdict is ArchiveVerdict.Verified));
        // Name, size, root and signature: tampered. Only another key name or id may be a stranger's signature.
        verdicts
            .Count(verdict => verdict is ArchiveVerdict.Incomplete)
            .ShouldBeLessThanOrEqualTo(SampleArchive.Origin.Length + 8);
    }

    [Theory]
    [InlineData("size")]
    [InlineData("root")]
    [InlineData("origin")]
    public void Checkpoint_OtherContentUnderTheOldSignature_IsTampering(string what)
    {
        Note.TryParse(_archive.Files[LedgerPaths.Checkpoint], out var note, out _).ShouldBeTrue();
        Checkpoint.TryParse(note.Text, out var true_, out _).ShouldBeTrue();
        var false_ = what switch
        {
            "size" => true_ with { Size = 699 },
            "root" => true_ with { Root = MerkleTree.EmptyRoot },
            _ => true_ with { Origin = "flags.example.com/other/admin" },
        };
        _archive.Files[LedgerPaths.Checkpoint] = new Note(false_.ToText(), note.Signatures).ToBytes();
        _archive.Verify().ShouldBeOfType<ArchiveVerdict.Tampered>().Path.ShouldBe(LedgerPaths.Checkpoint);
    }

    [Fact]
    public void Origin_Another_IsTampering() =>
        _archive.Verify(origin: "flags.example.com/other/admin").ShouldBeOfType<ArchiveVerdict.Tampered>();

    [Fact]
    public void Entries_Swapped_NamesTheFirst()
    {
        var leaves = Copy();
        (leaves[310], leaves[400]) = (leaves[400], leaves[310]);
        RewriteBundle(leaves, 1);
        ShouldBeTampered(310);
    }

    [Fact]
    public void Entry_RemovedDoubledOrPutIn_NamesIt()
    {
        var removed = Copy();
        removed.RemoveAt(310);
        removed.Insert(511, SampleArchive.Leaf(511));
        RewriteBundle(removed, 1);
        ShouldBeTampered(310);

        var doubled = Copy();
        doubled.Insert(310, Leaves[310]);
        RewriteBundle(doubled, 1);
        ShouldBeTampered(311);
    }

    [Theory]
    [InlineData(310, 299)]
    [InlineData(255, 0)]
    public void Entry_RewrittenWithAllTiles_IsFoundAndNoEntryBeforeTheLastGoodCheckpointIsNamed(int index, int agreed)
    {
        var forged = Copy();
        forged[index] = SampleArchive.Leaf(index, "flag.deleted");
        _archive.Grow(0, forged);
        var found = _archive.Verify().ShouldBeOfType<ArchiveVerdict.Tampered>();
        found.Index.ShouldNotBeNull();
        found.Index.Value.ShouldBeInRange(agreed, index);
    }

    [Fact]
    public void Log_CutAtItsEnd_IsTampering()
    {
        var cut = SampleArchive.Of(600);
        cut.Files[LedgerPaths.Checkpoint] = _archive.Files[LedgerPaths.Checkpoint];
        cut.Verify().ShouldBeOfType<ArchiveVerdict.Tampered>().Index.ShouldBe(512);
    }

    [Fact]
    public void Log_CutWithItsCheckpoint_IsFoundByWhoHoldsALaterOne()
    {
        var cut = SampleArchive.Of(600, 300);
        cut.Verify().ShouldBeOfType<ArchiveVerdict.Verified>();
        cut.Verify(since: _archive.Files[LedgerPaths.Checkpoint]).ShouldBeOfType<ArchiveVerdict.Tampered>().Index.ShouldBe(600);
        // And by anybody where a later published checkpoint was left.
        cut.Files[LedgerPaths.CheckpointAt(Size)] = _archive.Files[LedgerPaths.CheckpointAt(Size)];
        cut.Verify().ShouldBeOfType<ArchiveVerdict.Tampered>().Index.ShouldBe(512);
    }

    [Fact]
    public void Log_CutAndGrownAgain_IsFoundByAnyCheckpointBetween()
    {
        var regrown = Copy();
        for (var index = 500; index < Size; index++)
            regrown[index] = SampleArchive.Leaf(index, "flag.archived");
        var fork = new SampleArchive();
        fork.Write(regrown, [300, Size]);
        fork.Verify().ShouldBeOfType<ArchiveVerdict.Verified>();
        var held = fork.Verify(since: _archive.Files[LedgerPaths.CheckpointAt(512)]).ShouldBeOfType<ArchiveVerdict.Tampered>();
        held.Index.ShouldBe(300);
        held.Words.ShouldContain("those below 300 are as they were signed");
        fork.Files[LedgerPaths.CheckpointAt(512)] = _archive.Files[LedgerPaths.CheckpointAt(512)];
        fork.Verify().ShouldBeOfType<ArchiveVerdict.Tampered>().Path.ShouldBe(LedgerPaths.CheckpointAt(512));
    }

    [Fact]
    public void Log_TwoRootsOfOneSize_IsFoundByWhoHoldsTheOther()
    {
        var other = Copy();
        other[^1] = SampleArchive.Leaf(Size - 1, "flag.archived");
        var fork = new SampleArchive();
        fork.Write(other, [Size]);
        fork.Verify().ShouldBeOfType<ArchiveVerdict.Verified>();
        fork.Verify(since: _archive.Files[LedgerPaths.Checkpoint]).ShouldBeOfType<ArchiveVerdict.Tampered>();
        fork.Files[LedgerPaths.Checkpoint] = _archive.Files[LedgerPaths.Checkpoint];
        fork.Verify().ShouldBeOfType<ArchiveVerdict.Tampered>();
    }

    [Fact]
    public void Checkpoint_OlderThanAPublishedOne_IsReadAsTheNewest()
    {
        _archive.Files[LedgerPaths.Checkpoint] = _archive.Files[LedgerPaths.CheckpointAt(300)];
        _archive.Verify().ShouldBeOfType<ArchiveVerdict.Verified>().Head.Size.ShouldBe(Size);
        _archive.Lists = false;
        _archive
            .Verify(since: _archive.Files[LedgerPaths.CheckpointAt(512)])
            .ShouldBeOfType<ArchiveVerdict.Tampered>()
            .Index.ShouldBe(300);
    }

    [Fact]
    public void Checkpoint_UnderTheNameOfAnotherSize_IsTampering()
    {
        _archive.Files[LedgerPaths.CheckpointAt(400)] = _archive.Files[LedgerPaths.CheckpointAt(300)];
        _archive.Verify().ShouldBeOfType<ArchiveVerdict.Tampered>().Path.ShouldBe(LedgerPaths.CheckpointAt(400));
    }

    [Fact]
    public void PartialTile_OfAnotherSize_IsTampering()
    {
        _archive.Files["tile/0/002.p/188"] = SampleArchive.Of(699).Files["tile/0/002.p/187"];
        ShouldBeTampered(512);
        var other = Copy();
        other[520] = SampleArchive.Leaf(520, "flag.archived");
        var fork = new SampleArchive();
        fork.Write(other, [Size]);
        _archive.Files["tile/0/002.p/188"] = fork.Files["tile/0/002.p/188"];
        ShouldBeTampered(520);
    }

    [Theory]
    [InlineData("log", "does not say that it is from the log")]
    [InlineData("idx", "says that it is entry")]
    [InlineData("no idx", "which entry")]
    [InlineData("at", "is older than")]
    [InlineData("no at", "has no time")]
    [InlineData("json", "not a canonical JSON object")]
    [InlineData("spaces", "not a canonical JSON object")]
    [InlineData("twice", "not a canonical JSON object")]
    public void Leaf_SignedButNotALeafOfThisLog_NamesTheEntry(string what, string words)
    {
        foreach (var index in (int[])[256, 300, 699])
        {
            var leaves = Copy();
            var text = Encoding.UTF8.GetString(leaves[index]);
            leaves[index] = what switch
            {
                "log" => SampleArchive.Leaf(index, log: "flags.example.com/other/admin"),
                "idx" => SampleArchive.Leaf(index - 1, second: index),
                "no idx" => Encoding.UTF8.GetBytes(text.Replace("\"idx\":", "\"idy\":", StringComparison.Ordinal)),
                "at" => SampleArchive.Leaf(index, second: index - 2),
                "no at" => Encoding.UTF8.GetBytes(text.Replace(".000000Z", ".000Z", StringComparison.Ordinal)),
                "json" => "not json"u8.ToArray(),
                "spaces" => Encoding.UTF8.GetBytes(text.Replace(",", ", ", StringComparison.Ordinal)),
                _ => Encoding.UTF8.GetBytes(text[..^1] + ",\"v\":1}"),
            };
            var archive = new SampleArchive();
            archive.Write(leaves, [Size]);
            var found = archive.Verify().ShouldBeOfType<ArchiveVerdict.Tampered>();
            found.Index.ShouldBe(index);
            found.Words.ShouldContain(words);
        }
    }

    [Fact]
    public void Archive_AnyFileAltered_NeverThrowsAndIsNeverVerifiedWithOtherEntries()
    {
        var archive = SampleArchive.Of(5, 3);
        var good = archive.Files.ToDictionary(StringComparer.Ordinal);
        foreach (var (path, bytes) in good)
        {
            Fuzz.Around(
                bytes,
                altered =>
                {
                    archive.Files[path] = altered;
                    var same = altered.AsSpan().SequenceEqual(bytes);
                    var verified = archive.Verify() is ArchiveVerdict.Verified;
                    // Files of smaller sizes are not needed any more; their checkpoints are.
                    if (!same && verified && (path.EndsWith(".p/5", StringComparison.Ordinal) || path == LedgerPaths.Checkpoint))
                        Assert.Fail($"{path} is verified as {Convert.ToHexString(altered)}");
                    return verified;
                },
                count: 150
            );
            archive.Files[path] = bytes;
        }
    }

    private static List<byte[]> Copy() => [.. Leaves];

    private static int Offset(int index) => Leaves.Take(index).Skip(index / 256 * 256).Sum(leaf => sizeof(ushort) + leaf.Length);

    private void RewriteBundle(List<byte[]> leaves, int bundle) =>
        _archive.Files[Second] = EntryBundle.Write([
            .. leaves.Skip(bundle * 256).Take(256).Select(leaf => (ReadOnlyMemory<byte>)leaf),
        ]);

    private void ShouldBeTampered(long index)
    {
        var found = _archive.Verify().ShouldBeOfType<ArchiveVerdict.Tampered>();
        found.Index.ShouldBe(index, found.Words);
    }
}
