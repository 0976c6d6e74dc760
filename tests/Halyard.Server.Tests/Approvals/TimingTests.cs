using Halyard.Server.Tests.Hosting;

namespace Halyard.Server.Tests.Approvals;

/// <summary>What becomes of change requests as time goes by, over HTTP and with the clock put forward.</summary>
public sealed class TimingTests(TimedWorld world) : IClassFixture<TimedWorld>
{
    [Fact]
    public async Task Stage_ThatTakesTooLong_RejectsInTheNameOfTheSystem_AndThatIsFinal()
    {
        var (id, hash) = await world.AskAsync("checkout");

        world.Time.Advance(TimeSpan.FromHours(24));
        await world.UntilAsync(id, "rejected");

        (await world.VoteAsync(id, hash, "approve", world.Lead)).ExpectProblem(409, "wrong-state");
        (await world.IsOnAsync("checkout")).ShouldBeFalse();
        var entry = (await world.GetAsync($"/api/v1/audit?changeRequest={id}&limit=1")).Expect(200).Items()[0];
        entry.Text("type").ShouldBe("change_request.rejected");
        entry.GetProperty("actor").Text("subject").ShouldBe("system");
    }

    [Fact]
    public async Task StageThatWasDecided_LeavesNoTimerOfItsOwn()
    {
        var (id, hash) = await world.AskAsync("banner");
        (await world.VoteAsync(id, hash, "approve", world.Lead)).Expect(200);

        world.Time.Advance(TimeSpan.FromHours(30));
        await world.PassAsync();

        (await world.StateAsync(id)).ShouldBe("pending", "the second stage has 48 hours of its own");
        world.Time.Advance(TimeSpan.FromHours(19));
        await world.UntilAsync(id, "rejected");
    }

    [Fact]
    public async Task ChangeThatNeedsNoApproval_WithASchedule_WaitsForItsWindowAndTakesEffectInIt()
    {
        var id = await world.ScheduleAsync("search", "development", TimeSpan.FromHours(1), TimeSpan.FromHours(2));
        (await world.StateAsync(id)).ShouldBe("scheduled");
        (await world.PostAsync($"/api/v1/change-requests/{id}/apply", "{}")).ExpectProblem(409, "wrong-state");
        world.Time.Advance(TimeSpan.FromMinutes(59));
        await world.PassAsync();
        (await world.IsOnAsync("search", "development")).ShouldBeFalse();

        world.Time.Advance(TimeSpan.FromMinutes(1));
        await world.UntilAsync(id, "applied");

        (await world.IsOnAsync("search", "development")).ShouldBeTrue();
        var request = (await world.GetAsync($"/api/v1/change-requests/{id}")).Expect(200);
        request.GetProperty("schedule").TryGetProperty("notAfter", out _).ShouldBeTrue();
        (await world.TypesAsync(id)).ShouldBe([
            "change_request.created",
            "change_request.applying",
            "flag.updated",
            "change_request.applied",
        ]);
    }

    [Fact]
    public async Task WindowThatPassedWhileNobodyWorked_IsNeverAppliedLate()
    {
        var id = await world.ScheduleAsync("race", "development", TimeSpan.FromHours(1), TimeSpan.FromHours(2));

        world.Time.Advance(TimeSpan.FromHours(2));
        await world.UntilAsync(id, "expired");

        (await world.IsOnAsync("race", "development")).ShouldBeFalse();
    }

    [Fact]
    public async Task ScheduledChange_ThatNeedsApproval_IsAppliedInItsWindow_OnceItHasEveryVote()
    {
        var id = await world.ScheduleAsync("drift", "production", TimeSpan.FromHours(3), TimeSpan.FromHours(4));
        var hash = (await world.GetAsync($"/api/v1/change-requests/{id}")).Expect(200).Text("hash");
        (await world.VoteAsync(id, hash, "approve", world.Lead)).Expect(200);
        (await world.VoteAsync(id, hash, "approve", world.ProductOwner)).Expect(200);
        (await world.StateAsync(id)).ShouldBe("scheduled");
        (await world.IsOnAsync("drift")).ShouldBeFalse();

        world.Time.Advance(TimeSpan.FromHours(3));
        await world.UntilAsync(id, "applied");

        (await world.IsOnAsync("drift")).ShouldBeTrue();
    }

