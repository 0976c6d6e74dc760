using Halyard.Core.Audit;
using Halyard.Core.Audit.Searching;
using Halyard.Core.Storage;
using Halyard.Storage.Conformance.Building;
using Halyard.Storage.DynamoDb;
using Halyard.Storage.DynamoDb.Blocks;
using Halyard.Storage.DynamoDb.Logs;
using Halyard.Storage.DynamoDb.Native;
using Halyard.Storage.Tests.Sqlite;
using Halyard.Testing;

namespace Halyard.Storage.Tests.DynamoDb;

/// <summary>Whole blocks in the table and the end of the log in memory are one log to whoever asks.</summary>
[Collection(DynamoDbCollection.Name)]
public sealed class DynamoDbBlockTests(Moto moto)
{
    private const string Tenant = CommitBuilder.DefaultTenant;
    private const string Silent = "s_3";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Queries_AcrossBlocksAndTheirTail_FindWhatAScanFinds_ByFewRequests()
    {
        await using var opened = await DynamoStore.OpenAsync(moto);
        var entries = await ManyEntries.CommitAsync(opened.Store, (2 * EntrySet.BlockSize) + 700, Cancellation);

        (await opened.Store.FoldAsync(Tenant, Cancellation)).ShouldBe(2 * EntrySet.BlockSize);
        await ShouldAgreeAsync(opened.Store, entries, BlockTests.Queries());

        // A server that has nothing yet reads how far the table is and the end of the log, in the log's part that begins with it.
        var network = new Network();
        var another = await opened.OpenAnotherAsync(network);
        network.Asked.Clear();
        (await another.CountAsync(Tenant, new AuditQuery { Actor = "s_once" }, Cancellation)).ShouldBe(1);
        Sum(network).ShouldBe([("BatchGetItem", 1), ("Query", 2)]);

        network.Asked.Clear();
        var query = new AuditQuery { Actor = "s_3", Environment = "production" };
        (await another.QueryAsync(Tenant, query with { Before = EntrySet.BlockSize }, Cancellation)).Count.ShouldBe(query.Limit);
        // How far the table is, where the block's entries are, and the entries; a page for each of the two terms.
        Sum(network).ShouldBe([("BatchGetItem", 3), ("Query", 2)]);
        await ShouldAgreeAsync(another, entries, BlockTests.Queries().Where(query => query.Text is not null));
    }

    [Fact]
    public async Task Memory_HoldsTheEndOfTheLogAlone()
    {
        await using var opened = await DynamoStore.OpenAsync(moto);
        await ManyEntries.CommitAsync(opened.Store, (2 * EntrySet.BlockSize) + 10, Cancellation);
        using var table = opened.OpenTable();
        using var before = new TenantLog(table, Tenant);
        await before.RefreshAsync(Cancellation);

        await opened.Store.FoldAsync(Tenant, Cancellation);

        using var after = new TenantLog(table, Tenant);
        foreach (var log in new[] { before, after })
        {
            await log.RefreshAsync(Cancellation);
            log.Index.Ask(view => (view.Folded, view.Size)).ShouldBe((2 * EntrySet.BlockSize, (2 * EntrySet.BlockSize) + 10));
            // A segment may begin before the block ends.
            log.Index.Ask(view => view.Size - view.First).ShouldBeLessThan(510);
        }
    }

    [Fact]
    public async Task Folding_ByManyAtOnce_IsOneLog()
    {
        await using var opened = await DynamoStore.OpenAsync(moto);
        var entries = await ManyEntries.CommitAsync(opened.Store, EntrySet.BlockSize + 1, Cancellation);
        var other = await opened.OpenAnotherAsync();

        await Task.WhenAll(
            Enumerable
                .Range(0, 4)
                .Select(i =>
                    Task.Run(async () => await (i % 2 == 0 ? other : opened.Store).FoldAsync(Tenant, Cancellation), Cancellation)
                )
        );

        (await opened.Store.FoldAsync(Tenant, Cancellation)).ShouldBe(EntrySet.BlockSize);
        await ShouldAgreeAsync(other, entries, BlockTests.Queries().Where((_, i) => i % 3 == 0));
    }

    [Theory]
    [InlineData(8)]
    [InlineData(60)]
    [InlineData(150)]
    public async Task ServerThatEndsAmidABlock_LeavesItToTheNext_AndNothingIsMissedMeanwhile(int requests)
    {
        await using var opened = await DynamoStore.OpenAsync(moto);
        var network = new Network();
        var dying = await opened.OpenAnotherAsync(network, TimeSpan.Zero);
        var entries = await UnfoldedAsync(opened, EntrySet.BlockSize + 5);
        network.Through = network.Asked.Values.Sum() + requests;

        await Should.ThrowAsync<IOException>(async () => await dying.FoldAsync(Tenant, Cancellation));

        var some = BlockTests.Queries().Where((_, i) => i % 4 == 0).ToList();
        await ShouldAgreeAsync(await opened.OpenAnotherAsync(), entries, some);
        (await opened.Store.FoldAsync(Tenant, Cancellation)).ShouldBe(EntrySet.BlockSize);
        await ShouldAgreeAsync(await opened.OpenAnotherAsync(), entries, some);
    }

