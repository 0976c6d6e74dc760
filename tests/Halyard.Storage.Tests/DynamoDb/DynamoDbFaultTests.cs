using Halyard.Core.Storage;
using Halyard.Ledger;
using Halyard.Storage.Conformance.Building;
using Halyard.Storage.Conformance.Model;
using Halyard.Testing;

namespace Halyard.Storage.Tests.DynamoDb;

[Collection(DynamoDbCollection.Name)]
public sealed class DynamoDbFaultTests(Moto moto)
{
    private const string Tenant = CommitBuilder.DefaultTenant;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task RandomOperations_OverANetworkThatLosesAndRepeats_GiveTheAnswersOfTheModel(int seed)
    {
        var faults = new Faults(percent: 20, seed) { IsOn = false };
        await using var opened = await DynamoStore.OpenAsync(moto, faults);
        faults.IsOn = true;
        var run = new ModelRun(seed + 1_000);
        for (var step = 0; step < 60; step++)
            await run.StepAsync(opened.Store);
        faults.IsOn = false;
        await run.CompareAllAsync(opened.Store);

        run.Outcomes.GetValueOrDefault("committed").ShouldBeGreaterThan(5);
        faults.Done.Keys.ShouldBe(Enum.GetValues<Fault>().Where(fault => fault != Fault.None), ignoreOrder: true);
    }

    [Fact(Timeout = 300_000)]
    public async Task TwoServers_OverANetworkThatLosesAndRepeats_WriteEveryCommitOnce()
    {
        var faults = new Faults(percent: 20, seed: 9) { IsOn = false };
        await using var opened = await DynamoStore.OpenAsync(moto, faults);
        IStore[] servers = [opened.Store, await opened.OpenAnotherAsync()];
        faults.IsOn = true;

        // Four at a time: all at once would be a handful of transactions, and of chances that one goes wrong.
        var results = new List<CommitResult>();
        foreach (var some in Enumerable.Range(0, 40).Chunk(4))
            results.AddRange(await Task.WhenAll(some.Select(i => Task.Run(() => CommitAsync(servers[i % 2], i), Cancellation))));
        faults.IsOn = false;

        var receipts = results.Select(result => result.ShouldBeOfType<CommitResult.Committed>().Receipts[0]).ToList();
        receipts.Select(receipt => receipt.Index).Order().ShouldBe(Enumerable.Range(0, 40).Select(index => (long)index));
        foreach (var server in servers)
        {
            var hashes = await server.LeafHashesAsync(Tenant, 0, 100, Cancellation);
            hashes.Count.ShouldBe(40);
            foreach (var receipt in receipts)
                receipt.Root.ShouldBe(MerkleTree.Root([.. hashes.Take((int)receipt.Index + 1)]));
        }
        faults.Done.Values.Sum().ShouldBeGreaterThan(5);
    }

    private static async Task<CommitResult> CommitAsync(IStore server, int i) =>
        await server.CommitAsync(
            new CommitBuilder().Put(Names.Flag($"k{i}"), $"f_{i}", 0, $"{i}").Answer($"key-{i}").Build(),
            Cancellation
        );

    [Fact(Timeout = 300_000)]
    public async Task Counts_OverANetworkThatLosesAndRepeats_AreCountedOnce()
    {
        var faults = new Faults(percent: 40, seed: 4) { IsOn = false };
        await using var opened = await DynamoStore.OpenAsync(moto, faults);
        IStore[] servers = [opened.Store, await opened.OpenAnotherAsync()];
        faults.IsOn = true;
        for (var i = 0; i < 20; i++)
        {
            faults.Alone = i < 10 ? Fault.AnswerLost : Fault.DeliveredTwice;
            var count = new EvaluationCount("a", "on", 1, CommitBuilder.Noon);
            await servers[i % 2].AddEvaluationsAsync(Tenant, [new EvaluationDelta("e_1", [count])], Cancellation);
        }
        faults.IsOn = false;

        (await opened.Store.EvaluationTotalsAsync(Tenant, "e_1", Cancellation)).ShouldHaveSingleItem().Count.ShouldBe(20);
        faults.Done.Keys.ShouldBe([Fault.AnswerLost, Fault.DeliveredTwice], ignoreOrder: true);
    }

    [Fact(Timeout = 300_000)]
    public async Task Service_ThatIsAway_IsSaidToBeAway_AndNothingIsWritten()
    {
        var faults = new Faults(percent: 100, seed: 1) { IsOn = false };
        await using var opened = await DynamoStore.OpenAsync(moto, faults, TimeSpan.FromMilliseconds(50));
        await opened.Store.CommitAsync(new CommitBuilder().Build(), Cancellation);
        faults.Alone = Fault.RequestLost;
        faults.IsOn = true;

        await Should.ThrowAsync<StoreAwayException>(async () =>
            await opened.Store.CommitAsync(new CommitBuilder().Build(), Cancellation)
        );
        await Should.ThrowAsync<StoreAwayException>(async () => await opened.Store.HeadAsync(Tenant, Cancellation));

        faults.IsOn = false;
        (await opened.Store.HeadAsync(Tenant, Cancellation))!.Range.Size.ShouldBe(1);
    }

    [Fact(Timeout = 300_000)]
    public async Task Server_ThatEndsBeforeItSwept_LeavesItToTheNext_AndShowsNothingMeanwhile()
    {
        var faults = new Faults(percent: 100, seed: 1) { IsOn = false, Alone = Fault.Failed };
        await using var opened = await DynamoStore.OpenAsync(moto, faults, TimeSpan.FromMilliseconds(50));
        var secret = new Core.Audit.Privacy.SealedValue("/req/ip", "c_1", [1, 2, 3], "s_1", InDocument: true);
        await opened.Store.CommitAsync(new CommitBuilder().Hiding(secret).Build(), Cancellation);
        // Which ends, so that nothing of its own is swept behind what follows.
        await opened.Store.DisposeAsync();
        var eraser = await opened.OpenAnotherAsync();
        (await eraser.CountAsync(Tenant, new Core.Audit.AuditQuery(), Cancellation)).ShouldBe(1);
        // Nothing but the transaction of the erasure itself gets through.
        faults.Spared = "TransactWriteItems";
        var erasing = new CommitBuilder().Erasing(1, "s_1").Build();
        faults.IsOn = true;
        (await eraser.CommitAsync(erasing, Cancellation)).ShouldBeOfType<CommitResult.Committed>();
        faults.IsOn = false;

        (await eraser.DocumentPrivatesAsync(Tenant, ["c_1"], Cancellation)).ShouldBeEmpty();
        var another = await opened.OpenAnotherAsync();
        (await another.DocumentPrivatesAsync(Tenant, ["c_1"], Cancellation)).ShouldBeEmpty();
        (await SweptAsync()).ShouldBeFalse();

        await another.CommitAsync(new CommitBuilder().Build(), Cancellation);
        // Behind the commit, which nobody who waits for it is kept by.
        while (!await SweptAsync())
            await Task.Yield();

        async Task<bool> SweptAsync()
        {
            using var client = opened.Connect();
            var items = (await client.ScanAsync(new(opened.Options.TableName), Cancellation)).Items;
            return items.Exists(item => item["SK"].S == "SWEPT");
        }
    }
}
