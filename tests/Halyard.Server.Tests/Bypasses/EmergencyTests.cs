using System.Text;
using Halyard.Core.Storage;
using Halyard.Evaluation.Definitions;
using Halyard.Server.Tests.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace Halyard.Server.Tests.Bypasses;

/// <summary>Emergencies as the people in them see them, over HTTP: who may begin one, with what, and what that does.</summary>
public sealed class EmergencyTests : IAsyncLifetime
{
    private readonly EmergencyWorld _world = new();

    public ValueTask InitializeAsync() => _world.InitializeAsync();

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task Sev1_SwitchedOffByOnCall_IsOffAtOnceAndTheLogTellsAll()
    {
        var answer = (await _world.BeginAsync(_world.OnCall, EmergencyWorld.Off())).Expect(200);

        answer.Text("status").ShouldBe("applied");
        var bypass = answer.GetProperty("bypass");
        bypass.Text("kind").ShouldBe("off");
        bypass.GetProperty("verified").GetBoolean().ShouldBeTrue();
        bypass.TryGetProperty("revertAt", out _).ShouldBeFalse();
        bypass.TryGetProperty("reviewDue", out _).ShouldBeTrue();
        (await _world.IsOnAsync()).ShouldBeFalse();
        _world.Incidents.Authorization.ShouldBe("Bearer let me in");
        var entry = (await _world.EntriesAsync("flag.emergency_override"))[0];
        entry.GetProperty("leaf").Text("type").ShouldBe("flag.emergency_override");
        entry.GetProperty("leaf").GetProperty("why").Text("incident").ShouldBe("INC-1");
        (await _world.EntriesAsync("bypass.applied")).Count.ShouldBe(1);
        (await _world.GetAsync("/api/v1/bypasses?open=true", _world.Developer)).Expect(200).Items().Count.ShouldBe(1);
    }

    [Fact]
    public async Task Defect089_SeverityThatIsClaimed_DoesNotMakeTheIncidentWorse()
    {
        (await _world.BeginAsync(_world.OnCall, EmergencyWorld.Off(), "INC-3")).ExpectProblem(403, "denied");
        (await _world.BeginAsync(_world.OnCall, EmergencyWorld.Off(), "INC-2")).Expect(202);

        (await _world.IsOnAsync()).ShouldBeTrue();
    }

    [Fact]
    public async Task Sev2_IsAppliedByOneSeniorApprover()
    {
        var asked = (await _world.BeginAsync(_world.OnCall, EmergencyWorld.Off(), "INC-2", "SEV2")).Expect(202);
        var id = asked.GetProperty("bypass").Text("id");
        asked.GetProperty("bypass").GetProperty("waitsFor")[0].GetString()!.ShouldContain("engineering-manager");

        (await _world.ActAsync(id, "confirm", _world.OnCall)).ExpectProblem(403, "denied");
        (await _world.ActAsync(id, "confirm", _world.Sre)).ExpectProblem(403, "denied");
        (await _world.ActAsync(id, "confirm", _world.Manager)).Expect(200).Text("status").ShouldBe("applied");

        (await _world.IsOnAsync()).ShouldBeFalse();
        (await _world.ActAsync(id, "confirm", _world.Commander)).ExpectProblem(409, "wrong-state");
    }

    [Fact]
    public async Task Defect091_WhoHoldsNoBypassRole_IsDenied_AdministratorsIncluded()
    {
        foreach (var credential in new[] { _world.Admin, _world.Lead, _world.Manager, _world.Developer })
            (await _world.BeginAsync(credential, EmergencyWorld.Off())).ExpectProblem(403, "denied");

        _world.Incidents.Asked.ShouldBeEmpty();
        (await _world.IsOnAsync()).ShouldBeTrue();
    }

    [Fact]
    public async Task Defect091_RoleForAnotherEnvironment_DoesNotCountInProduction()
    {
        const string Body = """{"name":"t","role":"sre","scope":{"environmentTypes":["staging"]}}""";
        var staging = (await _world.PostAsync("/api/v1/tokens", Body)).Expect(200).Text("secret");

        (await _world.BeginAsync(staging, EmergencyWorld.Off())).ExpectProblem(403, "denied");
    }

    [Fact]
    public async Task WhatOneMay_NamesEmergencies_OnlyForThoseOfTheRolesThatTheyTake()
    {
        (await NamedAsync(_world.OnCall)).ShouldBe(["bypass.confirm", "flag.bypass"]);
        // A senior approver agrees, and begins none.
        (await NamedAsync(_world.Manager)).ShouldBe(["bypass.confirm"]);
        // The policy lets both do whatever concerns flags.
        (await NamedAsync(_world.Developer)).ShouldBeEmpty();
        (await NamedAsync(_world.Admin)).ShouldBeEmpty();
    }

