using Halyard.Server.Tests.Hosting;

namespace Halyard.Server.Tests.Bypasses;

/// <summary>What becomes of an emergency's change afterwards: ratified, undone by itself, refused, reviewed.</summary>
public sealed class EmergencyAfterwardsTests : IAsyncLifetime
{
    private readonly EmergencyWorld _world = new();

    public ValueTask InitializeAsync() => _world.InitializeAsync();

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task Defect094_WhatIsNoSafeState_IsUndoneByItself()
    {
        var answer = (await _world.BeginAsync(_world.OnCall, EmergencyWorld.On(), more: ",\"minutes\":30")).Expect(200);
        var id = answer.GetProperty("bypass").Text("id");
        (await _world.IsOnAsync("banner")).ShouldBeTrue();

        await _world.ElapseAsync(TimeSpan.FromMinutes(30));
        await _world.UntilAsync(id, bypass => bypass.Text("state") == "reverted");

        (await _world.IsOnAsync("banner")).ShouldBeFalse();
        (await _world.EntriesAsync("flag.reverted")).Count.ShouldBe(1);
        var entry = (await _world.EntriesAsync("bypass.reverted")).Single().GetProperty("leaf");
        entry.GetProperty("actor").Text("kind").ShouldBe("system");
        (await _world.ActAsync(id, "ratify", _world.Lead)).ExpectProblem(409, "wrong-state");
    }

    [Fact]
    public async Task OneBypassAfterAnother_DoesNotGetMoreTime()
    {
        var first = await _world.BypassAsync(EmergencyWorld.On());
        var second = await _world.BypassAsync(
            EmergencyWorld.Operation("setOffVariant", "\"variant\":\"on\"", "banner"),
            _world.Sre
        );

        (await _world.StateAsync(first)).ShouldBe("superseded");
        var (one, two) = (await _world.FindAsync(first), await _world.FindAsync(second));
        two.GetProperty("revertAt")
            .GetDateTimeOffset()
            .ShouldBeLessThanOrEqualTo(one.GetProperty("appliedAt").GetDateTimeOffset().AddHours(24));
        await _world.ElapseAsync(TimeSpan.FromHours(24));
        await _world.UntilAsync(second, bypass => bypass.Text("state") == "reverted");
        (await _world.IsOnAsync("banner")).ShouldBeFalse();
    }

    [Fact]
    public async Task LastKnownGood_AfterABypass_IsNeverWhatTheBypassMade()
    {
        await _world.BypassAsync(EmergencyWorld.Operation("setOffVariant", "\"variant\":\"on\""));
        var back = (await _world.BeginAsync(_world.Sre, EmergencyWorld.Operation("serveLastGood"))).Expect(200);
        back.GetProperty("bypass").Text("kind").ShouldBe("last-known-good");
        (await _world.ServedAsync()).Text("offVariant").ShouldBe("off");
        (await _world.IsOnAsync()).ShouldBeTrue();

        // Once more returns to what people had approved before that.
        (await _world.BeginAsync(_world.Commander, EmergencyWorld.Operation("serveLastGood"))).Expect(200);

        (await _world.ServedAsync()).Text("offVariant").ShouldBe("off");
        (await _world.IsOnAsync()).ShouldBeFalse();
    }

    [Fact]
    public async Task WhatOthersChangedSince_Stays_AndWhatTheBypassSwitchedOnIsSwitchedOff()
    {
        var id = await _world.BypassAsync(EmergencyWorld.On());
        await ApproveOffVariantAsync();

        await _world.ElapseAsync(TimeSpan.FromHours(24));
        await _world.UntilAsync(id, bypass => bypass.Text("state") == "reverted");

        (await _world.ServedAsync("banner")).Text("offVariant").ShouldBe("on");
        (await _world.IsOnAsync("banner")).ShouldBeFalse();
    }

