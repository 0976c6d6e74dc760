using Halyard.Server.Tests.Hosting;

namespace Halyard.Server.Tests.Approvals;

/// <summary>Approval policies change like what they govern: through a request that a second person approves.</summary>
public sealed class PolicyChangeTests(ApprovalWorld world) : IClassFixture<ApprovalWorld>
{
    [Fact]
    public async Task Policies_ChangeOnceASecondPersonApproves()
    {
        var answer = (
            await world.PutPoliciesAsync(ApprovalWorld.Policy.Replace("two-people", "renamed", StringComparison.Ordinal))
        )
            .Expect(202)
            .GetProperty("changeRequest");
        var (id, hash) = (answer.Text("id"), answer.Text("hash"));
        (await world.VoteAsync(id, hash, "approve", world.Admin)).ExpectProblem(403, "denied");
        (await world.GetAsync("/api/v1/policies")).Expect(200).GetRawText().ShouldNotContain("renamed");

        (await world.VoteAsync(id, hash, "approve", world.SecondAdmin))
            .Expect(200)
            .GetProperty("changeRequest")
            .Text("state")
            .ShouldBe("applied");

        var policies = (await world.GetAsync("/api/v1/policies")).Expect(200);
        policies.GetProperty("revision").GetInt64().ShouldBe(2);
        policies.GetRawText().ShouldContain("renamed");
        policies.GetProperty("notes").GetArrayLength().ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task Policies_ThatDoNotLoad_AreRefusedWithLineAndColumn()
    {
        var problem = (await world.PutPoliciesAsync("apiVersion: featureflags/v1\nkind: Nothing\n")).ExpectProblem(
            422,
            "invalid"
        );

        problem.GetProperty("errors").GetRawText().ShouldContain("line 2");
    }

    [Fact]
    public async Task Policies_CannotBeReplacedByWhoMayNotChangeThem()
    {
        (await world.PutPoliciesAsync(ApprovalWorld.Policy, world.Lead)).ExpectProblem(403, "denied");
    }
}