    private async Task<IReadOnlyList<string>> NamedAsync(string credential)
    {
        var me = (await _world.GetAsync("/api/v1/me?action=flag.bypass&action=bypass.confirm", credential)).Expect(200);
        return
        [
            .. new[] { "may", "mayInPart" }
                .SelectMany(member => me.GetProperty(member).EnumerateArray())
                .Select(action => action.GetString()!)
                .Order(StringComparer.Ordinal),
        ];
    }

    [Fact]
    public async Task Defect092_IncidentThatIsNotActive_IsDenied()
    {
        foreach (var status in new[] { "resolved", "closed", "mitigated", "postmortem", "false-alarm", "Open" })
        {
            _world.Incidents.Say("INC-9", "SEV1", status);
            (await _world.BeginAsync(_world.OnCall, EmergencyWorld.Off(), "INC-9")).ExpectProblem(403, "denied");
        }
        (await _world.BeginAsync(_world.OnCall, EmergencyWorld.Off(), "INC-404")).ExpectProblem(403, "denied");
        (await _world.IsOnAsync()).ShouldBeTrue();
    }

    [Fact]
    public async Task Defect092_SourceThatIsDown_TakesASecondPerson()
    {
        _world.Incidents.Answer("INC-1", "it is down", 503);
        var id = (await _world.BeginAsync(_world.OnCall, EmergencyWorld.Off())).Expect(202).GetProperty("bypass").Text("id");
        (await _world.IsOnAsync()).ShouldBeTrue();

        (await _world.ActAsync(id, "confirm", _world.Sre)).Expect(200);

        (await _world.IsOnAsync()).ShouldBeFalse();
        (await _world.FindAsync(id)).GetProperty("verified").GetBoolean().ShouldBeFalse();
    }

    [Fact]
    public async Task Defect092_IncidentResolvedBeforeTheSecondPersonAgrees_StopsIt()
    {
        _world.Incidents.Answer("INC-1", "it is down", 503);
        var id = (await _world.BeginAsync(_world.OnCall, EmergencyWorld.Off())).Expect(202).GetProperty("bypass").Text("id");
        _world.Incidents.Say("INC-1", "SEV1", "resolved");

        (await _world.ActAsync(id, "confirm", _world.Sre)).ExpectProblem(403, "denied");

        (await _world.IsOnAsync()).ShouldBeTrue();
    }

    [Fact]
    public async Task Defect093_Justification_MustBeThere()
    {
        (await _world.BeginAsync(_world.OnCall, EmergencyWorld.Off(), justification: "  "))
            .ExpectInvalid()
            .ShouldBe(["/justification"]);
        (await _world.BeginAsync(_world.OnCall, EmergencyWorld.Off(), justification: ""))
            .ExpectInvalid()
            .ShouldBe(["/justification"]);
    }

    [Fact]
    public async Task Defect094_WhatAnEmergencyDoesNotNeed_IsRefused()
    {
        string[] operations =
        [
            """{"op":"updateFlag","project":"shop","flag":"checkout","tags":["kill-switch"]}""",
            """{"op":"deleteFlag","project":"shop","flag":"checkout"}""",
            """{"op":"revertToRevision","project":"shop","flag":"checkout","revision":1}""",
            """{"op":"updateEnvironment","project":"shop","environment":"production","type":"development"}""",
            """{"op":"setFallbackVariant","project":"shop","flag":"checkout","environment":"production","variant":"off"}""",
        ];
        foreach (var operation in operations)
            (await _world.BeginAsync(_world.OnCall, operation)).ExpectProblem(422, "invalid");
        (await _world.GetAsync("/api/v1/bypasses")).Expect(200).Items().ShouldBeEmpty();
    }

    [Fact]
    public async Task Defect096_DeniedAttempts_AreInTheLogWithWhoWhatAndWhy()
    {
        (await _world.BeginAsync(_world.Lead, EmergencyWorld.Off())).ExpectProblem(403, "denied");
        (await _world.BeginAsync(_world.OnCall, EmergencyWorld.Off(), "INC-3")).ExpectProblem(403, "denied");
        (await _world.BeginAsync(_world.Developer, EmergencyWorld.Off())).ExpectProblem(403, "denied");

        var denied = await _world.EntriesAsync("bypass.denied");
        denied.Count.ShouldBe(3);
        foreach (var entry in denied)
        {
            var leaf = entry.GetProperty("leaf");
            leaf.Text("type").ShouldBe("access.denied");
            leaf.GetProperty("resource").Text("key").ShouldBe("checkout");
            leaf.GetProperty("why").Text("incident").ShouldStartWith("INC-");
        }
    }

