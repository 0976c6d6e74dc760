using Halyard.Server.Tests.Hosting;

namespace Halyard.Server.Tests.Approvals;

/// <summary>What policies say of votes: whether a rejection closes, and whether they stay when a request is carried to newer revisions.</summary>
public sealed class VotingTests(VotingTests.LenientWorld world) : IClassFixture<VotingTests.LenientWorld>
{
    /// <summary>A server whose policy keeps votes on a rebase, and counts a rejection as an objection.</summary>
    public sealed class LenientWorld : ApprovalWorld
    {
        public override async ValueTask InitializeAsync()
        {
            await base.InitializeAsync();
            await ReplacePoliciesAsync(
                """
                apiVersion: featureflags/v1
                kind: ApprovalPolicy
                metadata:
                  name: lenient
                spec:
                  rules:
                    - name: production
                      conditions:
                        - field: environment.type
                          operator: equals
                          value: production
                      votesOnRebase: keep
                      anyRejectCloses: false
                      approval:
                        required: true
                        minApprovers: 2
                        approverRoles: [tech-lead, product-owner]
                """
            );
        }
    }

    [Fact]
    public async Task Reject_WhereItDoesNotClose_IsAnObjection_AndTheOthersStillDecide()
    {
        var (id, hash) = await world.AskAsync("checkout");

        (await world.VoteAsync(id, hash, "reject", world.OtherLead, """{"comment":"too early"}""")).Expect(200);
        (await world.StateAsync(id)).ShouldBe("pending");
        await world.ApproveAsync((id, hash));

        (await TypesAsync(id)).ShouldContain("change_request.objected");
    }

    [Fact]
    public async Task Rebase_WherePoliciesKeepVotes_CarriesThemOverWhereOthersChangedOtherPlaces()
    {
        var (id, hash) = await world.AskAsync("banner");
        (await world.VoteAsync(id, hash, "approve", world.Lead)).Expect(200);
        const string staging = "/api/v1/projects/shop/flags/banner/environments/staging/enable";
        var other = (await world.PostAsync(staging, "{}", world.OtherLead)).Expect(202).GetProperty("changeRequest");
        (await world.VoteAsync(other.Text("id"), other.Text("hash"), "approve", world.Lead)).Expect(200);
        (await world.StateAsync(other.Text("id"))).ShouldBe("applied");

        var rebased = (await world.PostAsync($"/api/v1/change-requests/{id}/rebase", "{}", world.Developer))
            .Expect(200)
            .GetProperty("changeRequest");

        rebased.Text("hash").ShouldNotBe(hash);
        rebased.GetProperty("approvals").GetProperty("given").GetInt32().ShouldBe(1);
        (await TypesAsync(id)).ShouldContain("change_request.rebased");
        var kept = (await world.GetAsync($"/api/v1/audit?changeRequest={id}&action=change_request.vote_kept")).Expect(200);
        kept.Items().Count.ShouldBe(1);
    }

    private async Task<IEnumerable<string>> TypesAsync(string id) =>
        (await world.GetAsync($"/api/v1/audit?changeRequest={id}")).Expect(200).Items().Select(entry => entry.Text("type"));
}
