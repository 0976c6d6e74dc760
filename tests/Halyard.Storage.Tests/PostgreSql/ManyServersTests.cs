using System.Numerics;
using Halyard.Core;
using Halyard.Core.Storage;
using Halyard.Ledger;
using Halyard.Storage.Conformance.Building;
using Halyard.Testing;

namespace Halyard.Storage.Tests.PostgreSql;

/// <summary>Several servers on one database are one store.</summary>
[Collection(PostgresCollection.Name)]
public sealed class ManyServersTests(Postgres postgres)
{
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(5);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task WritersOnThreeServers_HaveOneWinnerForEachRevisionAndOneGaplessLog()
    {
        await using var opened = await PostgresStore.OpenAsync(postgres);
        await using var second = await opened.OpenAnotherAsync();
        await using var third = await opened.OpenAnotherAsync();
        IStore[] stores = [opened.Store, second, third];
        for (var revision = 0; revision < 10; revision++)
        {
            var expected = revision;
            var results = await Task.WhenAll(
                Enumerable
                    .Range(0, 48)
                    .Select(writer =>
                        Task.Run(
                            async () =>
                                await stores[writer % 3]
                                    .CommitAsync(
                                        new CommitBuilder()
                                            .Put(Names.Flag("a"), "f_a", expected, $"{writer}")
                                            .Put(Names.Flag($"k{writer}"), $"f_{writer}", expected, $"{writer}")
                                            .Build(),
                                        Cancel
                                    ),
                            Cancel
                        )
                    )
            );
            results.OfType<CommitResult.Committed>().ShouldHaveSingleItem();
            // The others' own flags did not change with the one that lost.
            await stores[revision % 3].CommitAsync(Catching(results, expected), Cancel);
        }
        var hashes = await second.LeafHashesAsync("default", 0, 1_000, Cancel);
        var head = (await third.HeadAsync("default", Cancel)).ShouldNotBeNull();
        head.Range.Size.ShouldBe(hashes.Count);
        head.Range.Root.ShouldBe(MerkleTree.Root(hashes));
    }

    [Fact]
    public async Task IdempotencyKey_UsedOnTwoServersAtOnce_WritesOnce()
    {
        await using var opened = await PostgresStore.OpenAsync(postgres);
        await using var second = await opened.OpenAnotherAsync();
        var results = await Task.WhenAll(
            Enumerable
                .Range(0, 32)
                .Select(writer =>
                    Task.Run(
                        async () =>
                            await (writer % 2 == 0 ? opened.Store : second).CommitAsync(
                                new CommitBuilder().Put(Names.Flag($"k{writer}"), $"f_{writer}", 0, "1").Answer("key").Build(),
                                Cancel
                            ),
                        Cancel
                    )
                )
        );
        var winner = results.OfType<CommitResult.Committed>().ShouldHaveSingleItem();
        results.OfType<CommitResult.Duplicate>().ShouldAllBe(duplicate => duplicate.Original.Receipt == winner.Receipts[0]);
        results.OfType<CommitResult.Duplicate>().Count().ShouldBe(31);
    }

    [Fact]
    public async Task Follower_OnAnotherServer_IsWokenByACommit()
    {
        await using var opened = await PostgresStore.OpenAsync(postgres);
        await using var second = await opened.OpenAnotherAsync();
        for (var i = 0; i < 20; i++)
        {
            // What woke it may be an earlier commit, told late: it looks until it sees this one.
            await opened.Store.CommitAsync(new CommitBuilder().Build(), Cancel);
            while ((await second.HeadAsync("default", Cancel))?.Range.Size != i + 1)
                await second.WaitForCommitsAsync(Long, Cancel).AsTask().WaitAsync(TimeSpan.FromSeconds(30), Cancel);
        }
    }

