using Halyard.Server.Tests.Hosting;

namespace Halyard.Server.Tests.Approvals;

/// <summary>The walk-through of docs/approvals.md: FEAT-123, from the developer's request to the proof in the log.</summary>
public sealed class WalkThroughTests(ApprovalWorld world) : IClassFixture<ApprovalWorld>
{
    [Fact]
    public async Task Feat123_DeveloperAsksLeadAndProductOwnerApprove_TheFlagIsOnAndTheLogTellsAll()
    {
        var (id, hash) = await world.AskAsync("checkout");
        (await world.IsOnAsync("checkout")).ShouldBeFalse();
        var asked = (await world.GetAsync($"/api/v1/change-requests/{id}", world.Lead)).Expect(200);
        asked.Text("state").ShouldBe("pending");
        asked.Text("ticket").ShouldBe("FEAT-123");
        asked.GetProperty("operations")[0].Text("op").ShouldBe("setEnabled");
        asked.GetProperty("canApprove").GetArrayLength().ShouldBe(2);

        var first = (await world.VoteAsync(id, hash, "approve", world.Lead)).Expect(200).GetProperty("changeRequest");
        first.Text("state").ShouldBe("pending");
        first.GetProperty("approvals").GetProperty("given").GetInt32().ShouldBe(1);
        first.GetProperty("approvals").GetProperty("needed").GetInt32().ShouldBe(2);
        (await world.IsOnAsync("checkout")).ShouldBeFalse();

        var second = (await world.VoteAsync(id, hash, "approve", world.ProductOwner)).Expect(200);
        second.GetProperty("changeRequest").Text("state").ShouldBe("applied");
        (await world.IsOnAsync("checkout")).ShouldBeTrue();

        var entries = (await world.GetAsync($"/api/v1/audit?changeRequest={id}")).Expect(200).Items().ToList();
        entries
            .Select(entry => entry.Text("type"))
            .Reverse()
            .ShouldBe([
                "change_request.created",
                "change_request.approval_given",
                "change_request.approval_given",
                "flag.updated",
                "change_request.applied",
            ]);
        var index = entries[1].GetProperty("index").GetInt64();
        await world.PublishAsync();
        var proof = (await world.GetAsync($"/api/v1/audit/{index}/proof")).Expect(200);
        proof.GetProperty("index").GetInt64().ShouldBe(index);
    }

    [Fact]
    public async Task Approve_ByTheRequester_IsRefusedAndTheLogKnows()
    {
        var (id, hash) = await world.AskAsync("banner", world.Lead);

        (await world.VoteAsync(id, hash, "approve", world.Lead)).ExpectProblem(403, "denied");

        (await world.StateAsync(id)).ShouldBe("pending");
        var denial = (await world.GetAsync("/api/v1/audit?action=access.denied&limit=1")).Expect(200).Items()[0];
        denial.GetRawText().ShouldContain("nobody approves their own");
    }

    [Fact]
    public async Task Approve_OfAnotherContent_IsRefused()
    {
        var (id, _) = await world.AskAsync("search");

        (await world.VoteAsync(id, $"sha256:{new string('0', 64)}", "approve", world.Lead)).ExpectProblem(412, "content-changed");
        (await world.PostAsync($"/api/v1/change-requests/{id}/approve", "{}", world.Lead)).ExpectProblem(422, "invalid");

        (await world.StateAsync(id)).ShouldBe("pending");
    }

    [Fact]
    public async Task Defect045_FiftyFinalVotesAtOnce_ApplyOnce()
    {
        var (id, hash) = await world.AskAsync("race");
        (await world.VoteAsync(id, hash, "approve", world.Lead)).Expect(200);
        var flag = (await world.GetAsync("/api/v1/projects/shop/flags/race")).Expect(200).GetProperty("revision").GetInt64();

        var answers = await Task.WhenAll(
            Enumerable.Range(0, 50).Select(_ => world.VoteAsync(id, hash, "approve", world.ProductOwner))
        );

        answers.Count(answer => answer.Status == 200).ShouldBe(1);
        answers.Where(answer => answer.Status != 200).ShouldAllBe(answer => answer.Status == 409);
        (await world.StateAsync(id)).ShouldBe("applied");
        (await world.GetAsync("/api/v1/projects/shop/flags/race"))
            .Expect(200)
            .GetProperty("revision")
            .GetInt64()
            .ShouldBe(flag + 1);
        (await world.GetAsync($"/api/v1/audit?changeRequest={id}&action=change_request.applied"))
            .Expect(200)
            .Items()
            .Count.ShouldBe(1);
    }
}
