using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using Halyard.Server.Tests.Hosting;

namespace Halyard.Server.Tests.Ofrep;

/// <summary>OFREP 0.3, each answer held against the published schemas.</summary>
public sealed class OfrepTests(HalyardServer server) : IClassFixture<HalyardServer>
{
    private const string Bulk = "/ofrep/v1/evaluate/flags";
    private const string German = """{"context":{"targetingKey":"user-1","country":"de"}}""";
    private const string French = """{"context":{"targetingKey":"user-1","country":"fr"}}""";

    private static int _projects;

    private readonly OfrepSchema _schema = OfrepSchema.Load();

    [Theory]
    [InlineData("static", German, "STATIC", "on", "true")]
    [InlineData("disabled", German, "DISABLED", "off", "false")]
    [InlineData("words", German, "TARGETING_MATCH", "treatment", "\"Ahoy\"")]
    [InlineData("words", French, "DEFAULT", "control", "\"Grüß Gott\"")]
    [InlineData("whole", German, "TARGETING_MATCH", "treatment", "42")]
    [InlineData("whole", French, "DEFAULT", "control", "1")]
    [InlineData("fraction", German, "TARGETING_MATCH", "treatment", "-1.5")]
    [InlineData("shape", German, "TARGETING_MATCH", "treatment", """{"colour":"red","size":{"w":2}}""")]
    [InlineData("shape", French, "DEFAULT", "control", "{}")]
    [InlineData("needy", German, "DEFAULT", "off", "false")]
    public async Task Flag_AnswersValueVariantAndReason(string flag, string question, string reason, string variant, string value)
    {
        var key = await KeyAsync();

        var answer = (await server.PostAsync($"{Bulk}/{flag}", question, key)).Expect(200);

        _schema.Violations("serverEvaluationSuccess", answer).ShouldBeEmpty();
        answer.Text("key").ShouldBe(flag);
        answer.Text("reason").ShouldBe(reason);
        answer.Text("variant").ShouldBe(variant);
        answer.GetProperty("value").GetRawText().ShouldBe(value);
    }

    [Fact]
    public async Task Split_SaysSo_AndUnmetPrerequisiteIsInTheMetadata()
    {
        var key = await KeyAsync();

        var split = (await server.PostAsync($"{Bulk}/split", German, key)).Expect(200);
        var needy = (await server.PostAsync($"{Bulk}/needy", German, key)).Expect(200).GetProperty("metadata");

        _schema.Violations("serverEvaluationSuccess", split).ShouldBeEmpty();
        split.Text("reason").ShouldBe("SPLIT");
        needy.Text("reason").ShouldBe("PREREQUISITE_FAILED");
        needy.Text("prerequisite").ShouldBe("disabled");
    }

    [Fact]
    public async Task Bulk_AnswersEveryFlag_AsEachAloneIsAnswered()
    {
        var key = await KeyAsync();

        var bulk = await server.PostAsync(Bulk, German, key);

        _schema.Violations("bulkEvaluationSuccess", bulk.Expect(200)).ShouldBeEmpty();
        var flags = bulk.Json.GetProperty("flags").EnumerateArray().ToList();
        flags.Select(flag => flag.Text("key")).ShouldBe(OfrepFlags.Keys);
        foreach (var flag in flags)
            flag.GetRawText().ShouldBe((await server.PostAsync($"{Bulk}/{flag.Text("key")}", German, key)).Words);
    }

    [Fact]
    public async Task ETag_OfWhatTheClientHas_Is304UntilSomethingChanges()
    {
        var project = NewProject();
        var key = await OfrepFlags.CreateAsync(server, project);
        var tag = (await server.PostAsync(Bulk, German, key)).ETag.ShouldNotBeNull();
        foreach (var known in new[] { tag, $"W/{tag}", $"\"other\", {tag}", "*" })
        {
            var unchanged = await server.PostAsync(Bulk, German, key, ("If-None-Match", known));
            unchanged.Status.ShouldBe(304, known);
            unchanged.Bytes.ShouldBeEmpty();
            unchanged.ETag.ShouldBe(tag);
        }
        foreach (var unknown in new[] { "\"other\"", "nonsense", tag.Trim('"') })
            (await server.PostAsync(Bulk, German, key, ("If-None-Match", unknown))).Status.ShouldBe(200, unknown);
        (await server.PostAsync(Bulk, French, key, ("If-None-Match", tag))).Expect(200);

        (await server.PostAsync($"/api/v1/projects/{project}/flags/static/environments/staging/disable", "")).Expect(200);

        var changed = await server.PostAsync(Bulk, German, key, ("If-None-Match", tag));
        changed.Expect(200);
        changed.ETag.ShouldNotBe(tag);
    }

