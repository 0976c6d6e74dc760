using Halyard.Core.Audit;
using Halyard.Core.Audit.Searching;
using Halyard.Storage.Conformance.Building;
using Halyard.Storage.Tests.Sqlite;
using Halyard.Testing;

namespace Halyard.Storage.Tests.PostgreSql;

/// <summary>Whole blocks, their tail and what is not folded yet are one log to whoever asks.</summary>
[Collection(PostgresCollection.Name)]
public sealed class PostgreSqlBlockTests(Postgres postgres)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Queries_AcrossBlocksAndTheirTail_FindWhatAScanFinds()
    {
        await using var opened = await PostgresStore.OpenAsync(postgres);
        var entries = await ManyEntries.CommitAsync(opened.Store, (2 * EntrySet.BlockSize) + 700, Cancel);
        await ShouldAgreeAsync(opened, entries);

        (await opened.Store.FoldAsync("default", Cancel)).ShouldBe(2 * EntrySet.BlockSize);

        (await opened.ScalarAsync<long>("SELECT count(*) FROM audit_recent")).ShouldBe(700);
        (await opened.ScalarAsync<long>("SELECT count(*) FROM audit_block")).ShouldBe(2);
        await ShouldAgreeAsync(opened, entries);
    }

    [Fact]
    public async Task Blocks_AreFoldedBehindTheCommits()
    {
        await using var opened = await PostgresStore.OpenAsync(postgres);
        await ManyEntries.CommitAsync(opened.Store, EntrySet.BlockSize + 1, Cancel);

        // What was begun is finished before the store is closed.
        await opened.ReopenAsync();

        (await opened.ScalarAsync<long>("SELECT count(*) FROM audit_recent")).ShouldBe(1);
    }

    [Fact]
    public async Task Folding_ByManyAtOnce_IsDoneOnce()
    {
        await using var opened = await PostgresStore.OpenAsync(postgres);
        var entries = await ManyEntries.CommitAsync(opened.Store, (3 * EntrySet.BlockSize) + 1, Cancel);
        await using var other = await opened.OpenAnotherAsync();

        await Task.WhenAll(
            Enumerable
                .Range(0, 6)
                .Select(i => Task.Run(async () => await (i % 2 == 0 ? other : opened.Store).FoldAsync("default", Cancel), Cancel))
        );

        (await opened.ScalarAsync<long>("SELECT count(*) FROM audit_block")).ShouldBe(3);
        await ShouldAgreeAsync(opened, entries);
    }

    [Fact]
    public async Task ErasedReasons_AreFoundByNoWordAnyMore_InBlocksAndBehindThem()
    {
        await using var opened = await PostgresStore.OpenAsync(postgres);
        var entries = await ManyEntries.CommitAsync(opened.Store, EntrySet.BlockSize + 100, Cancel);
        await opened.Store.FoldAsync("default", Cancel);

        // Everything that s_3 said: reasons in these drafts belong to the actor.
        await opened.Store.CommitAsync(
            new CommitBuilder().At(CommitBuilder.Noon.AddYears(1)).Erasing(entries.Count, "s_3").Build(),
            Cancel
        );

        for (var i = 0; i < entries.Count; i++)
        {
            if (entries[i].Index.Actor == "s_3")
                entries[i] = (BlockTests.WithoutReason(entries[i].Index), entries[i].EffectiveAt);
        }
        foreach (var text in new[] { "because", "\"because of 0\"", "of", "\"on\"" })
        {
            var query = new AuditQuery
            {
                Text = text,
                Before = entries.Count,
                Limit = 1_000,
            };
            var page = await opened.Store.QueryAsync("default", query, Cancel);
            page.Select(entry => entry.Index).ShouldBe(BlockTests.Matching(entries, query).Take(1_000), text);
        }
    }

    [Fact]
    public async Task Purge_OfWholeBlocks_LeavesNothingThatFindsThem()
    {
        await using var opened = await PostgresStore.OpenAsync(postgres);
        await ManyEntries.CommitAsync(opened.Store, (2 * EntrySet.BlockSize) + 10, Cancel);
        await opened.Store.FoldAsync("default", Cancel);

        await opened.Store.CommitAsync(new CommitBuilder().Purging(0, EntrySet.BlockSize + 256).Build(), Cancel);

        foreach (var table in new[] { "audit_block", "audit_block_posting", "audit_block_word" })
            (await opened.ScalarAsync<long>($"SELECT count(*) FROM {table} WHERE first = 0")).ShouldBe(0, table);
        (await opened.Store.CountAsync("default", new AuditQuery(), Cancel)).ShouldBe(EntrySet.BlockSize + 10 - 256 + 1);
    }

    private static async Task ShouldAgreeAsync(PostgresStore opened, List<(EntryIndex Index, DateTimeOffset EffectiveAt)> entries)
    {
        foreach (var query in BlockTests.Queries())
        {
            var page = await opened.Store.QueryAsync("default", query, Cancel);
            page.Select(entry => entry.Index).ShouldBe(BlockTests.Matching(entries, query).Take(query.Limit), query.ToString());
            (await opened.Store.CountAsync("default", query, Cancel)).ShouldBe(
                BlockTests.Matching(entries, query with { Before = null }).Count(),
                query.ToString()
            );
        }
    }
}
