using System.Diagnostics.Metrics;
using System.Text;
using Halyard.Core.Storage;
using Halyard.Server.Delivery;
using Halyard.Server.Tests.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace Halyard.Server.Tests.Delivery;

/// <summary>Sinks as people meet them: made by a request, and delivering while the server runs.</summary>
public sealed class SinkEndpointTests(DeliveringServer server) : IClassFixture<DeliveringServer>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task RunningServer_DeliversWhatHappens_AndStopsWhenTheSinkIsSwitchedOff()
    {
        await using var target = await StandIn.StartAsync();
        var (reached, seen) = Signal(target, "flag.created");
        await CreateAsync("live", Webhook(target, ""","filter":{"actions":["flag.created"]}"""));
        await server.ProjectAsync("live");
        await server.FlagAsync("live", "checkout");
        await reached.WaitAsync(TimeSpan.FromSeconds(30), Cancellation);

        seen().ShouldBe(1);
        var body = Encoding.UTF8.GetBytes(Webhook(target, ""","enabled":false"""));
        (await server.SendAsync("PUT", "/api/v1/sinks/live", body, server.Admin)).Expect(200);
        var entry = (await server.GetAsync("/api/v1/audit?kind=sink&key=live&limit=1")).Expect(200).Items()[0];
        entry
            .GetProperty("actions")
            .EnumerateArray()
            .Select(action => action.GetString())
            .ShouldBe(["sink.disabled", "sink.updated"]);
        entry.Text("description").ShouldBe("disabled; filter changed");
    }

    [Fact]
    public async Task ChangeIsNotHeldUp_ByATargetThatNeverAnswers()
    {
        await using var target = await StandIn.StartAsync();
        var asked = new TaskCompletionSource();
        target.Answer = async _ =>
        {
            asked.TrySetResult();
            await Task.Delay(Timeout.Infinite, Cancellation);
            return new Reply(200);
        };
        await CreateAsync("stuck", Webhook(target));
        await server.ProjectAsync("stuck");
        await asked.Task.WaitAsync(TimeSpan.FromSeconds(30), Cancellation);

        // The target holds its first request open, and changes go through.
        await server.FlagAsync("stuck", "one");
        await server.FlagAsync("stuck", "two");

        target.Requests.Count.ShouldBe(1);
        (await server.SendAsync("DELETE", "/api/v1/sinks/stuck", null, server.Admin)).Expect(200);
    }

    [Fact]
    public async Task Secrets_AreInNoAnswer_NoEntry_NoMark_AndNoLineOfTheLog()
    {
        await using var target = await StandIn.StartAsync();
        // The worst that a target can do: repeat whatever it was sent, and whatever it knows.
        target.Answers(request => new Reply(400, $"{request.Text} {DeliveringServer.SigningSecret}"));
        var answers = new List<Answer>();
        foreach (
            var (key, body) in new[]
            {
                ("echo", Webhook(target)),
                ("slack", """{"kind":"slack","targetSecret":"slack"}"""),
                ("broken", """{"kind":"slack","targetSecret":"broken"}"""),
                ("absent", """{"kind":"webhook","targetSecret":"nothing","secret":"hooks"}"""),
            }
        )
        {
            answers.Add(await CreateAsync(key, body));
            answers.Add(await server.PostAsync($"/api/v1/sinks/{key}/test", "{}"));
            answers.Add(await server.PostAsync($"/api/v1/sinks/{key}/dead-letters/retry", "{}"));
            answers.Add(await server.GetAsync($"/api/v1/sinks/{key}"));
            answers.Add(await server.GetAsync($"/api/v1/sinks/{key}/status"));
        }
        answers.Add(await server.GetAsync("/api/v1/sinks"));
        answers.Add(await server.GetAsync("/api/v1/audit?limit=1000"));
        answers.ShouldAllBe(answer => answer.Status == 200);
        answers[5].Expect(200);
        answers[6].Json.Text("detail").ShouldBe("the target cannot be reached (ConnectionError)");
        answers[16].Json.Text("detail").ShouldStartWith("there is no secret 'nothing' for tenant 'default' in the configuration");

        var store = server.Services.GetRequiredService<IStore>();
        var marks = (await store.MarksAsync("default", "", Cancellation)).Select(mark => Encoding.UTF8.GetString(mark.Value));
        var everything = string.Join('\n', [.. answers.Select(answer => answer.Words), .. marks, server.Log]);
        foreach (var secret in new[] { DeliveringServer.SigningSecret, "address-secret-4712", "address-secret-4713" })
            everything.ShouldNotContain(secret);
        server.Log.ShouldNotBeEmpty();
    }

    [Fact]
    public async Task Test_SaysWhatCameBack_AndIsAnEntry()
    {
        await using var target = await StandIn.StartAsync();
        await CreateAsync("tested", Webhook(target, ""","enabled":false"""));

        var answer = (await server.PostAsync("/api/v1/sinks/tested/test", """{"reason":"new key"}""")).Expect(200);

        answer.GetProperty("delivered").GetBoolean().ShouldBeTrue();
        answer.Text("detail").ShouldBe("the target answered 200");
        target.Requests.ShouldHaveSingleItem().Json.Text("type").ShouldBe("dev.halyard.test");
        var index = answer.GetProperty("ledger").GetProperty("index").GetInt64();
        var entry = (await server.GetAsync($"/api/v1/audit/{index}")).Expect(200);
        (entry.Text("type"), entry.Text("reason")).ShouldBe(("sink.tested", "new key"));
    }

    [Fact]
    public async Task Test_RepeatedUnderItsKey_SendsNothingASecondTime()
    {
        await using var target = await StandIn.StartAsync();
        await CreateAsync("once", Webhook(target, ""","enabled":false"""));

        (await server.PostAsync("/api/v1/sinks/once/test", "{}", null, ("Idempotency-Key", "t-1"))).Expect(200);
        (await server.PostAsync("/api/v1/sinks/once/test", "{}", null, ("Idempotency-Key", "t-1"))).Expect(200);
        (await server.PostAsync("/api/v1/sinks/once/test?dryRun=true", "{}")).Expect(200).Text("verdict").ShouldBe("allow");

        target.Requests.Count.ShouldBe(1);
    }

    [Theory]
    [InlineData("""{"kind":"webhook"}""", "/secret /target")]
    [InlineData("""{"kind":"webhook","target":"https://a.example","targetSecret":"x","secret":"s"}""", "/target")]
    [InlineData("""{"kind":"webhook","target":"http://a.example/","secret":"s"}""", "/target")]
    [InlineData("""{"kind":"webhook","target":"https://me:pw@a.example/","secret":"s"}""", "/target")]
    [InlineData("""{"kind":"webhook","target":"https://a.example/?token=1","secret":"s"}""", "/target")]
    [InlineData("""{"kind":"webhook","target":"ftp://a.example/","secret":"../s"}""", "/secret /target")]
    [InlineData("""{"kind":"slack","target":"https://hooks.slack.com/services/T/B/x"}""", "/target /targetSecret")]
    [InlineData("""{"kind":"slack","targetSecret":"x","mode":"stream","secret":"y"}""", "/mode /secret")]
    [InlineData("""{"kind":"file","target":"../audit.jsonl"}""", "/target")]
    [InlineData("""{"kind":"file","target":"/etc/audit.jsonl"}""", "/target")]
    [InlineData("""{"kind":"file","target":"audit.txt"}""", "/target")]
    [InlineData("""{"kind":"file","target":".jsonl"}""", "/target")]
    [InlineData("""{"kind":"file","target":"audit.jsonl","mode":"alert","previousSecret":"x"}""", "/mode /previousSecret")]
    [InlineData("""{"kind":"opensearch","target":"https://a.example:9200"}""", "/target")]
    [InlineData("""{"kind":"opensearch","target":"https://a.example:9200/_all"}""", "/target")]
    [InlineData("""{"kind":"opensearch","target":"https://a.example:9200/UPPER"}""", "/target")]
    [InlineData("""{"kind":"carrier-pigeon"}""", "/kind")]
    [InlineData("""{"kind":"file","target":"a.jsonl","groupSeconds":3601,"from":-1}""", "/from /groupSeconds")]
    [InlineData(
        """{"kind":"file","target":"a.jsonl","filter":{"actions":["flag.unheard","nothing.*"],"classes":["x"],"environmentTypes":["y"],"colour":1}}""",
        "/filter/actions/0 /filter/actions/1 /filter/classes/0 /filter/colour /filter/environmentTypes/0"
    )]
    public async Task SinkThatCannotBe_IsRefusedWithEverythingThatIsWrong(string body, string pointers) =>
        (await server.PostAsync("/api/v1/sinks", Keyed("refused", body))).ExpectInvalid().ShouldBe(pointers.Split(' '));

    [Fact]
    public async Task Sink_IsOneOfItsKey_AndItsKindStays()
    {
        const string file = """{"kind":"file","target":"audit.jsonl"}""";
        await CreateAsync("kind", file);

        (await server.PostAsync("/api/v1/sinks", Keyed("kind", file))).ExpectInvalid().ShouldBe(["/key"]);
        (await PutAsync("kind", """{"kind":"slack","targetSecret":"slack"}""")).ExpectInvalid().ShouldBe(["/kind"]);
        (await PutAsync("nothing", file)).ExpectProblem(422, "invalid");
        (await server.SendAsync("DELETE", "/api/v1/sinks/nothing", null, server.Admin)).ExpectProblem(422, "invalid");
        (await server.GetAsync("/api/v1/sinks/nothing")).ExpectProblem(404, "not-found");
        (await server.GetAsync("/api/v1/sinks/nothing/status")).ExpectProblem(404, "not-found");
        (await server.PostAsync("/api/v1/sinks/nothing/test", "{}")).ExpectProblem(404, "not-found");
        (await server.GetAsync("/api/v1/sinks/kind", server.Other)).ExpectProblem(404, "not-found");
        var answer = await server.GetAsync("/api/v1/sinks/kind");
        answer.ETag.ShouldBe("\"1\"");
        (await PutAsync("kind", """{"kind":"file","target":"other.jsonl"}""", ("If-Match", "\"7\""))).ExpectProblem(
            412,
            "precondition-failed"
        );
    }

    [Fact]
    public async Task Deliveries_AreMeasuredBySink()
    {
        await using var target = await StandIn.StartAsync();
        var (reached, _) = Signal(target, "project.created");
        var measured = new TaskCompletionSource();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (instrument.Meter.Name == DeliveryMeter.Name)
                self.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<long>(
            (instrument, _, tags, _) =>
            {
                foreach (var tag in tags)
                {
                    if (instrument.Name == "halyard.delivery.deliveries" && tag is { Key: "sink", Value: "measured" })
                        measured.TrySetResult();
                }
            }
        );
        listener.Start();
        await CreateAsync("measured", Webhook(target));

        await server.ProjectAsync("measured");

        await reached.WaitAsync(TimeSpan.FromSeconds(30), Cancellation);
        await measured.Task.WaitAsync(TimeSpan.FromSeconds(30), Cancellation);
    }

    private async Task<Answer> CreateAsync(string key, string body)
    {
        var answer = await server.PostAsync("/api/v1/sinks", Keyed(key, body));
        answer.Expect(200);
        return answer;
    }

    private Task<Answer> PutAsync(string key, string body, params (string Name, string Value)[] headers) =>
        server.SendAsync("PUT", $"/api/v1/sinks/{key}", Encoding.UTF8.GetBytes(body), server.Admin, headers);

    private static string Keyed(string key, string body) => $$"""{"key":"{{key}}",{{body[1..]}}""";

    private static string Webhook(StandIn target, string more = "") =>
        $$"""{"kind":"webhook","target":"{{target.Address}}/in","secret":"hooks"{{more}}}""";

    /// <summary>Completes when an entry of a type has arrived; and how many have.</summary>
    private static (Task Reached, Func<int> Seen) Signal(StandIn target, string type)
    {
        var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        target.Answers(request =>
        {
            if (request.Json.Text("type") == $"dev.halyard.audit.{type}")
                reached.TrySetResult();
            return new Reply(200);
        });
        return (reached.Task, () => target.Requests.Count(request => request.Json.Text("type") == $"dev.halyard.audit.{type}"));
    }
}
