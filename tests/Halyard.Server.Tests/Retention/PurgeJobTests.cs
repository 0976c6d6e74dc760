using Halyard.Core;
using Halyard.Core.Audit.Holds;
using Halyard.Core.Audit.Retention;
using Halyard.Core.Audit.Sinks;
using Halyard.Core.Changes;
using Halyard.Core.Changes.Effects;
using Halyard.Core.Reading;
using Halyard.Core.Storage;
using Halyard.Ledger;
using Halyard.Server.Delivery;
using Halyard.Server.Jobs;
using Halyard.Server.Publishing;
using Halyard.Server.Retention;
using Halyard.Server.Tests.Jobs;
using Halyard.Server.Tests.Publishing;

namespace Halyard.Server.Tests.Retention;

/// <summary>Test 10 of the audit log: what is purged was archived, is held by nobody, and leaves every proof as it was.</summary>
public sealed class PurgeJobTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Purge_LeavesSurvivorsTheirProofs_TheWholeHistoryItsConsistency_AndAnArchiveThatVerifies()
    {
        using var world = await RetentionWorld.StartAsync(1_000);
        await world.SetAsync(archiveAfterDays: 1, retentionDays: 3);
        var before = await world.Log.Store.HeadAsync(World.Tenant, Cancel);
        var held = (await world.Log.Objects.ReadAsync(PublishedLog.FolderOf(World.Tenant) + "checkpoint", Cancel))!;

        await RunBothAsync(world);

        // Entries to 700 are three days old; of them the whole bundles went.
        var head = (await world.Log.Store.HeadAsync(World.Tenant, Cancel))!;
        head.Minimum.ShouldBe(512);
        var told = (await world.ToldAsync(CommitEffect.PurgeEntries.Type)).ShouldHaveSingleItem();
        told.GetProperty("from").GetInt64().ShouldBe(0);
        told.GetProperty("to").GetInt64().ShouldBe(512);
        told.GetProperty("policy").GetProperty("retentionDays").GetInt32().ShouldBe(3);
        var proofs = new ProofReader(world.Log.Store);
        told.GetProperty("root")
            .GetString()
            .ShouldBe(MerkleTree.Root(await proofs.NodesAsync(World.Tenant, [512], Cancel), 512).ToString());

        (await world.Log.Store.EntryAsync(World.Tenant, 511, Cancel)).ShouldBeNull();
        for (var index = 512L; index < head.Range.Size; index++)
        {
            var proof = (await proofs.ProveAsync(World.Tenant, index, null, Cancel)).ShouldNotBeNull();
            InclusionProof
                .Verify(index, proof.Size, MerkleTree.HashLeaf(proof.Leaf), proof.Hashes, head.Range.Root)
                .ShouldBeTrue();
        }
        foreach (var from in new long[] { 1, 255, 256, 511, 512, 701, 1_000 })
        {
            var growth = (await proofs.ProveGrowthAsync(World.Tenant, from, head.Range.Size, Cancel)).ShouldNotBeNull();
            ConsistencyProof.Verify(from, growth.To, growth.FromRoot, head.Range.Root, growth.Hashes).ShouldBeTrue();
        }
        before!.Range.Root.ShouldBe(
            MerkleTree.Root(await proofs.NodesAsync(World.Tenant, [before.Range.Size], Cancel), before.Range.Size)
        );

        (await world.VerifyAsync(world.Archive)).ShouldBeOfType<ArchiveVerdict.Verified>().PurgedBelow.ShouldBe(0);
        (await world.Log.Publisher().PublishAsync(World.Tenant, Cancel)).ShouldBeTrue();
        var published = (await world.VerifyAsync(world.Log.Objects, held)).ShouldBeOfType<ArchiveVerdict.Verified>();
        published.PurgedBelow.ShouldBe(512);
        var paths = await world
            .Log.Objects.ListAsync("", Cancel)
            .Select(path => path[(World.Tenant.Length + 7)..])
            .ToListAsync(Cancel);
        paths
            .Where(path => path.StartsWith("tile/entries/00", StringComparison.Ordinal))
            .ShouldNotContain(path => IsBelow(path, 2));
        (await new StoreDiff(world.Log.Store, world.Log.Vault).RunAsync(World.Tenant, null, Cancel)).ShouldSatisfyAllConditions(
            diff => diff.Differences.ShouldBeEmpty(),
            diff => diff.Start.ShouldBe(512)
        );
    }

    [Fact]
    public async Task NewShard_OfALogThatWasPurged_IsPublishedArchivedAndPurgedFromWhatIsLeft()
    {
        using var world = await RetentionWorld.StartAsync(1_000);
        await world.SetAsync(archiveAfterDays: 1, retentionDays: 3);
        await RunBothAsync(world);
        var head = (await world.Log.Store.HeadAsync(World.Tenant, Cancel))!;
        head.Minimum.ShouldBe(512);
        var size = head.Range.Size;
        var lost = new LostEntries(World.Origin, size, size + 10, Digest.Of("given out"u8));
        var last = new Checkpoint(World.Origin, lost.To, lost.Root);

        await world.SubmitAsync(Change.OpenShard(new EffectRequest.OpenShard("nightly", last, [lost], 2), "lost"));
        (await world.Log.Publisher().PublishAsync(World.Tenant, Cancel)).ShouldBeTrue();

        var published = (await world.VerifyAsync(world.Log.Objects, shard: 2)).ShouldBeOfType<ArchiveVerdict.Verified>();
        published.PurgedBelow.ShouldBe(512);
        published.Restores.ShouldHaveSingleItem().Lost.ShouldBe([lost]);
        world.Log.Time.Now = world.Log.Time.Now.AddDays(10);
        await RunBothAsync(world);
        var archived = (await world.VerifyAsync(world.Archive, shard: 2)).ShouldBeOfType<ArchiveVerdict.Verified>();
        archived.PurgedBelow.ShouldBe(512);
        archived.Head.Size.ShouldBeGreaterThan(size);
        // What the archive of the shard has from the first entry that was left is purged like any other.
        (await world.Log.Store.HeadAsync(World.Tenant, Cancel))!.Minimum.ShouldBe(768);
        (await world.VerifyAsync(world.Archive)).ShouldBeOfType<ArchiveVerdict.Verified>().PurgedBelow.ShouldBe(0);
    }

    [Fact]
    public async Task Purge_AcrossAHold_IsRefused_AndStopsBeforeIt()
    {
        using var world = await RetentionWorld.StartAsync(1_000);
        await world.SetAsync(archiveAfterDays: 1, retentionDays: 3);
        await HoldAsync(world, new PlaceHold("case-1", "", null, new IndexRange(300, 310)));
        await HoldAsync(world, new PlaceHold("case-2", "", null, new IndexRange(900, 910)));
        await HoldAsync(world, new PlaceHold("case-3", "", "s_1", null));
        await world.RunAsync(ArchiveJob.Name);

        (await world.TryAsync(Change.Purge(new EffectRequest.Purge(512), "a test")))
            .Error.ShouldBeOfType<Error.Held>()
            .Holds.ShouldBe(["case-1"]);
        await world.RunAsync(PurgeJob.Name);
        (await world.Log.Store.HeadAsync(World.Tenant, Cancel))!.Minimum.ShouldBe(256);
        await HoldAsync(world, new ReleaseHold("case-1"));
        await world.RunAsync(PurgeJob.Name);

        (await world.Log.Store.HeadAsync(World.Tenant, Cancel))!.Minimum.ShouldBe(512);
    }

    [Fact]
    public async Task Purge_OfWhatASinkHasNotDelivered_IsRefused_UnlessTheSinkIsSwitchedOff()
    {
        using var world = await RetentionWorld.StartAsync(1_000);
        await world.SetAsync(archiveAfterDays: 1, retentionDays: 3);
        await world.RunAsync(ArchiveJob.Name);
        var settings = new SinkSettings(
            SinkKind.File,
            SinkMode.Stream,
            "audit.jsonl",
            null,
            null,
            null,
            SinkFilter.All,
            0,
            Enabled: true
        );
        await world.SubmitAsync(Change.Edit("", [new CreateSink("file", settings, 300)], "", action: "sink.create"));

        (await world.TryAsync(Change.Purge(new EffectRequest.Purge(512), "a test")))
            .Error.ShouldBeOfType<Error.NotReady>()
            .Reason.ShouldContain("sink 'file' has not delivered them");
        (await world.RunAsync(PurgeJob.Name)).End!.Words.ShouldContain("sink 'file' has not delivered them");
        (await world.Log.Store.HeadAsync(World.Tenant, Cancel))!.Minimum.ShouldBe(256);

        var sink = (
            await new ProjectReader(world.Log.Store, world.Log.Vault).FindAsync(World.Tenant, Sink.NameOf("file"), Cancel)
        )!;
        var marks = new SinkMarks(world.Log.Store);
        (await marks.TrySetAsync(World.Tenant, (Sink)sink.Resource, 0, new SinkState { Next = 511 }, Cancel)).ShouldBeTrue();
        (await world.RunAsync(PurgeJob.Name)).End!.Words.ShouldStartWith("0 entries purged");
        (await marks.TrySetAsync(World.Tenant, (Sink)sink.Resource, 1, new SinkState { Next = 512 }, Cancel)).ShouldBeTrue();
        foreach (var last in new long[] { 400, 511, 512 })
            await marks.AddDeadAsync(World.Tenant, (Sink)sink.Resource, new DeadLetter(last, last, "no", default), Cancel);
        await world.RunAsync(PurgeJob.Name);
        (await world.Log.Store.HeadAsync(World.Tenant, Cancel))!.Minimum.ShouldBe(512);
        var dead = await marks.DeadAsync(World.Tenant, (Sink)sink.Resource, Cancel);
        dead.Select(item => item.Letter.First).ShouldBe([512]);

        world.Log.Time.Now = world.Log.Time.Now.AddDays(10);
        await world.SubmitAsync(
            Change.Edit("", [new UpdateSink("file", settings with { Enabled = false })], "", action: "sink.update")
        );
        await RunBothAsync(world);
        (await world.Log.Store.HeadAsync(World.Tenant, Cancel))!.Minimum.ShouldBe(768);
    }

    [Fact]
    public async Task Purge_OfWhatIsNotArchived_IsRefused()
    {
        using var world = await RetentionWorld.StartAsync(1_000);
        await world.SetAsync(archiveAfterDays: 1, retentionDays: 3);

        (await world.TryAsync(Change.Purge(new EffectRequest.Purge(256), "a test")))
            .Error.ShouldBeOfType<Error.NotReady>()
            .Reason.ShouldContain("0 are archived");
        (await world.RunAsync(PurgeJob.Name)).End!.Words.ShouldStartWith("0 entries purged");
    }

    [Fact]
    public async Task Purge_OfWhatIsTooYoungOrNoBundle_IsRefused()
    {
        using var world = await RetentionWorld.StartAsync(1_000);
        (await world.TryAsync(Change.Purge(new EffectRequest.Purge(256), "a test"))).Error.ShouldBeOfType<Error.NotReady>();
        await world.SetAsync(archiveAfterDays: 1, retentionDays: 3);
        await world.RunAsync(ArchiveJob.Name);
        foreach (var below in new long[] { 0, -256, 100, 511, 1_000_192 })
            (await world.TryAsync(Change.Purge(new EffectRequest.Purge(below), "a test"))).Error.ShouldBeOfType<Error.Invalid>();

        (await world.TryAsync(Change.Purge(new EffectRequest.Purge(768), "a test")))
            .Error.ShouldBeOfType<Error.NotReady>()
            .Reason.ShouldContain("kept for 3 days");
    }

    [Fact]
    public async Task Purge_StopsBeforeTheFirstBundle_WithATypeThatIsKeptLonger()
    {
        using var world = await RetentionWorld.StartAsync(300);
        await world.SetAsync(
            archiveAfterDays: 1,
            retentionDays: 3,
            new MinimumAge("hold.", 30),
            new MinimumAge("approval.", 900)
        );
        await HoldAsync(world, new PlaceHold("case-1", "", "s_1", null));
        await world.GrowAsync(1_000);
        world.Log.Time.Now = world.Log.Time.Now.AddDays(10);

        await world.GrowAsync(1_001);
        await RunBothAsync(world);
        (await world.Log.Store.HeadAsync(World.Tenant, Cancel))!.Minimum.ShouldBe(256);
        world.Log.Time.Now = world.Log.Time.Now.AddDays(30);
        await RunBothAsync(world);

        (await world.Log.Store.HeadAsync(World.Tenant, Cancel))!.Minimum.ShouldBe(768);
    }

    [Fact]
    public async Task Purge_WhoseServerDies_IsCarriedOnByTheNext()
    {
        for (var writes = 1; writes < 8; writes++)
        {
            using var world = await RetentionWorld.StartAsync(1_000);
            await world.SetAsync(archiveAfterDays: 1, retentionDays: 3);
            var archived = await world.RunAsync(ArchiveJob.Name, []);
            archived.Status.ShouldBe(JobStatus.Finished);

            await world.PassAsync(store: DyingStore.After(writes, world.Log.Store).Store);
            await world.PassAsync();

            (await world.Log.Store.HeadAsync(World.Tenant, Cancel))!.Minimum.ShouldBe(512);
            (await world.ToldAsync(CommitEffect.PurgeEntries.Type)).ShouldHaveSingleItem();
            (await new JobTable(world.Log.Store).OpenAsync(World.Tenant, Cancel)).ShouldBeEmpty();
        }
    }

    [Fact]
    public async Task Purge_WhereTheArchiveLostABundle_RemovesNothing()
    {
        using var world = await RetentionWorld.StartAsync(1_000);
        await world.SetAsync(archiveAfterDays: 1, retentionDays: 3);
        await world.RunAsync(ArchiveJob.Name);
        await world.Archive.DeleteAsync(PublishedLog.FolderOf(World.Tenant) + TilePath.Entries(1), Cancel);

        var job = await world.RunAsync(PurgeJob.Name);

        job.End!.Code.ShouldBe("archive.contradiction");
        (await world.Log.Store.HeadAsync(World.Tenant, Cancel))!.Minimum.ShouldBe(0);
    }

    [Fact]
    public async Task PurgedEntry_IsGone_AndItIsSaidWhereItIs()
    {
        using var world = await RetentionWorld.StartAsync(1_000);
        await world.SetAsync(archiveAfterDays: 1, retentionDays: 3);
        await RunBothAsync(world);
        var purged = new PurgedEntries(world.Log.Store, new ArchiveObjects(world.Archive, "folder '/archive'"));

        foreach (var index in new long[] { 0, 511 })
        {
            (await purged.FindAsync(World.Tenant, index, Cancel))!.Reason.ShouldBe(
                "Entries below 512 were purged; they are in the archive, folder '/archive'."
            );
        }
        foreach (var index in new long[] { -1, 512, 999_999 })
            (await purged.FindAsync(World.Tenant, index, Cancel)).ShouldBeNull();
        (await purged.FindAsync("other", 0, Cancel)).ShouldBeNull();
    }

    /// <summary>Archives; the end of that starts the purge.</summary>
    private static async Task RunBothAsync(RetentionWorld world)
    {
        (await world.RunAsync(ArchiveJob.Name)).Status.ShouldBe(JobStatus.Finished);
        await world.PassAsync();
        (await new JobTable(world.Log.Store).OpenAsync(World.Tenant, Cancel)).ShouldBeEmpty();
    }

    private static Task<Outcome.Applied> HoldAsync(RetentionWorld world, Core.Flags.Operation operation) =>
        world.SubmitAsync(Change.Edit("", [operation], "a court asks", action: "hold.place"));

    private static bool IsBelow(string path, long bundle) => TilePath.TryParse(path, out var tile) && tile.Index < bundle;
}
