using System.Text.Json;
using Halyard.Server.Tests.Hosting;

namespace Halyard.Server.Tests.Requests;

/// <summary>Flags at a glance, and the names behind ids.</summary>
public sealed class FlagOverviewTests(HalyardServer server) : IClassFixture<HalyardServer>
{
    [Fact]
    public async Task Overview_TellsWhatEachEnabledEnvironmentServes()
    {
        await server.ProjectAsync("glance");
        await server.FlagAsync("glance", "off-everywhere");
        const string split = """
            {"key":"split","reason":"test","environments":{
              "production":{"enabled":true,"offVariant":"off","fallthrough":{"rollout":{"weights":[
                {"variant":"on","weight":1},{"variant":"off","weight":2}],"remainder":1}},
                "rules":[{"id":"r","serve":{"variant":"on"}}],"overrides":[{"id":"o","targetingKey":"u","variant":"on"}]},
              "staging":{"enabled":true}}}
            """;
        (await server.PostAsync("/api/v1/projects/glance/flags", split)).Expect(200);

        var items = (await server.GetAsync("/api/v1/projects/glance/flag-overview")).Expect(200).GetProperty("items");

        items.EnumerateArray().Select(item => item.Text("key")).ShouldBe(["off-everywhere", "split"]);
        items[0].GetProperty("on").GetRawText().ShouldBe("{}");
        items[1]
            .GetProperty("on")
            .GetRawText()
            .ShouldBe(
                """{"production":{"share":25000,"rules":1,"overrides":1},"staging":{"variant":"on","rules":0,"overrides":0}}"""
            );
    }

    [Fact]
    public async Task Overview_FiltersAndPagesAsTheListDoes()
    {
        await server.ProjectAsync("pages");
        foreach (var key in new[] { "a", "b", "c" })
            await server.FlagAsync("pages", key);

        var first = (await server.GetAsync("/api/v1/projects/pages/flag-overview?limit=2")).Expect(200);
        var rest = (await server.GetAsync($"/api/v1/projects/pages/flag-overview?cursor={first.Text("next")}")).Expect(200);

        Keys(first).ShouldBe(["a", "b"]);
        Keys(rest).ShouldBe(["c"]);
        Keys((await server.GetAsync("/api/v1/projects/pages/flag-overview?q=B")).Expect(200)).ShouldBe(["b"]);
        (await server.GetAsync("/api/v1/projects/pages/flag-overview?colour=red")).Status.ShouldBe(422);
        (await server.GetAsync("/api/v1/projects/nowhere/flag-overview")).Status.ShouldBe(404);
    }

    [Fact]
    public async Task Filter_BySegment_FindsTheFlagsWhoseRulesNameIt()
    {
        await server.ProjectAsync("uses");
        (await server.PostAsync("/api/v1/projects/uses/segments", """{"key":"beta","includes":["u"]}""")).Expect(200);
        await server.FlagAsync("uses", "plain");
        const string ruled = """
            {"key":"ruled","reason":"test","environments":{"staging":{"enabled":true,"offVariant":"off","fallthrough":{"variant":"off"},
              "rules":[{"id":"r","conditions":[{"operator":"segment","values":["beta"]}],"serve":{"variant":"on"}}]}}}
            """;
        (await server.PostAsync("/api/v1/projects/uses/flags", ruled)).Expect(200);

        Keys((await server.GetAsync("/api/v1/projects/uses/flags?segment=beta")).Expect(200)).ShouldBe(["ruled"]);
        Keys((await server.GetAsync("/api/v1/projects/uses/flag-overview?segment=beta")).Expect(200)).ShouldBe(["ruled"]);
        Keys((await server.GetAsync("/api/v1/projects/uses/flags?segment=bet")).Expect(200)).ShouldBeEmpty();
    }

    [Fact]
    public async Task People_AreNamedToThoseWhoReadTheLog_AndToNobodyElse()
    {
        var user = await server.UserAsync("named@example.com", "viewer");
        var browser = await server.LogInAsync("named@example.com");

        var me = (await browser.SendAsync("GET", "/api/v1/me")).Expect(200);
        var names = (await server.GetAsync($"/api/v1/people?subject={me.Text("subject")},s_nobody")).Expect(200);

        me.Text("name").ShouldBe("Somebody");
        names.GetProperty("names").EnumerateObject().Single().Name.ShouldBe(user);
        (await browser.SendAsync("GET", $"/api/v1/people?subject={me.Text("subject")}")).Status.ShouldBe(403);
        (await server.GetAsync("/api/v1/people")).Status.ShouldBe(422);
    }

    private static IEnumerable<string> Keys(JsonElement page) =>
        page.GetProperty("items").EnumerateArray().Select(item => item.Text("key"));
}
