using System.Text;
using System.Text.Json;
using Halyard.Core.Storage;
using Halyard.Server.Hosting;
using Halyard.Server.Tests.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace Halyard.Server.Tests.Auditing;

/// <summary>Personal values over HTTP: who sees them, how they go, and that they are gone.</summary>
public sealed class PrivacyTests(HalyardServer server) : IClassFixture<HalyardServer>
{
    private const string Agent = "NadjaBrowser/1";

    [Fact]
    public async Task ErasedPerson_IsInNoByteOfAnyFile_AndEveryProofVerifies()
    {
        await server.ProjectAsync("gone");
        await server.FlagAsync("gone", "checkout");
        var (tokenId, token) = await NamedTokenAsync("Nadja Probe");
        await ChangeAsync(
            token,
            """
            [
              {"op":"addOverride","flag":"checkout","environment":"staging","override":{"id":"o_1","attribute":"targetingKey","value":"nadja.probe@example.com","variant":"on"},"baseRevision":1},
              {"op":"addRule","flag":"checkout","environment":"staging","rule":{"id":"r_1","conditions":[{"attribute":"email","operator":"equals","values":["nadja.probe@example.com"]}],"serve":{"variant":"on"}},"baseRevision":1}
            ]
            """,
            "Nadja tries \u201cit\u201d"
        );
        await ChangeAsync(
            token,
            """[{"op":"createSegment","segment":"s","includes":["nadja.probe@example.com"],"excludes":["x"]}]""",
            "Nadja again"
        );
        await ImportAsync();
        var used = await EraseAsync("""{"name":"nadja.probe@example.com","reason":"asked"}""");
        used.ExpectProblem(409, "still-in-use").GetProperty("errors").GetArrayLength().ShouldBe(2);
        (await EraseAsync("""{"name":"Nadja Probe","reason":"asked"}""")).ExpectProblem(409, "still-in-use");

        await ChangeAsync(
            server.Admin,
            """
            [
              {"op":"removeOverride","flag":"checkout","environment":"staging","override":"o_1","baseRevision":2},
              {"op":"removeRule","flag":"checkout","environment":"staging","rule":"r_1","baseRevision":2},
              {"op":"deleteSegment","segment":"s","baseRevision":1}
            ]
            """,
            "clear out"
        );
        (await server.SendAsync("DELETE", $"/api/v1/tokens/{tokenId}?reason=left", null, server.Admin)).Expect(200);
        (await Files(server.DatabaseFile)).ShouldContain("nadja", Case.Insensitive, "what is searched for is there to be found");
        await ErasedAsync("nadja.probe@example.com");
        await ErasedAsync("Nadja Probe");

        var size = (await server.HeadAsync()).Size;
        for (var index = 0L; index < size; index++)
        {
            var entry = (await server.GetAsync($"/api/v1/audit/{index}?reveal=true")).Expect(200);
            entry.GetRawText().ShouldNotContain("nadja", Case.Insensitive);
        }
        foreach (var what in new[] { "flags", "segments" })
        {
            var past = await server.GetAsync($"/api/v1/projects/gone/{what}?at=2030-01-01T00:00:00Z&reveal=true");
            past.Expect(200).GetRawText().ShouldNotContain("nadja", Case.Insensitive);
        }
        foreach (var index in new[] { 0, 5, size - 1 })
            (await server.GetAsync($"/api/v1/audit/{index}/proof")).Expect(200);

        var folder = Directory.CreateTempSubdirectory("halyard-erased-");
        var copy = Path.Combine(folder.FullName, "halyard.db");
        foreach (
            var end in new[] { "", "-wal", ".keys", ".keys-wal", ".kek" }.Where(end => File.Exists(server.DatabaseFile + end))
        )
            await CopyAsync(server.DatabaseFile + end, copy + end);
        using var output = new StringWriter();
        (await StoreVacuumCommand.RunAsync(["store", "vacuum", $"--Halyard:Database={copy}"], output, output)).ShouldBe(
            0,
            output.ToString()
        );
        (await StoreDiffCommand.RunAsync(["store", "diff", $"--Halyard:Database={copy}"], output, output)).ShouldBe(
            0,
            output.ToString()
        );
        (await Files(copy)).ShouldNotContain("nadja", Case.Insensitive);
        (await Files(copy)).ShouldNotContain("n\0a\0d\0j\0a", Case.Insensitive);
        folder.Delete(recursive: true);
        // What is published and archived holds leaves alone.
        var published = Path.Combine(Path.GetDirectoryName(server.DatabaseFile)!, "ledger", "tiles");
        (await Files(published)).ShouldNotContain("nadja", Case.Insensitive);
    }