    [Fact]
    public async Task Defect102_FreezeAndPolicies_DoNotStopAnEmergency_ButTheyStopEverythingElse()
    {
        var (from, to) = (Rfc3339.Format(_world.Time.GetUtcNow()), Rfc3339.Format(_world.Time.GetUtcNow().AddDays(1)));
        (
            await _world.PostAsync(
                "/api/v1/freezes",
                $$"""{"key":"launch","scope":{"environmentTypes":["production"]},"intervals":[{"from":"{{from}}","to":"{{to}}"}],"reason":"launch"}"""
            )
        ).Expect(200);
        var asked = (
            await _world.PostAsync(
                "/api/v1/projects/shop/flags/banner/environments/production/enable",
                """{"reason":"it burns"}""",
                _world.OnCall
            )
        ).Expect(202);
        asked.GetProperty("warnings")[0].GetString().ShouldNotBeNull().ShouldContain("freeze 'launch'");
        (await _world.IsOnAsync("banner")).ShouldBeFalse();

        await _world.BypassAsync(EmergencyWorld.On());

        (await _world.IsOnAsync("banner")).ShouldBeTrue();
    }

    [Fact]
    public async Task Defect102_EnvironmentThatIsNone_IsRefused()
    {
        var operation = EmergencyWorld.Off().Replace("production", "prod", StringComparison.Ordinal);

        (await _world.BeginAsync(_world.OnCall, operation)).Status.ShouldBeOneOf(403, 404, 422);

        (await _world.GetAsync("/api/v1/bypasses")).Expect(200).Items().ShouldBeEmpty();
    }

    [Fact]
    public async Task Defect110_RequestsThatWait_BecomeConflicted()
    {
        var asked = (
            await _world.PostAsync(
                "/api/v1/projects/shop/changes",
                """{"operations":[{"op":"setOffVariant","flag":"checkout","environment":"production","variant":"on","baseRevision":3}],"reason":"soon"}""",
                _world.OtherLead
            )
        )
            .Expect(202)
            .GetProperty("changeRequest");
        var request = asked.Text("id");

        var id = await _world.BypassAsync(EmergencyWorld.Off());

        var now = (await _world.GetAsync($"/api/v1/change-requests/{request}")).Expect(200);
        now.Text("state").ShouldBe("conflicted");
        now.Text("remark").ShouldContain(id);
        (await _world.VoteAsync(request, asked.Text("hash"), _world.Lead)).ExpectProblem(409, "wrong-state");
        (await _world.IsOnAsync()).ShouldBeFalse();
    }

    [Fact]
    public async Task ThreePeople_OnCallBeginsSreAgreesAndTheApproversRatify()
    {
        _world.Incidents.Answer("INC-1", "it is down", 503);
        var id = (await _world.BeginAsync(_world.OnCall, EmergencyWorld.On())).Expect(202).GetProperty("bypass").Text("id");
        var applied = (await _world.ActAsync(id, "confirm", _world.Sre)).Expect(200).GetProperty("bypass");
        applied.Text("kind").ShouldBe("temporary");
        applied.GetProperty("ratification").GetProperty("needed").GetInt32().ShouldBe(2);

        (await _world.ActAsync(id, "ratify", _world.OnCall)).ExpectProblem(403, "denied");
        (await _world.ActAsync(id, "ratify", _world.Sre)).ExpectProblem(403, "denied");
        (await _world.ActAsync(id, "ratify", _world.Manager)).ExpectProblem(403, "denied");
        (await _world.ActAsync(id, "ratify", _world.Lead)).Expect(200);
        (await _world.StateAsync(id)).ShouldBe("applied");
        (await _world.ActAsync(id, "ratify", _world.OtherLead)).Expect(200);
        (await _world.StateAsync(id)).ShouldBe("applied", "two leads are no product owner");
        (await _world.ActAsync(id, "ratify", _world.Owner)).Expect(200);
        (await _world.StateAsync(id)).ShouldBe("ratified");
        (await _world.ActAsync(id, "review", _world.OnCall, """{"findings":"x"}""")).ExpectProblem(403, "denied");
        const string Findings =
            """{"findings":"a cache was cold","actionItems":[{"text":"warm it at the start","ticket":"OPS-1"}]}""";
        var reviewed = (await _world.ActAsync(id, "review", _world.Manager, Findings)).Expect(200).GetProperty("bypass");

        reviewed.GetProperty("open").GetBoolean().ShouldBeFalse();
        await _world.ElapseAsync(TimeSpan.FromDays(3));
        (await _world.IsOnAsync("banner")).ShouldBeTrue("what was ratified stays");
        (await _world.StateAsync(id)).ShouldBe("ratified");
    }

