using System.Text;

namespace Halyard.Ledger.Tests.Verifying;

/// <summary>A log that lost entries that were given out and goes on under another name, as a stranger sees it.</summary>
public sealed class ShardTests
{
    private const string First = SampleArchive.Origin;
    private const string Second = SampleArchive.Origin + "/2";
    private const int Kept = 300;

    [Fact]
    public void Verify_ShardThatSaysWhatWasLost_IsVerifiedAndNamesIt()
    {
        var verified = Shard().Verify(origin: Second).ShouldBeOfType<ArchiveVerdict.Verified>();

        var restore = verified.Restores.ShouldHaveSingleItem();
        (restore.Index, restore.Log, restore.Shard).ShouldBe((Kept, First, Second));
        var lost = restore.Lost.ShouldHaveSingleItem();
        (lost.Log, lost.From, lost.To).ShouldBe((First, Kept, 310));
        Before().Verify().ShouldBeOfType<ArchiveVerdict.Verified>().Restores.ShouldBeEmpty();
    }

    [Fact]
    public void Verify_ShardByTheNameOfTheFirst_IsTampered() =>
        Shard().Verify().ShouldBeOfType<ArchiveVerdict.Tampered>().Words.ShouldContain($"not of '{First}'");

    [Theory]
    [InlineData("root", "names another root")]
    [InlineData("size", "does not say that it goes on")]
    [InlineData("shard", "does not say that it goes on")]
    [InlineData("log", "does not say that it goes on")]
    [InlineData("lost", "does not say that it goes on")]
    [InlineData("type", "does not say that it goes on")]
    [InlineData("ok", "does not say that it goes on")]
    public void Verify_ShardThatSaysSomethingElseThanIsThere_IsTamperedAtItsFirstEntry(string changed, string words)
    {
        var tampered = Shard(changed).Verify(origin: Second).ShouldBeOfType<ArchiveVerdict.Tampered>();

        tampered.Index.ShouldBe(Kept);
        tampered.Words.ShouldContain(words);
    }

    [Fact]
    public void Verify_ShardThatGoesBackToTheFirstName_IsTampered()
    {
        var leaves = Leaves();
        leaves[Kept + 2] = SampleArchive.Leaf(Kept + 2);

        Written(leaves).Verify(origin: Second).ShouldBeOfType<ArchiveVerdict.Tampered>().Index.ShouldBe(Kept + 2);
    }

    [Fact]
    public void Verify_ShardWhoseFirstEntryIsItsOwn_IsTampered() =>
        Written([.. Enumerable.Range(0, 10).Select(index => SampleArchive.Leaf(index, log: Second))])
            .Verify(origin: Second)
            .ShouldBeOfType<ArchiveVerdict.Tampered>()
            .Words.ShouldContain("does not say what that goes on from");

    [Fact]
    public void Verify_ShardThatEndsBeforeItsOwnEntries_IsIncomplete() =>
        Written(Leaves()[..Kept])
            .Verify(origin: Second)
            .ShouldBeOfType<ArchiveVerdict.Incomplete>()
            .Words.ShouldContain("goes on from");

    [Fact]
    public void Since_CheckpointOfTheShardBefore_IsInTheTreeOrSaidToBeLost()
    {
        var shard = Shard();
        var before = Before();
        shard
            .Verify(since: before.Files[LedgerPaths.CheckpointAt(200)], origin: Second)
            .ShouldBeOfType<ArchiveVerdict.Verified>();
        shard
            .Verify(since: before.Files[LedgerPaths.CheckpointAt(310)], origin: Second)
            .ShouldBeOfType<ArchiveVerdict.Verified>();

        var more = SampleArchive.Of(312);
        shard
            .Verify(since: more.Files[LedgerPaths.CheckpointAt(312)], origin: Second)
            .ShouldBeOfType<ArchiveVerdict.Tampered>()
            .Words.ShouldContain("no entry says that they were lost");
        var fork = new SampleArchive();
        fork.Publish(310, Digest.Of("another"u8), SampleArchive.Signer);
        shard.Verify(since: fork.Files[LedgerPaths.Checkpoint], origin: Second).ShouldBeOfType<ArchiveVerdict.Tampered>();
    }

