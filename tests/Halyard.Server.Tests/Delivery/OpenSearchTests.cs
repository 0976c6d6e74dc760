using System.Text;
using System.Text.Json;
using Halyard.Core.Audit.Sinks;

namespace Halyard.Server.Tests.Delivery;

/// <summary>An index that is filled by <c>_bulk</c>, against a stand-in that reads and answers as OpenSearch does.</summary>
public sealed class OpenSearchTests : IAsyncLifetime
{
    private readonly Dictionary<string, JsonElement> _index = new(StringComparer.Ordinal);
    private DeliveryWorld _world = null!;
    private StandIn _search = null!;

    /// <summary>What the stand-in answers for the document of an entry.</summary>
    private Func<long, int> _statusOf = _ => 201;

    public async ValueTask InitializeAsync()
    {
        _world = await DeliveryWorld.StartAsync();
        _search = await StandIn.StartAsync();
        _search.Answers(Bulk);
    }

    public async ValueTask DisposeAsync()
    {
        await _search.DisposeAsync();
        _world.Dispose();
    }

    [Fact]
    public async Task Entries_AreIndexedUnderIdsThatStay()
    {
        var sink = await SinkAsync();
        var index = await _world.DoAsync("""{"op":"createFlag","flag":"f"}""");

        await _world.CatchUpAsync(_world.Worker(sink));

        _index.Count.ShouldBe((int)await _world.SizeAsync());
        var document = _index[$"flags.test/acme/admin/{index}"];
        document.GetProperty("index").GetInt64().ShouldBe(index);
        document.GetProperty("resourceKey").GetString().ShouldBe("f");
        document.GetProperty("summary")[0].GetString().ShouldBe("boolean flag 'f' created");
        document.GetProperty("leaf").GetString().ShouldBe((await _world.LeavesAsync())[(int)index]);
        var request = _search.Requests.ShouldHaveSingleItem();
        request.Path.ShouldBe("/audit/_bulk");
        request.Headers["Content-Type"].ShouldBe("application/x-ndjson");
        request
            .Headers["Authorization"]
            .ShouldBe($"Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes(DeliveryWorld.SearchSecret))}");
    }

    [Fact]
    public async Task ApiKey_IsSentAsOne()
    {
        _world.Secret("search", "ApiKey bXkta2V5");
        await _world.CatchUpAsync(_world.Worker(await SinkAsync()));

        _search.Requests.First().Headers["Authorization"].ShouldBe("ApiKey bXkta2V5");
    }

    [Fact]
    public async Task ItemsThatAreRejectedForNow_ComeAgain_WithoutAGap()
    {
        var sink = await SinkAsync();
        await _world.ViewAsync(10);
        var rejected = 0;
        _statusOf = index => index is 4 or 7 && rejected++ < 6 ? 429 : 201;

        await _world.CatchUpAsync(_world.Worker(sink));

        _index.Count.ShouldBe((int)await _world.SizeAsync());
        rejected.ShouldBeGreaterThanOrEqualTo(6);
        (await _world.ReportAsync(sink)).DeadLetters.ShouldBeEmpty();
        FirstIndexes().ShouldBeInOrder();
    }

    [Fact]
    public async Task ItemsThatDoNotFitTheIndex_AreSetAsideAtOnce_AndTheOthersAreIndexed()
    {
        var sink = await SinkAsync();
        await _world.ViewAsync(6);
        _statusOf = index => index is 3 or 5 ? 400 : 201;

        await _world.CatchUpAsync(_world.Worker(sink));

        var letters = (await _world.ReportAsync(sink)).DeadLetters;
        letters.Select(letter => letter.First).ShouldBe([3, 5]);
        letters[0].Reason.ShouldBe("the item's status is 400 (mapper_parsing_exception)");
        _index.Count.ShouldBe((int)await _world.SizeAsync() - 2);
    }

