using Halyard.Server.Tests.Hosting;

namespace Halyard.Server.Tests.Approvals;

/// <summary>Stages that ask others when their time is over, or approve by themselves in development.</summary>
public sealed class EscalationTests(TimedWorld world) : IClassFixture<TimedWorld>
{
    private const string Policy = """
        apiVersion: featureflags/v1
        kind: ApprovalPolicy
        metadata:
          name: impatient
        spec:
          rules:
            - name: production-escalates
              conditions:
                - field: environment.type
                  operator: equals
                  value: production
              approval:
                required: true
                stages:
                  - name: review
                    order: 1
                    requiredApprovers: 1
                    approverRoles: [tech-lead]
                    timeoutHours: 1
                    onTimeout: escalate
                    escalateTo: [director-product]
            - name: development-waits-an-hour
              conditions:
                - field: environment.type
                  operator: equals
                  value: development
              approval:
                required: true
                stages:
                  - name: review
                    order: 1
                    requiredApprovers: 1
                    approverRoles: [tech-lead]
                    timeoutHours: 1
                    onTimeout: auto-approve
        """;

    [Fact]
    public async Task TimeOuts_AskFurtherPeople_EndAfterThreeTimes_AndApproveInDevelopmentAlone()
    {
        await world.ReplacePoliciesAsync(Policy);
        var director = (await world.TokenAsync("director-product")).Secret;
        var (escalated, hash) = await world.AskAsync("checkout");
        var (forgotten, _) = await world.AskAsync("banner");
        var waived = (await SwitchOnInDevelopmentAsync("search")).GetProperty("changeRequest").Text("id");
        (await world.VoteAsync(escalated, hash, "approve", director)).ExpectProblem(403, "denied");

        world.Time.Advance(TimeSpan.FromHours(1));
        await world.UntilAsync(waived, "applied");
        await world.UntilAsync(async () => await EscalationsAsync(escalated) == 1, "escalated");

        (await world.IsOnAsync("search", "development")).ShouldBeTrue();
        (await world.VoteAsync(escalated, hash, "approve", director)).Expect(200);
        (await world.StateAsync(escalated)).ShouldBe("applied");
        for (var times = 1; times <= 3; times++)
        {
            await world.UntilAsync(async () => await EscalationsAsync(forgotten) == times, $"escalated {times} times");
            (await world.StateAsync(forgotten)).ShouldBe("pending");
            world.Time.Advance(TimeSpan.FromHours(1));
        }
        await world.UntilAsync(forgotten, "expired");
        (await world.IsOnAsync("banner")).ShouldBeFalse();
        (await EscalationsAsync(forgotten)).ShouldBe(3);
    }

    private async Task<int> EscalationsAsync(string id) =>
        (await world.GetAsync($"/api/v1/audit?changeRequest={id}&action=change_request.escalated")).Expect(200).Items().Count;

    private async Task<System.Text.Json.JsonElement> SwitchOnInDevelopmentAsync(string flag) =>
        (
            await world.PostAsync(
                $"/api/v1/projects/shop/flags/{flag}/environments/development/enable",
                """{"reason":"test"}""",
                world.Developer
            )
        ).Expect(202);
}
