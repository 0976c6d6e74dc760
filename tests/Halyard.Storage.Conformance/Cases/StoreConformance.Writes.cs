using System.Text;
using Halyard.Core.Flags;
using Halyard.Core.Storage;
using Halyard.Ledger;
using Halyard.Storage.Conformance.Building;
using static Halyard.Storage.Conformance.Building.Names;

namespace Halyard.Storage.Conformance;

public abstract partial class StoreConformance
{
    [Fact]
    public async Task Create_OfAnAbsentResource_IsLoadedWithEverythingGiven()
    {
        await CommittedAsync(Commit().Put(Flag("a"), "f_a", 0, "{\"on\":true}", "{\"on\":{\"$c\":\"x\"}}"));

        var stored = await LoadAsync(Flag("a"));
        stored.ShouldNotBeNull();
        stored.Name.ShouldBe(Flag("a"));
        stored.Id.ShouldBe("f_a");
        stored.Revision.ShouldBe(1);
        Encoding.UTF8.GetString(stored.Document).ShouldBe("{\"on\":true}");
        Encoding.UTF8.GetString(stored.Sealed.ShouldNotBeNull()).ShouldBe("{\"on\":{\"$c\":\"x\"}}");
        stored.CreatedAt.ShouldBe(Noon);
        stored.UpdatedAt.ShouldBe(Noon);
    }

    [Fact]
    public async Task Create_WithoutSealedDocument_HasNone()
    {
        await CommittedAsync(Commit().Put(Flag("a"), "f_a", 0, "{}"));
        (await LoadAsync(Flag("a"))).ShouldNotBeNull().Sealed.ShouldBeNull();
    }

    [Fact]
    public async Task Create_WhereOneExists_ConflictsWithItsRevision()
    {
        await CommittedAsync(Commit().Put(Flag("a"), "f_a", 0, "1"));
        await CommittedAsync(Commit().Put(Flag("a"), "f_a", 1, "2"));

        var conflict = await ConflictAsync(Commit().Put(Flag("a"), "f_b", 0, "3"));
        conflict.Actual.ShouldBe([new RevisionMismatch(Flag("a"), 0, 2)]);
        await ShouldHoldAsync(Flag("a"), 2, "2");
    }

    [Fact]
    public async Task Update_AtItsRevision_ReplacesAndKeepsTheTimeOfCreation()
    {
        await CommittedAsync(Commit().Put(Flag("a"), "f_a", 0, "1", "s1"));
        await CommittedAsync(Commit().At(Noon.AddHours(1)).Put(Flag("a"), "f_a", 1, "2"));

        var stored = (await LoadAsync(Flag("a"))).ShouldNotBeNull();
        Encoding.UTF8.GetString(stored.Document).ShouldBe("2");
        stored.Sealed.ShouldBeNull();
        stored.Revision.ShouldBe(2);
        stored.CreatedAt.ShouldBe(Noon);
        stored.UpdatedAt.ShouldBe(Noon.AddHours(1));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData((1L << 53) - 2)]
    public async Task Update_AtAnotherRevision_ConflictsAndChangesNothing(long expected)
    {
        await CommittedAsync(Commit().Put(Flag("a"), "f_a", 0, "1"));
        await CommittedAsync(Commit().Put(Flag("a"), "f_a", 1, "2"));

        var conflict = await ConflictAsync(Commit().Put(Flag("a"), "f_a", expected, "x"));
        conflict.Actual.ShouldBe([new RevisionMismatch(Flag("a"), expected, 2)]);
        await ShouldHoldAsync(Flag("a"), 2, "2");
        (await SizeAsync()).ShouldBe(2);
    }

    [Fact]
    public async Task Update_OfAnAbsentResource_ConflictsWithRevisionZero()
    {
        var conflict = await ConflictAsync(Commit().Put(Flag("a"), "f_a", 4, "x"));
        conflict.Actual.ShouldBe([new RevisionMismatch(Flag("a"), 4, 0)]);
        (await Store.HeadAsync(Tenant, Cancellation)).ShouldBeNull();
    }

    [Fact]
    public async Task Update_AtTheRightRevisionOfAPredecessorUnderTheKey_Conflicts()
    {
        await CommittedAsync(Commit().Put(Flag("a"), "f_old", 0, "old"));
        await CommittedAsync(Commit().Delete(Flag("a"), "f_old", 1));
        await CommittedAsync(Commit().Put(Flag("a"), "f_new", 0, "new"));

        await ConflictAsync(Commit().Put(Flag("a"), "f_old", 1, "lost"));
        await ConflictAsync(Commit().Delete(Flag("a"), "f_old", 1));
        await ShouldHoldAsync(Flag("a"), 1, "new");
    }