    [Fact]
    public async Task Vacuum_WhileAServerHasTheStore_IsRefused()
    {
        using var output = new StringWriter();
        string[] args = ["store", "vacuum", $"--Halyard:Database={server.DatabaseFile}"];
        (await StoreVacuumCommand.RunAsync(args, output, output)).ShouldBe(2);
        output.ToString().ShouldContain("in use");
    }

    [Fact]
    public async Task Entry_Unasked_ShowsWhoAndWhyButNoAddressAndNoDocumentValue()
    {
        var index = await PersonalChangeAsync("unasked");

        var entry = (await server.GetAsync($"/api/v1/audit/{index}")).Expect(200);

        entry.Text("reason").ShouldBe("because Tim asked");
        entry.GetProperty("actor").Text("name").ShouldBe("administrator");
        entry.TryGetProperty("revealed", out _).ShouldBeFalse();
        entry.GetRawText().ShouldNotContain("tim@example.com");
        entry.GetRawText().ShouldNotContain("127.0.0.1");
        (await LastLeafAsync()).Text("type").ShouldBe("log.viewed");
    }

    [Fact]
    public async Task Entry_Revealed_ShowsAllOfItAndRecordsWhoSawWhichFields()
    {
        var index = await PersonalChangeAsync("asked");

        var entry = (await server.GetAsync($"/api/v1/audit/{index}?reveal=true")).Expect(200);

        var revealed = entry.GetProperty("revealed").EnumerateArray().ToDictionary(item => item.Text("pointer"));
        revealed["/why/reason"].Text("value").ShouldBe("because Tim asked");
        revealed["/req/ip"].Text("value").ShouldBe("127.0.0.1");
        revealed["/environments/staging/overrides/o_1/value"].Text("value").ShouldBe("tim@example.com");
        var leaf = await LeafOfAsync("audit.revealed");
        leaf.GetProperty("meta")
            .GetProperty("details")
            .GetRawText()
            .ShouldBe($$"""{"entries":[{{index}}],"fields":["/req/ip","/why/reason","document"]}""");
        leaf.GetRawText().ShouldNotContain("tim@");
    }

    [Fact]
    public async Task ListHistoryAndPast_Revealed_ShowAndRecord()
    {
        await PersonalChangeAsync("lists");
        foreach (
            var path in new[]
            {
                "/api/v1/audit?project=lists&limit=100",
                "/api/v1/projects/lists/flags/checkout/history?limit=100",
                "/api/v1/projects/lists/flags?at=2030-01-01T00:00:00Z",
                "/api/v1/projects/lists/flags/checkout?at=2030-01-01T00:00:00Z",
            }
        )
        {
            var revealed = await CountAsync("audit.revealed");
            (await server.GetAsync(path)).Expect(200).GetRawText().ShouldNotContain("tim@example.com", Case.Sensitive, path);
            (await CountAsync("audit.revealed")).ShouldBe(revealed, path);
            (await server.GetAsync($"{path}&reveal=true"))
                .Expect(200)
                .GetRawText()
                .ShouldContain("tim@example.com", Case.Sensitive, path);
            (await CountAsync("audit.revealed")).ShouldBe(revealed + 1, path);
        }
        // What is live is shown as it is: that is what it is for.
        (await server.GetAsync("/api/v1/projects/lists/flags/checkout"))
            .Expect(200)
            .GetRawText()
            .ShouldContain("tim@example.com");
        (await server.GetAsync("/api/v1/projects/lists/flags/checkout?reveal=true")).ExpectInvalid().ShouldBe(["/reveal"]);
        (await server.GetAsync("/api/v1/audit/0?reveal=yes")).ExpectInvalid().ShouldBe(["/reveal"]);
    }

