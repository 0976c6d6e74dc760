using Halyard.Core.Audit;
using Halyard.Core.Flags;
using Halyard.Core.Storage;
using Halyard.Storage.Conformance.Building;
using static Halyard.Storage.Conformance.Building.Names;

namespace Halyard.Storage.Conformance;

public abstract partial class StoreConformance
{
    [Fact]
    public async Task VersionsAt_AnyTime_AreThoseInForceThen()
    {
        await CommittedAsync(Commit().At(Noon).Put(Flag("b"), "f_b", 0, "b1").Put(Segment("s"), "s_1", 0, "s1"));
        await CommittedAsync(Commit().At(Noon.AddHours(1)).Put(Flag("a"), "f_a", 0, "a1"));
        await CommittedAsync(
            Commit().At(Noon.AddHours(2)).Put(Flag("b"), "f_b", 1, "b2").Put(Flag("c", "mobile"), "f_c", 0, "c1")
        );
        await CommittedAsync(Commit().At(Noon.AddHours(3)).Delete(Flag("b"), "f_b", 2));

        (await VersionsAtAsync(Noon.AddMicroseconds(-1))).ShouldBeEmpty();
        (await VersionsAtAsync(Noon)).ShouldBe([("b", 1)]);
        (await VersionsAtAsync(Noon.AddHours(1))).ShouldBe([("a", 1), ("b", 1)]);
        (await VersionsAtAsync(Noon.AddHours(3).AddMicroseconds(-1))).ShouldBe([("a", 1), ("b", 2)]);
        (await VersionsAtAsync(Noon.AddHours(3))).ShouldBe([("a", 1)]);
        (await VersionsAtAsync(DateTimeOffset.MaxValue)).ShouldBe([("a", 1)]);
        (await VersionsAtAsync(DateTimeOffset.MinValue)).ShouldBeEmpty();
    }

    [Fact]
    public async Task VersionsAt_WithAnOffsetAndFractions_CompareInstants()
    {
        await CommittedAsync(Commit().At(Noon).Put(Flag("a"), "f_a", 0, "1"));
        (await VersionsAtAsync(Noon.ToOffset(TimeSpan.FromHours(-7)))).Count.ShouldBe(1);
        (await VersionsAtAsync(Noon.AddTicks(-1))).ShouldBeEmpty();
        (await VersionsAtAsync(Noon.AddTicks(1))).Count.ShouldBe(1);
    }

    [Fact]
    public async Task VersionsAt_ForImportedHistory_GoByTheOriginalTimes()
    {
        var imported = new DateTimeOffset(1969, 7, 20, 20, 17, 40, TimeSpan.FromHours(-4));
        await Store.CommitAsync(Import(imported, 3), Cancellation);

        (await VersionsAtAsync(imported.AddMicroseconds(-1))).ShouldBeEmpty();
        (await VersionsAtAsync(imported)).ShouldBe([("a", 1)]);
        (await VersionsAtAsync(imported.AddDays(1))).ShouldBe([("a", 2)]);
        (await VersionsAtAsync(Noon)).ShouldBe([("a", 3)]);
        (await Store.EntryAsync(Tenant, 1, Cancellation)).ShouldNotBeNull().EffectiveAt.ShouldBe(imported.AddDays(1));
        var stored = (await LoadAsync(Flag("a"))).ShouldNotBeNull();
        stored.CreatedAt.ShouldBe(imported);
        stored.UpdatedAt.ShouldBe(imported.AddDays(2));
        stored.Revision.ShouldBe(3);
    }

    [Fact]
    public async Task VersionsAt_WhereEffectiveTimesGoBack_TakeTheLargestIndex()
    {
        await CommittedAsync(Commit().Put(Flag("a"), "f_a", 0, "1"));
        await CommittedAsync(Commit().At(Noon.AddHours(1), Noon.AddHours(-1)).Put(Flag("a"), "f_a", 1, "2"));
        (await VersionsAtAsync(Noon)).ShouldBe([("a", 2)]);
        (await VersionsAtAsync(Noon.AddHours(-1))).ShouldBe([("a", 2)]);
        (await VersionsAtAsync(Noon.AddHours(-2))).ShouldBeEmpty();
    }