    [Fact]
    public async Task Delete_AtItsRevision_RemovesAndLeavesTheHistory()
    {
        await CommittedAsync(Commit().Put(Flag("a"), "f_a", 0, "1"));
        await CommittedAsync(Commit().Delete(Flag("a"), "f_a", 1));

        (await LoadAsync(Flag("a"))).ShouldBeNull();
        (await VersionAsync("f_a", 1)).ShouldNotBeNull().Document.ShouldBe(Digest.Of("1"u8));
        (await VersionAsync("f_a", 2)).ShouldNotBeNull().Document.ShouldBeNull();
        (await VersionAsync("f_a", 3)).ShouldBeNull();
    }

    [Theory]
    [InlineData(2)]
    [InlineData(0)]
    public async Task Delete_AtAnotherRevision_Conflicts(long expected)
    {
        await CommittedAsync(Commit().Put(Flag("a"), "f_a", 0, "1"));
        var conflict = await ConflictAsync(Commit().Delete(Flag("a"), "f_a", expected));
        conflict.Actual.ShouldBe([new RevisionMismatch(Flag("a"), expected, 1)]);
        await ShouldHoldAsync(Flag("a"), 1, "1");
    }

    [Fact]
    public async Task ManyWrites_AllCurrent_TakeEffectTogether()
    {
        await CommittedAsync(
            Commit().Put(Flag("a"), "f_a", 0, "1").Put(Flag("b"), "f_b", 0, "1").Put(Segment("a"), "s_a", 0, "1")
        );
        await CommittedAsync(Commit().Put(Flag("a"), "f_a", 1, "2").Delete(Flag("b"), "f_b", 1).Put(Segment("a"), "s_a", 1, "2"));

        await ShouldHoldAsync(Flag("a"), 2, "2");
        await ShouldHoldAsync(Segment("a"), 2, "2");
        (await LoadAsync(Flag("b"))).ShouldBeNull();
        (await SizeAsync()).ShouldBe(2);
    }

    [Fact]
    public async Task ManyWrites_SomeStale_WriteNothingAndNameEachStaleOne()
    {
        await CommittedAsync(Commit().Put(Flag("a"), "f_a", 0, "1").Put(Flag("b"), "f_b", 0, "1"));

        var conflict = await ConflictAsync(
            Commit().Put(Flag("a"), "f_a", 1, "2").Put(Flag("b"), "f_b", 7, "2").Put(Flag("c"), "f_c", 1, "2").Fence("f", 0)
        );
        conflict.Actual.ShouldBe([new RevisionMismatch(Flag("b"), 7, 1), new RevisionMismatch(Flag("c"), 1, 0)]);
        await ShouldHoldAsync(Flag("a"), 1, "1");
        (await FenceAsync("f")).ShouldBe(0);
        (await SizeAsync()).ShouldBe(1);
    }

    [Fact]
    public async Task Unchanged_ThatHolds_LetsTheCommitThrough()
    {
        await CommittedAsync(Commit().Put(Segment("s"), "s_1", 0, "1"));
        await CommittedAsync(Commit().Put(Flag("a"), "f_a", 0, "1").Unchanged(Segment("s"), 1).Unchanged(Segment("none"), 0));
        (await LoadAsync(Segment("s"))).ShouldNotBeNull().Revision.ShouldBe(1);
    }

    [Theory]
    [InlineData("s", 0, 1)]
    [InlineData("s", 2, 1)]
    [InlineData("none", 1, 0)]
    public async Task Unchanged_ThatDoesNotHold_Conflicts(string key, long expected, long actual)
    {
        await CommittedAsync(Commit().Put(Segment("s"), "s_1", 0, "1"));
        var conflict = await ConflictAsync(Commit().Put(Flag("a"), "f_a", 0, "1").Unchanged(Segment(key), expected));
        conflict.Actual.ShouldBe([new RevisionMismatch(Segment(key), expected, actual)]);
        (await LoadAsync(Flag("a"))).ShouldBeNull();
    }

    [Fact]
    public async Task Unchanged_OfAResourceThatWasDeletedAndCreatedAnew_Conflicts()
    {
        await CommittedAsync(Commit().Put(Segment("s"), "s_1", 0, "1"));
        await CommittedAsync(Commit().Put(Flag("a"), "f_a", 0, "1").Unchanged(Segment("s"), 1, "s_1"));
        await CommittedAsync(Commit().Delete(Segment("s"), "s_1", 1));
        await CommittedAsync(Commit().Put(Segment("s"), "s_2", 0, "1"));

        var conflict = await ConflictAsync(Commit().Put(Flag("a"), "f_a", 1, "2").Unchanged(Segment("s"), 1, "s_1"));

        conflict.Actual.ShouldBe([new RevisionMismatch(Segment("s"), 1, 1)]);
        await ShouldHoldAsync(Flag("a"), 1, "1");
    }

    [Fact]
    public async Task FenceStands_AtItsValue_LetsAnyNumberOfCommitsThrough_UntilItIsRaised()
    {
        await CommittedAsync(Commit().FenceStands("access", 0));
        await CommittedAsync(Commit().FenceStands("access", 0));
        (await FenceAsync("access")).ShouldBe(0);
        await CommittedAsync(Commit().FenceStands("access", 0).Fence("access", 0));
        (await FenceAsync("access")).ShouldBe(1);

        (await CommitAsync(Commit().FenceStands("access", 0))).ShouldBeOfType<CommitResult.Conflict>().Actual.ShouldBeEmpty();
        await CommittedAsync(Commit().FenceStands("access", 1));
    }

