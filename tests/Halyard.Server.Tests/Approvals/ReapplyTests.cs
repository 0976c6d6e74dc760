using Halyard.Server.Tests.Hosting;

namespace Halyard.Server.Tests.Approvals;

/// <summary>What is looked at again when the last approval comes, or when somebody asks for it to be applied.</summary>
public sealed class ReapplyTests(ApprovalWorld world) : IClassFixture<ApprovalWorld>
{
    [Fact]
    public async Task Apply_AfterSomebodyElseChangedTheFlag_IsAConflict_AndARebaseNeedsNewVotes()
    {
        var (id, hash) = await world.AskAsync("drift");
        (await world.VoteAsync(id, hash, "approve", world.Lead)).Expect(200);
        var (other, otherHash) = await world.AskAsync("drift", world.OtherLead);
        (await world.VoteAsync(other, otherHash, "approve", world.Lead)).Expect(200);
        (await world.VoteAsync(other, otherHash, "approve", world.ProductOwner)).Expect(200);
        (await world.VoteAsync(id, hash, "approve", world.ProductOwner))
            .Expect(200)
            .GetProperty("changeRequest")
            .Text("state")
            .ShouldBe("conflicted");

        // What it asked for is so already: there is nothing left to rebase to.
        (await world.PostAsync($"/api/v1/change-requests/{id}/rebase", "{}", world.Developer)).ExpectProblem(422, "invalid");
        await world.DisableAsync("drift");
        var rebased = (await world.PostAsync($"/api/v1/change-requests/{id}/rebase", "{}", world.Developer)).Expect(200);

        var request = rebased.GetProperty("changeRequest");
        request.Text("state").ShouldBe("pending");
        request.Text("hash").ShouldNotBe(hash);
        request.GetProperty("approvals").GetProperty("given").GetInt32().ShouldBe(0);
        (await world.VoteAsync(id, hash, "approve", world.Lead)).ExpectProblem(412, "content-changed");
    }

    [Fact]
    public async Task EnvironmentThatARequestCreates_IsThereOnceItIsApproved()
    {
        (await world.PostAsync("/api/v1/projects", """{"key":"grown","name":"Grown"}""")).Expect(200);
        const string body = """{"key":"live","name":"Live","type":"production","reason":"opening"}""";
        var asked = (await world.PostAsync("/api/v1/projects/grown/environments", body)).Expect(202).GetProperty("changeRequest");
        var (id, hash) = (asked.Text("id"), asked.Text("hash"));

        (await world.VoteAsync(id, hash, "approve", world.Lead)).Expect(200);
        (await world.VoteAsync(id, hash, "approve", world.ProductOwner)).Expect(200);

        (await world.StateAsync(id)).ShouldBe("applied");
        (await world.GetAsync("/api/v1/projects/grown/environments/live")).Expect(200);
    }

    [Fact]
    public async Task Apply_AfterAStricterPolicy_GoesBackToPending()
    {
        var (id, hash) = await world.AskAsync("strict");
        (await world.VoteAsync(id, hash, "approve", world.Lead)).Expect(200);
        var stricter = ApprovalWorld.Policy.Replace("requiredApprovers: 1", "requiredApprovers: 2", StringComparison.Ordinal);
        await world.ReplacePoliciesAsync(stricter);
        try
        {
            var last = (await world.VoteAsync(id, hash, "approve", world.ProductOwner)).Expect(200).GetProperty("changeRequest");

            last.Text("state").ShouldBe("pending");
            last.Text("hash").ShouldNotBe(hash);
            (await world.IsOnAsync("strict")).ShouldBeFalse();
        }
        finally
        {
            await world.ReplacePoliciesAsync(ApprovalWorld.Policy);
        }
    }

    [Fact]
    public async Task Apply_WithACheckThatNobodyReported_Waits()
    {
        var gated = ApprovalWorld.Policy + "\n      checks: [integration-tests-pass]\n";
        await world.ReplacePoliciesAsync(gated);
        try
        {
            var (id, hash) = await world.AskAsync("checked");
            (await world.VoteAsync(id, hash, "approve", world.Lead)).Expect(200);
            (await world.VoteAsync(id, hash, "approve", world.ProductOwner))
                .Expect(200)
                .GetProperty("changeRequest")
                .Text("state")
                .ShouldBe("approved");

            (await world.PostAsync($"/api/v1/change-requests/{id}/apply", "{}", world.Developer)).Expect(200);

            var request = (await world.GetAsync($"/api/v1/change-requests/{id}")).Expect(200);
            request.Text("remark").ShouldContain("has not passed yet");
            (await world.IsOnAsync("checked")).ShouldBeFalse();
        }
        finally
        {
            await world.ReplacePoliciesAsync(ApprovalWorld.Policy);
        }
    }
}
