using System.Text;
using Halyard.Server.Tests.Hosting;

namespace Halyard.Server.Tests.Requests;

/// <summary>Each way to be refused has its status, its type and says where.</summary>
public sealed class ProblemTests(HalyardServer server) : IClassFixture<HalyardServer>, IAsyncLifetime
{
    private static int _projects;
    private readonly string _project = $"p{Interlocked.Increment(ref _projects)}";

    private string Changes => $"/api/v1/projects/{_project}/changes";

    public async ValueTask InitializeAsync()
    {
        await server.ProjectAsync(_project);
        await server.FlagAsync(_project, "checkout");
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Theory]
    [InlineData("{")]
    [InlineData("nonsense")]
    [InlineData("{\"a\":1}}")]
    [InlineData("{'a':1}")]
    [InlineData("[1,]")]
    public Task Body_ThatIsNotJson_Is400(string body) => RefusedAsync(body, answer => answer.ExpectProblem(400, "malformed"));

    [Theory]
    [InlineData("""{"reason":"a","reason":"b"}""")]
    [InlineData("""{"reason":"\ud800"}""")]
    [InlineData("""{"operations":[{"op":"createFlag","flag":"x","variants":[{"key":"a","value":9007199254740993}]}]}""")]
    [InlineData("""{"operations":[{"op":"createFlag","flag":"x","variants":[{"key":"a","value":1e400}]}]}""")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("17")]
    public Task Body_ThatIsJsonButCannotBeMeant_Is422(string body) =>
        RefusedAsync(body, answer => answer.ExpectProblem(422, "invalid"));

    [Fact]
    public async Task EverythingThatIsWrong_IsSaidAtOnce_WithPointers()
    {
        const string body = """
            {"operations":[{"op":"setEnabled","flag":"checkout","environment":"staging","enabled":"yes"},{"op":"fly"},{"op":"deleteFlag","flag":"checkout"}],
             "reason":7,"extra":true}
            """;

        (await server.PostAsync(Changes, body))
            .ExpectInvalid()
            .ShouldBe([
                "/extra",
                "/operations/0/baseRevision",
                "/operations/0/enabled",
                "/operations/1/op",
                "/operations/2/baseRevision",
                "/reason",
            ]);
    }

    [Fact]
    public async Task Shortcut_NamesTheMembersOfItsOwnBody()
    {
        (await server.PostAsync("/api/v1/projects", """{"name":7,"colour":"red"}"""))
            .ExpectInvalid()
            .ShouldBe(["/colour", "/key", "/name"]);
        (await server.PostAsync("/api/v1/projects", """{"key":"NOT A KEY"}""")).ExpectInvalid().ShouldContain("/key");
        (await server.PostAsync("/api/v1/projects", """{"key":"x","op":"deleteFlag"}""")).ExpectInvalid().ShouldContain("/op");
        (await server.PostAsync("/api/v1/projects", "[]")).ExpectInvalid().ShouldContain("");
        (await server.PostAsync("/api/v1/tokens", "{}")).ExpectInvalid().ShouldBe(["/name", "/role"]);
    }

    [Fact]
    public async Task Evaluation_SaysEverythingThatIsWrongAtOnce() =>
        (await server.PostAsync($"/api/v1/projects/{_project}/evaluate?at=yesterday&colour=red", """{"context":[],"flags":1}"""))
            .ExpectInvalid()
            .ShouldBe(["/at", "/colour", "/context", "/environment", "/flags"]);

    [Fact]
    public async Task Body_OfMoreThanAMebibyte_Is413_HoweverItIsSent()
    {
        var large = $$"""{"operations":[],"reason":"{{new string('x', 1024 * 1024)}}"}""";

        await RefusedAsync(large, answer => answer.ExpectProblem(413, "too-large"));

        using var http = new HttpClient { BaseAddress = server.Address };
        using var request = new HttpRequestMessage(HttpMethod.Post, Changes);
        request.Headers.TransferEncodingChunked = true;
        request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {server.Admin}");
        request.Content = new StreamContent(new MemoryStream(Encoding.UTF8.GetBytes(large)));
        using var response = await http.SendAsync(request, TestContext.Current.CancellationToken);
        ((int)response.StatusCode).ShouldBe(413);
    }

