using System.Text;
using Halyard.Server.Tests.Hosting;
using Halyard.Server.Tests.Routes;

namespace Halyard.Server.Tests.Access;

/// <summary>What is not for somebody is answered like what does not exist: byte for byte, with the same calls of the store.</summary>
public sealed class IsolationTests(CountingServer server) : IClassFixture<CountingServer>
{
    private const string Reader = """
        {"key":"reader","grants":[
        {"effect":"allow","actions":["project.read","environment.read","segment.read","flag.read","flag.evaluate","audit.read","sdk-key.read"],
        "resource":{"projects":["mine"]}},
        {"effect":"deny","actions":["flag.read"],"resource":{"tags":["secret"]}}]}
        """;

    [Fact]
    public async Task OtherTenant_AsksOfWhatItCannotHave_AndHearsWhatItWouldOfNothing()
    {
        await FillAsync("web");
        var job = (await server.ExportAsync("""{"format":"csv","reason":"test"}""")).Text("id");
        // Roles are loaded at a tenant's first question, whatever it is.
        (await server.GetAsync("/api/v1/me", server.Other)).Expect(200);
        var compared = 0;

        foreach (var call in RouteCalls.NotWriting.Where(IsOfTokens))
        {
            var foreign = call.Path.Replace("{job}", job, StringComparison.Ordinal);
            var unknown = Unknown(call.Path, job);
            if (foreign == unknown)
                continue;
            await SameAsync(call, foreign, unknown, server.Other, job);
            compared++;
        }
        compared.ShouldBeGreaterThan(20);
    }

    [Fact]
    public async Task ProjectThatIsNotForTheReader_IsLikeOneThatIsNot()
    {
        var reader = await ReaderAsync();
        var compared = 0;
        foreach (var call in RouteCalls.NotWriting.Where(call => IsOfTokens(call) && call.Route.Contains("{project}")))
        {
            await SameAsync(
                call,
                call.Path,
                call.Path.Replace("/projects/web", "/projects/xyz", StringComparison.Ordinal),
                reader
            );
            compared++;
        }
        compared.ShouldBeGreaterThan(10);
        foreach (var path in new[] { "/api/v1/audit", "/api/v1/audit/count" })
        {
            var call = new RouteCall($"GET {path}", path);
            await SameAsync(call, $"{path}?project=web", $"{path}?project=xyz", reader);
            (await server.GetAsync(path, reader)).ExpectInvalid().ShouldBe(["/project"]);
            (await server.GetAsync($"{path}?project=mine", reader)).Expect(200);
        }
    }

    [Fact]
    public async Task FlagThatIsHiddenByItsTag_IsLikeOneThatIsNot()
    {
        var reader = await ReaderAsync();
        var call = new RouteCall("GET /api/v1/projects/{project}/flags/{flag}", "");

        await SameAsync(call, "/api/v1/projects/mine/flags/hidden", "/api/v1/projects/mine/flags/absent", reader);
        (await server.GetAsync("/api/v1/projects/mine/flags/checkout", reader)).Expect(200);
        (await server.GetAsync("/api/v1/projects/mine/flags/hidden")).Expect(200);
    }

    [Fact]
    public async Task Lists_ShowWhatIsForTheReader_AndNeitherCursorNorCountTellsOfMore()
    {
        var reader = await ReaderAsync();

        Keys(await server.GetAsync("/api/v1/projects", reader)).ShouldBe(["mine"]);
        (await server.GetAsync("/api/v1/projects?limit=1", reader)).Expect(200).TryGetProperty("next", out _).ShouldBeFalse();
        Keys(await server.GetAsync("/api/v1/projects/mine/flags", reader)).ShouldBe(["banner", "checkout", "zebra"]);
        Keys(await server.GetAsync("/api/v1/projects/mine/flags?at=2100-01-01T00:00:00Z", reader))
            .ShouldBe(["banner", "checkout", "zebra"]);
        var seen = new List<string>();
        string? cursor = "";
        while (cursor is not null)
        {
            var page = (await server.GetAsync($"/api/v1/projects/mine/flags?limit=1{cursor}", reader)).Expect(200);
            seen.AddRange(page.Items().Select(item => item.Text("key")));
            page.Items().Count.ShouldBe(1);
            cursor = page.TryGetProperty("next", out var next) ? $"&cursor={next.GetString()}" : null;
        }
        seen.ShouldBe(["banner", "checkout", "zebra"]);
        var keys = (await server.GetAsync("/api/v1/sdk-keys", reader)).Expect(200).Items();
        keys.ShouldAllBe(key => key.Text("project") == "mine");
        keys.ShouldNotBeEmpty();
    }

