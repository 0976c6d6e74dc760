using System.Text;
using System.Text.Json;
using Halyard.Core.Audit;
using Halyard.Core.Audit.Privacy;
using Halyard.Core.Audit.Searching;
using Halyard.Core.Flags;
using Halyard.Core.Storage;
using Halyard.Ledger;
using Halyard.Storage.Conformance.Building;
using Halyard.Storage.Conformance.InMemory;
using Halyard.Testing;

namespace Halyard.Storage.Tests.DynamoDb;

/// <summary>What is asked of a log but queries is answered across blocks as the model answers it: ids, versions, hashes, private values.</summary>
[Collection(DynamoDbCollection.Name)]
public sealed class DynamoDbFoldedLogTests(Moto moto)
{
    private const string Tenant = CommitBuilder.DefaultTenant;
    private const int Count = EntrySet.BlockSize + 110;
    private const int Flags = 8;

    /// <summary>After so many entries each flag was made, changed and deleted.</summary>
    private const int Lives = Flags * 5;

    private static readonly DateTimeOffset Later = CommitBuilder.Noon.AddYears(1);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Log_InBlocksAndBehindThem_AnswersAsTheModel_AlsoOnceSomebodyIsErasedAndItIsPurged()
    {
        await using var opened = await DynamoStore.OpenAsync(moto);
        var (model, drafts) = (new InMemoryStore(), Enumerable.Range(0, Count).Select(Draft).ToList());
        foreach (var some in drafts.Chunk(Lives))
            await CommitAsync(CommitOf(some));
        await opened.Store.FoldAsync(Tenant, Cancellation);
        await ShouldAgreeAsync();

        // What was brought since it was decided is in blocks as well.
        var late = new CommitBuilder().At(Later).Erasing(1_000, "s_1").Build();
        (await opened.Store.CommitAsync(late, Cancellation)).ShouldBeOfType<CommitResult.Conflict>();
        await CommitAsync(new CommitBuilder().At(Later).Erasing(Count, "s_1").Build());
        await ShouldAgreeAsync();
        await CommitAsync(new CommitBuilder().At(Later).Purging(0, EntrySet.BlockSize - 256).Build());
        await ShouldAgreeAsync();

        async Task CommitAsync(Commit commit)
        {
            foreach (IStore store in new IStore[] { model, opened.Store })
                (await store.CommitAsync(commit, Cancellation)).ShouldBeOfType<CommitResult.Committed>();
        }

        async Task ShouldAgreeAsync()
        {
            foreach (IStore store in new IStore[] { opened.Store, await opened.OpenAnotherAsync() })
            {
                await ShouldHaveTheVersionsOfAsync(store, model);
                await ShouldHaveTheEntriesOfAsync(store, model, drafts);
                await ShouldHaveThePrivatesOfAsync(store, model);
            }
        }
    }

    [Fact]
    public async Task Ids_OfEntriesInBlocks_AreGivenToNobodyElse()
    {
        await using var opened = await DynamoStore.OpenAsync(moto);
        var drafts = Enumerable.Range(0, EntrySet.BlockSize).Select(Draft).ToList();
        foreach (var some in drafts.Chunk(Lives))
            await opened.Store.CommitAsync(CommitOf(some), Cancellation);
        await opened.Store.FoldAsync(Tenant, Cancellation);

        foreach (var store in new[] { opened.Store, await opened.OpenAnotherAsync() })
        {
            var again = new CommitBuilder().At(Later).Id(drafts[5].Id).Build();
            (
                await Should.ThrowAsync<IOException>(async () => await store.CommitAsync(again, Cancellation))
            ).Message.ShouldContain("There is an entry");
            var version = new CommitBuilder().At(Later).Put(Names.Flag("fresh"), "f_7_0", 0, "1").Build();
            (
                await Should.ThrowAsync<IOException>(async () => await store.CommitAsync(version, Cancellation))
            ).Message.ShouldContain("There is a revision");
        }
        (await opened.Store.HeadAsync(Tenant, Cancellation))!.Range.Size.ShouldBe(EntrySet.BlockSize);
    }

    private static async Task ShouldHaveTheVersionsOfAsync(IStore store, InMemoryStore model)
    {
        foreach (var at in new[] { -20, 3, 2_000, 9_999 }.Select(second => CommitBuilder.Noon.AddSeconds(second)))
        {
            foreach (var project in new[] { "web", "elsewhere" })
                (await store.VersionsAtAsync(Tenant, ResourceKind.Flag, project, at, Cancellation)).ShouldBe(
                    await model.VersionsAtAsync(Tenant, ResourceKind.Flag, project, at, Cancellation)
                );
        }
        foreach (var below in new[] { 0, 500, EntrySet.BlockSize + 10 })
            (await store.VersionsBelowAsync(Tenant, below, Cancellation)).ShouldBe(
                await model.VersionsBelowAsync(Tenant, below, Cancellation)
            );
        foreach (var limit in new[] { 1, 5, 1_000 })
            (await store.VersionsOfAsync(Tenant, NameOf(3), limit, Cancellation)).ShouldBe(
                await model.VersionsOfAsync(Tenant, NameOf(3), limit, Cancellation)
            );
        foreach (var (id, revision) in new[] { ("f_3_0", 1L), ("f_3_0", 5), ("f_3_0", 6), ("f_3_53", 4), ("f_x", 1) })
            (await store.VersionAsync(Tenant, id, revision, Cancellation)).ShouldBe(
                await model.VersionAsync(Tenant, id, revision, Cancellation)
            );
    }

