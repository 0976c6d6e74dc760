using System.Text.Json;
using Halyard.Core.Changes;

namespace Halyard.Server.Tests.Delivery;

/// <summary>What is worth an alert, when it is told, and how Slack gets it.</summary>
public sealed class AlertTests : IAsyncLifetime
{
    private const string AllClasses =
        """{"classes":["production-change","access-change","critical-tag","verification-failed","emergency-bypass"]}""";

    private DeliveryWorld _world = null!;
    private StandIn _slack = null!;

    private IEnumerable<string> Texts => _slack.Requests.Select(request => request.Json.GetProperty("text").GetString()!);

    public async ValueTask InitializeAsync()
    {
        _world = await DeliveryWorld.StartAsync();
        _slack = await StandIn.StartAsync();
        _world.Secret("slack", $"{_slack.Address}/services/T000/B000/sEcReTpAtH");
    }

    public async ValueTask DisposeAsync()
    {
        await _slack.DisposeAsync();
        _world.Dispose();
    }

    [Theory]
    [InlineData("production-change")]
    [InlineData("access-change")]
    [InlineData("critical-tag")]
    [InlineData("verification-failed")]
    public async Task Class_IsToldOfWhatBelongsToIt_AndOfNothingElse(string alert)
    {
        var worker = _world.Worker(await SlackAsync($$"""{"classes":["{{alert}}"]}""", groupSeconds: 0));
        // What a flag is in itself holds in every environment, production among them.
        var happenings = new (string Classes, Func<Task> Do)[]
        {
            ("none", () => _world.DoAsync("""{"op":"createFlag","flag":"plain"}""")),
            ("none", () => _world.DoAsync(Enable("plain", "dev"))),
            ("production-change", () => _world.DoAsync(Enable("plain", "prod"))),
            ("access-change", () => _world.DeniedAsync(Enable("plain", "prod"))),
            ("production-change", () => _world.DoAsync("""{"op":"deleteFlag","flag":"plain"}""")),
            ("access-change", () => _world.DeniedAsync("""{"op":"createFlag","flag":"denied"}""")),
            ("critical-tag", () => _world.DoAsync("""{"op":"createFlag","flag":"c","tags":["critical"]}""")),
            ("access-change", () => _world.DeniedAsync("""{"op":"updateFlag","flag":"c","name":"B"}""")),
            ("critical-tag production-change", () => _world.DoAsync("""{"op":"updateFlag","flag":"c","name":"C"}""")),
            ("critical-tag production-change", () => _world.DoAsync("""{"op":"updateFlag","flag":"c","tags":[]}""")),
            ("production-change", () => _world.DoAsync("""{"op":"updateFlag","flag":"c","name":"D"}""")),
            ("critical-tag production-change", () => _world.DoAsync("""{"op":"updateFlag","flag":"c","tags":["critical"]}""")),
            ("critical-tag production-change", () => _world.DoAsync("""{"op":"deleteFlag","flag":"c"}""")),
            ("none", () => _world.ViewAsync()),
            (
                "verification-failed",
                () =>
                    _world.RecordAsync(
                        new ChangeEvent("log.verification_failed", "entry 7 was changed") { FailureCode = "log.tampered" }
                    )
            ),
        };

        foreach (var (belongs, happen) in happenings)
        {
            _slack.Requests.Clear();
            await happen();
            await _world.CatchUpAsync(worker);

            _slack.Requests.Count.ShouldBe(
                belongs.Contains(alert, StringComparison.Ordinal) ? 1 : 0,
                $"{belongs} told to {alert}: {string.Join('|', Texts)}"
            );
        }
    }

    [Fact]
    public async Task Burst_IsToldAtOnceForTheFirst_AndTogetherForTheRest()
    {
        var worker = _world.Worker(await SlackAsync("""{"actions":["flag.viewed"]}""", groupSeconds: 60));
        var first = await _world.ViewAsync();
        (await DeliveryWorld.RunAsync(worker)).ShouldBe(TimeSpan.FromSeconds(60));
        await _world.ViewAsync(25);
        _world.Time.Now += TimeSpan.FromSeconds(59);
        await DeliveryWorld.RunAsync(worker);
        _slack.Requests.Count.ShouldBe(1);

        _world.Time.Now += TimeSpan.FromSeconds(1);
        await DeliveryWorld.RunAsync(worker);

        _slack.Requests.Count.ShouldBe(2);
        var blocks = Blocks(_slack.Requests.Last());
        blocks[0].ShouldBe("Audit: 25 entries");
        blocks.Count.ShouldBe(12, "a header, ten entries, and the rest");
        blocks[1].ShouldStartWith($"entry {first + 1}: ");
        blocks[10].ShouldStartWith($"entry {first + 10}: ");
        blocks[11].ShouldBe($"and 15 more, up to entry {first + 25}");
    }

