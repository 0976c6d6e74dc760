using Halyard.Core.Audit;
using Halyard.Core.Storage;
using Halyard.Storage.Conformance.Building;

namespace Halyard.Storage.Conformance;

public abstract partial class StoreConformance
{
    [Fact]
    public async Task Purge_RemovesTheOldestEntriesWithTheirPrivateValues_AndNothingElse()
    {
        var first = (await CommittedAsync(Commit().Put(Names.Flag("a"), "f_a", 0, "1").Saying("made", "because").Id("E0")))[0];
        await CommittedAsync(Commit().Hiding(Private("c_1", "a", inDocument: true)).Saying("hid", "another reason"));
        await GrowToAsync(600);
        var hashes = await Store.LeafHashesAsync(Tenant, 0, 1_000, Cancellation);
        await CommitAsync(new CommitBuilder("other").Put(Names.Flag("a"), "f_a", 0, "1"));

        (await CommittedAsync(Commit().Purging(0, 512)))[0].Index.ShouldBe(600);

        var head = (await Store.HeadAsync(Tenant, Cancellation)).ShouldNotBeNull();
        (head.Minimum, head.Range.Size).ShouldBe((512, 601));
        (await Store.EntryAsync(Tenant, 511, Cancellation)).ShouldBeNull();
        (await Store.EntryAsync(Tenant, "E0", Cancellation)).ShouldBeNull();
        (await Store.EntryAsync(Tenant, 512, Cancellation)).ShouldNotBeNull();
        (await Store.FeedAsync(Tenant, 0, 5, Cancellation)).Select(entry => entry.Index).ShouldBe([512, 513, 514, 515, 516]);
        (await Store.QueryAsync(Tenant, new AuditQuery { Limit = 500 }, Cancellation)).Count.ShouldBe(89);
        (await Store.CountAsync(Tenant, new AuditQuery(), Cancellation)).ShouldBe(89);
        (await Store.CountAsync(Tenant, new AuditQuery { Text = "because" }, Cancellation)).ShouldBe(0);
        (await Store.EntryPrivatesAsync(Tenant, [0, 1], Cancellation)).ShouldBeEmpty();
        // What proves and describes the rest stays.
        (await Store.LeafHashesAsync(Tenant, 0, 600, Cancellation)).ShouldBe(hashes);
        (await Store.VersionAsync(Tenant, "f_a", 1, Cancellation)).ShouldNotBeNull().Index.ShouldBe(first.Index);
        (await Store.VersionsBelowAsync(Tenant, 512, Cancellation)).ShouldHaveSingleItem().Id.ShouldBe("f_a");
        (await Store.DocumentPrivatesAsync(Tenant, ["c_1"], Cancellation)).ShouldHaveSingleItem();
        (await Store.EntryAsync("other", 0, Cancellation)).ShouldNotBeNull();
    }

    [Fact]
    public async Task Purge_GoesOnAndTheLogGrowsOn()
    {
        await GrowToAsync(300);
        await CommittedAsync(Commit().Purging(0, 256));
        await GrowToAsync(2_400);
        await CommittedAsync(Commit().Purging(256, 2_048));
        await GrowToAsync(4_500);

        await CommittedAsync(Commit().Purging(2_048, 2_304));

        (await Store.HeadAsync(Tenant, Cancellation))!.Minimum.ShouldBe(2_304);
        (await Store.CountAsync(Tenant, new AuditQuery(), Cancellation)).ShouldBe(4_501 - 2_304);
        (await Store.CountAsync(Tenant, new AuditQuery { Text = "step 2303" }, Cancellation)).ShouldBe(0);
        (await Store.CountAsync(Tenant, new AuditQuery { Text = "step 2304" }, Cancellation)).ShouldBe(1);
        (await Store.CountAsync(Tenant, new AuditQuery { Text = "why2304" }, Cancellation)).ShouldBe(1);
        (await Store.QueryAsync(Tenant, new AuditQuery { Before = 2_306 }, Cancellation))
            .Select(entry => entry.Index)
            .ShouldBe([2_305, 2_304]);
    }

    [Fact]
    public async Task Purge_DecidedOnAnotherState_IsAConflictAndPurgesNothing()
    {
        await GrowToAsync(600);

        (await ConflictAsync(Commit().Purging(256, 512))).Actual.ShouldBeEmpty();
        (await ConflictAsync(Commit().Purging(0, 768))).Actual.ShouldBeEmpty();
        await CommittedAsync(Commit().Purging(0, 256));
        (await ConflictAsync(Commit().Purging(0, 512))).Actual.ShouldBeEmpty();

        (await Store.HeadAsync(Tenant, Cancellation))!.Minimum.ShouldBe(256);
        (await Store.EntryAsync(Tenant, 256, Cancellation)).ShouldNotBeNull();
    }

    [Fact]
    public void Purge_ThatNoEntryAccountsForOrThatCutsABundle_CannotBeBuilt()
    {
        Should.Throw<ArgumentException>(() => Commit().Purging(0, 100).Build());
        Should.Throw<ArgumentException>(() => Commit().Purging(256, 256).Build());
        Should.Throw<ArgumentException>(() => Commit().Purging(0, 256 + CommitEffect.PurgeEntries.MaxEntries).Build());
        Should.Throw<ArgumentException>(() =>
            Commit().Purging(0, 256).With(index => index with { Type = "flag.updated" }).Build()
        );
        Should.Throw<ArgumentException>(() =>
            Commit().With(index => index with { Type = CommitEffect.PurgeEntries.Type }).Build()
        );
    }

    private async Task GrowToAsync(long size)
    {
        for (var next = await SizeAsync(Tenant); next < size; next++)
            await CommittedAsync(Commit().Saying($"step {next}", $"why{next}"));
    }
}