    [Fact]
    public async Task Defect101_SentTwiceUnderOneKey_IsDoneOnce()
    {
        var first = (await _world.BeginAsync(_world.OnCall, EmergencyWorld.Off(), headers: ("Idempotency-Key", "k1"))).Expect(
            200
        );
        var again = (await _world.BeginAsync(_world.OnCall, EmergencyWorld.Off(), headers: ("Idempotency-Key", "k1"))).Expect(
            200
        );

        again.GetProperty("bypass").Text("id").ShouldBe(first.GetProperty("bypass").Text("id"));
        (await _world.GetAsync("/api/v1/bypasses")).Expect(200).Items().Count.ShouldBe(1);
    }

    [Fact]
    public async Task DryRun_TellsAndWritesNothing()
    {
        var head = await _world.HeadAsync();
        const string Body =
            """{"incident":"INC-1","severity":"SEV1","justification":"x","operation":{"op":"setEnabled","project":"shop","flag":"checkout","environment":"production","enabled":false}}""";

        var preview = (await _world.PostAsync("/api/v1/bypasses?dryRun=true", Body, _world.OnCall)).Expect(200);

        preview.Text("verdict").ShouldBe("allow");
        (await _world.HeadAsync()).ShouldBe(head);
    }

    [Fact]
    public async Task DryRun_OfWhatIsSoAlready_TellsThatNothingWouldChange()
    {
        await _world.BeginAsync(_world.OnCall, EmergencyWorld.Off());
        var body = $$"""{"incident":"INC-1","severity":"SEV1","justification":"x","operation":{{EmergencyWorld.Off()}}}""";

        var preview = (await _world.PostAsync("/api/v1/bypasses?dryRun=true", body, _world.OnCall)).Expect(200);

        preview.GetProperty("diff").GetArrayLength().ShouldBe(0);
        preview.Text("reason").ShouldBe("nothing would change");
    }

    [Fact]
    public async Task Session_MustHaveLoggedInJustNow()
    {
        await _world.UserAsync("ann@example.com", "on-call-engineer");
        var browser = await _world.LogInAsync("ann@example.com");
        var body = $$"""{"incident":"INC-1","severity":"SEV1","justification":"it burns","operation":{{EmergencyWorld.Off()}}}""";
        _world.Time.Advance(TimeSpan.FromMinutes(10));

        var stale = await browser.SendAsync("POST", "/api/v1/bypasses", body);
        stale.Headers["WWW-Authenticate"].ShouldContain("insufficient_user_authentication");
        (await _world.IsOnAsync()).ShouldBeTrue();
        var fresh = await _world.LogInAsync("ann@example.com");
        (await fresh.SendAsync("POST", "/api/v1/bypasses", body)).Expect(200);

        (await _world.IsOnAsync()).ShouldBeFalse();
    }

    [Fact]
    public async Task Waiting_ThatNobodyAgreesTo_LapsesByItself()
    {
        var id = (await _world.BeginAsync(_world.OnCall, EmergencyWorld.Off(), "INC-2"))
            .Expect(202)
            .GetProperty("bypass")
            .Text("id");

        await _world.ElapseAsync(TimeSpan.FromHours(1));
        await _world.UntilAsync(id, bypass => bypass.Text("state") == "lapsed");

        (await _world.ActAsync(id, "confirm", _world.Manager)).ExpectProblem(409, "wrong-state");
        (await _world.IsOnAsync()).ShouldBeTrue();
    }

    [Fact]
    public async Task PersonalValues_OfABypass_DoNotStandInTheLog()
    {
        var operation = EmergencyWorld.Operation(
            "addOverride",
            """
            "override":{"id":"o","targetingKey":"alice@example.org","variant":"on"}
            """.Trim()
        );
        (await _world.BeginAsync(_world.OnCall, operation, justification: "Alice Adams cannot pay")).Expect(200);

        var entries = await _world
            .Services.GetRequiredService<IStore>()
            .FeedAsync("default", 0, 100, TestContext.Current.CancellationToken);
        foreach (var entry in entries)
        {
            Encoding.UTF8.GetString(entry.Leaf).ShouldNotContain("alice@example.org");
            Encoding.UTF8.GetString(entry.Leaf).ShouldNotContain("Alice Adams");
        }
    }
}