    [Fact]
    public async Task ScheduledChange_OfWhatSomebodyElseChangedMeanwhile_IsConflictedInsteadOfOverwritingIt()
    {
        var id = await world.ScheduleAsync("calm", "development", TimeSpan.FromHours(1), TimeSpan.FromHours(2));
        (
            await world.PostAsync("/api/v1/projects/shop/flags/calm/environments/development/enable", """{"reason":"sooner"}""")
        ).Expect(200);
        (
            await world.PostAsync("/api/v1/projects/shop/flags/calm/environments/development/disable", """{"reason":"or not"}""")
        ).Expect(200);

        world.Time.Advance(TimeSpan.FromHours(1));
        await world.UntilAsync(id, "conflicted");

        (await world.IsOnAsync("calm", "development")).ShouldBeFalse();
    }

    [Fact]
    public async Task ScheduledChange_OfAnotherPlaceThanWhatSomebodyChangedMeanwhile_TakesEffectBesideIt()
    {
        // What is configured there for the first time is one place.
        await SplitAsync("""[{"variant":"on","weight":10},{"variant":"off","weight":90}]""");
        var id = await world.ScheduleAsync("killed", "development", TimeSpan.FromHours(1), TimeSpan.FromHours(2));
        await SplitAsync("""[{"variant":"on","weight":50},{"variant":"off","weight":50}]""");

        world.Time.Advance(TimeSpan.FromHours(1));
        await world.UntilAsync(id, "applied");

        (await world.IsOnAsync("killed", "development")).ShouldBeTrue();
    }

    private async Task SplitAsync(string weights)
    {
        var revision = await world.RevisionAsync("killed");
        var rollout = $$"""
            {"operations":[{"op":"setRollout","flag":"killed","environment":"development","rule":null,"baseRevision":{{revision}},
             "rollout":{"weights":{{weights}} } }],"reason":"split"}
            """;
        (await world.PostAsync("/api/v1/projects/shop/changes", rollout)).Expect(200);
    }

    [Fact]
    public async Task ScheduledChange_WhoseRequesterLostTheRight_IsNotApplied()
    {
        var (token, secret) = await world.TokenAsync("developer");
        var id = await world.ScheduleAsync("strict", "development", TimeSpan.FromHours(1), TimeSpan.FromHours(2), secret);
        (await world.SendAsync("DELETE", $"/api/v1/tokens/{token}?reason=left", null, world.Admin)).Expect(200);

        world.Time.Advance(TimeSpan.FromHours(1));
        await world.UntilAsync(id, "pending", "scheduled");
        world.Time.Advance(TimeSpan.FromHours(2));
        await world.UntilAsync(id, "expired");

        (await world.IsOnAsync("strict", "development")).ShouldBeFalse();
    }

    [Theory]
    [InlineData("""{"notAfter":"2030-01-01T00:00:00Z"}""", "/schedule/notBefore")]
    [InlineData("""{"notBefore":"2020-01-01T00:00:00Z"}""", "/schedule/notAfter")]
    [InlineData("""{"notBefore":"2999-01-01T00:00:00Z"}""", "/schedule/notBefore")]
    [InlineData("""{"notBefore":"2026-01-01T00:00:00Z","notAfter":"2026-01-01T00:00:00Z"}""", "/schedule/notAfter")]
    [InlineData("""{"notBefore":"9999-12-31T23:59:59Z"}""", "/schedule/notBefore")]
    [InlineData("""{"notBefore":"2026-01-01T00:00:00Z","notAfter":"9999-12-31T23:59:59Z"}""", "/schedule/notAfter")]
    [InlineData("""{"notBefore":"tomorrow"}""", "/schedule/notBefore")]
    public async Task ScheduleThatIsNone_IsRefusedWithItsPlace(string schedule, string pointer)
    {
        var body = TimedWorld.Body("killed", "development", await world.RevisionAsync("killed"), schedule);

        var problem = (await world.PostAsync("/api/v1/projects/shop/changes", body)).ExpectProblem(422, "invalid");

        problem.GetProperty("errors")[0].Text("pointer").ShouldBe(pointer);
    }
}
