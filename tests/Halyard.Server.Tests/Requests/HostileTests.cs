using System.Text;
using System.Text.Json;
using Halyard.Server.Tests.Hosting;
using Halyard.Testing;

namespace Halyard.Server.Tests.Requests;

/// <summary>What others made to break parsers and programs: nothing of it is a server error, and words come back as they went in.</summary>
public sealed class HostileTests(HalyardServer server) : IClassFixture<HalyardServer>
{
    private const string Parsing = "jsontestsuite/test_parsing";
    private const string Strings = "blns/blns.json";

    [Fact]
    public async Task Bodies_OfTheJsonTestSuite_AreNeverAServerErrorAndWriteNothing()
    {
        var files = Directory.GetFiles(Suites.Require(Parsing), "*.json");
        files.Length.ShouldBeGreaterThan(300);
        await server.ProjectAsync("hostile");
        var (_, key) = await server.SdkKeyAsync("hostile", "staging");
        var head = await server.HeadAsync();

        foreach (var file in files)
        {
            var name = Path.GetFileName(file);
            var bytes = await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken);
            byte[] asContext = [.. """{"context":"""u8, .. bytes, .. "}"u8];
            var change = await server.SendAsync("POST", "/api/v1/projects/hostile/changes", bytes, server.Admin);
            change.Status.ShouldBeOneOf([400, 422], $"{name}: {change.Words}");
            change.MediaType.ShouldBe("application/problem+json", name);
            // The suite's n_ files are no JSON; but an empty body reads as {}, and what nests too deep is refused as such.
            if (name.StartsWith("y_", StringComparison.Ordinal))
                change.Status.ShouldBe(422, name);
            var bare = await server.SendAsync("POST", "/ofrep/v1/evaluate/flags/x", bytes, key);
            bare.Status.ShouldBe(400, $"{name}: {bare.Words}");
            bare.Json.Text("errorCode").ShouldBe("INVALID_CONTEXT", name);
            var context = await server.SendAsync("POST", "/ofrep/v1/evaluate/flags/x", asContext, key);
            context.Status.ShouldBeOneOf([400, 404], $"{name}: {context.Words}");
            (
                await server.SendAsync("POST", "/api/v1/projects/hostile/evaluate?environment=staging", asContext, server.Admin)
            ).Status.ShouldBeOneOf([200, 400, 422], name);
        }
        (await server.HeadAsync()).ShouldBe(head);
    }

    [Fact]
    public async Task NaughtyStrings_AsWords_AreReadBackUnchanged()
    {
        var strings = Naughty();
        await server.ProjectAsync("naughty");
        for (var i = 0; i < strings.Count; i++)
        {
            var text = strings[i];
            var words = JsonSerializer.Serialize(text);
            // A tag of no characters and a name that is too long are refused; nothing else is.
            var tags = text.Length is 0 or > 64 ? "[]" : $"[{words}]";
            var name = text.Length > 200 ? "\"long\"" : words;
            var body = $$"""{"key":"f{{i}}","name":{{name}},"description":{{words}},"reason":{{words}},"tags":{{tags}}}""";
            (await server.PostAsync("/api/v1/projects/naughty/flags", body)).Expect(200);

            var flag = (await server.GetAsync($"/api/v1/projects/naughty/flags/f{i}")).Expect(200);
            flag.Text("description").ShouldBe(text);
            if (text.Length <= 200)
                flag.Text("name").ShouldBe(text);
            flag.GetProperty("tags").EnumerateArray().Select(tag => tag.GetString()).ShouldBe(tags == "[]" ? [] : [text]);
            var entry = (await server.GetAsync($"/api/v1/projects/naughty/flags/f{i}/history"))
                .Expect(200)
                .Items()
                .ShouldHaveSingleItem();
            (entry.TryGetProperty("reason", out var reason) ? reason.GetString() : "").ShouldBe(text);
        }
    }

    [Fact]
    public async Task NaughtyStrings_AsTargetingKeys_AreTargetedExactly()
    {
        var strings = Naughty().Where(text => text.Length is > 0 and <= 256).Distinct(StringComparer.Ordinal).ToList();
        await server.ProjectAsync("targets");
        await server.FlagAsync("targets", "pinned");
        (await server.PostAsync("/api/v1/projects/targets/flags/pinned/environments/staging/enable", "")).Expect(200);
        var (_, key) = await server.SdkKeyAsync("targets", "staging");
        var revision = 2;
        foreach (var batch in strings.Chunk(100))
        {
            var pins = batch.Select(
                (text, i) =>
                    $$$"""
                        {"op":"addOverride","flag":"pinned","environment":"staging","baseRevision":{{{revision}}},"override":{"id":"o_{{{revision}}}_{{{i}}}","targetingKey":{{{JsonSerializer.Serialize(
                            text
                        )}}},"variant":"off"}}
                        """
            );
            (
                await server.PostAsync("/api/v1/projects/targets/changes", $$"""{"operations":[{{string.Join(',', pins)}}]}""")
            ).Expect(200);
            revision++;
        }
        foreach (var text in strings)
        {
            var question = $$$"""{"context":{"targetingKey":{{{JsonSerializer.Serialize(text)}}}}}""";
            var answer = (await server.PostAsync("/ofrep/v1/evaluate/flags/pinned", question, key)).Expect(200);
            answer.GetProperty("value").GetBoolean().ShouldBeFalse(text);
            answer.Text("reason").ShouldBe("TARGETING_MATCH", text);
        }
    }

    [Fact]
    public async Task NaughtyStrings_InAddresses_AreNeverAServerError()
    {
        await server.ProjectAsync("addresses");
        var (_, key) = await server.SdkKeyAsync("addresses", "staging");
        foreach (var text in Naughty())
        {
            var escaped = Uri.EscapeDataString(text);
            foreach (var name in new[] { "q", "tag", "owner", "status", "environment", "at", "cursor", escaped })
            {
                var answer = await server.GetAsync($"/api/v1/projects/addresses/flags?{name}={escaped}");
                answer.Status.ShouldBeOneOf([200, 422], $"{name}={text}: {answer.Words}");
                if (answer.Status == 200)
                    answer.Json.Items().ShouldBeEmpty();
            }
            foreach (var name in new[] { "actor", "ticket", "flag", "project", "from", "action", "text", "changeRequest" })
                (await server.GetAsync($"/api/v1/audit?{name}={escaped}")).Status.ShouldBeOneOf([200, 422], $"{name}={text}");
            // Some are too long for an address, or are dots that the client resolves before it asks.
            if (text.Length is 0 or > 1000 || text is "." or "..")
                continue;
            (await server.GetAsync($"/api/v1/projects/addresses/flags/{escaped}")).Status.ShouldBeOneOf([400, 404], text);
            (await server.GetAsync($"/api/v1/audit/{escaped}")).Status.ShouldBeOneOf([200, 400, 404], text);
            var flag = await server.PostAsync($"/ofrep/v1/evaluate/flags/{escaped}", """{"context":{"targetingKey":"u"}}""", key);
            flag.Status.ShouldBeOneOf([400, 404], text);
        }
    }

    private static List<string> Naughty()
    {
        var strings = JsonSerializer
            .Deserialize<List<string>>(File.ReadAllText(Suites.Require(Strings), Encoding.UTF8))
            .ShouldNotBeNull();
        strings.Count.ShouldBeGreaterThan(400);
        return strings;
    }
}