    private static async Task ShouldHaveTheEntriesOfAsync(IStore store, InMemoryStore model, List<EntryDraft> drafts)
    {
        foreach (var index in new[] { 0, 255, 1_900, EntrySet.BlockSize - 1, EntrySet.BlockSize, Count - 1, Count + 9 })
        {
            (await store.EntryAsync(Tenant, index, Cancellation)).ShouldBeEquivalentTo(
                await model.EntryAsync(Tenant, index, Cancellation)
            );
            var id = index < Count ? drafts[index].Id : "missing";
            (await store.EntryAsync(Tenant, id, Cancellation))?.Index.ShouldBe(
                (await model.EntryAsync(Tenant, id, Cancellation))!.Index
            );
        }
        foreach (var (from, count) in new[] { (0, 3), (250, 300), (1_780, 30), (2_000, 100), (2_100, 1_000), (9_999, 1) })
        {
            (await store.LeafHashesAsync(Tenant, from, count, Cancellation)).ShouldBe(
                await model.LeafHashesAsync(Tenant, from, count, Cancellation)
            );
            var (feed, expected) = (
                await store.FeedAsync(Tenant, from, count, Cancellation),
                await model.FeedAsync(Tenant, from, count, Cancellation)
            );
            feed.Select(entry => (entry.Index, Encoding.UTF8.GetString(entry.Leaf)))
                .ShouldBe(expected.Select(entry => (entry.Index, Encoding.UTF8.GetString(entry.Leaf))));
            feed.SelectMany(entry => entry.Resources).ShouldBe(expected.SelectMany(entry => entry.Resources));
        }
    }

    private static async Task ShouldHaveThePrivatesOfAsync(IStore store, InMemoryStore model)
    {
        long[] entries = [0, 10, 1_790, 2_040, EntrySet.BlockSize + 2, Count - 8, Count + 5];
        string[] commitments = ["c_0", "c_16", "c_48", "c_once", "c_missing"];
        Text(await store.EntryPrivatesAsync(Tenant, entries, Cancellation))
            .ShouldBe(Text(await model.EntryPrivatesAsync(Tenant, entries, Cancellation)));
        Text(await store.DocumentPrivatesAsync(Tenant, commitments, Cancellation))
            .ShouldBe(Text(await model.DocumentPrivatesAsync(Tenant, commitments, Cancellation)));
        foreach (var subjects in new[] { new[] { "s_1" }, ["s_2", "s_4", "s_2"], ["s_none"] })
        {
            var (extent, expected) = (
                await store.SubjectExtentAsync(Tenant, subjects, Cancellation),
                await model.SubjectExtentAsync(Tenant, subjects, Cancellation)
            );
            JsonSerializer.Serialize(extent).ShouldBe(JsonSerializer.Serialize(expected));
        }

        static IEnumerable<string> Text(IEnumerable<SealedValue> values) =>
            values.Select(value =>
                $"{value.Subject} {value.Commitment} {value.Pointer} {Convert.ToHexStringLower(value.Ciphertext)}"
            );
    }

    /// <summary>The commit of some that begin with nothing there: what of it is there at last is written.</summary>
    private static Commit CommitOf(EntryDraft[] drafts)
    {
        var last = drafts.Select(draft => draft.Index.Resources[0]).GroupBy(touched => touched.Name).Select(name => name.Last());
        var writes = last.Select<TouchedResource, ResourceWrite>(touched =>
            touched.After is null
                ? new ResourceWrite.Delete(touched.Name, 0)
                : new ResourceWrite.Put(
                    touched.Name,
                    0,
                    touched.Id,
                    touched.RevisionTo,
                    Document(touched.Id, touched.RevisionTo),
                    null
                )
        );
        return new Commit(Tenant, CommitBuilder.OriginOf(Tenant), [.. writes], [], drafts, null);
    }

    private static byte[] Document(string id, long revision) => Encoding.UTF8.GetBytes($"{id} {revision}");

    private static ResourceName NameOf(int i) => Names.Flag($"flag-{i % Flags}", i % Flags < 5 ? "web" : "mobile");

    /// <summary>The history of some flags: each is made, changed, deleted and made anew, now and then in the past.</summary>
    private static EntryDraft Draft(int i)
    {
        var (generation, revision) = (i / Flags / 5, (i / Flags % 5) + 1);
        var id = $"f_{i % Flags}_{generation}";
        var after = revision == 5 ? (Digest?)null : Digest.Of(Document(id, revision));
        var at = CommitBuilder.Noon.AddSeconds(i);
        var privates = new List<SealedValue>();
        // A commitment is one person's: 80 entries later it is the same one's again.
        if (i % 16 == 0)
            privates.Add(new SealedValue("/a", $"c_{i % 80}", [(byte)i], $"s_{i % 5}", InDocument: true));
        if (i == 1_601)
            privates.Add(new SealedValue("/b", "c_once", [1], "s_1", InDocument: true));
        return Drafts.Of(
            Drafts.Index(new TouchedResource(NameOf(i), id, revision - 1, revision, after)) with
            {
                Actor = $"s_{i % 5}",
            },
            at,
            i % 7 == 0 ? at.AddSeconds(-10) : null,
            privates: privates,
            words: (["changed"], i % 10 == 0 ? $"reason {i}" : null)
        );
    }
}
