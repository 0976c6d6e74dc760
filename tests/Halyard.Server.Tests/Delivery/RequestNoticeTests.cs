using Halyard.Core.Audit;
using Halyard.Core.Audit.Sinks;
using Halyard.Server.Delivery;
using Halyard.Server.Delivery.Mail;

namespace Halyard.Server.Tests.Delivery;

/// <summary>What people are told of change requests: by Slack, by webhook, by e-mail.</summary>
public sealed class RequestNoticeTests : IAsyncLifetime
{
    private const string Filter = """{"classes":["approval"]}""";

    private readonly MailStandIn _mail = new();
    private DeliveryWorld _world = null!;
    private StandIn _target = null!;

    public async ValueTask InitializeAsync()
    {
        _world = await DeliveryWorld.StartAsync();
        _target = await StandIn.StartAsync();
        _world.Secret("slack", $"{_target.Address}/services/T000");
        _world.Secret("leads", "ann@example.com, bob@example.com");
        _world.Options.PublicUrl = "https://flags.example.com/";
        _world.Options.Mail.Host = "127.0.0.1";
        _world.Options.Mail.Port = _mail.Port;
        _world.Options.Mail.StartTls = false;
        _world.Options.Mail.From = "halyard@example.com";
    }

    public async ValueTask DisposeAsync()
    {
        await _target.DisposeAsync();
        await _mail.DisposeAsync();
        _world.Dispose();
    }