    [Fact]
    public async Task EntryOfAProjectThatIsNotForTheReader_IsLikeOneThatIsNot()
    {
        var reader = await ReaderAsync();
        var hidden = (await server.GetAsync("/api/v1/audit?project=web&limit=1")).Expect(200).Items()[0];
        var seen = (await server.GetAsync("/api/v1/audit?project=mine&limit=1")).Expect(200).Items()[0];
        var call = new RouteCall("GET /api/v1/audit/{entry}", "");
        var id = hidden.Text("id");

        (await server.GetAsync($"/api/v1/audit/{seen.GetProperty("index").GetInt64()}", reader)).Expect(200);
        await SameAsync(call, $"/api/v1/audit/{id}", $"/api/v1/audit/{new string('Z', id.Length)}", reader);
    }

    [Theory]
    [InlineData("/api/v1/tokens")]
    [InlineData("/api/v1/ledger/status")]
    [InlineData("/ledger/default/admin/checkpoint")]
    [InlineData("/api/v1/audit/0/proof")]
    [InlineData("/api/v1/roles")]
    [InlineData("/api/v1/jobs")]
    public async Task WhatIsOfTheWholeTenant_IsDeniedToAReaderOfOneProject(string path) =>
        (await server.GetAsync(path, await ReaderAsync())).ExpectProblem(403, "denied");

    /// <summary>Projects <c>mine</c> and <c>web</c>, and a token that may read in <c>mine</c> alone, but no flag with the tag <c>secret</c>.</summary>
    private async Task<string> ReaderAsync()
    {
        await FillAsync("web");
        if (await FillAsync("mine"))
        {
            (await server.PostAsync("/api/v1/roles", Reader)).Expect(200);
            foreach (var flag in new[] { """{"key":"hidden","tags":["secret"]}""", """{"key":"zebra"}""" })
                (await server.PostAsync("/api/v1/projects/mine/flags", flag)).Expect(200);
            await server.SdkKeyAsync("mine", "staging");
            await server.SdkKeyAsync("web", "staging");
        }
        return (await server.TokenAsync("reader")).Secret;
    }

    private async Task<bool> FillAsync(string project)
    {
        if ((await server.GetAsync($"/api/v1/projects/{project}")).Status == 200)
            return false;
        await server.ProjectAsync(project);
        await server.FlagAsync(project, "checkout");
        await server.FlagAsync(project, "banner");
        (await server.PostAsync($"/api/v1/projects/{project}/segments", """{"key":"beta","includes":["u"]}""")).Expect(200);
        return true;
    }

    private async Task SameAsync(RouteCall call, string hidden, string unknown, string credential, string? job = null)
    {
        var body = call.Body is null ? null : Encoding.UTF8.GetBytes(call.Body);
        var (one, callsOfOne) = await server.CountAsync(call.Method, hidden, body, credential);
        var (two, callsOfTwo) = await server.CountAsync(call.Method, unknown, body, credential);

        one.Status.ShouldBe(two.Status, $"{hidden} / {unknown}");
        // The history of a flag that never was is an empty list; everything else is no.
        if (one.Status == 200)
            one.Json.Items().ShouldBeEmpty(hidden);
        else
            one.Status.ShouldBeOneOf([403, 404], $"{hidden}: {one.Words}");
        Blank(one.Words, job).ShouldBe(Blank(two.Words, job), hidden);
        callsOfOne.ShouldBe(callsOfTwo, hidden);
    }

    /// <summary>The words without the names that were asked for.</summary>
    private static string Blank(string words, string? job)
    {
        if (job is not null)
            words = words
                .Replace(job, "*", StringComparison.Ordinal)
                .Replace(new string('0', job.Length), "*", StringComparison.Ordinal);
        foreach (
            var name in (string[])
                [
                    "'web'",
                    "'xyz'",
                    "'checkout'",
                    "'unknown1'",
                    "'beta'",
                    "'bexa'",
                    "'hidden'",
                    "'absent'",
                    "'kept'",
                    "'xept'",
                    "'staging'",
                    "'stagint'",
                ]
        )
            words = words.Replace(name, "*", StringComparison.Ordinal);
        return System.Text.RegularExpressions.Regex.Replace(
            words,
            "'[0-9A-Z]{26}'",
            "*",
            System.Text.RegularExpressions.RegexOptions.None,
            TimeSpan.FromSeconds(1)
        );
    }

    private static string Unknown(string path, string job) =>
        path.Replace("/web", "/xyz", StringComparison.Ordinal)
            .Replace("{job}", new string('0', job.Length), StringComparison.Ordinal)
            .Replace("/ledger/default", "/ledger/defaulx", StringComparison.Ordinal)
            .Replace("/sinks/kept", "/sinks/xept", StringComparison.Ordinal);

    private static bool IsOfTokens(RouteCall call) =>
        !call.Path.StartsWith("/ofrep", StringComparison.Ordinal)
        && !call.Path.StartsWith("/health", StringComparison.Ordinal)
        && !call.Path.StartsWith("/openapi", StringComparison.Ordinal);

    private static IEnumerable<string> Keys(Answer answer) => answer.Expect(200).Items().Select(item => item.Text("key"));
}