    [Fact]
    public async Task VersionsOf_AKeyUsedAgain_AreAllItsResourcesEverInLogOrder()
    {
        await CommittedAsync(Commit().Put(Flag("a"), "f_old", 0, "1").Put(Flag("b"), "f_b", 0, "1"));
        await CommittedAsync(Commit().At(Noon.AddHours(1), Noon.AddHours(-1)).Put(Flag("a"), "f_old", 1, "2"));
        await CommittedAsync(Commit().At(Noon.AddHours(2)).Delete(Flag("a"), "f_old", 2).Put(Segment("a"), "s_a", 0, "1"));
        await CommittedAsync(Commit().At(Noon.AddHours(3)).Put(Flag("a"), "f_new", 0, "1"));
        await CommittedAsync(Commit().At(Noon.AddHours(3)).Put(Flag("a", "mobile"), "f_m", 0, "1"));

        var versions = await Store.VersionsOfAsync(Tenant, Flag("a"), 10, Cancellation);

        versions
            .Select(version => (version.Id, version.Revision, version.Index, Gone: version.Document is null))
            .ShouldBe([("f_old", 1, 0, false), ("f_old", 2, 1, false), ("f_old", 3, 2, true), ("f_new", 1, 3, false)]);
        versions[1].EffectiveAt.ShouldBe(Noon.AddHours(-1));
        (await Store.VersionsOfAsync(Tenant, Flag("a"), 2, Cancellation)).ShouldBe(versions.Take(2));
        (await Store.VersionsOfAsync(Tenant, Flag("z"), 10, Cancellation)).ShouldBeEmpty();
        (await Store.VersionsOfAsync("nobody", Flag("a"), 10, Cancellation)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Import_ThatCreatesAndDeletesInOneCommit_LeavesHistoryAlone()
    {
        var created = Commit().Put(Flag("gone"), "f_gone", 0, "1").At(Noon, Noon.AddDays(-2)).Draft();
        var deleted = Commit().Delete(Flag("gone"), "f_gone", 1).At(Noon, Noon.AddDays(-1)).Draft();
        var commit = new Commit(
            Tenant,
            CommitBuilder.OriginOf(Tenant),
            [new ResourceWrite.Delete(Flag("gone"), 0)],
            [],
            [created, deleted],
            null
        );
        (await Store.CommitAsync(commit, Cancellation)).ShouldBeOfType<CommitResult.Committed>();

        (await LoadAsync(Flag("gone"))).ShouldBeNull();
        (await VersionsAtAsync(Noon.AddDays(-2))).ShouldBe([("gone", 1)]);
        (await VersionsAtAsync(Noon.AddDays(-1))).ShouldBeEmpty();
    }

    [Fact]
    public async Task Commit_ThatDeletesAndRecreatesUnderOneKey_IsCreatedAnew()
    {
        await CommittedAsync(Commit().Put(Flag("a"), "f_old", 0, "1"));
        var deleted = Commit().Delete(Flag("a"), "f_old", 1).At(Noon.AddHours(1)).Draft();
        var created = Commit().Put(Flag("a"), "f_new", 0, "2").At(Noon.AddHours(2)).Draft();
        var commit = new Commit(
            Tenant,
            CommitBuilder.OriginOf(Tenant),
            [new ResourceWrite.Put(Flag("a"), 1, "f_new", 1, "2"u8.ToArray(), null)],
            [],
            [deleted, created],
            null
        );
        (await Store.CommitAsync(commit, Cancellation)).ShouldBeOfType<CommitResult.Committed>();

        var stored = (await LoadAsync(Flag("a"))).ShouldNotBeNull();
        stored.Id.ShouldBe("f_new");
        stored.CreatedAt.ShouldBe(Noon.AddHours(2));
    }

    /// <summary>One import of a flag's revisions, a day apart.</summary>
    private static Commit Import(DateTimeOffset first, int revisions)
    {
        var drafts = new List<EntryDraft>();
        for (var i = 0; i < revisions; i++)
        {
            var line = i + 1;
            drafts.Add(
                Commit()
                    .Put(Flag("a"), "f_a", i, $"{line}")
                    .At(Noon, first.AddDays(i))
                    .With(index => index with { Type = "flag.imported", Import = "imp_1", ImportLine = line })
                    .Draft()
            );
        }
        var document = System.Text.Encoding.UTF8.GetBytes($"{revisions}");
        var write = new ResourceWrite.Put(Flag("a"), 0, "f_a", revisions, document, null);
        return new Commit(Tenant, CommitBuilder.OriginOf(Tenant), [write], [], drafts, null);
    }

    private async Task<List<(string Key, long Revision)>> VersionsAtAsync(DateTimeOffset at)
    {
        var versions = await Store.VersionsAtAsync(Tenant, ResourceKind.Flag, "web", at, Cancellation);
        return [.. versions.Select(version => (version.Name.Key, version.Revision))];
    }
}