    [Theory]
    [InlineData("change_request.stage_opened", "approval-needed", "Approval needed", "waits for approval: so it is")]
    [InlineData("change_request.escalated", "escalated", "Approval overdue, others are asked", "has waited too long: so it is")]
    [InlineData("change_request.approved", "decided", "Change request decided", ": so it is")]
    [InlineData("change_request.rejected", "decided", "Change request decided", ": so it is")]
    [InlineData("change_request.applied", "applied", "Change request applied", "took effect: so it is")]
    [InlineData("change_request.conflicted", "conflicted", "Change request in conflict", "must be rebased or edited: so it is")]
    [InlineData("change_request.apply_failed", "failed", "Change request could not be applied", "did not take effect: so it is")]
    [InlineData("flag.emergency_override", "bypass", "Emergency past approval", "without waiting for approval: so it is")]
    public async Task Event_IsToldByItsTemplate_EveryWay(string type, string name, string title, string words)
    {
        var slack = _world.Worker(await _world.SinkAsync("slack", Sink("slack", "\"targetSecret\":\"slack\"")));
        var hook = _world.Worker(
            await _world.SinkAsync(
                "hook",
                Sink("webhook", $"\"mode\":\"alert\",\"target\":\"{_target.Address}/in\",\"secret\":\"hooks\"")
            )
        );
        var mail = _world.Worker(await _world.SinkAsync("mail", Sink("email", "\"targetSecret\":\"leads\"")));
        await _world.ToldAsync(type, "so it is");

        await _world.CatchUpAsync(slack);
        await _world.CatchUpAsync(hook);
        await _world.CatchUpAsync(mail);

        _target.Requests.Count.ShouldBe(2);
        _target.Requests.First().Json.GetProperty("text").GetString().ShouldStartWith($"{title}: change-request 'cr_1'");
        var data = _target.Requests.Last().Json.GetProperty("data");
        data.GetProperty("title").GetString().ShouldBe(title);
        data.GetProperty("entries")[0].GetProperty("event").GetString().ShouldBe(name);
        data.GetProperty("entries")[0].GetProperty("text").GetString().ShouldEndWith(words);
        var taken = _mail.Taken.ShouldHaveSingleItem();
        taken.Subject.ShouldBe($"[Halyard] {title}");
        taken.To.ShouldBe(["ann@example.com", "bob@example.com"], ignoreOrder: true);
        taken.Text.ShouldContain(words);
        taken.Text.ShouldContain("https://flags.example.com/api/v1/change-requests/cr_1");
        // Who else gets it is nobody's business.
        taken.Headers.ShouldNotContain(line => line.Contains("ann@example.com", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("550", "", "Accepted", 1)]
    [InlineData("450", "", "Accepted", 1)]
    [InlineData("550", "550", "Refused", 0)]
    [InlineData("550", "450", "Failed", 0)]
    [InlineData("450", "550", "Failed", 0)]
    public async Task RefusedMailbox_NeitherHoldsUpNorRepeatsTheMessage(string ann, string bob, string verdict, int taken)
    {
        _mail.Answer = line =>
            line.StartsWith("RCPT", StringComparison.Ordinal)
            && (line.Contains("ann@", StringComparison.Ordinal) ? ann : bob) is { Length: > 0 } status
                ? $"{status} no"
                : null;
        var sink = await _world.SinkAsync("mail", Sink("email", "\"targetSecret\":\"leads\""));

        var result = await _world.Targets.Open(DeliveryWorld.Tenant, sink).TestAsync(TestContext.Current.CancellationToken);

        result.Verdict.ToString().ShouldBe(verdict, result.Words);
        _mail.Taken.Count.ShouldBe(taken);
    }

    [Fact]
    public void EveryRequestEvent_ComesFromANameOfTheCatalogue_AndHasATemplate()
    {
        RequestEvents.Actions.ShouldAllBe(action => Catalogue.Contains(action));
        var told = RequestEvents.Actions.Select(action => RequestEvents.Of([action])).Distinct().ToList();
        told.ShouldBe(Enum.GetValues<RequestEvent>().Cast<RequestEvent?>(), ignoreOrder: true);
        told.Select(one => RequestText.Title(one!.Value)).Distinct().Count().ShouldBe(told.Count);
    }

    [Fact]
    public async Task CommentsAndDeniedAttempts_TellNobody()
    {
        var worker = _world.Worker(await _world.SinkAsync("mail", Sink("email", "\"targetSecret\":\"leads\"")));

        await _world.ToldAsync("change_request.commented", "a comment");
        await _world.ToldAsync("change_request.applied", "not allowed", failed: true);
        await _world.CatchUpAsync(worker);

        _mail.Taken.ShouldBeEmpty();
    }

    [Fact]
    public async Task HostileWords_ReachNoHeaderAndNoEnvelope()
    {
        var worker = _world.Worker(await _world.SinkAsync("mail", Sink("email", "\"targetSecret\":\"leads\"")));
        const string hostile = "x\r\nBcc: eve@example.com\r\n\r\n.\r\nRCPT TO:<eve@example.com>\r\nSubject: pay\u2028me";

        await _world.ToldAsync("change_request.rejected", hostile);
        await _world.CatchUpAsync(worker);

        var taken = _mail.Taken.ShouldHaveSingleItem();
        taken.To.ShouldBe(["ann@example.com", "bob@example.com"], ignoreOrder: true);
        taken.Headers.ShouldNotContain(line => line.Contains("eve@", StringComparison.Ordinal));
        taken.Subject.ShouldBe("[Halyard] Change request decided");
        MailMessages.Header("a\r\nBcc: eve@example.com\0\u200Eb").ShouldBe("a  Bcc: eve@example.com  b");
        MailMessages.Header(string.Concat(Enumerable.Repeat("😀", 300))).Length.ShouldBeLessThan(160);
    }

    [Theory]
    [InlineData("")]
    [InlineData("ann")]
    [InlineData("ann@example.com\r\nRCPT TO:<eve@example.com>")]
    [InlineData("ann@example.com,\u0000bob@example.com")]
    public async Task Recipients_ThatAreNone_HoldTheSink_AndAreNotRepeated(string list)
    {
        _world.Secret("leads", list);
        var sink = await _world.SinkAsync("mail", Sink("email", "\"targetSecret\":\"leads\""));
        var first = await _world.ToldAsync("change_request.rejected", "no");

        await DeliveryWorld.RunAsync(_world.Worker(sink));

        var state = (await _world.ReportAsync(sink)).State;
        state.Next.ShouldBe(first);
        state.LastError.ShouldBe(
            list.Length == 0
                ? "there is no secret 'leads' for tenant 'acme' in the configuration (Halyard:Secrets:leads, Halyard:Secrets:leads:Tenants)"
                : "the secret 'leads' must be 1 to 50 e-mail addresses, separated by commas"
        );
    }

    [Fact]
    public async Task MailServerThatIsBusy_IsTriedAgain_AndTheMessageKeepsItsName()
    {
        var sink = await _world.SinkAsync("mail", Sink("email", "\"targetSecret\":\"leads\""));
        var tries = 0;
        _mail.Answer = line => line == "." && tries++ < 2 ? "451 try later" : null;
        await _world.ToldAsync("change_request.applied", "done");

        await _world.CatchUpAsync(_world.Worker(sink));

        tries.ShouldBe(3);
        var entry = (await _world.LeavesAsync())[^1];
        _mail.Taken.ShouldHaveSingleItem().Header("Message-ID").ShouldMatch("^<alert-[0-9A-Z]{26}@example.com>$");
        entry.ShouldContain(_mail.Taken[0].Header("Message-ID")[7..33]);
    }

    [Fact]
    public async Task MessageThatTheMailServerRefuses_IsSetAside_AndWhatItSaysIsNotRepeated()
    {
        var sink = await _world.SinkAsync("mail", Sink("email", "\"targetSecret\":\"leads\""));
        _mail.Answer = line => line == "." ? "554 ann@example.com does not want this" : null;
        await _world.ToldAsync("change_request.applied", "done");

        await _world.CatchUpAsync(_world.Worker(sink));

        (await _world.ReportAsync(sink)).DeadLetters.ShouldHaveSingleItem().Reason.ShouldBe("the mail server answered 554");
    }

    [Fact]
    public async Task WithoutAMailServer_TheSinkWaits()
    {
        _world.Options.Mail.Host = "";
        var sink = await _world.SinkAsync("mail", Sink("email", "\"targetSecret\":\"leads\""));
        await _world.ToldAsync("change_request.applied", "done");
        await DeliveryWorld.RunAsync(_world.Worker(sink));

        (await _world.StateAsync(sink)).LastError.ShouldBe("no mail server is configured (Halyard:Mail:Host)");
    }

    private static string Sink(string kind, string more) =>
        $$"""{"kind":"{{kind}}",{{more}},"filter":{{Filter}},"groupSeconds":0}""";
}
