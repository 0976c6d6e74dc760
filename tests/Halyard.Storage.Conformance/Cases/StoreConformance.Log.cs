using System.Text.Json;
using Halyard.Core.Audit;
using Halyard.Core.Storage;
using Halyard.Ledger;
using Halyard.Storage.Conformance.Building;
using static Halyard.Storage.Conformance.Building.Names;

namespace Halyard.Storage.Conformance;

public abstract partial class StoreConformance
{
    [Fact]
    public async Task Log_WithoutEntries_HasNoHeadAndNoTenant()
    {
        (await Store.HeadAsync(Tenant, Cancellation)).ShouldBeNull();
        (await Store.TenantsAsync(Cancellation)).ShouldBeEmpty();
        (await Store.FeedAsync(Tenant, 0, 10, Cancellation)).ShouldBeEmpty();
        (await Store.LeafHashesAsync(Tenant, 0, 10, Cancellation)).ShouldBeEmpty();
        (await Store.EntryAsync(Tenant, 0, Cancellation)).ShouldBeNull();
        (await Store.EntryAsync(Tenant, "none", Cancellation)).ShouldBeNull();
        (await Store.QueryAsync(Tenant, new AuditQuery(), Cancellation)).ShouldBeEmpty();
        (await Store.CountAsync(Tenant, new AuditQuery(), Cancellation)).ShouldBe(0);
        (await Store.VersionAsync(Tenant, "f_a", 1, Cancellation)).ShouldBeNull();
    }

    [Fact]
    public async Task Log_AtEverySize_IsGaplessWithTheRootOfItsLeafHashes()
    {
        const int size = 70;
        var receipts = new List<Receipt>();
        for (var i = 0; i < size; i++)
            receipts.AddRange(await CommittedAsync(Commit().At(Noon.AddSeconds(i))));

        var hashes = await Store.LeafHashesAsync(Tenant, 0, size + 10, Cancellation);
        hashes.Count.ShouldBe(size);
        for (var i = 0; i < size; i++)
        {
            receipts[i].Index.ShouldBe(i);
            receipts[i].Root.ShouldBe(MerkleTree.Root([.. hashes.Take(i + 1)]));
            var entry = (await Store.EntryAsync(Tenant, i, Cancellation)).ShouldNotBeNull();
            MerkleTree.HashLeaf(entry.Leaf).ShouldBe(hashes[i]);
        }
        var head = (await Store.HeadAsync(Tenant, Cancellation)).ShouldNotBeNull();
        head.Range.Size.ShouldBe(size);
        head.Range.Root.ShouldBe(receipts[^1].Root);
        head.LastAt.ShouldBe(receipts[^1].At);
    }

    [Fact]
    public async Task Leaf_AsStored_IsCanonicalAndNamesItsPlaceAndTime()
    {
        await CommittedAsync(Commit());
        await CommittedAsync(Commit().At(Noon.AddSeconds(1.25)).Put(Flag("a"), "f_a", 0, "1"));

        var entry = (await Store.EntryAsync(Tenant, 1, Cancellation)).ShouldNotBeNull();
        CanonicalJson.Canonicalize(entry.Leaf).ShouldBe(entry.Leaf);
        using var leaf = JsonDocument.Parse(entry.Leaf);
        leaf.RootElement.GetProperty("idx").GetInt64().ShouldBe(1);
        leaf.RootElement.GetProperty("log").GetString().ShouldBe(CommitBuilder.OriginOf(Tenant));
        leaf.RootElement.GetProperty("at").GetString().ShouldBe("2026-03-02T12:00:01.250000Z");
    }

    [Fact]
    public async Task Time_ThatGoesBack_StaysAtThatOfTheEntryBefore()
    {
        await CommittedAsync(Commit().At(Noon));
        var back = (await CommittedAsync(Commit().At(Noon.AddHours(-1)).Put(Flag("a"), "f_a", 0, "1")))[0];
        var forward = (await CommittedAsync(Commit().At(Noon.AddTicks(19))))[0];

        back.At.ShouldBe(Noon);
        forward.At.ShouldBe(Noon.AddMicroseconds(1));
        (await LoadAsync(Flag("a"))).ShouldNotBeNull().UpdatedAt.ShouldBe(Noon);
        (await Store.EntryAsync(Tenant, 1, Cancellation)).ShouldNotBeNull().EffectiveAt.ShouldBe(Noon);
    }

    [Fact]
    public async Task Origin_OfTheFirstEntry_StaysTheLogsOwn()
    {
        await CommittedAsync(Commit());
        var renamed = new Commit(Tenant, "elsewhere.example.com/admin", [], [], [Commit().Draft()], null);
        var receipt = (await Store.CommitAsync(renamed, Cancellation)).ShouldBeOfType<CommitResult.Committed>().Receipts[0];
        receipt.Log.ShouldBe(CommitBuilder.OriginOf(Tenant));
        (await Store.HeadAsync(Tenant, Cancellation)).ShouldNotBeNull().Origin.ShouldBe(CommitBuilder.OriginOf(Tenant));
    }

