using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Halyard.Core;
using Halyard.Core.Audit.Privacy;
using Halyard.Core.Storage;
using Halyard.Storage.Conformance.Building;
using Halyard.Storage.DynamoDb;
using Halyard.Storage.DynamoDb.Native;
using Halyard.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Halyard.Storage.Tests.DynamoDb;

/// <summary>What servers meet that act at the same moment, or of whom one ends or hears nothing.</summary>
[Collection(DynamoDbCollection.Name)]
public sealed class DynamoDbRaceTests(Moto moto)
{
    private const string Tenant = CommitBuilder.DefaultTenant;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory(Timeout = 300_000)]
    [InlineData(nameof(Fault.AnswerLost))]
    [InlineData(nameof(Fault.RequestLost))]
    public async Task Flush_OfWhichNobodyKnowsWhetherItTookEffect_IsCountedOnce(string fault)
    {
        var faults = new Faults(percent: 100, seed: 1)
        {
            IsOn = false,
            Alone = Enum.Parse<Fault>(fault),
            Spared = "BatchGetItem",
        };
        await using var opened = await DynamoStore.OpenAsync(moto, faults, TimeSpan.FromMilliseconds(20));
        var waiting = 1;
        faults.IsOn = true;
        try
        {
            await AddAsync(waiting);
            waiting = 0;
        }
        catch (StoreAwayException)
        {
            // As whoever counts does: it waits for the next flush.
        }
        faults.IsOn = false;
        await AddAsync(waiting + 1);

        (await opened.Store.EvaluationTotalsAsync(Tenant, "e_1", Cancellation)).ShouldHaveSingleItem().Count.ShouldBe(2);

        async Task AddAsync(int count) =>
            await opened.Store.AddEvaluationsAsync(
                Tenant,
                [new EvaluationDelta("e_1", [new EvaluationCount("a", "on", count, CommitBuilder.Noon)])],
                Cancellation
            );
    }

    [Fact]
    public async Task Flush_ThatCannotEvenBeRead_IsRefusedAndNotTaken()
    {
        var faults = new Faults(percent: 100, seed: 1) { IsOn = false, Alone = Fault.RequestLost };
        await using var opened = await DynamoStore.OpenAsync(moto, faults, TimeSpan.FromMilliseconds(20));
        EvaluationDelta[] deltas = [new("e_1", [new EvaluationCount("a", "on", 1, CommitBuilder.Noon)])];
        faults.IsOn = true;
        await Should.ThrowAsync<StoreAwayException>(async () =>
            await opened.Store.AddEvaluationsAsync(Tenant, deltas, Cancellation)
        );
        faults.IsOn = false;
        await opened.Store.AddEvaluationsAsync(Tenant, deltas, Cancellation);

        (await opened.Store.EvaluationTotalsAsync(Tenant, "e_1", Cancellation)).ShouldHaveSingleItem().Count.ShouldBe(1);
    }

    [Fact]
    public async Task Counts_ThatAreMoreThanAnItemOrATransactionTakes_AreKeptWhole()
    {
        await using var opened = await DynamoStore.OpenAsync(moto);
        var at = CommitBuilder.Noon;
        // Names without an order, so that they are not a tenth of themselves when they are compressed.
        var flags = Enumerable.Range(0, 9_000).Select(_ => Entropy.System.NewId("f") + Entropy.System.NewId("g")).ToList();
        List<EvaluationDelta> deltas =
        [
            .. Enumerable
                .Range(0, 4)
                .Select(e => new EvaluationDelta($"e_{e}", [.. flags.Select(flag => new EvaluationCount(flag, "on", 1, at))])),
            .. Enumerable.Range(4, 60).Select(e => new EvaluationDelta($"e_{e}", [new EvaluationCount("a", "on", 1, at)])),
        ];
        for (var flush = 0; flush < 2; flush++)
            await opened.Store.AddEvaluationsAsync(Tenant, deltas, Cancellation);

        var totals = await opened.Store.EvaluationTotalsAsync(Tenant, "e_3", Cancellation);
        totals.Count.ShouldBe(flags.Count);
        totals.ShouldAllBe(count => count.Count == 2);
        var hours = await opened.Store.EvaluationHoursAsync(Tenant, "e_3", flags[17], at, at.AddHours(1), Cancellation);
        hours.ShouldHaveSingleItem().Count.ShouldBe(2);
        var ofDay = await opened.Store.EvaluationTotalsAsync(Tenant, "e_63", at, at.AddDays(1), Cancellation);
        ofDay.ShouldHaveSingleItem().Count.ShouldBe(2);
        using var client = opened.Connect();
        (await KeysAsync(client, opened.Options.TableName)).ShouldContain("T#default#COUNT#e_3 / TOTAL#0001");
    }

    [Fact]
    public async Task Erasure_ThatIsNotEverywhereYet_IsWaitedFor_AndNothingIsShownWithoutIt()
    {
        var faults = new Faults(percent: 100, seed: 1)
        {
            IsOn = false,
            Alone = Fault.Failed,
            Spared = "TransactWriteItems",
        };
        await using var opened = await DynamoStore.OpenAsync(moto, faults, TimeSpan.FromMilliseconds(50));
        var secret = new SealedValue("/req/ip", "c_1", [1, 2, 3], "s_1", InDocument: true);
        await opened.Store.CommitAsync(new CommitBuilder().Hiding(secret).Build(), Cancellation);
        // Who is erased is written, and what is erased is still there.
        faults.IsOn = true;
        await opened.Store.CommitAsync(new CommitBuilder().Erasing(1, "s_1").Build(), Cancellation);
        faults.IsOn = false;
        using var client = opened.Connect();
        var erasure = await TakeAwayAsync(client, opened.Options.TableName, Keys.Erasure(Tenant, 1));

        var another = await opened.OpenAnotherAsync();
        (
            await Should.ThrowAsync<IOException>(async () => await another.DocumentPrivatesAsync(Tenant, ["c_1"], Cancellation))
        ).Message.ShouldContain("is missing");

        var reading = another.DocumentPrivatesAsync(Tenant, ["c_1"], Cancellation).AsTask();
        await client.PutItemAsync(opened.Options.TableName, erasure, Cancellation);
        (await reading).ShouldBeEmpty();
    }

    [Fact]
    public async Task Entries_ThatAreNotEverywhereYet_AreWaitedFor()
    {
        await using var opened = await DynamoStore.OpenAsync(moto);
        for (var i = 0; i < 2; i++)
            await opened.Store.CommitAsync(new CommitBuilder().Build(), Cancellation);
        using var client = opened.Connect();
        var segment = await TakeAwayAsync(client, opened.Options.TableName, Keys.Segment(Tenant, 1));

        var another = await opened.OpenAnotherAsync();
        var reading = another.EntryAsync(Tenant, 1, Cancellation).AsTask();
        await client.PutItemAsync(opened.Options.TableName, segment, Cancellation);
        (await reading).ShouldNotBeNull();
    }

    [Fact]
    public async Task Servers_ThatMakeTheTablesAtOnce_AllOpenThem()
    {
        await using var opened = await DynamoStore.OpenAsync(moto);
        var options = opened.Options with { TableName = opened.Options.TableName + "_made" };
        var servers = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => OpenAsync(options), Cancellation)));
        foreach (var server in servers)
            await server.DisposeAsync();
        using var client = opened.Connect();
        (await ExpiresAsync(client, options.TableName)).ShouldBeTrue();
    }

    [Fact]
    public async Task Table_WhoseMakerEndedTooEarly_RemovesWhatIsOverAfterTheNextStart()
    {
        await using var opened = await DynamoStore.OpenAsync(moto);
        using var client = opened.Connect();
        await client.UpdateTimeToLiveAsync(
            new UpdateTimeToLiveRequest
            {
                TableName = opened.Options.TableName,
                TimeToLiveSpecification = new TimeToLiveSpecification { AttributeName = "ttl", Enabled = false },
            },
            Cancellation
        );
        (await ExpiresAsync(client, opened.Options.TableName)).ShouldBeFalse();

        await opened.OpenAnotherAsync();

        (await ExpiresAsync(client, opened.Options.TableName)).ShouldBeTrue();
    }

    [Fact(Timeout = 300_000)]
    public async Task Reader_OfManyResources_SeesEachCommitWhole()
    {
        await using var opened = await DynamoStore.OpenAsync(moto);
        var another = await opened.OpenAnotherAsync();
        var names = Enumerable.Range(0, 25).Select(i => Names.Flag($"k{i}")).ToList();
        for (var revision = 0; revision < 8; revision++)
        {
            var commit = new CommitBuilder();
            for (var i = 0; i < names.Count; i++)
                commit.Put(names[i], $"f_{i}", revision, $"{revision}");
            var writing = opened.Store.CommitAsync(commit.Build(), Cancellation).AsTask();
            do
            {
                var state = await another.LoadAsync(Tenant, names, [], Cancellation);
                state.Resources.Values.Select(resource => resource.Revision).Distinct().Count().ShouldBeLessThan(2);
            } while (!writing.IsCompleted);
            (await writing).ShouldBeOfType<CommitResult.Committed>();
        }
    }

    private static Task<DynamoDbStore> OpenAsync(DynamoDbStoreOptions options) =>
        DynamoDbStore.OpenAsync(options, TimeProvider.System, Entropy.System, NullLogger.Instance, Cancellation);

    private static async Task<bool> ExpiresAsync(AmazonDynamoDBClient client, string table)
    {
        var request = new DescribeTimeToLiveRequest { TableName = table };
        var known = (await client.DescribeTimeToLiveAsync(request, Cancellation)).TimeToLiveDescription;
        return known.TimeToLiveStatus == TimeToLiveStatus.ENABLED && known.AttributeName == "ttl";
    }

    private static async Task<List<string>> KeysAsync(AmazonDynamoDBClient client, string table)
    {
        var keys = new List<string>();
        var request = new ScanRequest(table) { ProjectionExpression = "PK, SK" };
        do
        {
            var page = await client.ScanAsync(request, Cancellation);
            keys.AddRange(page.Items.Select(item => $"{item["PK"].S} / {item["SK"].S}"));
            request.ExclusiveStartKey = page.LastEvaluatedKey;
        } while (request.ExclusiveStartKey is { Count: > 0 });
        return keys;
    }

    /// <summary>Removes an item as if it had not come yet, and gives it.</summary>
    private static async Task<Dictionary<string, AttributeValue>> TakeAwayAsync(
        AmazonDynamoDBClient client,
        string table,
        Key place
    )
    {
        var key = Item.KeyOf(place);
        var item = (await client.GetItemAsync(table, key, Cancellation)).Item.ShouldNotBeNull();
        await client.DeleteItemAsync(table, key, Cancellation);
        return item;
    }
}