    [Fact]
    public async Task ErasedReasons_AreFoundByNoWordAnyMore_InBlocksAndBehindThem()
    {
        await using var opened = await DynamoStore.OpenAsync(moto);
        var entries = await ManyEntries.CommitAsync(opened.Store, (2 * EntrySet.BlockSize) + 100, Cancellation);
        await opened.Store.FoldAsync(Tenant, Cancellation);
        var other = await opened.OpenAnotherAsync();
        await other.CountAsync(Tenant, new AuditQuery { Text = "because" }, Cancellation);

        await EraseAsync(opened.Store, entries);

        foreach (var server in new[] { opened.Store, other })
            await ShouldAgreeAsync(server, entries, ReasonQueries(entries.Count));
        await ShouldHaveNoReasonAsync(opened, entries);
    }

    [Fact]
    public async Task ErasureThatIsNotCarriedOutYet_HidesTheWordsInBlocks()
    {
        await using var opened = await DynamoStore.OpenAsync(moto);
        var network = new Network();
        var dying = await opened.OpenAnotherAsync(network, TimeSpan.Zero);
        var entries = await ManyEntries.CommitAsync(opened.Store, EntrySet.BlockSize + 100, Cancellation);
        await opened.Store.FoldAsync(Tenant, Cancellation);
        await dying.CountAsync(Tenant, new AuditQuery(), Cancellation);
        // What it looks at, and the transaction of the erasure; not what it then removes.
        var erasing = new CommitBuilder().At(CommitBuilder.Noon.AddYears(1)).Erasing(entries.Count, Silent).Build();
        network.Asked.Clear();
        network.HeldBack = "PutItem";
        var erased = Task.Run(async () => await dying.CommitAsync(erasing, Cancellation), Cancellation);
        await network.Held;
        Forget(entries);

        await ShouldAgreeAsync(opened.Store, entries, ReasonQueries(entries.Count));

        network.Release();
        (await erased).ShouldBeOfType<CommitResult.Committed>();
        await ShouldAgreeAsync(opened.Store, entries, ReasonQueries(entries.Count));
        await ShouldHaveNoReasonAsync(opened, entries);
    }

    [Theory]
    [InlineData("PutItem")]
    [InlineData("BatchWriteItem")]
    public async Task ServerThatWritesABlockWhileSomebodyIsErased_CanNeitherFinishItNorBringWordsBack(string heldBack)
    {
        await using var opened = await DynamoStore.OpenAsync(moto);
        var network = new Network();
        var slow = await opened.OpenAnotherAsync(network);
        var entries = await UnfoldedAsync(opened, EntrySet.BlockSize + 5);
        // It has read the words, and is held back amid the first pages, or behind them all.
        network.HeldBack = heldBack;
        var folding = Task.Run(async () => await slow.FoldAsync(Tenant, Cancellation), Cancellation);
        await network.Held;

        await EraseAsync(opened.Store, entries);
        (await opened.Store.FoldAsync(Tenant, Cancellation)).ShouldBe(EntrySet.BlockSize);
        network.Release();

        (await folding).ShouldBe(EntrySet.BlockSize);
        foreach (var server in new[] { opened.Store, slow })
            await ShouldAgreeAsync(server, entries, ReasonQueries(entries.Count));
        await ShouldHaveNoReasonAsync(opened, entries);
    }

    [Fact]
    public async Task Purge_AcrossBlocks_LeavesNothingThatFindsThem_AndWhatIsAboveIsFound()
    {
        const int below = EntrySet.BlockSize + 256;
        await using var opened = await DynamoStore.OpenAsync(moto);
        var entries = await ManyEntries.CommitAsync(opened.Store, (2 * EntrySet.BlockSize) + 10, Cancellation);
        await opened.Store.FoldAsync(Tenant, Cancellation);
        var (oldest, hashes) = (
            await opened.Store.EntryAsync(Tenant, 5, Cancellation),
            await opened.Store.LeafHashesAsync(Tenant, 0, 300, Cancellation)
        );

        await opened.Store.CommitAsync(
            new CommitBuilder().At(CommitBuilder.Noon.AddYears(1)).Purging(0, below).Build(),
            Cancellation
        );

        oldest.ShouldNotBeNull();
        (await opened.Store.EntryAsync(Tenant, 5, Cancellation)).ShouldBeNull();
        (await opened.Store.LeafHashesAsync(Tenant, 0, 300, Cancellation)).ShouldBe(hashes);
        await ShouldAgreeAsync(opened.Store, entries, BlockTests.Queries().Select(Bounded), below);
        using var table = opened.OpenTable();
        while (SweepState.Of(await table.GetAsync(Keys.Swept(Tenant), Cancellation)).Purged < below)
            await Task.Yield();
        (await PagesAsync(table, Page.All(), 0)).ShouldBeEmpty();
        var cut = await PagesAsync(table, Page.All(), EntrySet.BlockSize);
        cut.ShouldNotBeEmpty();
        cut.ShouldAllBe(posting => Places(posting).Min() >= 256);
        await ShouldAgreeAsync(await opened.OpenAnotherAsync(), entries, BlockTests.Queries().Select(Bounded), below);

        AuditQuery Bounded(AuditQuery query) => query with { Before = Math.Min(query.Before ?? entries.Count, entries.Count) };
    }

