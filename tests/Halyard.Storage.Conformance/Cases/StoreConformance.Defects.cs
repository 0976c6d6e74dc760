using Halyard.Core.Audit;
using Halyard.Core.Flags;
using Halyard.Core.Storage;
using Halyard.Ledger;
using Halyard.Storage.Conformance.Building;
using static Halyard.Storage.Conformance.Building.Names;

namespace Halyard.Storage.Conformance;

/// <summary>Known defects of earlier flag services, by number: what a store decides of them.</summary>
public abstract partial class StoreConformance
{
    [Fact]
    public void Defect129_ChangeWithoutItsEntry_CannotBeHandedToAStore()
    {
        var write = new ResourceWrite.Put(Flag("a"), 0, "f_a", 1, "1"u8.ToArray(), null);
        var origin = CommitBuilder.OriginOf(Tenant);
        Should.Throw<ArgumentException>(() => new Commit(Tenant, origin, [write], [], [], null));
        Should.Throw<ArgumentException>(() => new Commit(Tenant, origin, [write], [], [Commit().Draft()], null));
        var other = Commit().Put(Flag("a"), "f_a", 0, "2").Draft();
        Should.Throw<ArgumentException>(() => new Commit(Tenant, origin, [write], [], [other], null));
        var twice = Commit().Put(Flag("a"), "f_a", 0, "1").Put(Flag("b"), "f_b", 0, "1").Draft();
        Should.Throw<ArgumentException>(() => new Commit(Tenant, origin, [write], [], [twice], null));
    }

    [Fact]
    public async Task Defect131_EntriesOfParallelWriters_HaveOneOrder()
    {
        await RaceAsync(32, writer => Commit().At(Noon.AddMilliseconds(-writer)));
        var feed = await Store.FeedAsync(Tenant, 0, 100, Cancellation);
        feed.Select(entry => entry.Index).ShouldBe(Enumerable.Range(0, 32).Select(index => (long)index));
        var page = await Store.QueryAsync(Tenant, new AuditQuery(), Cancellation);
        page.Select(entry => entry.At).ShouldBeInOrder(SortDirection.Descending);
    }

    [Fact]
    public async Task Defect132_RetryAfterAnUnknownOutcome_WritesOneEntry()
    {
        var first = Commit().Put(Flag("a"), "f_a", 0, "1").Answer("retry");
        var receipt = (await CommittedAsync(first))[0];
        for (var i = 0; i < 3; i++)
        {
            var again = (
                await CommitAsync(Commit().Put(Flag("a"), "f_a", 0, "1").Answer("retry"))
            ).ShouldBeOfType<CommitResult.Duplicate>();
            again.Original.Receipt.ShouldBe(receipt);
        }
        (await Store.CountAsync(Tenant, new AuditQuery(), Cancellation)).ShouldBe(1);
    }

    [Fact]
    public async Task Defect133_EntryJustCommitted_IsFoundByEveryQueryAtOnce()
    {
        for (var i = 0; i < 20; i++)
        {
            var ticket = $"T-{i}";
            await CommittedAsync(Commit().Put(Flag($"k{i}"), $"f_{i}", 0, "1").With(index => index with { Ticket = ticket }));
            foreach (
                var query in new AuditQuery[]
                {
                    new() { Ticket = ticket },
                    new() { ResourceId = $"f_{i}" },
                    new(),
                }
            )
                (await Store.QueryAsync(Tenant, query, Cancellation))[0].Index.ShouldBe(i);
        }
    }

    [Fact]
    public async Task Defect154_TwoEditsOfOneReading_AreNotBothApplied()
    {
        await CommittedAsync(Commit().Put(Flag("a"), "f_a", 0, "0"));
        var (one, two) = (Commit().Put(Flag("a"), "f_a", 1, "one"), Commit().Put(Flag("a"), "f_a", 1, "two"));
        await CommittedAsync(one);
        (await ConflictAsync(two)).Actual.ShouldHaveSingleItem().Actual.ShouldBe(2);

        var feed = await Store.FeedAsync(Tenant, 0, 100, Cancellation);
        feed.SelectMany(entry => entry.Resources).Select(version => version.Revision).ShouldBe([1, 2]);
        await ShouldHoldAsync(Flag("a"), 2, "one");
    }

    [Fact]
    public async Task Defect160_CommitThatFailsHalfway_LeavesNeitherChangeNorEntry()
    {
        await CommittedAsync(Commit().Put(Flag("a"), "f_a", 0, "0"));
        // The second entry's id is taken, which shows only after the first entry was written.
        var drafts = new[] { Commit().Put(Flag("b"), "f_b", 0, "1").Draft(), Commit().Id("01SAME").Draft() };
        await CommittedAsync(Commit().Id("01SAME"));
        var write = new ResourceWrite.Put(Flag("b"), 0, "f_b", 1, "1"u8.ToArray(), null);
        var broken = new Commit(Tenant, CommitBuilder.OriginOf(Tenant), [write], [new Precondition.Fence("f", 0)], drafts, null);
        await Should.ThrowAsync<Exception>(async () => await Store.CommitAsync(broken, Cancellation));

        (await LoadAsync(Flag("b"))).ShouldBeNull();
        (await VersionAsync("f_b", 1)).ShouldBeNull();
        (await Store.EntryAsync(Tenant, drafts[0].Id, Cancellation)).ShouldBeNull();
        (await Store.CountAsync(Tenant, new AuditQuery { ResourceId = "f_b" }, Cancellation)).ShouldBe(0);
        (await SizeAsync()).ShouldBe(2);
        await CommittedAsync(Commit().Put(Flag("b"), "f_b", 0, "1").Fence("f", 0));
    }