    [Fact]
    public async Task EachEntry_IsToldOnce_ThroughRestartsAndFailures()
    {
        var sink = await SlackAsync("""{"actions":["flag.viewed"]}""", groupSeconds: 60);
        var tried = 0;
        _slack.Answers(_ => new Reply(tried++ % 2 == 0 ? 500 : 200, "rollup_error"));
        for (var round = 0; round < 6; round++)
        {
            await _world.ViewAsync(3);
            var worker = _world.Worker(sink, $"node-{round}");
            _world.Time.Now += TimeSpan.FromMinutes(2);
            await _world.CatchUpAsync(worker);
        }

        var told = _slack.Requests.Where((_, i) => i % 2 == 1).SelectMany(request => Blocks(request).Skip(1)).ToList();

        told.Count.ShouldBe(18);
        told.Distinct(StringComparer.Ordinal).Count().ShouldBe(18);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task GroupThatIsSentAgain_IsTheSameMessage_WhateverCameMeanwhile(bool restarts)
    {
        var sink = await _world.WebhookAsync(
            _slack,
            more: ""","mode":"alert","filter":{"actions":["flag.viewed"]},"groupSeconds":0"""
        );
        var answers = new Queue<int>([500, 200, 200]);
        _slack.Answers(_ => new Reply(answers.Dequeue()));
        var first = await _world.ViewAsync(2);
        var worker = _world.Worker(sink);
        var wait = await DeliveryWorld.RunAsync(worker);
        await _world.ViewAsync(3);
        _world.Time.Now += restarts ? TimeSpan.FromMinutes(1) : wait;

        await _world.CatchUpAsync(restarts ? _world.Worker(sink, "node-2") : worker);

        var sent = _slack.Requests.Select(request => request.Json).ToList();
        sent.Count.ShouldBe(3);
        sent[1].GetRawText().ShouldBe(sent[0].GetRawText());
        var next = sent[2].GetProperty("data");
        (next.GetProperty("first").GetInt64(), next.GetProperty("last").GetInt64()).ShouldBe((first + 2, first + 4));
    }

    [Fact]
    public async Task LargeGroupOfDeadLetters_ThatIsRefused_IsSetAsideWithoutAnotherEntry()
    {
        var sink = await SlackAsync("""{"actions":["sink.dead_lettered"]}""", groupSeconds: 0);
        _slack.Answers(_ => new Reply(400, "invalid_payload"));
        for (var i = 0; i < 12; i++)
            await _world.RecordAsync(new ChangeEvent("sink.dead_lettered", $"entry {i} set aside"));
        var size = await _world.SizeAsync();

        await _world.CatchUpAsync(_world.Worker(sink));

        (await _world.SizeAsync()).ShouldBe(size);
        var letter = (await _world.ReportAsync(sink)).DeadLetters.ShouldHaveSingleItem();
        (letter.First, letter.Last).ShouldBe((size - 12, size - 1));
    }

    [Fact]
    public async Task Names_AreEscapedAndCannotForgeAnything()
    {
        _world.Options.PublicUrl = "https://flags.example.com/";
        var worker = _world.Worker(await SlackAsync(AllClasses));
        await _world.DoAsync("""{"op":"createFlag","flag":"c","tags":["critical"]}""");
        await _world.CatchUpAsync(worker);
        _slack.Requests.Clear();
        var name = "<!channel> & <https://evil.example|click>" + new string('&', 4_000 - 60);

        var index = await _world.DoAsync($$"""{"op":"updateFlag","flag":"c","name":{{JsonSerializer.Serialize(name)}}}""");
        _world.Time.Now += TimeSpan.FromHours(1);
        await _world.CatchUpAsync(worker);

        var request = _slack.Requests.ShouldHaveSingleItem();
        request.Text.ShouldNotContain("<!channel>");
        request.Text.ShouldNotContain("<https://evil");
        var section = Blocks(request)[1];
        section.ShouldStartWith($"<https://flags.example.com/api/v1/audit/{index}|entry {index}>: flag 'c': name");
        section.ShouldContain("&lt;!channel&gt; &amp; &lt;https://evil.example|click&gt;");
        section.Length.ShouldBeLessThanOrEqualTo(3_000);
        section.ShouldContain("by s_admin (user)");
    }

    [Fact]
    public async Task LargestGroup_StaysWithinSlacksLimits()
    {
        var worker = _world.Worker(await SlackAsync(AllClasses, groupSeconds: 1));
        for (var i = 0; i < 12; i++)
        {
            var text = JsonSerializer.Serialize(string.Concat(Enumerable.Repeat("<&>", 1_000)));
            await _world.DoAsync($$"""{"op":"createFlag","flag":"f{{i}}","tags":["critical"]}""");
            await _world.DoAsync($$"""{"op":"updateFlag","flag":"f{{i}}","name":{{text}},"description":{{text}}}""");
        }

        await _world.CatchUpAsync(worker);

        var request = _slack.Requests.ShouldHaveSingleItem();
        Blocks(request).ShouldAllBe(text => text.Length <= 3_000);
        Blocks(request).Count.ShouldBeLessThanOrEqualTo(50);
        Blocks(request)[0].Length.ShouldBeLessThanOrEqualTo(150);
    }

    [Fact]
    public async Task ArchivedChannel_HoldsTheAlerts_AndIsSaidInSlacksWords()
    {
        var sink = await SlackAsync("""{"actions":["flag.viewed"]}""");
        _slack.Answers(_ => new Reply(410, "channel_is_archived"));
        var first = await _world.ViewAsync();
        var worker = _world.Worker(sink);
        for (var tries = 0; tries < 8; tries++)
            _world.Time.Now += await DeliveryWorld.RunAsync(worker);

        var report = await _world.ReportAsync(sink);
        report.State.LastError.ShouldBe("the target answered 410: channel_is_archived");
        report.State.Next.ShouldBe(first);
        report.DeadLetters.ShouldBeEmpty();
    }

    [Fact]
    public async Task InvalidPayload_SetsTheMessageAside_AndARetryTellsTheSameEntries()
    {
        var sink = await SlackAsync("""{"actions":["flag.viewed"]}""");
        _slack.Answers(_ => new Reply(400, "invalid_payload"));
        var first = await _world.ViewAsync(3);
        await _world.CatchUpAsync(_world.Worker(sink));
        var letter = (await _world.ReportAsync(sink)).DeadLetters.ShouldHaveSingleItem();
        (letter.First, letter.Last).ShouldBe((first, first + 2));
        letter.Reason.ShouldBe("the target answered 400: invalid_payload");

        _slack.Answers(_ => new Reply(200, "ok"));
        await _world.Desk.RetryAsync(DeliveryWorld.Tenant, sink, TestContext.Current.CancellationToken);

        Blocks(_slack.Requests.Last()).ShouldBe(Blocks(_slack.Requests.First()));
    }

    [Fact]
    public async Task RateLimit_IsWaitedFor()
    {
        var sink = await SlackAsync("""{"actions":["flag.viewed"]}""");
        _slack.Answers(_ => new Reply(429, "rate_limited", ("Retry-After", "30")));
        await _world.ViewAsync();

        (await DeliveryWorld.RunAsync(_world.Worker(sink))).ShouldBe(TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task WordsThatSlackDoesNotSay_AreNotRepeated()
    {
        var sink = await SlackAsync("""{"actions":["flag.viewed"]}""");
        _slack.Answers(request => new Reply(403, $"you sent {request.Path}"));
        await _world.ViewAsync();
        await DeliveryWorld.RunAsync(_world.Worker(sink));

        (await _world.StateAsync(sink)).LastError.ShouldBe("the target answered 403");
    }

    [Fact]
    public async Task AlertToAWebhook_NamesItsEntriesAndTheirClasses()
    {
        var sink = await _world.WebhookAsync(_slack, more: $$""","mode":"alert","filter":{{AllClasses}}""");
        await _world.DoAsync("""{"op":"createFlag","flag":"f"}""");
        var first = await _world.DoAsync(Enable("f", "prod"));

        await _world.CatchUpAsync(_world.Worker(sink));

        var json = _slack.Requests.ShouldHaveSingleItem().Json;
        json.GetProperty("type").GetString().ShouldBe("dev.halyard.alert");
        var data = json.GetProperty("data");
        data.GetProperty("title").GetString().ShouldBe("Production change");
        (data.GetProperty("first").GetInt64(), data.GetProperty("last").GetInt64()).ShouldBe((first, first));
        var told = data.GetProperty("entries").EnumerateArray().ShouldHaveSingleItem();
        told.GetProperty("classes")[0].GetString().ShouldBe("production-change");
        told.GetProperty("text").GetString().ShouldBe("flag 'f': enabled in 'prod'");
        // A receiver of the stream too must not take the one for a copy of the other.
        json.GetProperty("id").GetString().ShouldBe($"alert-{told.GetProperty("id").GetString()}");
        _slack.Requests.Single().Headers["webhook-id"].ShouldBe(json.GetProperty("id").GetString());
    }

    private Task<Core.Audit.Sinks.Sink> SlackAsync(string filter, int groupSeconds = 60) =>
        _world.SinkAsync(
            "alerts",
            $$"""{"kind":"slack","targetSecret":"slack","filter":{{filter}},"groupSeconds":{{groupSeconds}}}"""
        );

    private static string Enable(string flag, string environment) =>
        $$"""{"op":"setEnabled","flag":"{{flag}}","environment":"{{environment}}","enabled":true}""";

    private static List<string> Blocks(Received request) =>
        [
            .. request
                .Json.GetProperty("blocks")
                .EnumerateArray()
                .Select(block => block.GetProperty("text").GetProperty("text").GetString()!),
        ];
}
