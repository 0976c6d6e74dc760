using System.Security.Cryptography;
using System.Text;
using Halyard.Ledger.Tests.Notes;
using Halyard.Testing;

namespace Halyard.Ledger.Tests.Verifying;

public sealed class ArchiveVerifierTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(255)]
    [InlineData(256)]
    [InlineData(257)]
    [InlineData(700)]
    [InlineData(1024)]
    public void Verify_LogAsPublished_IsVerified(int size)
    {
        var archive = SampleArchive.Of(size, [.. new[] { 0, 1, 3, 255, 256, 300, 512, 600 }.Where(each => each < size)]);
        var verified = archive.Verify().ShouldBeOfType<ArchiveVerdict.Verified>();
        verified.Head.Size.ShouldBe(size);
        verified.Checkpoints.ShouldBe(archive.List(LedgerPaths.Checkpoints)!.Count - 1);
        archive.Lists = false;
        archive.Verify().ShouldBeOfType<ArchiveVerdict.Verified>().Checkpoints.ShouldBe(0);
    }

    [Fact]
    public void Verify_LogWithThreeLevelsOfTiles_IsVerifiedAndNamesTheSubtreeThatDiffers()
    {
        var archive = SampleArchive.Of(66_000, 65_536);
        archive.Verify().ShouldBeOfType<ArchiveVerdict.Verified>().Checkpoints.ShouldBe(1);
        var tile = archive.Files["tile/1/000"];
        tile[(32 * 200) + 5] ^= 1;
        Tampered(archive).Index.ShouldBe(200 * 256);
        tile[(32 * 200) + 5] ^= 1;
        archive.Files["tile/2/000.p/1"][0] ^= 1;
        Tampered(archive)
            .ShouldSatisfyAllConditions(found => found.Index.ShouldBe(0), found => found.Path.ShouldBe("tile/2/000.p/1"));
    }

    [Fact]
    public void Verify_PublishedLogOfOthers_LeadsToItsCheckpointsUpToTheLeaves()
    {
        // Their entries are words, not our leaves: tiles, bundles, root and signature hold, the first leaf does not.
        var folder = Suites.Require("tessera");
        var archive = new SampleArchive();
        foreach (var file in Directory.GetFiles(folder, "*", SearchOption.AllDirectories))
            archive.Files[Path.GetRelativePath(folder, file).Replace('\\', '/')] = File.ReadAllBytes(file);
        archive.Files[LedgerPaths.Checkpoint] = archive.Files["checkpoint.8"];
        NoteKey
            .TryParse("example.com/log/testdata+33d7b496+AeHTu4Q3hEIMHNqc6fASMsq3rKNx280NI+oO5xCFkkSx", out var key, out _)
            .ShouldBeTrue();
        var keys = new LogKeys([new LogKey(new Ed25519(key), 0, null)]);
        archive
            .Verify(keys: keys, origin: "example.com/log/testdata")
            .ShouldBe(new ArchiveVerdict.Tampered(0, null, "is not a canonical JSON object"));
        archive.Files["tile/0/000.p/8"][40] ^= 1;
        archive
            .Verify(keys: keys, origin: "example.com/log/testdata")
            .ShouldBeOfType<ArchiveVerdict.Tampered>()
            .Index.ShouldBe(1);
    }

    [Fact]
    public void Verify_HeldCheckpointThatTheLogGrewOutOf_IsVerified()
    {
        var archive = SampleArchive.Of(700);
        archive.Lists = false;
        for (var size = 0; size <= 700; size += 50)
            archive
                .Verify(since: SampleArchive.Of(size).Files[LedgerPaths.Checkpoint])
                .ShouldBeOfType<ArchiveVerdict.Verified>($"{size}");
    }

    [Fact]
    public void Verify_EntriesInTurn_AreGivenWithTheirIndexes()
    {
        var archive = SampleArchive.Of(600);
        var seen = new List<long>();
        var question = new ArchiveQuestion(SampleArchive.Origin, null)
        {
            Entry = (index, leaf) =>
            {
                leaf.ToArray().ShouldBe(SampleArchive.Leaf((int)index));
                seen.Add(index);
            },
        };
        ArchiveVerifier.Run(archive, question, CancellationToken.None).ShouldBeOfType<ArchiveVerdict.Verified>();
        seen.ShouldBe(Enumerable.Range(0, 600).Select(index => (long)index));
    }

    [Fact]
    public void Verify_OnlyFullTilesKeptAfterGrowth_IsVerifiedAtTheOlderSize()
    {
        var archive = SampleArchive.Of(700);
        var old = SampleArchive.Of(300);
        archive.Files[LedgerPaths.Checkpoint] = old.Files[LedgerPaths.Checkpoint];
        archive.Files.Remove(LedgerPaths.CheckpointAt(700));
        archive.Files["tile/1/000"] = [.. archive.Files["tile/1/000.p/2"], .. new byte[254 * 32]];
        archive.Files.Remove("tile/1/000.p/2");
        archive.Verify().ShouldBeOfType<ArchiveVerdict.Verified>().Head.Size.ShouldBe(300);
    }

    [Fact]
    public void Verify_KeyThatWasReplaced_CountsOnlyForItsSizes()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var second = new NoteSigner(SampleArchive.Origin, key);
        var leaves = Enumerable.Range(0, 700).Select(index => SampleArchive.Leaf(index)).ToList();
        var archive = new SampleArchive();
        archive.Write(leaves, [300]);
        archive.Write(leaves, [700], second);
        var keys = $"# first\n{SampleArchive.Signer.Key} 0 400\n\n{second.Key} 401\n";
        LogKeys.TryParse(keys, out var both, out var problem).ShouldBeTrue(problem);
        archive.Verify(keys: both).ShouldBeOfType<ArchiveVerdict.Verified>().Checkpoints.ShouldBe(1);
        // Who holds the new key alone cannot say who signed before.
        LogKeys.TryParse(second.Key.ToString(), out var newest, out _).ShouldBeTrue();
        archive.Verify(keys: newest).ShouldBeOfType<ArchiveVerdict.Verified>().Checkpoints.ShouldBe(0);
        archive.Verify().ShouldBeOfType<ArchiveVerdict.Incomplete>();

        var replaced = new SampleArchive();
        replaced.Write(leaves, [700]);
        replaced.Verify(keys: both).ShouldBeOfType<ArchiveVerdict.Tampered>().Words.ShouldContain("does not count at size 700");
    }

    [Fact]
    public void Verify_BundlesPurgedAsTheLogSays_IsVerified()
    {
        var leaves = Enumerable
            .Range(0, 700)
            .Select(index =>
                index == 650
                    ? SampleArchive.Leaf(
                        index,
                        "log.purged",
                        "\"meta\":{\"details\":{\"from\":0,\"to\":512}},\"outcome\":{\"ok\":true}"
                    )
                    : SampleArchive.Leaf(index)
            )
            .ToList();
        var archive = new SampleArchive();
        archive.Write(leaves, [300, 700]);
        foreach (var path in (string[])["tile/entries/000", "tile/entries/001"])
            archive.Files.Remove(path);
        archive.Verify().ShouldBeOfType<ArchiveVerdict.Tampered>().Index.ShouldBe(0);
        archive.Files[LedgerPaths.MinimumIndex] = "512\n"u8.ToArray();
        archive.Verify().ShouldBeOfType<ArchiveVerdict.Verified>().PurgedBelow.ShouldBe(512);
        archive.Files["tile/0/001"][77] ^= 1;
        archive.Verify().ShouldBeOfType<ArchiveVerdict.Tampered>();
    }

    [Theory]
    [InlineData("\"meta\":{\"details\":{\"from\":0,\"to\":512}},\"outcome\":{\"ok\":false}")]
    [InlineData("\"meta\":{\"details\":{\"from\":0,\"to\":512}}")]
    [InlineData("\"meta\":{\"details\":{\"from\":0,\"to\":651}},\"outcome\":{\"ok\":true}")]
    public void Verify_BundlesAbsentAfterAPurgeThatDidNotHappenOrReachesBehindItsOwnEntry_IsIncomplete(string members)
    {
        var archive = new SampleArchive();
        archive.Write(
            [
                .. Enumerable
                    .Range(0, 700)
                    .Select(i => i == 650 ? SampleArchive.Leaf(i, "log.purged", members) : SampleArchive.Leaf(i)),
            ],
            [300, 700]
        );
        archive.Files.Remove("tile/entries/000");
        archive.Files.Remove("tile/entries/001");
        archive.Files[LedgerPaths.MinimumIndex] = "512\n"u8.ToArray();

        archive.Verify().ShouldBeOfType<ArchiveVerdict.Incomplete>();
    }

    [Fact]
    public void Verify_BundlesAbsentWithoutAnEntryThatSaysSo_IsIncomplete()
    {
        var archive = SampleArchive.Of(700);
        archive.Files.Remove("tile/entries/000");
        archive.Files[LedgerPaths.MinimumIndex] = "256"u8.ToArray();
        archive.Verify().ShouldBeOfType<ArchiveVerdict.Incomplete>().Words.ShouldContain("no entry says");
    }

    [Theory]
    [InlineData("-1")]
    [InlineData("100")]
    [InlineData("768")]
    [InlineData("x")]
    [InlineData("")]
    [InlineData("000000000000000000000000000000256")]
    public void Verify_MinimumIndexThatCannotBe_IsTampering(string text)
    {
        var archive = SampleArchive.Of(700);
        archive.Files[LedgerPaths.MinimumIndex] = Encoding.UTF8.GetBytes(text);
        archive.Verify().ShouldBeOfType<ArchiveVerdict.Tampered>().Path.ShouldBe(LedgerPaths.MinimumIndex);
    }

    [Fact]
    public void Verify_NothingThere_IsIncomplete() =>
        new SampleArchive().Verify().ShouldBe(new ArchiveVerdict.Incomplete("there is no checkpoint"));

    [Fact]
    public void Verify_SignedByNoKnownKey_IsIncomplete()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var keys = new LogKeys([new LogKey(new NoteSigner(SampleArchive.Origin, key).Key.CreateVerifier()!, 0, null)]);
        SampleArchive.Of(3).Verify(keys: keys).ShouldBeOfType<ArchiveVerdict.Incomplete>();
    }

    [Fact]
    public void Verify_FileThatCannotBeRead_IsIncomplete()
    {
        var broken = new BrokenFiles(SampleArchive.Of(700), "tile/entries/001");
        ArchiveVerifier
            .Run(broken, new ArchiveQuestion(SampleArchive.Origin, SampleArchive.Keys), CancellationToken.None)
            .ShouldBe(new ArchiveVerdict.Incomplete("tile/entries/001 cannot be read: the disk is gone"));
    }

    [Fact]
    public void Verify_BrokenOff_Throws() =>
        Should.Throw<OperationCanceledException>(() =>
            ArchiveVerifier.Run(
                SampleArchive.Of(3),
                new ArchiveQuestion(SampleArchive.Origin, SampleArchive.Keys),
                new CancellationToken(canceled: true)
            )
        );

    private static ArchiveVerdict.Tampered Tampered(SampleArchive archive) =>
        archive.Verify().ShouldBeOfType<ArchiveVerdict.Tampered>();

    private sealed class BrokenFiles(ILedgerFiles files, string broken) : ILedgerFiles
    {
        public byte[]? Read(string path, int maxLength) =>
            path == broken
                ? throw new LedgerFileException(path, "cannot be read: the disk is gone")
                : files.Read(path, maxLength);

        public IReadOnlyList<string>? List(string folder) => files.List(folder);
    }
}
