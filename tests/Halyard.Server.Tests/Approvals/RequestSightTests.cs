using Halyard.Server.Tests.Hosting;

namespace Halyard.Server.Tests.Approvals;

/// <summary>A change request tells how flags are to be configured: whoever may not see that in an environment does not see the request.</summary>
public sealed class RequestSightTests(ApprovalWorld world) : IClassFixture<ApprovalWorld>
{
    [Fact]
    public async Task Request_ThatAffectsAnEnvironmentKeptBack_IsAsIfThereWereNone()
    {
        const string grants =
            """{"effect":"allow","actions":["change-request.read"]},{"effect":"deny","actions":["change-request.read"],"resource":{"environments":["production"]}}""";
        (await world.PostAsync("/api/v1/roles", $$"""{"key":"no-production","grants":[{{grants}}],"reason":"test"}""")).Expect(
            200
        );
        var reader = (await world.TokenAsync("no-production")).Secret;
        var (id, _) = await world.AskAsync("calm");

        (await world.GetAsync($"/api/v1/change-requests/{id}", reader)).ExpectProblem(404, "not-found");
        (await world.GetAsync("/api/v1/change-requests", reader)).Expect(200).Items().ShouldBeEmpty();
        (await world.GetAsync("/api/v1/change-requests")).Expect(200).Items().ShouldContain(item => item.Text("id") == id);
    }
}
