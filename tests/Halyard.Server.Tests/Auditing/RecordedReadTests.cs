using System.Text.Json;
using Halyard.Core.Storage;
using Halyard.Server.Hosting;
using Halyard.Server.Tests.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace Halyard.Server.Tests.Auditing;

/// <summary>Whoever reads the log is in the log.</summary>
public sealed class RecordedReadTests(HalyardServer server) : IClassFixture<HalyardServer>
{
    [Fact]
    public async Task ReadingTheLog_IsRecordedWithWhoAndWhatWasAsked()
    {
        (await server.GetAsync("/api/v1/audit?flag=checkout&project=web&limit=5")).Expect(200);

        var leaf = await LastLeafAsync();
        leaf.Text("type").ShouldBe("log.viewed");
        leaf.GetProperty("actor").Text("kind").ShouldBe("service");
        leaf.GetProperty("decision").Text("verdict").ShouldBe("allow");
        var details = leaf.GetProperty("meta").GetProperty("details");
        details.Text("address").ShouldBe("/api/v1/audit");
        details.GetProperty("query").Text("flag").ShouldBe("checkout");
        details.GetProperty("query").Text("limit").ShouldBe("5");
    }

    [Fact]
    public async Task WhatIsSearchedFor_IsNotRecorded_ForItMayNameAPerson()
    {
        server.Services.GetRequiredService<HalyardOptions>().RecordReads = "all";
        await server.ProjectAsync("quiet");
        await server.FlagAsync("quiet", "checkout");
        string[] paths =
        [
            "/api/v1/audit?text=ann@example.com",
            "/api/v1/projects/quiet/flags?q=ann@example.com",
            "/api/v1/projects/quiet/flags/checkout/compliance?environment=staging&targetingKey=ann@example.com"
                + "&attribute=email:string:ann@example.com",
        ];
        foreach (var path in paths)
        {
            (await server.GetAsync(path)).Expect(200);
            var leaf = await LastLeafAsync();
            leaf.Text("type").ShouldEndWith(".viewed", customMessage: path);
            leaf.GetRawText().ShouldNotContain("ann@", customMessage: path);
        }
        server.Services.GetRequiredService<HalyardOptions>().RecordReads = "audit";
    }

    [Theory]
    [InlineData("/api/v1/audit?actor=", "ann@example.com")]
    [InlineData("/api/v1/audit?actor=", "annabel-lee")]
    [InlineData("/api/v1/audit/count?actor=", "ann@example.com")]
    [InlineData("/api/v1/audit?kind=user&key=", "ann@example.com")]
    [InlineData("/api/v1/audit?resource=", "ann@example.com")]
    [InlineData("/api/v1/audit?ticket=", "for ann")]
    [InlineData("/api/v1/audit?incident=", "ann@example.com")]
    [InlineData("/api/v1/audit?changeRequest=", "ann@example.com")]
    [InlineData("/api/v1/audit?flag=", "ann@example.com")]
    [InlineData("/api/v1/audit?environment=", "ann@example.com")]
    [InlineData("/api/v1/audit?import=", "ann@example.com")]
    public async Task AFilterThatMayNameAPerson_IsRecordedByItsNameAlone(string path, string value)
    {
        (await server.GetAsync($"{path}{Uri.EscapeDataString(value)}")).Expect(200);

        var leaf = await LastLeafAsync();
        leaf.Text("type").ShouldBe("log.viewed");
        leaf.GetRawText().ShouldNotContain(value);
        var name = path[(path.LastIndexOfAny(['?', '&']) + 1)..^1];
        leaf.GetProperty("meta")
            .GetProperty("details")
            .GetProperty("query")
            .GetProperty(name)
            .ValueKind.ShouldBe(JsonValueKind.Null);
    }

    [Theory]
    [InlineData("actor", "s_01HZX4", "/api/v1/audit?actor=s_01HZX4")]
    [InlineData("key", "checkout", "/api/v1/audit?kind=flag&key=checkout")]
    [InlineData("resource", "fl_01HZX4", "/api/v1/audit?resource=fl_01HZX4")]
    [InlineData("ticket", "OPS-12", "/api/v1/audit?ticket=OPS-12")]
    public async Task AFilterOfTheFormOfAnId_IsRecordedWithItsValue(string name, string value, string path)
    {
        (await server.GetAsync(path)).Expect(200);

        var details = (await LastLeafAsync()).GetProperty("meta").GetProperty("details");
        details.GetProperty("query").Text(name).ShouldBe(value);
    }