    [Fact]
    public async Task Fence_AtItsValue_IsRaisedByOne()
    {
        (await FenceAsync("refs")).ShouldBe(0);
        await CommittedAsync(Commit().Fence("refs", 0));
        await CommittedAsync(Commit().Fence("refs", 1).Fence("other", 0));
        (await FenceAsync("refs")).ShouldBe(2);
        (await FenceAsync("other")).ShouldBe(1);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public async Task Fence_AtAnotherValue_ConflictsWithoutNamingAResource(long value)
    {
        await CommittedAsync(Commit().Fence("refs", 0));
        var conflict = await ConflictAsync(Commit().Put(Flag("a"), "f_a", 0, "1").Fence("refs", value).Fence("other", 0));
        conflict.Actual.ShouldBeEmpty();
        (await FenceAsync("refs")).ShouldBe(1);
        (await FenceAsync("other")).ShouldBe(0);
        (await LoadAsync(Flag("a"))).ShouldBeNull();
    }

    [Fact]
    public async Task Denial_WithoutWrites_IsInTheLogAndChangesNothingElse()
    {
        await CommittedAsync(Commit().Put(Flag("a"), "f_a", 0, "1"));
        var receipt = (await CommittedAsync(Commit().With(index => index with { Succeeded = false, Type = "access.denied" })))[0];
        receipt.Index.ShouldBe(1);
        await ShouldHoldAsync(Flag("a"), 1, "1");
    }

    [Fact]
    public async Task List_InKeyOrder_PagesThroughOneKindAndProject()
    {
        string[] keys = ["b", "A", "a", "a.b", "a-b", "a_b", "a0", "B", "z"];
        foreach (var key in keys)
            await CommittedAsync(Commit().Put(Flag(key), "f_" + key, 0, "1"));
        await CommittedAsync(Commit().Put(Flag("c", "mobile"), "f_x", 0, "1").Put(Segment("d"), "s_x", 0, "1"));

        var listed = new List<string>();
        string? after = null;
        while (true)
        {
            var page = await Store.ListAsync(Tenant, ResourceKind.Flag, "web", after, 2, Cancellation);
            page.Count.ShouldBeLessThanOrEqualTo(2);
            if (page.Count == 0)
                break;
            listed.AddRange(page.Select(resource => resource.Name.Key));
            after = listed[^1];
        }
        listed.ShouldBe([.. keys.Order(StringComparer.Ordinal)]);
    }

    [Fact]
    public async Task LoadWithEnvironments_SeesThoseOfTheProject_AndWhatIsNamed()
    {
        await CommittedAsync(
            Commit()
                .Put(Environment("live"), "e_l", 0, "1")
                .Put(Environment("test"), "e_t", 0, "2")
                .Put(Environment("live", "mobile"), "e_m", 0, "3")
                .Put(Flag("a"), "f_a", 0, "4")
                .Put(Flag("b"), "f_b", 0, "5")
                .Fence("f", 0)
        );
        await CommittedAsync(Commit().Delete(Environment("test"), "e_t", 1));

        var slice = await Store.LoadWithEnvironmentsAsync(
            Tenant,
            "web",
            [Flag("a"), Flag("none"), Environment("live")],
            ["f", "g"],
            Cancellation
        );

        slice.Resources.Keys.ShouldBe([Environment("live"), Flag("a")], ignoreOrder: true);
        Encoding.UTF8.GetString(slice.Resources[Environment("live")].Document).ShouldBe("1");
        slice.Fences.ShouldBe(new Dictionary<string, long> { ["f"] = 1, ["g"] = 0 }, ignoreOrder: true);
        (await Store.LoadWithEnvironmentsAsync("nobody", "web", [Flag("a")], [], Cancellation)).Resources.ShouldBeEmpty();
    }

    private async Task<StoredResource?> LoadAsync(ResourceName name, string tenant = CommitBuilder.DefaultTenant) =>
        (await Store.LoadAsync(tenant, [name], [], Cancellation)).Resources.GetValueOrDefault(name);

    private async Task<long> FenceAsync(string name) => (await Store.LoadAsync(Tenant, [], [name], Cancellation)).Fences[name];

    private async Task<long> SizeAsync(string tenant = CommitBuilder.DefaultTenant) =>
        (await Store.HeadAsync(tenant, Cancellation))?.Range.Size ?? 0;

    private async Task<ResourceVersion?> VersionAsync(string id, long revision) =>
        await Store.VersionAsync(Tenant, id, revision, Cancellation);

    private async Task ShouldHoldAsync(ResourceName name, long revision, string document)
    {
        var stored = (await LoadAsync(name)).ShouldNotBeNull();
        stored.Revision.ShouldBe(revision);
        Encoding.UTF8.GetString(stored.Document).ShouldBe(document);
    }
}