    [Fact]
    public async Task Entry_ByItsId_IsFoundInItsTenantAlone()
    {
        await CommittedAsync(Commit().Id("01ONE"));
        await CommittedAsync(Commit().Id("01TWO"));
        (await Store.EntryAsync(Tenant, "01TWO", Cancellation)).ShouldNotBeNull().Index.ShouldBe(1);
        (await Store.EntryAsync(Tenant, "01THREE", Cancellation)).ShouldBeNull();
        (await Store.EntryAsync("other", "01TWO", Cancellation)).ShouldBeNull();
        (await Store.EntryAsync(Tenant, 2, Cancellation)).ShouldBeNull();
        (await Store.EntryAsync(Tenant, -1, Cancellation)).ShouldBeNull();
    }

    [Fact]
    public async Task Feed_FromAnIndex_GivesEntriesInOrderWithWhatTheyTouched()
    {
        await CommittedAsync(Commit().Put(Flag("b"), "f_b", 0, "1").Put(Flag("a"), "f_a", 0, "1"));
        await CommittedAsync(Commit().With(index => index with { Succeeded = false }));
        await CommittedAsync(Commit().Delete(Flag("b"), "f_b", 1));

        var feed = await Store.FeedAsync(Tenant, 0, 2, Cancellation);
        feed.Select(entry => entry.Index).ShouldBe([0, 1]);
        feed[0]
            .Resources.ShouldBe([
                new ResourceVersion(Flag("b"), "f_b", 1, 0, Noon, Digest.Of("1"u8)),
                new ResourceVersion(Flag("a"), "f_a", 1, 0, Noon, Digest.Of("1"u8)),
            ]);
        feed[1].Resources.ShouldBeEmpty();
        var rest = await Store.FeedAsync(Tenant, 2, 100, Cancellation);
        rest.ShouldHaveSingleItem().Resources.ShouldBe([new ResourceVersion(Flag("b"), "f_b", 2, 2, Noon, null)]);
        rest[0].Leaf.ShouldBe((await Store.EntryAsync(Tenant, 2, Cancellation)).ShouldNotBeNull().Leaf);
        (await Store.FeedAsync(Tenant, 3, 100, Cancellation)).ShouldBeEmpty();
    }

    [Fact]
    public async Task LeafHashes_OfARange_AreThoseOfItsIndexes()
    {
        for (var i = 0; i < 10; i++)
            await CommittedAsync(Commit());
        var all = await Store.LeafHashesAsync(Tenant, 0, 100, Cancellation);
        (await Store.LeafHashesAsync(Tenant, 3, 4, Cancellation)).ShouldBe([.. all.Skip(3).Take(4)]);
        (await Store.LeafHashesAsync(Tenant, 8, 4, Cancellation)).ShouldBe([.. all.Skip(8)]);
        (await Store.LeafHashesAsync(Tenant, 10, 4, Cancellation)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Commit_WithManyEntries_GetsAReceiptForEachWithItsOwnRoot()
    {
        await CommittedAsync(Commit());
        var drafts = Enumerable.Range(0, 9).Select(_ => Commit().Draft()).ToList();
        var result = await Store.CommitAsync(
            new Commit(Tenant, CommitBuilder.OriginOf(Tenant), [], [], drafts, null),
            Cancellation
        );

        var receipts = result.ShouldBeOfType<CommitResult.Committed>().Receipts;
        receipts.Select(receipt => receipt.Index).ShouldBe(Enumerable.Range(1, 9).Select(index => (long)index));
        var hashes = await Store.LeafHashesAsync(Tenant, 0, 10, Cancellation);
        foreach (var receipt in receipts)
            receipt.Root.ShouldBe(MerkleTree.Root([.. hashes.Take((int)receipt.Index + 1)]));
    }

    [Fact]
    public async Task Followers_AreWokenByACommitAndOtherwiseByTheirPatience()
    {
        await Store.WaitForCommitsAsync(TimeSpan.FromMilliseconds(1), Cancellation);
        var waiting = Store.WaitForCommitsAsync(TimeSpan.FromMinutes(5), Cancellation).AsTask();
        await CommittedAsync(Commit());
        await waiting.WaitAsync(TimeSpan.FromSeconds(30), Cancellation);
    }

    [Fact]
    public async Task Follower_ThatWasBusyDuringACommit_IsNotKeptWaiting()
    {
        await CommittedAsync(Commit());
        await Store
            .WaitForCommitsAsync(TimeSpan.FromMinutes(5), Cancellation)
            .AsTask()
            .WaitAsync(TimeSpan.FromSeconds(30), Cancellation);
    }

    [Fact]
    public async Task Follower_ThatIsCancelled_StopsWaiting()
    {
        using var source = new CancellationTokenSource();
        var waiting = Store.WaitForCommitsAsync(TimeSpan.FromMinutes(5), source.Token).AsTask();
        await source.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(waiting);
    }
}
