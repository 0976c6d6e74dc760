using Halyard.Core.Storage;
using Halyard.Ledger;
using Halyard.Storage.Conformance.Building;
using static Halyard.Storage.Conformance.Building.Names;

namespace Halyard.Storage.Conformance;

public abstract partial class StoreConformance
{
    [Fact]
    public async Task SixtyFourWriters_OfOneResource_HaveOneWinnerForEachRevision()
    {
        const int writers = 64;
        const int rounds = 5;
        await CommittedAsync(Commit().Put(Flag("a"), "f_a", 0, "0"));
        for (var revision = 1; revision <= rounds; revision++)
        {
            var expected = revision;
            var results = await RaceAsync(writers, writer => Commit().Put(Flag("a"), "f_a", expected, $"{writer}"));
            results.OfType<CommitResult.Committed>().Count().ShouldBe(1);
            results.OfType<CommitResult.Conflict>().Count().ShouldBe(writers - 1);
        }
        (await LoadAsync(Flag("a"))).ShouldNotBeNull().Revision.ShouldBe(rounds + 1);
        (await SizeAsync()).ShouldBe(rounds + 1);
    }

    [Fact]
    public async Task SixtyFourWriters_WithOneIdempotencyKey_WriteOnce()
    {
        var results = await RaceAsync(64, writer => Commit().Put(Flag($"k{writer}"), $"f_{writer}", 0, "1").Answer("key-1"));
        var winner = results.OfType<CommitResult.Committed>().ShouldHaveSingleItem();
        var duplicates = results.OfType<CommitResult.Duplicate>().ToList();
        duplicates.Count.ShouldBe(63);
        duplicates.ShouldAllBe(duplicate => duplicate.Original.Receipt == winner.Receipts[0]);
        (await SizeAsync()).ShouldBe(1);
    }

    [Fact]
    public async Task SixtyFourWriters_AtOneFence_HaveOneWinner()
    {
        var results = await RaceAsync(64, writer => Commit().Put(Flag($"k{writer}"), $"f_{writer}", 0, "1").Fence("refs", 0));
        results.OfType<CommitResult.Committed>().Count().ShouldBe(1);
        (await FenceAsync("refs")).ShouldBe(1);
    }

    [Fact]
    public async Task SixtyFourWriters_OfTheirOwnResources_AllWinAndTheLogIsWhole()
    {
        var results = await RaceAsync(64, writer => Commit().Put(Flag($"k{writer}"), $"f_{writer}", 0, $"{writer}"));
        var receipts = results.Select(result => result.ShouldBeOfType<CommitResult.Committed>().Receipts[0]).ToList();
        receipts.Select(receipt => receipt.Index).Order().ShouldBe(Enumerable.Range(0, 64).Select(index => (long)index));
        var hashes = await Store.LeafHashesAsync(Tenant, 0, 64, Cancellation);
        foreach (var receipt in receipts)
            receipt.Root.ShouldBe(MerkleTree.Root([.. hashes.Take((int)receipt.Index + 1)]));
    }

    [Fact]
    public async Task ManyReaders_AtOnce_EachSeeTheirOwnTenantsStateAndNothingElse()
    {
        var tenants = new[] { "acme", "globex", "initech" };
        foreach (var tenant in tenants)
        {
            var commit = new CommitBuilder(tenant)
                .Put(Flag("a"), $"f_{tenant}", 0, tenant)
                .Put(Building.Names.Environment("dev"), $"e_{tenant}", 0, tenant)
                .Fence(tenant, 0)
                .Answer(tenant);
            await CommittedAsync(commit);
        }
        await Task.WhenAll(
            Enumerable
                .Range(0, 96)
                .Select(reader => Task.Run(() => SeeAsync(tenants[reader % 3], tenants[(reader + 1) % 3]), Cancellation))
        );

        async Task SeeAsync(string own, string other)
        {
            var slice = await Store.LoadAsync(own, [Flag("a"), Flag("b")], [own, other], Cancellation);
            slice.Resources.Values.ShouldHaveSingleItem().Id.ShouldBe($"f_{own}");
            slice.Fences.ShouldBe(
                new Dictionary<string, long>(StringComparer.Ordinal) { [own] = 1, [other] = 0 },
                ignoreOrder: true
            );
            var whole = await Store.LoadWithEnvironmentsAsync(own, "web", [Flag("a")], [], Cancellation);
            whole.Resources.Values.Select(resource => resource.Id).ShouldBe([$"f_{own}", $"e_{own}"]);
            var empty = await Store.LoadWithEnvironmentsAsync(own, "shop", [], [], Cancellation);
            empty.Resources.ShouldBeEmpty();
            (await Store.FindAnswerAsync(own, "tok_1", own, Noon, Cancellation)).ShouldNotBeNull();
            (await Store.FindAnswerAsync(own, "tok_1", other, Noon, Cancellation)).ShouldBeNull();
        }
    }

    [Fact]
    public async Task Readers_DuringWrites_NeverSeeHalfACommit()
    {
        await CommittedAsync(Commit().Put(Flag("a"), "f_a", 0, "0").Put(Flag("b"), "f_b", 0, "0").Fence("f", 0));
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        using var looked = new SemaphoreSlim(0);
        var reading = Task.Run(
            async () =>
            {
                var looks = 0;
                while (!stop.IsCancellationRequested)
                {
                    var slice = await Store.LoadAsync(Tenant, [Flag("a"), Flag("b")], ["f"], Cancellation);
                    slice.Resources[Flag("a")].Revision.ShouldBe(slice.Resources[Flag("b")].Revision);
                    slice.Resources[Flag("a")].Revision.ShouldBe(slice.Fences["f"]);
                    looks++;
                    looked.Release();
                }
                return looks;
            },
            Cancellation
        );
        for (var i = 1; i <= 100; i++)
        {
            await CommittedAsync(Commit().Put(Flag("a"), "f_a", i, $"{i}").Put(Flag("b"), "f_b", i, $"{i}").Fence("f", i));
            await Task.WhenAny(looked.WaitAsync(Cancellation), reading);
        }
        await stop.CancelAsync();
        (await reading).ShouldBeGreaterThanOrEqualTo(100);
    }

    [Fact]
    public async Task Commit_CancelledBeforehand_WritesNothing()
    {
        var cancelled = new CancellationToken(canceled: true);
        await Should.ThrowAsync<OperationCanceledException>(async () => await Store.CommitAsync(Commit().Build(), cancelled));
        (await SizeAsync()).ShouldBe(0);
    }

    private async Task<CommitResult[]> RaceAsync(int writers, Func<int, CommitBuilder> commit)
    {
        using var start = new SemaphoreSlim(0);
        var racing = Enumerable
            .Range(0, writers)
            .Select(writer =>
                Task.Run(
                    async () =>
                    {
                        var built = commit(writer).Build();
                        await start.WaitAsync(Cancellation);
                        return await Store.CommitAsync(built, Cancellation);
                    },
                    Cancellation
                )
            )
            .ToList();
        start.Release(writers);
        return await Task.WhenAll(racing);
    }
}