    [Fact]
    public async Task RejectedAndUnfitItemsInOneAnswer_AreKeptApart()
    {
        var sink = await SinkAsync();
        await _world.ViewAsync(6);
        var full = true;
        _statusOf = index =>
            index == 2 ? 400
            : index == 4 && full ? 429
            : 201;
        await DeliveryWorld.RunAsync(_world.Worker(sink));
        (await _world.StateAsync(sink)).Next.ShouldBe(4);

        full = false;
        await _world.CatchUpAsync(_world.Worker(sink));

        (await _world.ReportAsync(sink)).DeadLetters.ShouldHaveSingleItem().First.ShouldBe(2);
        _index.Count.ShouldBe((int)await _world.SizeAsync() - 1);
    }

    [Fact]
    public async Task RequestThatIsTooLarge_IsHalvedUntilItFits()
    {
        var sink = await SinkAsync();
        await _world.ViewAsync(100);
        _search.Answers(request => Lines(request).Count > 16 ? new Reply(413) : Bulk(request));

        await _world.CatchUpAsync(_world.Worker(sink));

        _index.Count.ShouldBe((int)await _world.SizeAsync());
    }

    [Fact]
    public async Task OneEntryThatSpoilsTheWholeRequest_IsFound_AndSetAside()
    {
        var sink = await SinkAsync();
        await _world.ViewAsync(20);
        _search.Answers(request => Lines(request).Any(line => line.Contains("\"index\":13,")) ? new Reply(400) : Bulk(request));

        await _world.CatchUpAsync(_world.Worker(sink));

        (await _world.ReportAsync(sink)).DeadLetters.ShouldHaveSingleItem().First.ShouldBe(13);
        _index.Count.ShouldBe((int)await _world.SizeAsync() - 1);
    }

    [Theory]
    [InlineData("<html>Welcome</html>")]
    [InlineData("{}")]
    [InlineData("""{"items":[]}""")]
    [InlineData("""{"items":7}""")]
    [InlineData("""{"items":[{"index":{"status":1.5}},{"index":{}},{},{}]}""")]
    public async Task AnswerOfSomethingElse_IsNoSuccess(string body)
    {
        var sink = await SinkAsync();
        _search.Answers(_ => new Reply(200, body));

        await DeliveryWorld.RunAsync(_world.Worker(sink));

        var state = await _world.StateAsync(sink);
        (state.Next, state.LastError).ShouldBe((0, "the target's answer is not one to a bulk request"));
    }

    [Fact]
    public async Task Secret_InNoKnownForm_IsNotSent()
    {
        _world.Secret("search", "just-a-word");
        var sink = await SinkAsync();

        await DeliveryWorld.RunAsync(_world.Worker(sink));

        _search.Requests.ShouldBeEmpty();
        (await _world.StateAsync(sink)).LastError!.ShouldContain("'user:password' or 'ApiKey …'");
    }

    private Task<Sink> SinkAsync() =>
        _world.SinkAsync("search", $$"""{"kind":"opensearch","target":"{{_search.Address}}/audit","secret":"search"}""", from: 0);

    private static List<string> Lines(Received request) => [.. request.Text.TrimEnd('\n').Split('\n')];

    private IEnumerable<long> FirstIndexes() =>
        _search.Requests.Select(request =>
            JsonSerializer.Deserialize<JsonElement>(Lines(request)[1]).GetProperty("index").GetInt64()
        );

    /// <summary>Reads action and document by turns, keeps what it takes under its id, and answers for each item.</summary>
    private Reply Bulk(Received request)
    {
        request.Text.ShouldEndWith("\n");
        var lines = Lines(request).Select(line => JsonSerializer.Deserialize<JsonElement>(line)).ToList();
        var items = new List<string>();
        for (var i = 0; i < lines.Count; i += 2)
        {
            var id = lines[i].GetProperty("index").GetProperty("_id").GetString()!;
            var status = _statusOf(lines[i + 1].GetProperty("index").GetInt64());
            if (status < 300)
                _index[id] = lines[i + 1];
            var error = status switch
            {
                400 => ""","error":{"type":"mapper_parsing_exception","reason":"failed to parse field"}""",
                429 => ""","error":{"type":"rejected_execution_exception","reason":"queue is full"}""",
                _ => "",
            };
            items.Add($$$"""{"index":{"_index":"audit","_id":"{{{id}}}","status":{{{status}}}{{{error}}}}}""");
        }
        return new Reply(200, $$"""{"took":3,"errors":true,"items":[{{string.Join(',', items)}}]}""");
    }
}