    [Fact]
    public async Task WhatOthersChangedSince_IsNotUndone_AndIsOwedAtOnceAndTriedAgain()
    {
        var id = await _world.BypassAsync(
            EmergencyWorld.Operation(
                "addOverride",
                "\"override\":{\"id\":\"o\",\"targetingKey\":\"k\",\"variant\":\"on\"}",
                "banner"
            )
        );
        await ApproveOffVariantAsync();

        await _world.ElapseAsync(TimeSpan.FromHours(24));
        await _world.UntilAsync(id, bypass => bypass.GetProperty("overdue").GetBoolean());

        (await _world.EntriesAsync("bypass.revert_blocked")).Count.ShouldBe(1);
        (await _world.ServedAsync("banner")).Text("offVariant").ShouldBe("on");
        (await _world.FindAsync(id)).TryGetProperty("revertAt", out _).ShouldBeTrue("it stays due");
    }

    private async Task ApproveOffVariantAsync()
    {
        var asked = (
            await _world.PostAsync(
                "/api/v1/projects/shop/changes",
                """{"operations":[{"op":"setOffVariant","flag":"banner","environment":"production","variant":"on","baseRevision":2}],"reason":"better"}""",
                _world.OtherLead
            )
        )
            .Expect(202)
            .GetProperty("changeRequest");
        (await _world.VoteAsync(asked.Text("id"), asked.Text("hash"), _world.Lead)).Expect(200);
        (await _world.VoteAsync(asked.Text("id"), asked.Text("hash"), _world.Owner)).Expect(200);
    }

    [Fact]
    public async Task Refused_WhatMayNotStandForGood_IsUndoneInItsTimeAllTheSame()
    {
        var id = await _world.BypassAsync(EmergencyWorld.On());
        (await _world.ActAsync(id, "refuse", _world.OtherLead, """{"comment":"no"}""")).Expect(200);

        await _world.ElapseAsync(TimeSpan.FromHours(24));
        await _world.UntilAsync(id, bypass => !bypass.TryGetProperty("revertAt", out _));

        (await _world.IsOnAsync("banner")).ShouldBeFalse();
        (await _world.StateAsync(id)).ShouldBe("refused");
    }

    [Fact]
    public async Task Refused_WhoAgreedToTheBypass_IsNoJudgeOfUndoingIt()
    {
        _world.Incidents.Answer("INC-1", "it is down", 503);
        const string Both = """{"name":"t","roles":["sre","tech-lead"]}""";
        var both = (await _world.PostAsync("/api/v1/tokens", Both)).Expect(200).Text("secret");
        var id = (await _world.BeginAsync(_world.OnCall, EmergencyWorld.On())).Expect(202).GetProperty("bypass").Text("id");
        (await _world.ActAsync(id, "confirm", both)).Expect(200);
        var refused = (await _world.ActAsync(id, "refuse", _world.OtherLead, """{"comment":"no"}""")).Expect(200);
        var request = (
            await _world.GetAsync($"/api/v1/change-requests/{refused.GetProperty("bypass").Text("revertRequest")}")
        ).Expect(200);

        (await _world.VoteAsync(request.Text("id"), request.Text("hash"), both)).ExpectProblem(403, "denied");
    }

    [Fact]
    public async Task LastKnownGood_IsNothingThatOthersMadeOfATemporaryBypass()
    {
        await _world.BypassAsync(EmergencyWorld.On());
        await ApproveOffVariantAsync();
        await _world.BypassAsync(EmergencyWorld.Off("banner"), _world.Sre);

        (await _world.BeginAsync(_world.Commander, EmergencyWorld.Operation("serveLastGood", flag: "banner"))).Expect(200);

        (await _world.ServedAsync("banner")).Text("offVariant").ShouldBe("off");
        (await _world.IsOnAsync("banner")).ShouldBeFalse();
    }

    [Fact]
    public async Task Erase_WhatAnOpenBypassHolds_IsRefused_AndAClosedOneLosesIt()
    {
        const string Erase = """{"name":"alice@example.org","reason":"asked"}""";
        const string Override = """
            "override":{"id":"o","targetingKey":"alice@example.org","variant":"on"}
            """;
        var id = await _world.BypassAsync(EmergencyWorld.Operation("addOverride", Override.Trim()));
        await _world.ElapseAsync(TimeSpan.FromHours(24));
        await _world.UntilAsync(id, bypass => bypass.Text("state") == "reverted");
        (await _world.GetAsync($"/api/v1/bypasses/{id}")).Words.ShouldContain("alice@example.org");

        (await _world.PostAsync("/api/v1/privacy/erasures", Erase)).ExpectProblem(409, "still-in-use");
        (await _world.ActAsync(id, "review", _world.Manager, """{"findings":"done"}""")).Expect(200);
        (await _world.PostAsync("/api/v1/privacy/erasures", Erase)).Expect(200);

        (await _world.GetAsync($"/api/v1/bypasses/{id}")).Words.ShouldNotContain("alice@example.org");
    }