    [Fact]
    public async Task HistoryOfWhatIsNoFlag_IsRecordedWithoutItsName()
    {
        await server.ProjectAsync("mistyped");

        (await server.GetAsync("/api/v1/projects/mistyped/flags/ann%40example.com/history")).Expect(200);

        var leaf = await LastLeafAsync();
        leaf.Text("type").ShouldBe("log.viewed");
        leaf.GetRawText().ShouldNotContain("ann@example.com");
    }

    [Fact]
    public async Task Reading_IsRecordedAfterItRead_SoThatAPageDoesNotShowItself()
    {
        var size = (await server.HeadAsync()).Size;

        var items = (await server.GetAsync("/api/v1/audit?limit=1")).Expect(200).Items();

        items[0].GetProperty("index").GetInt64().ShouldBe(size - 1);
        (await server.HeadAsync()).Size.ShouldBe(size + 1);
    }

    [Fact]
    public async Task HistoryOfAFlag_IsRecordedWithTheFlag_AndDoesNotShowItsReaders()
    {
        await server.ProjectAsync("seen");
        await server.FlagAsync("seen", "checkout");

        (await server.GetAsync("/api/v1/projects/seen/flags/checkout/history")).Expect(200);

        var read = await LastLeafAsync();
        read.GetProperty("meta").GetProperty("details").GetProperty("route").Text("flag").ShouldBe("checkout");
        (await server.GetAsync("/api/v1/projects/seen/flags/checkout/history")).Expect(200).Items().ShouldHaveSingleItem();
    }

    [Fact]
    public async Task RefusedRead_ShowsNothingAndIsNotRecordedAsRead()
    {
        var size = (await server.HeadAsync()).Size;

        (await server.GetAsync("/api/v1/audit?unknown=1")).ExpectProblem(422, "invalid");
        (await server.GetAsync("/api/v1/audit/999999")).ExpectProblem(404, "not-found");

        (await server.HeadAsync()).Size.ShouldBe(size);
    }

    [Fact]
    public async Task ReadByWhoeverMayNot_IsADenialAndNoRead()
    {
        var client = await server.TokenAsync("CLIENT");

        (await server.GetAsync("/api/v1/audit", client.Secret)).ExpectProblem(403, "denied");

        (await LastLeafAsync()).Text("type").ShouldBe("access.denied");
    }

    [Fact]
    public async Task Reads_AreRecordedAsFarAsTheOperatorWants()
    {
        await server.ProjectAsync("wanted");
        await server.FlagAsync("wanted", "checkout");
        (await ViewsAsync("/api/v1/projects/wanted/flags/checkout")).ShouldBeEmpty();

        var options = server.Services.GetRequiredService<HalyardOptions>();
        options.RecordReads = "all";
        (await ViewsAsync("/api/v1/projects/wanted/flags/checkout")).ShouldBe(["flag.viewed"]);
        (await ViewsAsync("/api/v1/projects/wanted/flags")).ShouldBe(["flag.viewed"]);
        (await ViewsAsync("/api/v1/audit/0")).ShouldBe(["log.viewed"]);

        options.RecordReads = "none";
        (await ViewsAsync("/api/v1/audit/0")).ShouldBeEmpty();
        (await ViewsAsync("/api/v1/projects/wanted/flags/checkout")).ShouldBeEmpty();
        options.RecordReads = "audit";
    }

    [Fact]
    public void RecordReads_WithAnotherWord_IsRefusedAtTheStart() =>
        new HalyardOptions { RecordReads = "some" }
            .Problems()
            .ShouldHaveSingleItem()
            .ShouldContain("RecordReads");

    private async Task<IReadOnlyList<string>> ViewsAsync(string path)
    {
        var before = (await server.HeadAsync()).Size;
        (await server.GetAsync(path)).Expect(200);
        var added = await Store.FeedAsync("default", before, 10, TestContext.Current.CancellationToken);
        return [.. added.Select(entry => Parse(entry.Leaf).Text("type"))];
    }

    private async Task<JsonElement> LastLeafAsync()
    {
        var last = await Store.EntryAsync("default", (await server.HeadAsync()).Size - 1, TestContext.Current.CancellationToken);
        return Parse(last!.Leaf);
    }

    private IStore Store => server.Services.GetRequiredService<IStore>();

    private static JsonElement Parse(byte[] leaf) => JsonSerializer.Deserialize<JsonElement>(leaf);
}