    [Fact]
    public async Task UnknownFlag_Is404()
    {
        var answer = (await server.PostAsync($"{Bulk}/nobody", German, await KeyAsync())).Expect(404);

        _schema.Violations("flagNotFound", answer).ShouldBeEmpty();
        answer.Text("key").ShouldBe("nobody");
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("{")]
    [InlineData("""{"context":null}""")]
    [InlineData("""{"context":[]}""")]
    [InlineData("""{"context":{"targetingKey":7}}""")]
    [InlineData("""{"context":{"targetingKey":"\ud800"}}""")]
    [InlineData("""{"context":{"targetingKey":"u"}} trailing""")]
    public async Task Context_ThatIsNone_Is400InvalidContext(string body)
    {
        var key = await KeyAsync();

        var one = (await server.PostAsync($"{Bulk}/static", body, key)).Expect(400);
        var all = (await server.PostAsync(Bulk, body, key)).Expect(400);

        _schema.Violations("evaluationFailure", one).ShouldBeEmpty();
        _schema.Violations("bulkEvaluationFailure", all).ShouldBeEmpty();
        one.Text("errorCode").ShouldBe("INVALID_CONTEXT");
        all.Text("errorCode").ShouldBe("INVALID_CONTEXT");
    }

    /// <summary>What is refused before it was read to its end must not cost the connection, nor an error in the log.</summary>
    [Fact]
    public async Task ChunkedBody_ThatIsTooLarge_Is400AndTheConnectionStays()
    {
        var key = await KeyAsync();
        var connections = 0;
        using var handler = new SocketsHttpHandler
        {
            MaxConnectionsPerServer = 1,
            ConnectCallback = async (context, cancelled) =>
            {
                connections++;
                var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
                await socket.ConnectAsync(context.DnsEndPoint, cancelled);
                return new NetworkStream(socket, ownsSocket: true);
            },
        };
        using var http = new HttpClient(handler) { BaseAddress = server.Address };
        for (var i = 0; i < 3; i++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, $"{Bulk}/static");
            request.Headers.TransferEncodingChunked = true;
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
            request.Content = new StringContent($"[\"{new string('x', 80_000)}\"]");
            using var response = await http.SendAsync(request, TestContext.Current.CancellationToken);
            response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        }
        connections.ShouldBe(1);
    }

    [Fact]
    public async Task Context_ThatIsTooLarge_Is400()
    {
        var body = $$$"""{"context":{"targetingKey":"{{{new string('k', 2 * 1024 * 1024)}}}"}}""";

        var answer = await server.SendAsync("POST", $"{Bulk}/static", Encoding.UTF8.GetBytes(body), await KeyAsync());

        _schema.Violations("evaluationFailure", answer.Expect(400)).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("flagNotFound", """{"key":"x","errorCode":"GENERAL"}""")]
    [InlineData("evaluationFailure", """{"errorCode":"GENERAL"}""")]
    [InlineData("serverEvaluationSuccess", """{"key":"x","reason":"GUESS","value":true}""")]
    [InlineData("serverEvaluationSuccess", """{"key":7,"reason":"STATIC","value":true}""")]
    [InlineData("serverEvaluationSuccess", """{"key":"x","reason":"STATIC","metadata":{"a":[]}}""")]
    [InlineData("bulkEvaluationSuccess", """{"flags":[{"key":"x"}]}""")]
    public void Schema_NoticesWhatIsWrong(string schema, string answer) =>
        _schema
            .Violations(schema, System.Text.Json.JsonSerializer.Deserialize<System.Text.Json.JsonElement>(answer))
            .ShouldNotBeEmpty();

    private static string NewProject() => $"o{Interlocked.Increment(ref _projects)}";

    private Task<string> KeyAsync() => OfrepFlags.CreateAsync(server, NewProject());
}