    [Fact]
    public async Task Report_OfWhatABypassMade_SaysSo()
    {
        await _world.BypassAsync(EmergencyWorld.Off());

        var report = await _world.GetAsync(
            "/api/v1/projects/shop/flags/checkout/compliance?environment=production&targetingKey=u"
        );

        report.Words.ShouldContain("emergency bypass in incident INC-1");
    }

    [Fact]
    public async Task Fallback_ThatWasDeclaredBefore_IsServedForGood()
    {
        var bypass = (await _world.BeginAsync(_world.OnCall, EmergencyWorld.Operation("serveFallback")))
            .Expect(200)
            .GetProperty("bypass");

        bypass.Text("kind").ShouldBe("fallback");
        var served = await _world.ServedAsync();
        served.GetProperty("enabled").GetBoolean().ShouldBeFalse();
        served.Text("offVariant").ShouldBe("on");
        (await _world.BeginAsync(_world.OnCall, EmergencyWorld.Operation("serveFallback", flag: "banner"))).ExpectProblem(
            422,
            "invalid"
        );
    }

    [Fact]
    public async Task Refused_MakesARequestToUndoIt_WhichNeedsTheOrdinaryApprovals()
    {
        var id = await _world.BypassAsync(EmergencyWorld.Off());
        (await _world.ActAsync(id, "refuse", _world.OnCall, """{"comment":"x"}""")).ExpectProblem(403, "denied");
        (await _world.ActAsync(id, "refuse", _world.OtherLead, "{}")).ExpectInvalid().ShouldBe(["/comment"]);

        var refused = (await _world.ActAsync(id, "refuse", _world.OtherLead, """{"comment":"it was the cache"}""")).Expect(200);
        refused.GetProperty("bypass").Text("state").ShouldBe("refused");
        var request = (
            await _world.GetAsync($"/api/v1/change-requests/{refused.GetProperty("bypass").Text("revertRequest")}")
        ).Expect(200);
        request.Text("state").ShouldBe("pending");
        (await _world.VoteAsync(request.Text("id"), request.Text("hash"), _world.Lead)).Expect(200);
        (await _world.IsOnAsync()).ShouldBeFalse();
        (await _world.VoteAsync(request.Text("id"), request.Text("hash"), _world.Owner)).Expect(200);

        (await _world.IsOnAsync()).ShouldBeTrue();
    }

    [Fact]
    public async Task Defect104_OverdueReview_IsSaidAndTakesASecondPersonUntilItIsGiven()
    {
        var id = await _world.BypassAsync(EmergencyWorld.Off());
        await _world.ElapseAsync(TimeSpan.FromHours(24));
        await _world.ElapseAsync(TimeSpan.FromHours(24));
        await _world.UntilAsync(id, bypass => bypass.GetProperty("overdue").GetBoolean());
        (await _world.EntriesAsync("bypass.review_reminded")).Count.ShouldBe(1);
        (await _world.GetAsync("/api/v1/bypasses?overdue=true")).Expect(200).Items().Count.ShouldBe(1);

        (await _world.BeginAsync(_world.OnCall, EmergencyWorld.On())).Expect(202);
        (await _world.BeginAsync(_world.Sre, EmergencyWorld.On())).Expect(200);
        (await _world.ActAsync(id, "review", _world.Manager, """{"findings":"done"}""")).Expect(200);
        (await _world.ActAsync(id, "ratify", _world.Lead)).Expect(200);
        (await _world.ActAsync(id, "ratify", _world.Owner)).Expect(200);

        (await _world.BeginAsync(_world.OnCall, EmergencyWorld.Operation("setOffVariant", "\"variant\":\"on\""))).Expect(200);
    }
}