    [Fact]
    public async Task Explanation_NamesAPersonalValueToThoseAloneWhoMaySeeIt()
    {
        await PersonalChangeAsync("told");
        const string Rule =
            """{"operations":[{"op":"addRule","flag":"checkout","environment":"staging","rule":{"id":"r_1","conditions":[{"attribute":"email","operator":"equals","values":["ann@example.com","tim@example.com"]},{"attribute":"plan","operator":"equals","values":["pro"]}],"serve":{"variant":"on"}},"baseRevision":2},{"op":"setEnabled","flag":"checkout","environment":"staging","enabled":true,"baseRevision":2}]}""";
        (await server.PostAsync("/api/v1/projects/told/changes", Rule)).Expect(200);
        var (_, client) = await server.TokenAsync("CLIENT");
        const string Live = "/api/v1/projects/told/evaluate?environment=staging";
        const string Past = Live + "&at=2030-01-01T00:00:00Z";
        const string Body = """{"flag":"checkout","context":{"targetingKey":"u"}}""";

        foreach (var (path, credential) in new[] { (Live, client), (Past, client), (Past, server.Admin) })
        {
            var hidden = (await server.PostAsync(path, Body, credential)).Expect(200).GetProperty("flags")[0];
            hidden.GetRawText().ShouldNotContain("example.com");
            var words = hidden.GetProperty("steps").EnumerateArray().Select(step => step.Text("description")).ToList();
            words[0].ShouldBe("override 'o_1' does not match: email is not a personal value");
            words[1].ShouldContain("email is equal to a personal value");
            hidden.GetProperty("steps")[1].GetProperty("conditions")[1].Text("description").ShouldBe("plan is equal to \"pro\"");
        }
        (await server.PostAsync(Live, Body)).Expect(200).GetRawText().ShouldContain("ann@example.com");
        (await server.PostAsync(Live + "&reveal=true", Body)).ExpectInvalid().ShouldBe(["/reveal"]);
        (await server.PostAsync(Past + "&reveal=true", Body, client)).ExpectProblem(403, "denied");
        var revealed = await CountAsync("audit.revealed");
        (await server.PostAsync(Past + "&reveal=true", Body)).Expect(200).GetRawText().ShouldContain("ann@example.com");
        (await CountAsync("audit.revealed")).ShouldBe(revealed + 1);
        (await LeafOfAsync("audit.revealed"))
            .GetProperty("meta")
            .GetProperty("details")
            .GetProperty("resources")
            .GetRawText()
            .ShouldBe("""[{"key":"checkout","kind":"flag"}]""");
    }

    [Fact]
    public async Task Holds_PlacedListedAndReleased_ForbidAnErasureMeanwhile()
    {
        var (id, token) = await NamedTokenAsync("Hal Held");
        var subject = (await server.GetAsync("/api/v1/me", token)).Expect(200).Text("subject");
        (await server.SendAsync("DELETE", $"/api/v1/tokens/{id}?reason=left", null, server.Admin)).Expect(200);
        var hold = $$"""{"key":"case-7","name":"Held v. us","subject":"{{subject}}","reason":"a court asks","ticket":"LEG-1"}""";
        (await server.PostAsync("/api/v1/holds?dryRun=true", hold)).Expect(200);
        (await server.PostAsync("/api/v1/holds", hold)).Expect(200);
        (await server.PostAsync("/api/v1/holds", hold)).ExpectProblem(422, "invalid");

        var items = (await server.GetAsync("/api/v1/holds")).Expect(200).Items();
        var held = items.Single(item => item.Text("key") == "case-7");
        (held.Text("name"), held.Text("subject")).ShouldBe(("Held v. us", subject));
        (await LeafOfAsync("hold.placed")).GetRawText().ShouldNotContain("Held v. us");

        var refused = (await EraseAsync($$"""{"subject":"{{subject}}","reason":"asked"}""")).ExpectProblem(409, "held");
        refused.GetProperty("errors")[0].Text("message").ShouldBe("hold 'case-7'");
        (await server.SendAsync("DELETE", "/api/v1/holds/case-7?reason=settled", null, server.Admin)).Expect(200);
        (await LeafOfAsync("hold.released")).GetProperty("outcome").GetProperty("ok").GetBoolean().ShouldBeTrue();
        (await EraseAsync($$"""{"subject":"{{subject}}","reason":"asked"}""")).Expect(200);
    }

    [Theory]
    [InlineData("""{"reason":"r"}""")]
    [InlineData("""{"name":"x","reason":""}""")]
    [InlineData("""{"name":"","reason":"r"}""")]
    [InlineData("""{"name":"x","reason":"r","extra":1}""")]
    [InlineData("""{"subject":"system","reason":"r"}""")]
    public async Task Erasure_ThatIsNotWellFormed_IsRefused(string body) =>
        (await EraseAsync(body)).ExpectProblem(422, "invalid");

    [Theory]
    [InlineData("""{"key":"h","reason":"r"}""")]
    [InlineData("""{"key":"h","subject":"s_1","from":1,"to":2,"reason":"r"}""")]
    [InlineData("""{"key":"h","from":5,"to":5,"reason":"r"}""")]
    [InlineData("""{"key":"h","from":-1,"to":5,"reason":"r"}""")]
    [InlineData("""{"key":"h","to":5,"reason":"r"}""")]
    public async Task Hold_ThatIsNotWellFormed_IsRefused(string body) =>
        (await server.PostAsync("/api/v1/holds", body)).ExpectProblem(422, "invalid");

