using Halyard.Core.Audit.Privacy;
using Halyard.Core.Storage;
using Halyard.Storage.Conformance.Building;
using Halyard.Storage.DynamoDb;
using Halyard.Testing;

namespace Halyard.Storage.Tests.DynamoDb;

/// <summary>What stands in the table, and what does not fit it.</summary>
[Collection(DynamoDbCollection.Name)]
public sealed class DynamoDbTableTests(Moto moto)
{
    private const string Tenant = CommitBuilder.DefaultTenant;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Defect190_ItemsOfATenant_AreSpreadOverPartitions()
    {
        await using var opened = await DynamoStore.OpenAsync(moto);
        var commit = new CommitBuilder()
            .Put(Names.Flag("a"), "f_a", 0, "1")
            .Put(Names.Flag("b", "mobile"), "f_b", 0, "1")
            .Put(Names.Environment("live"), "e_l", 0, "1");
        await opened.Store.CommitAsync(commit.Build(), Cancellation);
        await opened.Store.CommitAsync(new CommitBuilder("other").Put(Names.Flag("a"), "f_a", 0, "1").Build(), Cancellation);

        using var client = opened.Connect();
        var items = (await client.ScanAsync(new(opened.Options.TableName), Cancellation)).Items;
        items
            .Select(item => $"{item["PK"].S} / {item["SK"].S}")
            .Where(key => key.Contains("#P#", StringComparison.Ordinal))
            .ShouldBe(
                [
                    "T#default#P#web#FEATURES / FEATURE#a",
                    "T#default#P#mobile#FEATURES / FEATURE#b",
                    "T#default#P#web#ENVIRONMENTS / ENV#live",
                    "T#other#P#web#FEATURES / FEATURE#a",
                ],
                ignoreOrder: true
            );
        Keys.Segment(Tenant, 4_095).Partition.ShouldNotBe(Keys.Segment(Tenant, 4_096).Partition);
    }

    [Fact]
    public void Parts_OfKeys_CannotBeTakenForOthers_AndKeepTheirOrder()
    {
        string[] texts = ["", "a", "a#b", "a%b", "a%0023b", "#", "\0", "é", new('k', 980), new('k', 981), new('k', 982), "##"];
        texts.Select(Keys.Part).ShouldBeUnique();
        texts.Select(Keys.Part).ShouldAllBe(part => part.Length <= 980);
        string[] keys = ["A", "B", "a", "a-b", "a.b", "a0", "a_b", "b"];
        keys.Select(Keys.Part).ShouldBeInOrder(SortDirection.Ascending, StringComparer.Ordinal);
        Keys.Index(9).ShouldBeLessThan(Keys.Index(10), StringComparer.Ordinal);
    }

    [Fact]
    public async Task CommitThatIsTooMuchForOneTransaction_IsRefusedInWords_AndTheNextIsNot()
    {
        await using var opened = await DynamoStore.OpenAsync(moto);
        var many = new CommitBuilder();
        for (var i = 0; i < 120; i++)
            many.Put(Names.Flag($"k{i}"), $"f_{i}", 0, "1");

        var refused = await Should.ThrowAsync<InvalidOperationException>(async () =>
            await opened.Store.CommitAsync(many.Build(), Cancellation)
        );
        refused.Message.ShouldContain("100 are the most");

        (await opened.Store.CommitAsync(new CommitBuilder().Build(), Cancellation)).ShouldBeOfType<CommitResult.Committed>();
    }

    [Fact]
    public async Task DocumentOfAMegabyte_IsKeptInParts_AndGoneWithThem()
    {
        await using var opened = await DynamoStore.OpenAsync(moto);
        var store = opened.Store;
        string[] documents = [new('a', 1_000_000), new('b', 700_000), "small"];
        for (var i = 0; i < documents.Length; i++)
        {
            var put = new CommitBuilder().Put(Names.Flag("a"), "f_a", i, documents[i], i == 1 ? new string('s', 10) : null);
            (await store.CommitAsync(put.Build(), Cancellation)).ShouldBeOfType<CommitResult.Committed>();
            var stored = (await store.LoadAsync(Tenant, [Names.Flag("a")], [], Cancellation)).Resources[Names.Flag("a")];
            System.Text.Encoding.UTF8.GetString(stored.Document).ShouldBe(documents[i]);
            (stored.Sealed?.Length).ShouldBe(i == 1 ? 10 : null);
        }
        using var client = opened.Connect();
        var keys = (await client.ScanAsync(new(opened.Options.TableName), Cancellation)).Items.Select(item => item["PK"].S);
        keys.ShouldNotContain(key => key.EndsWith("#PARTS", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Erased_IsGoneFromEveryItem_AndNoNameIsInAnyKey()
    {
        await using var opened = await DynamoStore.OpenAsync(moto);
        var store = opened.Store;
        var subjects = await store.SubjectsAsync(Tenant, ["ann@example.com"], () => "s_ann", Cancellation);
        var commit = new CommitBuilder()
            .With(index => index with { Actor = "s_ann" })
            .Saying("switched", "because annsecret said so")
            .Hiding(
                new SealedValue("/req/ip", "c_1", "ciphertext-of-ann"u8.ToArray(), subjects["ann@example.com"], InDocument: false)
            );
        await store.CommitAsync(commit.Build(), Cancellation);
        using var client = opened.Connect();
        (await TextsAsync()).Keys.ShouldNotContain("ann@", Case.Insensitive);

        (
            await store.CommitAsync(new CommitBuilder().Erasing(1, "s_ann").Build(), Cancellation)
        ).ShouldBeOfType<CommitResult.Committed>();

        var (_, all) = await TextsAsync();
        all.ShouldNotContain("ann@example.com");
        (await store.EntryPrivatesAsync(Tenant, [0], Cancellation)).ShouldBeEmpty();
        foreach (var server in new[] { store, await opened.OpenAnotherAsync() })
        {
            var query = new Core.Audit.AuditQuery { Text = "annsecret" };
            (await server.CountAsync(Tenant, query, Cancellation)).ShouldBe(0);
        }

        async Task<(string Keys, string All)> TextsAsync()
        {
            var items = (await client.ScanAsync(new(opened.Options.TableName), Cancellation)).Items;
            return (
                string.Join('\n', items.Select(item => $"{item["PK"].S} {item["SK"].S}")),
                string.Join('\n', items.SelectMany(item => item.Values).Select(value => value.S))
            );
        }
    }
}