    [Theory]
    [InlineData("GET", "/api/v1/nothing", 404, "not-found")]
    [InlineData("GET", "/", 404, "not-found")]
    [InlineData("GET", "/api/v1/projects/nobody", 404, "not-found")]
    [InlineData("GET", "/api/v1/projects/nobody/flags", 404, "not-found")]
    [InlineData("GET", "/api/v1/audit/99999999", 404, "not-found")]
    [InlineData("GET", "/api/v1/audit/-1", 404, "not-found")]
    [InlineData("GET", "/api/v1/audit/9223372036854775807", 404, "not-found")]
    [InlineData("GET", "/api/v1/audit/-1/proof", 404, "not-found")]
    [InlineData("GET", "/api/v1/audit/9223372036854775807/proof", 404, "not-found")]
    [InlineData("GET", "/api/v1/audit/99999999999999999999/proof", 404, "not-found")]
    [InlineData("GET", "/api/v1/audit/0/proof?size=9223372036854775807", 404, "not-found")]
    [InlineData("GET", "/api/v1/audit/0/proof?size=0", 422, "invalid")]
    [InlineData("PUT", "/api/v1/projects", 405, "method-not-allowed")]
    [InlineData("DELETE", "/api/v1/projects/x", 405, "method-not-allowed")]
    [InlineData("GET", "/ofrep/v1/evaluate/flags", 405, "method-not-allowed")]
    [InlineData("GET", "/api/v1/me?verbose=1", 422, "invalid")]
    [InlineData("GET", "/api/v1/projects?page=2", 422, "invalid")]
    [InlineData("GET", "/api/v1/projects?limit=0", 422, "invalid")]
    [InlineData("GET", "/api/v1/projects?limit=1001", 422, "invalid")]
    [InlineData("GET", "/api/v1/projects?limit=1&limit=2", 422, "invalid")]
    [InlineData("GET", "/api/v1/projects?at=today", 422, "invalid")]
    [InlineData("GET", "/api/v1/tokens?role=ADMIN", 422, "invalid")]
    [InlineData("GET", "/api/v1/audit?actor=a&actor=b", 422, "invalid")]
    [InlineData("GET", "/api/v1/audit?action=fly", 422, "invalid")]
    [InlineData("GET", "/api/v1/audit?kind=dragon", 422, "invalid")]
    [InlineData("GET", "/api/v1/audit?succeeded=yes", 422, "invalid")]
    [InlineData("GET", "/api/v1/audit?cursor=-1", 422, "invalid")]
    [InlineData("GET", "/api/v1/audit?key=x", 422, "invalid")]
    [InlineData("GET", "/api/v1/audit/count?limit=1", 422, "invalid")]
    [InlineData("GET", "/api/v1/audit/0?verbose=1", 422, "invalid")]
    public async Task Address_ThatLeadsNowhere_IsRefusedAsAProblem(string method, string path, int status, string type) =>
        (await server.SendAsync(method, path, null, server.Admin)).ExpectProblem(status, type);

    [Theory]
    [InlineData("dryrun=maybe")]
    [InlineData("dryRun")]
    [InlineData("dryRun=TRUE")]
    [InlineData("dry-run=true")]
    [InlineData("dryRun=true&dryRun=false")]
    [InlineData("reason=because")]
    public async Task DryRun_ThatIsMisspelt_WritesNothing(string query)
    {
        var head = await server.HeadAsync();

        (await server.PostAsync($"{Changes}?{query}", Enable(1))).ExpectProblem(422, "invalid");

        (await server.HeadAsync()).ShouldBe(head);
    }

    [Fact]
    public async Task DryRun_SaysWhatWouldHappen_AndWritesNothing()
    {
        var head = await server.HeadAsync();

        var preview = (await server.PostAsync($"{Changes}?dryRun=true", Enable(1), null, ("Idempotency-Key", "dry"))).Expect(200);

        preview.Text("verdict").ShouldBe("allow");
        preview.GetProperty("blastRadius").GetInt32().ShouldBe(1);
        preview.GetProperty("environments")[0].Text("key").ShouldBe("staging");
        preview.GetProperty("resources")[0].GetProperty("revisionTo").GetInt64().ShouldBe(2);
        (await server.HeadAsync()).ShouldBe(head);
        // The key was not used up by looking.
        (await server.PostAsync(Changes, Enable(1), null, ("Idempotency-Key", "dry")))
            .Expect(200)
            .Text("status")
            .ShouldBe("applied");
    }

    [Fact]
    public async Task Change_OnAStaleRevision_Is409_AndNothingIsLost()
    {
        (await server.PostAsync(Changes, Enable(1))).Expect(200);
        var head = await server.HeadAsync();

        (await server.PostAsync(Changes, Enable(1, "false"))).ExpectProblem(409, "stale-revision");

        (await server.HeadAsync()).ShouldBe(head);
        (await server.GetAsync($"/api/v1/projects/{_project}/flags/checkout"))
            .Json.GetProperty("environments")
            .GetProperty("staging")
            .GetProperty("enabled")
            .GetBoolean()
            .ShouldBeTrue();
    }