    /// <summary>A log of which nothing is in blocks, whatever a server does behind its commits.</summary>
    private static async Task<List<(EntryIndex Index, DateTimeOffset EffectiveAt)>> UnfoldedAsync(DynamoStore opened, int count)
    {
        var entries = await ManyEntries.CommitAsync(opened.Store, count, Cancellation);
        await opened.Store.FoldAsync(Tenant, Cancellation);
        using var table = opened.OpenTable();
        var items = new PageItems(table, Tenant);
        foreach (var page in (await items.ReadAsync(0, Page.All(), Cancellation)).Keys)
            await table.DeleteAsync(Keys.Page(Tenant, page, 0, 0), condition: null, Cancellation);
        await table.DeleteAsync(Keys.Folded(Tenant), condition: null, Cancellation);
        // This server went on already: another takes its place.
        await opened.ReplaceAsync();
        return entries;
    }

    private static async Task EraseAsync(DynamoDbStore store, List<(EntryIndex Index, DateTimeOffset EffectiveAt)> entries)
    {
        var erasing = new CommitBuilder().At(CommitBuilder.Noon.AddYears(1)).Erasing(entries.Count, Silent).Build();
        (await store.CommitAsync(erasing, Cancellation)).ShouldBeOfType<CommitResult.Committed>();
        Forget(entries);
    }

    /// <summary>Everything that one person said: reasons in these drafts belong to the actor.</summary>
    private static void Forget(List<(EntryIndex Index, DateTimeOffset EffectiveAt)> entries)
    {
        for (var i = 0; i < entries.Count; i++)
        {
            if (entries[i].Index.Actor == Silent)
                entries[i] = (BlockTests.WithoutReason(entries[i].Index), entries[i].EffectiveAt);
        }
    }

    private static IEnumerable<AuditQuery> ReasonQueries(long before) =>
        new[] { "because", "\"because of 0\"", "of", "\"on\"", "\"of 1\"*" }.Select(text => new AuditQuery
        {
            Text = text,
            Before = before,
            Limit = 1_000,
        });

    private static async Task ShouldHaveNoReasonAsync(
        DynamoStore opened,
        List<(EntryIndex Index, DateTimeOffset EffectiveAt)> entries
    )
    {
        using var table = opened.OpenTable();
        var words = await PagesAsync(table, Page.Of(PageKind.Reason), 0);
        words.Select(posting => posting.Key).ShouldContain("because");
        words.SelectMany(Places).ShouldAllBe(place => entries[place].Index.Actor != Silent);
    }

    private static async Task<List<Posting>> PagesAsync(Table table, IEnumerable<Page> pages, long block) =>
        [
            .. (await new PageItems(table, Tenant).ReadAsync(block, pages, Cancellation)).Values.SelectMany(page =>
                page.Parts.SelectMany(part => part)
            ),
        ];

    private static IEnumerable<int> Places(Posting posting)
    {
        var entries = new EntrySet();
        entries.Add(posting.Entries);
        return entries.Descending();
    }

    private static (string, int)[] Sum(Network network) =>
        [.. network.Asked.OrderBy(asked => asked.Key, StringComparer.Ordinal).Select(asked => (asked.Key, asked.Value))];

    private static async Task ShouldAgreeAsync(
        DynamoDbStore store,
        List<(EntryIndex Index, DateTimeOffset EffectiveAt)> entries,
        IEnumerable<AuditQuery> queries,
        long minimum = 0
    )
    {
        foreach (var query in queries)
        {
            var page = await store.QueryAsync(Tenant, query, Cancellation);
            page.Select(entry => entry.Index)
                .ShouldBe(
                    BlockTests.Matching(entries, query).Where(index => index >= minimum).Take(query.Limit),
                    query.ToString()
                );
            // A count goes to the end, where entries of the test itself may be.
            if (query.Before is null)
                (await store.CountAsync(Tenant, query, Cancellation)).ShouldBe(
                    BlockTests.Matching(entries, query).Count(index => index >= minimum),
                    query.ToString()
                );
        }
    }
}