    [Fact]
    public async Task Client_MayNeitherEraseNorRevealNorHold()
    {
        var (_, client) = await server.TokenAsync("CLIENT");
        (await server.PostAsync("/api/v1/privacy/erasures", """{"name":"x","reason":"r"}""", client)).ExpectProblem(
            403,
            "denied"
        );
        (await server.GetAsync("/api/v1/audit/0?reveal=true", client)).ExpectProblem(403, "denied");
        (await server.PostAsync("/api/v1/holds", """{"key":"h","subject":"s","reason":"r"}""", client)).ExpectProblem(
            403,
            "denied"
        );
        (await server.GetAsync("/api/v1/holds", client)).ExpectProblem(403, "denied");
    }

    private async Task<long> PersonalChangeAsync(string project)
    {
        await server.ProjectAsync(project);
        await server.FlagAsync(project, "checkout");
        const string Override =
            """{"operations":[{"op":"addOverride","flag":"checkout","environment":"staging","override":{"id":"o_1","attribute":"email","value":"tim@example.com","variant":"on"},"baseRevision":1}],"reason":"because Tim asked"}""";
        var answer = (await server.PostAsync($"/api/v1/projects/{project}/changes", Override)).Expect(200);
        return answer.GetProperty("ledger").GetProperty("index").GetInt64();
    }

    private async Task ChangeAsync(string credential, string operations, string reason)
    {
        var body = JsonSerializer.Serialize(new { operations = JsonSerializer.Deserialize<JsonElement>(operations), reason });
        var answer = await server.PostAsync(
            "/api/v1/projects/gone/changes",
            body,
            credential,
            ("User-Agent", credential == server.Admin ? "curl/8" : Agent),
            ("Idempotency-Key", $"{reason.Length}")
        );
        answer.Expect(200);
    }

    private async Task ImportAsync()
    {
        await server.ProjectAsync("past");
        const string Line =
            """{"at":"2024-01-11T15:58:29Z","actor":"Nadja Probe","reason":"Nadja wrote this","operations":[{"op":"createFlag","flag":"old"}]}""";
        (await server.PostAsync("/api/v1/projects/past/imports", Line)).Status.ShouldBe(200);
    }

    private async Task<(string Id, string Secret)> NamedTokenAsync(string name)
    {
        var body = JsonSerializer.Serialize(
            new
            {
                name,
                role = "ADMIN",
                reason = "test",
            }
        );
        var json = (await server.PostAsync("/api/v1/tokens", body)).Expect(200);
        return (json.Text("id"), json.Text("secret"));
    }

    private Task<Answer> EraseAsync(string body) => server.PostAsync("/api/v1/privacy/erasures", body);

    private async Task ErasedAsync(string name)
    {
        var body = JsonSerializer.Serialize(
            new
            {
                name,
                reason = "asked for it",
                ticket = "DSR-1",
            }
        );
        (await server.PostAsync("/api/v1/privacy/erasures?dryRun=true", body)).Expect(200).GetRawText().ShouldContain("erased");
        (await EraseAsync(body)).Expect(200);
        (await EraseAsync(body)).ExpectProblem(404, "not-found");
    }

    private async Task<long> CountAsync(string type) =>
        (await server.GetAsync($"/api/v1/audit/count?action={type}")).Expect(200).GetProperty("count").GetInt64();

    private async Task<JsonElement> LeafOfAsync(string type) =>
        (await server.GetAsync($"/api/v1/audit?limit=1&action={type}")).Expect(200).Items()[0].GetProperty("leaf");

    private async Task<JsonElement> LastLeafAsync()
    {
        var store = server.Services.GetRequiredService<IStore>();
        var size = (await server.HeadAsync()).Size;
        var entry = await store.EntryAsync("default", size - 1, TestContext.Current.CancellationToken);
        return JsonSerializer.Deserialize<JsonElement>(entry!.Leaf);
    }

    private static async Task<string> Files(string database)
    {
        var folder = Path.GetDirectoryName(database)!;
        var text = new StringBuilder();
        foreach (var file in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories))
        {
            if (!file.EndsWith("lock", StringComparison.Ordinal) && !file.EndsWith("-shm", StringComparison.Ordinal))
                text.Append(Encoding.Latin1.GetString(await ReadAsync(file)));
        }
        return text.ToString();
    }

    private static async Task<byte[]> ReadAsync(string file)
    {
        await using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        var bytes = new byte[stream.Length];
        await stream.ReadExactlyAsync(bytes);
        return bytes;
    }

    private static async Task CopyAsync(string from, string to) => await File.WriteAllBytesAsync(to, await ReadAsync(from));
}