    [Fact]
    public void Proof_OfAnEntryOfTheShardBefore_IsVerifiedInTheShard_AndNotTheOtherWayRound()
    {
        var leaves = Leaves();
        var nodes = new LeafNodeSource([.. leaves.Select(leaf => MerkleTree.HashLeaf(leaf))]);
        ProofFile Of(string log, int index) =>
            new(
                log,
                index,
                leaves.Count,
                MerkleTree.Root(nodes, leaves.Count),
                leaves[index],
                InclusionProof.Build(index, leaves.Count, nodes),
                null
            );

        Of(Second, 3).Verify().ShouldBeOfType<ProofVerdict.Verified>();
        Of(Second, Kept + 1).Verify().ShouldBeOfType<ProofVerdict.Verified>();
        Of(First, Kept + 1).Verify().ShouldBeOfType<ProofVerdict.Tampered>();
        Of("flags.example.com/other/admin/2", 3).Verify().ShouldBeOfType<ProofVerdict.Tampered>();
    }

    [Theory]
    [InlineData("h/t/admin", "h/t/admin", 1)]
    [InlineData("h/t/admin/2", "h/t/admin", 2)]
    [InlineData("h/t/admin/02", "h/t/admin/02", 1)]
    [InlineData("h/t/admin/1", "h/t/admin/1", 1)]
    [InlineData("h/t/admin/+2", "h/t/admin/+2", 1)]
    [InlineData("rome.example.com/2025", "rome.example.com/2025", 1)]
    [InlineData("2", "2", 1)]
    [InlineData("", "", 1)]
    public void Name_IsTakenApart(string origin, string first, int shard)
    {
        LogName.Of(origin).ShouldBe(new LogName(first, shard));
        LogName.Of(origin).ToString().ShouldBe(origin);
    }

    private static SampleArchive Before() => SampleArchive.Of(310, 200);

    private static SampleArchive Shard(string changed = "") => Written(Leaves(changed));

    private static SampleArchive Written(List<byte[]> leaves)
    {
        var archive = new SampleArchive { Log = Second };
        archive.Write(leaves, [leaves.Count]);
        return archive;
    }

    private static List<byte[]> Leaves(string changed = "")
    {
        List<byte[]> leaves = [.. Enumerable.Range(0, Kept).Select(index => SampleArchive.Leaf(index))];
        var root = MerkleTree.Root([.. leaves.Select(leaf => MerkleTree.HashLeaf(leaf))]);
        var given = MerkleTree.Root([
            .. Enumerable.Range(0, 310).Select(index => MerkleTree.HashLeaf(SampleArchive.Leaf(index))),
        ]);
        var details = new StringBuilder("\"meta\":{\"details\":{")
            .Append(
                changed == "lost" ? "" : $"\"lost\":[{{\"from\":{Kept},\"log\":\"{First}\",\"root\":\"{given}\",\"to\":310}}],"
            )
            .Append($"\"restored\":{{\"log\":\"{(changed == "log" ? Second : First)}\",")
            .Append($"\"root\":\"{(changed == "root" ? given : root)}\",\"size\":{(changed == "size" ? Kept - 1 : Kept)}}},")
            .Append($"\"shard\":\"{(changed == "shard" ? $"{First}/3" : Second)}\"}}}}")
            .Append($",\"outcome\":{{\"ok\":{(changed == "ok" ? "false" : "true")}}}");
        leaves.Add(
            SampleArchive.Leaf(Kept, changed == "type" ? "flag.updated" : "log.restored", details.ToString(), log: Second)
        );
        leaves.AddRange(Enumerable.Range(Kept + 1, 20).Select(index => SampleArchive.Leaf(index, log: Second)));
        return leaves;
    }
}