    [Fact]
    public async Task Defect161_EntryIdThatIsTaken_FailsThatCommitAloneAndChangesNothing()
    {
        await CommittedAsync(Commit().Id("01SAME"));
        var wrong = Commit().Id("01SAME").Put(Flag("a"), "f_a", 0, "1").Fence("f", 0).Answer("key-1").Build();
        var others = Enumerable.Range(0, 8).Select(i => CommitAsync(Commit().Put(Flag($"k{i}"), $"f_{i}", 0, "1"))).ToList();
        await Should.ThrowAsync<Exception>(async () => await Store.CommitAsync(wrong, Cancellation));
        (await Task.WhenAll(others)).ShouldAllBe(result => result is CommitResult.Committed);

        (await LoadAsync(Flag("a"))).ShouldBeNull();
        (await FenceAsync("f")).ShouldBe(0);
        (await FindAnswerAsync("key-1", Noon)).ShouldBeNull();
        (await SizeAsync()).ShouldBe(9);
        var hashes = await Store.LeafHashesAsync(Tenant, 0, 100, Cancellation);
        (await Store.HeadAsync(Tenant, Cancellation)).ShouldNotBeNull().Range.Root.ShouldBe(MerkleTree.Root(hashes));
    }

    [Fact]
    public async Task Defect163_ReadAfterTheAnswer_SeesTheChange()
    {
        await CommittedAsync(Commit().Put(Flag("a"), "f_a", 0, "0"));
        for (var i = 1; i <= 50; i++)
        {
            await CommittedAsync(Commit().Put(Flag("a"), "f_a", i, $"{i}"));
            var reads = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => LoadAsync(Flag("a"))));
            reads.ShouldAllBe(stored => stored!.Revision == i + 1);
        }
    }

    [Fact]
    public async Task Defect165_HistoryLongerThanAPage_IsReadWhole()
    {
        for (var i = 0; i < 130; i++)
            await CommittedAsync(Commit().Put(Flag("a"), "f_a", i, $"{i}"));
        var query = new AuditQuery
        {
            ResourceKind = ResourceKind.Flag,
            ResourceKey = "a",
            Limit = 100,
        };
        var first = await Store.QueryAsync(Tenant, query, Cancellation);
        var second = await Store.QueryAsync(Tenant, query with { Before = first[^1].Index }, Cancellation);
        first
            .Concat(second)
            .Select(entry => entry.Index)
            .ShouldBe(Enumerable.Range(0, 130).Reverse().Select(index => (long)index));
        (await Store.CountAsync(Tenant, query, Cancellation)).ShouldBe(130);
    }

    [Fact]
    public async Task Defect174_Count_IgnoresCursorAndLimit()
    {
        for (var i = 0; i < 10; i++)
            await CommittedAsync(Commit().Put(Flag($"k{i}"), $"f_{i}", 0, "1"));
        var query = new AuditQuery
        {
            Project = "web",
            Before = 4,
            Limit = 2,
        };
        (await Store.CountAsync(Tenant, query, Cancellation)).ShouldBe(10);
        (await Store.QueryAsync(Tenant, query, Cancellation)).Count.ShouldBe(2);
    }

    [Fact]
    public async Task Defect176_AdjacentWindows_CountEachEntryOnce()
    {
        for (var i = 0; i < 30; i++)
            await CommittedAsync(Commit().At(Noon.AddMinutes(i)));
        var total = 0L;
        for (var i = 0; i < 30; i += 5)
            total += await Store.CountAsync(
                Tenant,
                new AuditQuery { From = Noon.AddMinutes(i), To = Noon.AddMinutes(i + 5) },
                Cancellation
            );
        total.ShouldBe(30);
    }

    [Fact]
    public async Task Defect183_DeniedAttempt_IsInTheLogAndFoundAsFailed()
    {
        await CommittedAsync(Commit().Put(Flag("a"), "f_a", 0, "1"));
        await CommittedAsync(
            Commit().With(index => index with { Type = "access.denied", Actions = ["access.denied"], Succeeded = false })
        );
        var denied = await Store.QueryAsync(
            Tenant,
            new AuditQuery { Succeeded = false, Actions = ["access.denied"] },
            Cancellation
        );
        denied.ShouldHaveSingleItem().Index.ShouldBe(1);
        await ShouldHoldAsync(Flag("a"), 1, "1");
    }

    [Fact]
    public async Task Defect183_DenialThatNamesResources_IsFoundByThemAndMakesNoVersion()
    {
        await CommittedAsync(Commit().Put(Flag("a"), "f_a", 0, "1"));
        TouchedResource[] named = [new(Flag("a"), "f_a", 1, 1, null), new(Flag("new"), "", 0, 0, null)];
        for (var i = 0; i < 2; i++)
            await CommittedAsync(
                Commit().With(index => index with { Type = "access.denied", Succeeded = false, Resources = named })
            );

        foreach (var key in new[] { "a", "new" })
        {
            var query = new AuditQuery
            {
                ResourceKind = ResourceKind.Flag,
                ResourceKey = key,
                Succeeded = false,
            };
            (await Store.QueryAsync(Tenant, query, Cancellation)).Select(entry => entry.Index).ShouldBe([2, 1]);
        }
        (await Store.CountAsync(Tenant, new AuditQuery { ResourceId = "f_a" }, Cancellation)).ShouldBe(3);
        (await Store.FeedAsync(Tenant, 1, 10, Cancellation)).ShouldAllBe(entry => entry.Resources.Count == 0);
        (await VersionsAtAsync(Noon)).ShouldBe([("a", 1)]);
        await ShouldHoldAsync(Flag("a"), 1, "1");
    }

    [Fact]
    public async Task Defect185_LongKeysAndIds_AreKeptWhole()
    {
        var (key, id, actor) = (new string('k', 5_000), "f_" + new string('i', 5_000), new string('a', 5_000));
        await CommittedAsync(Commit().Put(Flag(key), id, 0, "1").With(index => index with { Actor = actor }));
        (await LoadAsync(Flag(key))).ShouldNotBeNull().Id.ShouldBe(id);
        (await Store.CountAsync(Tenant, new AuditQuery { Actor = actor }, Cancellation)).ShouldBe(1);
        (await Store.CountAsync(Tenant, new AuditQuery { Actor = actor[1..] }, Cancellation)).ShouldBe(0);
    }

    [Fact]
    public async Task Defect187_EveryChangeInTheState_HasItsEntryAndEveryEntryItsChange()
    {
        await RaceAsync(64, writer => Commit().Put(Flag($"k{writer % 16}"), $"f_{writer % 16}", 0, $"{writer}"));
        var feed = await Store.FeedAsync(Tenant, 0, 100, Cancellation);
        var listed = await Store.ListAsync(Tenant, ResourceKind.Flag, "web", null, 100, Cancellation);
        listed.Count.ShouldBe(16);
        var fromLog = feed.SelectMany(entry => entry.Resources)
            .Select(version => (version.Name, version.Id, version.Revision, version.Document));
        var fromState = listed.Select(flag => (flag.Name, flag.Id, flag.Revision, (Digest?)Digest.Of(flag.Document)));
        fromLog.ShouldBe(fromState, ignoreOrder: true);
    }

    [Fact]
    public async Task Defect188_EntriesOfOneInstant_AreAllKept()
    {
        await RaceAsync(40, writer => Commit().At(Noon).Put(Flag($"k{writer}"), $"f_{writer}", 0, "1"));
        (await SizeAsync()).ShouldBe(40);
        var page = await Store.QueryAsync(Tenant, new AuditQuery(), Cancellation);
        page.Select(entry => entry.Index).ShouldBe(Enumerable.Range(0, 40).Reverse().Select(index => (long)index));
    }

    [Fact]
    public async Task Defect189_FlagRecreatedUnderItsKey_HasAHistoryOfItsOwn()
    {
        await CommittedAsync(Commit().Put(Flag("a"), "f_old", 0, "old"));
        await CommittedAsync(Commit().At(Noon.AddHours(1)).Delete(Flag("a"), "f_old", 1));
        await CommittedAsync(Commit().At(Noon.AddHours(2)).Put(Flag("a"), "f_new", 0, "new"));

        async Task<List<long>> IndexesAsync(AuditQuery query) =>
            [.. (await Store.QueryAsync(Tenant, query, Cancellation)).Select(entry => entry.Index)];
        (await IndexesAsync(new AuditQuery { ResourceId = "f_old" })).ShouldBe([1, 0]);
        (await IndexesAsync(new AuditQuery { ResourceId = "f_new" })).ShouldBe([2]);
        (await IndexesAsync(new AuditQuery { ResourceKind = ResourceKind.Flag, ResourceKey = "a" })).ShouldBe([2, 1, 0]);
        (await VersionAsync("f_old", 1)).ShouldNotBeNull().Document.ShouldBe(Digest.Of("old"u8));
        (await VersionAsync("f_new", 1)).ShouldNotBeNull().Document.ShouldBe(Digest.Of("new"u8));
        (await VersionsAtAsync(Noon.AddHours(1))).ShouldBeEmpty();
        (await LoadAsync(Flag("a"))).ShouldNotBeNull().CreatedAt.ShouldBe(Noon.AddHours(2));
    }
}
