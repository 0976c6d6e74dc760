using Halyard.Server.Tests.Hosting;

namespace Halyard.Server.Tests.Approvals;

/// <summary>A service account is no second person: whoever answers for it is the one who votes.</summary>
public sealed class ServiceAccountVoteTests(ApprovalWorld world) : IClassFixture<ApprovalWorld>
{
    [Fact]
    public async Task Approve_ByTheRequestersServiceAccount_IsRefused_AndByAnothersCounts()
    {
        var (requester, somebody) = (await PersonAsync("requester@example.com"), await PersonAsync("somebody@example.com"));
        var (own, others) = (await BotAsync(requester), await BotAsync(somebody));
        var asked = await requester.SendAsync(
            "POST",
            "/api/v1/projects/shop/flags/checkout/environments/production/enable",
            """{"reason":"FEAT-9 goes live"}"""
        );
        var request = asked.Expect(202).GetProperty("changeRequest");
        var (id, hash) = (request.Text("id"), request.Text("hash"));

        (await world.VoteAsync(id, hash, "approve", own)).ExpectProblem(403, "denied");

        (await world.VoteAsync(id, hash, "approve", others)).Expect(200);
        (await world.VoteAsync(id, hash, "approve", world.ProductOwner)).Expect(200);
        (await world.StateAsync(id)).ShouldBe("applied");
    }

    private async Task<Browser> PersonAsync(string email)
    {
        await world.UserAsync(email);
        return await world.LogInAsync(email);
    }

    private async Task<string> BotAsync(Browser owner)
    {
        var account = (await owner.SendAsync("POST", "/api/v1/service-accounts", """{"name":"bot"}""")).Expect(200).Text("id");
        (await world.PostAsync("/api/v1/assignments", $$"""{"subject":"{{account}}","role":"tech-lead"}""")).Expect(200);
        var body = $$"""{"name":"bot","serviceAccount":"{{account}}"}""";
        return (await owner.SendAsync("POST", "/api/v1/tokens", body)).Expect(200).Text("secret");
    }
}
