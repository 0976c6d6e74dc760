using System.Globalization;
using Halyard.Server.Tests.Hosting;

namespace Halyard.Server.Tests.Approvals;

/// <summary>One person approves for another for a while.</summary>
public sealed class DelegatedVoteTests(ApprovalWorld world) : IClassFixture<ApprovalWorld>
{
    [Fact]
    public async Task VoteForAnother_CountsAsTheirs_AndTheLogSaysByWhomForWhom()
    {
        var (deputy, lead) = (await PersonAsync("developer"), await PersonAsync("tech-lead"));
        var delegation = await GiveAsync(lead, deputy);
        var (id, hash) = await world.AskAsync("calm");
        // Who only stands in has nothing of their own to say here.
        (await world.VoteAsync(id, hash, "approve", deputy.Secret)).ExpectProblem(403, "denied");

        var vote = await world.VoteAsync(id, hash, "approve", deputy.Secret, $$"""{"delegation":"{{delegation}}"}""");

        vote.Expect(200).GetProperty("changeRequest").GetProperty("approvals").GetProperty("given").GetInt32().ShouldBe(1);
        var shown = (await world.GetAsync($"/api/v1/change-requests/{id}")).Expect(200).GetProperty("votes")[0];
        (shown.Text("voter"), shown.Text("for")).ShouldBe((deputy.Subject, lead.Subject));
        var entry = (await world.GetAsync($"/api/v1/audit?changeRequest={id}&action=change_request.approval_given"))
            .Expect(200)
            .Items()
            .Single();
        entry.GetRawText().ShouldContain($"approved by '{deputy.Subject}' for '{lead.Subject}' (1 of 2)");
        (await world.VoteAsync(id, hash, "approve", world.ProductOwner)).Expect(200);
        (await world.StateAsync(id)).ShouldBe("applied");
    }

    [Fact]
    public async Task DelegationToTheRequester_LetsNobodyApproveTheirOwn()
    {
        var (deputy, lead) = (await PersonAsync("developer"), await PersonAsync("tech-lead"));
        var delegation = await GiveAsync(lead, deputy);
        var (id, hash) = await world.AskAsync("banner", deputy.Secret);

        var vote = await world.VoteAsync(id, hash, "approve", deputy.Secret, $$"""{"delegation":"{{delegation}}"}""");

        vote.ExpectProblem(403, "denied").Text("detail").ShouldContain("nobody approves their own");
        (await world.StateAsync(id)).ShouldBe("pending");
    }

    [Fact]
    public async Task VoteByAWithdrawnDelegation_IsRefused_AndOnlyWhoGaveItWithdrawsIt()
    {
        var (deputy, lead) = (await PersonAsync("developer"), await PersonAsync("tech-lead"));
        var delegation = await GiveAsync(lead, deputy);
        var (id, hash) = await world.AskAsync("search");

        (await world.SendAsync("DELETE", $"/api/v1/delegations/{delegation}", [], world.Admin)).ExpectProblem(403, "denied");
        (await world.SendAsync("DELETE", $"/api/v1/delegations/{delegation}", [], lead.Secret)).Expect(200);

        (await world.VoteAsync(id, hash, "approve", deputy.Secret, $$"""{"delegation":"{{delegation}}"}""")).ExpectProblem(
            422,
            "invalid"
        );
        foreach (var type in new[] { "delegation.created", "delegation.revoked" })
            (await world.GetAsync($"/api/v1/audit?action={type}&actor={lead.Subject}"))
                .Expect(200)
                .Items()
                .Count.ShouldBe(1, type);
    }

    [Theory]
    [InlineData("\"to\":\"ann@example.com\"", "/to")]
    [InlineData("\"scope\":{\"environments\":[\"production\"]}", "/scope/environments")]
    [InlineData("\"validTo\":\"2001-01-01T00:00:00Z\"", "/validTo")]
    [InlineData("\"validTo\":null", "/validTo")]
    [InlineData("\"surprise\":1", "/surprise")]
    public async Task Delegation_ThatIsWrong_IsRefusedWithItsPlace(string member, string pointer)
    {
        var members = new Dictionary<string, string>
        {
            ["to"] = "\"to\":\"u_deputy\"",
            ["validTo"] = $"\"validTo\":\"{InDays(3)}\"",
        };
        members[member.Split('"')[1]] = member;

        var answer = await world.PostAsync("/api/v1/delegations", $"{{{string.Join(',', members.Values)}}}", world.Lead);

        answer
            .ExpectProblem(422, "invalid")
            .GetProperty("errors")
            .EnumerateArray()
            .Select(error => error.Text("pointer"))
            .ShouldContain(pointer);
    }

    [Fact]
    public async Task Approvers_NameWhoCanApproveNow_AndWhoMayApproveForThem()
    {
        var (deputy, lead) = (await PersonAsync("developer"), await PersonAsync("tech-lead"));
        var delegation = await GiveAsync(lead, deputy);
        var (id, _) = await world.AskAsync("killed");

        var answer = (await world.GetAsync($"/api/v1/change-requests/{id}/approvers", world.Developer)).Expect(200);

        answer.Text("stage").ShouldBe("technical-review");
        answer.GetProperty("asked")[0].GetString().ShouldBe("tech-lead");
        var able = answer.GetProperty("people").EnumerateArray().Single(person => person.Text("subject") == lead.Subject);
        able.GetProperty("holds").EnumerateArray().Select(held => held.GetString()).ShouldContain("tech-lead");
        var other = able.GetProperty("delegates")[0];
        (other.Text("subject"), other.Text("delegation")).ShouldBe((deputy.Subject, delegation));
        answer.GetRawText().ShouldNotContain(await SubjectAsync(world.ProductOwner));
    }

    private async Task<(string Secret, string Subject)> PersonAsync(string role)
    {
        var (_, secret) = await world.TokenAsync(role);
        return (secret, await SubjectAsync(secret));
    }

    private async Task<string> SubjectAsync(string secret) =>
        (await world.GetAsync("/api/v1/me", secret)).Expect(200).Text("subject");

    private async Task<string> GiveAsync((string Secret, string Subject) from, (string Secret, string Subject) to)
    {
        var body = $$"""{"to":"{{to.Subject}}","scope":{"project":"shop"},"validTo":"{{InDays(3)}}","reason":"on leave"}""";
        var given = (await world.PostAsync("/api/v1/delegations", body, from.Secret)).Expect(200);
        return given.GetProperty("revisions")[0].Text("key");
    }

    private string InDays(int days) =>
        world.Time.GetUtcNow().AddDays(days).UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