    [Fact]
    public async Task Change_ThatChangesNothing_IsUnchangedAndNotInTheLog()
    {
        (await server.PostAsync(Changes, Enable(1))).Expect(200);
        var head = await server.HeadAsync();

        var answer = (await server.PostAsync(Changes, Enable(2))).Expect(200);

        answer.Text("status").ShouldBe("unchanged");
        answer.TryGetProperty("ledger", out _).ShouldBeFalse();
        (await server.HeadAsync()).ShouldBe(head);
    }

    [Fact]
    public async Task IfMatch_OfTheETag_Applies_AndAnotherIs412()
    {
        var path = $"/api/v1/projects/{_project}/flags/checkout";
        var tag = (await server.GetAsync(path)).ETag.ShouldNotBeNull();
        tag.ShouldBe("\"1\"");
        var body = Encoding.UTF8.GetBytes("""{"name":"New name","baseRevision":1,"reason":"Clearer"}""");

        (await server.SendAsync("PATCH", path, body, server.Admin, ("If-Match", "\"7\""))).ExpectProblem(
            412,
            "precondition-failed"
        );
        (await server.SendAsync("PATCH", path, body, server.Admin, ("If-Match", "soon"))).ExpectProblem(422, "invalid");
        (await server.SendAsync("PATCH", path, body, server.Admin, ("If-Match", tag))).Expect(200);
        (await server.GetAsync(path)).ETag.ShouldBe("\"2\"");
        (await server.SendAsync("DELETE", path, null, server.Admin, ("If-Match", tag))).ExpectProblem(412, "precondition-failed");
    }

    [Fact]
    public async Task IdempotencyKey_OfTheSameRequest_AnswersTheSameBytes_AndOfAnotherIs409()
    {
        var first = await server.PostAsync(Changes, Enable(1), null, ("Idempotency-Key", "once"));
        first.Expect(200);
        var head = await server.HeadAsync();

        var again = await server.PostAsync(
            Changes,
            Enable(1).Replace(":", " : ", StringComparison.Ordinal),
            null,
            ("Idempotency-Key", "once")
        );
        again.Expect(200);
        again.Bytes.ShouldBe(first.Bytes);

        (await server.PostAsync(Changes, Enable(2, "false"), null, ("Idempotency-Key", "once"))).ExpectProblem(
            409,
            "idempotency-key-reused"
        );
        (await server.PostAsync(Changes, Enable(1), null, ("Idempotency-Key", "once"), ("If-Match", "\"1\""))).ExpectProblem(
            409,
            "idempotency-key-reused"
        );
        (await server.PostAsync(Changes, Enable(1), null, ("Idempotency-Key", new string('k', 256)))).ExpectProblem(
            422,
            "invalid"
        );
        (await server.HeadAsync()).ShouldBe(head);
    }

    [Fact]
    public async Task IdempotencyKey_OfACredential_NeverShowsTheSecretTwice()
    {
        const string body = """{"name":"once","role":"CLIENT"}""";
        var key = ("Idempotency-Key", _project);
        var first = (await server.PostAsync("/api/v1/tokens", body, null, key)).Expect(200);

        var again = (await server.PostAsync("/api/v1/tokens", body, null, key)).Expect(200);

        again.Text("id").ShouldBe(first.Text("id"));
        again.TryGetProperty("secret", out _).ShouldBeFalse();
    }

    [Theory]
    [InlineData(4096, 200)]
    [InlineData(4097, 422)]
    public async Task ReasonInTheAddress_HasTheSameLimitAsInTheBody(int length, int status)
    {
        var path = $"/api/v1/projects/{_project}/flags/checkout?reason={new string('r', length)}";

        (await server.SendAsync("DELETE", path, null, server.Admin)).Status.ShouldBe(status);
    }

    private static string Enable(int baseRevision, string enabled = "true") =>
        $$"""
            {"operations":[{"op":"setEnabled","flag":"checkout","environment":"staging","enabled":{{enabled}},"baseRevision":{{baseRevision}}}],"reason":"Try"}
            """;

    private async Task RefusedAsync(string body, Action<Answer> expect)
    {
        var head = await server.HeadAsync();
        expect(await server.PostAsync(Changes, body));
        (await server.HeadAsync()).ShouldBe(head);
    }
}
