using Halyard.Server.Tests.Hosting;

namespace Halyard.Server.Tests.Gates;

/// <summary>Signed reports: what counts, what is refused, and what they complete.</summary>
public sealed class ReportTests(GateWorld world) : IClassFixture<GateWorld>
{
    [Fact]
    public async Task Report_ThatCompletesARequest_AppliesIt_AndTheLogTellsAll()
    {
        var flag = await world.FlagAsync("reported");
        var request = await world.ApprovedAsync(flag);
        var waiting = await world.RequestAsync(request.Id);
        waiting.Text("state").ShouldBe("approved");
        waiting.GetProperty("blockers")[0].GetString().ShouldBe("'ci-pass' was not run on this configuration at this revision");

        var answer = (await world.ReportAsync("ci-pass", GateWorld.Message("ci-pass", request))).Expect(200);

        answer.GetProperty("changeRequest").Text("state").ShouldBe("applied");
        (await world.IsOnAsync(flag)).ShouldBeTrue();
        var entries = (await world.GetAsync($"/api/v1/audit?changeRequest={request.Id}")).Expect(200).Items();
        entries[0].Text("type").ShouldBe("change_request.applied");
        var reports = (await world.GetAsync("/api/v1/audit?action=check.reported&limit=1000")).Expect(200).Items();
        reports.ShouldContain(entry => entry.GetRawText().Contains(request.Id, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Report_BeforeTheApproval_LetsTheVoteApply()
    {
        var flag = await world.FlagAsync("reported");
        var path = $"/api/v1/projects/shop/flags/{flag}/environments/production/enable";
        var asked = (await world.PostAsync(path, """{"reason":"go"}""", world.Developer))
            .Expect(202)
            .GetProperty("changeRequest");
        var request = (asked.Text("id"), asked.Text("hash"));

        (await world.ReportAsync("ci-pass", GateWorld.Message("ci-pass", request))).Expect(200);
        (await world.IsOnAsync(flag)).ShouldBeFalse();
        (await world.VoteAsync(request.Item1, request.Item2, world.Lead)).Expect(200);

        (await world.IsOnAsync(flag)).ShouldBeTrue();
    }

    [Fact]
    public async Task Report_OfAFailure_IsShownAndHoldsUp_UntilANewerOnePasses()
    {
        var flag = await world.FlagAsync("reported");
        var request = await world.ApprovedAsync(flag);
        var now = world.Time.GetUtcNow();

        (
            await world.ReportAsync(
                "ci-pass",
                GateWorld.Message("ci-pass", request, "\"result\":\"fail\""),
                at: now.AddSeconds(-30)
            )
        )
            .Expect(200)
            .GetProperty("changeRequest")
            .Text("state")
            .ShouldBe("approved");
        var finding = await world.FindingAsync(request.Id);
        finding.Text("result").ShouldBe("fail");
        finding.GetProperty("evidence").Text("content").ShouldBe(request.Hash);
        (await world.PostAsync($"/api/v1/change-requests/{request.Id}/apply", "{}", world.Developer)).Expect(200);
        (await world.RequestAsync(request.Id)).Text("remark").ShouldContain("check 'ci-pass' failed");

        (await world.ReportAsync("ci-pass", GateWorld.Message("ci-pass", request), at: now)).Expect(200);
        (await world.IsOnAsync(flag)).ShouldBeTrue();
    }

    [Fact]
    public async Task Replay_OfAnOlderReport_ChangesNothing_AndOfTheSameSaysSo()
    {
        var flag = await world.FlagAsync("reported");
        var request = await world.ApprovedAsync(flag);
        var now = world.Time.GetUtcNow();
        var passed = GateWorld.Message("ci-pass", request);
        var failed = GateWorld.Message("ci-pass", request, "\"result\":\"fail\"");
        (await world.ReportAsync("ci-pass", failed, at: now)).Expect(200);

        (await world.ReportAsync("ci-pass", passed, at: now.AddSeconds(-10))).ExpectProblem(422, "invalid");
        (await world.ReportAsync("ci-pass", failed, at: now)).Expect(200).Text("status").ShouldBe("unchanged");

        (await world.IsOnAsync(flag)).ShouldBeFalse();
    }

    [Fact]
    public async Task Report_WithAnotherSecretTimeOrBody_IsRefused()
    {
        var flag = await world.FlagAsync("reported");
        var request = await world.ApprovedAsync(flag);
        var body = GateWorld.Message("ci-pass", request);
        var now = world.Time.GetUtcNow();

        (await world.ReportAsync("ci-pass", body, secret: "another secret of at least 24 bytes")).ExpectProblem(403, "denied");
        (await world.ReportAsync("ci-pass", body, at: now.AddMinutes(-6))).ExpectProblem(403, "denied");
        (await world.ReportAsync("ci-pass", body, at: now.AddMinutes(2))).ExpectProblem(403, "denied");
        (await world.PostAsync("/api/v1/checks/ci-pass/results", body, world.Reporter)).ExpectProblem(403, "denied");
        (await world.ReportAsync("ci-pass", body, credential: world.Developer)).ExpectProblem(403, "denied");
        // Signed for one check, sent to another with the same secret.
        (await world.ReportAsync("load-tests-pass", body)).ExpectProblem(422, "invalid");

        (await world.IsOnAsync(flag)).ShouldBeFalse();
        (await world.FindingAsync(request.Id)).Text("result").ShouldBe("inconclusive");
    }

    [Fact]
    public async Task Defect072_ReportOnAnotherContent_IsRefused()
    {
        var request = await world.ApprovedAsync(await world.FlagAsync("reported"));
        var other = (request.Id, $"sha256:{new string('0', 64)}");

        (await world.ReportAsync("ci-pass", GateWorld.Message("ci-pass", other))).ExpectProblem(412, "content-changed");
    }

    [Fact]
    public async Task Defect075_NumbersAsTexts_DoNotPass_AndGoodNumbersAreJudgedHere()
    {
        var flag = await world.FlagAsync("loaded");
        var request = await world.ApprovedAsync(flag);
        var now = world.Time.GetUtcNow();
        Task<Answer> SayAsync(string said, int seconds) =>
            world.ReportAsync(
                "load-tests-pass",
                GateWorld.Message("load-tests-pass", request, said),
                at: now.AddSeconds(seconds)
            );

        (await SayAsync("\"result\":\"pass\"", -50)).ExpectProblem(422, "invalid");
        (
            await SayAsync(
                """
                "measures":{"requests":"9","p99Milliseconds":"1","errorRate":"0"}
                """,
                -40
            )
        ).Expect(200);
        (await world.FindingAsync(request.Id)).Text("result").ShouldBe("inconclusive");
        (
            await SayAsync(
                """
                "measures":{"requests":9,"p99Milliseconds":500,"errorRate":0}
                """,
                -30
            )
        ).Expect(200);
        (await world.FindingAsync(request.Id)).Text("words").ShouldContain("p99Milliseconds is 500 ms and must be below 500 ms");
        (
            await SayAsync(
                """
                "measures":{"requests":9,"p99Milliseconds":499,"errorRate":0}
                """,
                -20
            )
        ).Expect(200);

        (await world.IsOnAsync(flag)).ShouldBeTrue();
    }

    [Fact]
    public async Task Report_OnARequestThatIsNotThere_IsNotFound()
    {
        var nothing = ("cr_nothing", $"sha256:{new string('0', 64)}");

        (await world.ReportAsync("ci-pass", GateWorld.Message("ci-pass", nothing))).ExpectProblem(404, "not-found");
    }
}
