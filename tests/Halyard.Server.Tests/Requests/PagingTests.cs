using System.Globalization;
using Halyard.Server.Tests.Hosting;

namespace Halyard.Server.Tests.Requests;

/// <summary>Lists go on without gaps, and the past is shown as it was.</summary>
public sealed class PagingTests(HalyardServer server) : IClassFixture<HalyardServer>
{
    [Fact]
    public async Task Cursors_ShowEachItemOnce()
    {
        await server.ProjectAsync("paged");
        string[] keys = ["a", "a-b", "a.b", "b", "c", "d", "e"];
        foreach (var key in keys)
            await server.FlagAsync("paged", key);

        (await WalkAsync("/api/v1/projects/paged/flags?limit=2", "key")).ShouldBe(keys.Order(StringComparer.Ordinal));
        (await WalkAsync("/api/v1/projects/paged/flags?limit=7", "key")).Count.ShouldBe(7);
        (await WalkAsync("/api/v1/projects/paged/environments?limit=1", "key")).ShouldBe(["production", "staging"]);
        (await WalkAsync($"/api/v1/projects/paged/flags?limit=3&at={Now()}", "key")).ShouldBe(keys.Order(StringComparer.Ordinal));

        var size = (await server.HeadAsync()).Size;
        (await WalkAsync("/api/v1/audit?limit=3", "id")).Distinct(StringComparer.Ordinal).Count().ShouldBe((int)size);
        foreach (var beyond in new[] { 1L << 36, long.MaxValue })
            (await server.GetAsync($"/api/v1/audit?limit=1&cursor={beyond}")).Expect(200).Items().ShouldHaveSingleItem();
        (await server.GetAsync("/api/v1/audit?cursor=0")).Expect(200).Items().ShouldBeEmpty();
        // Each reading of the log is an entry, made after it read.
        size = (await server.HeadAsync()).Size;
        (await server.GetAsync("/api/v1/audit/count")).Json.GetProperty("count").GetInt64().ShouldBe(size);
    }

    [Fact]
    public async Task Past_IsShownAsItWas_BeforeCreationAndAfterDeletion()
    {
        await server.ProjectAsync("past");
        var before = Now();
        await server.FlagAsync("past", "gone");
        var between = Now();
        (await server.SendAsync("DELETE", "/api/v1/projects/past/flags/gone?reason=over", null, server.Admin)).Expect(200);

        (await server.GetAsync($"/api/v1/projects/past/flags/gone?at={before}")).ExpectProblem(404, "not-found");
        (await server.GetAsync($"/api/v1/projects/past/flags/gone?at={between}")).Expect(200).Text("key").ShouldBe("gone");
        (await server.GetAsync($"/api/v1/projects/past/flags/gone?at={Now()}")).ExpectProblem(404, "not-found");
        (await server.GetAsync("/api/v1/projects/past/flags/gone")).ExpectProblem(404, "not-found");
        (await server.GetAsync($"/api/v1/projects/past/flags?at={before}")).Expect(200).Items().ShouldBeEmpty();
        (await server.GetAsync($"/api/v1/projects/past/flags?at={between}")).Expect(200).Items().ShouldHaveSingleItem();
        (await server.GetAsync("/api/v1/projects/past/flags?at=0001-01-01T00:00:00Z")).Expect(200).Items().ShouldBeEmpty();
        (await server.GetAsync("/api/v1/projects/past/flags?at=9999-12-31T23:59:59Z")).Expect(200).Items().ShouldBeEmpty();
        (await server.GetAsync("/api/v1/projects/past/flags/gone/history")).Expect(200).Items().Count.ShouldBe(2);

        const string question = """{"flag":"gone","context":{}}""";
        var path = "/api/v1/projects/past/evaluate?environment=staging";
        (await server.PostAsync($"{path}&at={between}", question)).Expect(200);
        (await server.PostAsync($"{path}&at={before}", question)).ExpectProblem(404, "not-found");
        (await server.PostAsync($"{path}&at=9999-12-31T23:59:59.9999999Z", question)).ExpectProblem(404, "not-found");
    }

    [Fact]
    public async Task Evaluation_AtTheEndOfTime_NamesTheLastChange()
    {
        await server.ProjectAsync("future");
        await server.FlagAsync("future", "kept");

        var answer = (
            await server.PostAsync(
                "/api/v1/projects/future/evaluate?environment=staging&at=9999-12-31T23:59:59.9999999Z",
                """{"flag":"kept","context":{}}"""
            )
        ).Expect(200);

        answer.GetProperty("flags")[0].GetProperty("change").Text("type").ShouldBe("flag.created");
    }

    private string Now() => server.Time.GetUtcNow().ToString("yyyy-MM-ddTHH:mm:ss.ffffffZ", CultureInfo.InvariantCulture);

    private async Task<IReadOnlyList<string>> WalkAsync(string path, string member)
    {
        var found = new List<string>();
        string? cursor = null;
        do
        {
            var page = (await server.GetAsync(cursor is null ? path : $"{path}&cursor={Uri.EscapeDataString(cursor)}")).Expect(
                200
            );
            page.Items().ShouldNotBeEmpty();
            found.AddRange(page.Items().Select(item => item.Text(member)));
            found.Count.ShouldBeLessThan(1000);
            cursor = page.TryGetProperty("next", out var next) ? next.GetString() : null;
        } while (cursor is not null);
        return found;
    }
}