    [Fact]
    public async Task ConnectionsDroppedAmidWrites_AreNoCallersConcern()
    {
        await using var opened = await PostgresStore.OpenAsync(postgres);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var committed = 0;
        var writing = Enumerable
            .Range(0, 8)
            .Select(writer =>
                Task.Run(
                    async () =>
                    {
                        for (var i = 0; !stop.IsCancellationRequested; i++)
                        {
                            var commit = new CommitBuilder().Put(Names.Flag($"k{writer}"), $"f_{writer}", i, $"{i}").Build();
                            (await opened.Store.CommitAsync(commit, Cancel)).ShouldBeOfType<CommitResult.Committed>();
                            Interlocked.Increment(ref committed);
                        }
                    },
                    Cancel
                )
            )
            .ToList();
        for (var drop = 1; drop <= 25; drop++)
        {
            while (Volatile.Read(ref committed) < drop * 20)
                await opened.Store.WaitForCommitsAsync(TimeSpan.FromMilliseconds(20), Cancel);
            await opened.ExecuteAsync(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'halyard' AND pid <> pg_backend_pid()"
            );
        }
        await stop.CancelAsync();
        await Task.WhenAll(writing);

        (await opened.Store.HeadAsync("default", Cancel))!.Range.Size.ShouldBe(committed, "each was committed exactly once");
    }

    [Fact]
    public async Task Commit_OnAPrimaryThatIsNoneAnyMore_IsTriedAgainUntilThereIsOne()
    {
        await using var opened = await PostgresStore.OpenAsync(postgres);
        var retries = new Retries();
        await using var store = await opened.OpenAnotherAsync(retries);
        await store.CommitAsync(new CommitBuilder().Build(), Cancel);

        // As a fail-over leaves it: connections end, and who connects anew may read but not write.
        await opened.ExecuteAsync("ALTER DATABASE postgres SET default_transaction_read_only = on");
        Task<CommitResult> committing;
        try
        {
            await opened.ExecuteAsync(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'halyard' AND pid <> pg_backend_pid()"
            );
            committing = store.CommitAsync(new CommitBuilder().Build(), Cancel).AsTask();
            await retries.ManyAsync(Cancel);
            committing.IsCompleted.ShouldBeFalse();
        }
        finally
        {
            await opened.ExecuteAsync("BEGIN READ WRITE; ALTER DATABASE postgres RESET default_transaction_read_only; COMMIT");
        }

        (await committing).ShouldBeOfType<CommitResult.Committed>();
        (await opened.Store.HeadAsync("default", Cancel))!.Range.Size.ShouldBe(2);
    }

    [Fact]
    public async Task Log_ThatOutgrowsAPartition_GoesOnInTheNext()
    {
        const long size = (1L << 22) - 2;
        await using var opened = await PostgresStore.OpenAsync(postgres);
        await opened.Store.CommitAsync(new CommitBuilder().Build(), Cancel);
        // As if it had grown so far: the frontier has a hash for each bit of its size.
        var hashes = BitOperations.PopCount((ulong)size);
        await opened.ExecuteAsync($"UPDATE audit_head SET size = {size}, frontier = decode(repeat('ab', {hashes * 32}), 'hex')");
        var store = await opened.ReopenAsync();

        var drafts = Enumerable.Range(0, 5).Select(_ => new CommitBuilder().Draft()).ToList();
        var commit = new Commit("default", CommitBuilder.OriginOf("default"), [], [], drafts, null);
        (await store.CommitAsync(commit, Cancel)).ShouldBeOfType<CommitResult.Committed>();

        (await store.FeedAsync("default", size, 10, Cancel)).Select(entry => entry.Index - size).ShouldBe([0, 1, 2, 3, 4]);
        (await opened.ScalarAsync<long>("SELECT count(*) FROM audit_entry_1_1")).ShouldBe(3);
        (await store.CommitAsync(new CommitBuilder().Build(), Cancel)).ShouldBeOfType<CommitResult.Committed>();
    }

    /// <summary>Tells when something was tried again: then chance is asked how long to wait.</summary>
    private sealed class Retries : Entropy
    {
        // The first connection may break, the next ones are refused.
        private const int Many = 3;

        private readonly TaskCompletionSource _many = new(TaskCreationOptions.RunContinuationsAsynchronously);

        private int _count;

        public Task ManyAsync(CancellationToken cancellationToken) => _many.Task.WaitAsync(cancellationToken);

        public override void Fill(Span<byte> bytes)
        {
            System.Fill(bytes);
            if (Interlocked.Increment(ref _count) == Many)
                _many.SetResult();
        }
    }

    /// <summary>Raises every flag of those who lost, so that all are of one revision again.</summary>
    private static Commit Catching(CommitResult[] results, int revision)
    {
        var commit = new CommitBuilder();
        foreach (var (writer, result) in results.Index().Where(result => result.Item is CommitResult.Conflict))
            commit.Put(Names.Flag($"k{writer}"), $"f_{writer}", revision, $"{writer}");
        return commit.Build();
    }
}
