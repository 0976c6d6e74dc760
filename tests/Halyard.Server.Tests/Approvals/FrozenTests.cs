using System.Text.Json;
using Halyard.Server.Tests.Hosting;

namespace Halyard.Server.Tests.Approvals;

/// <summary>What freezes hold up, who makes exceptions, and who lifts them.</summary>
public sealed class FrozenTests(TimedWorld world) : IClassFixture<TimedWorld>
{
    private const string Changes = "/api/v1/projects/shop/changes";

    [Fact]
    public async Task DirectChange_InAFreeze_IsRefusedUnlessItIsSafer_AndTheLogKnows()
    {
        (await SwitchAsync("checkout", "enable")).Expect(200);
        await world.FreezeAsync("direct", "development", TimeSpan.FromHours(1));

        var problem = (await SwitchAsync("banner", "enable")).ExpectProblem(423, "frozen");
        problem.Text("detail").ShouldContain("freeze 'direct' holds development until");
        (await SwitchAsync("banner", "enable", "?dryRun=true")).Expect(200).Text("verdict").ShouldBe("deny");
        (await world.GetAsync("/api/v1/audit?action=access.denied&limit=1"))
            .Expect(200)
            .Items()[0]
            .GetRawText()
            .ShouldContain("freeze");
        (await SwitchAsync("checkout", "disable")).Expect(200);

        world.Time.Advance(TimeSpan.FromHours(1));
        (await SwitchAsync("banner", "enable")).Expect(200);
    }

    [Fact]
    public async Task Request_MadeInAFreeze_IsWarned_WaitsWhenApproved_AndIsAppliedAtItsEnd()
    {
        await world.FreezeAsync("waits", "production", TimeSpan.FromHours(2));
        var body = await BodyAsync("search", "production");
        var preview = (await world.PostAsync($"{Changes}?dryRun=true", body)).Expect(200);
        preview.GetProperty("warnings")[0].GetString().ShouldNotBeNull().ShouldContain("it would wait");
        var asked = (await world.PostAsync(Changes, body)).Expect(202);
        asked
            .GetProperty("warnings")[0]
            .GetString()
            .ShouldNotBeNull()
            .ShouldContain("it would wait: freeze 'waits' holds production");
        var (id, hash) = (asked.GetProperty("changeRequest").Text("id"), asked.GetProperty("changeRequest").Text("hash"));
        (await world.VoteAsync(id, hash, "approve", world.Lead)).Expect(200);
        (await world.VoteAsync(id, hash, "approve", world.ProductOwner)).Expect(200);
        var waiting = (await world.GetAsync($"/api/v1/change-requests/{id}")).Expect(200);
        waiting.Text("state").ShouldBe("approved");
        waiting.Text("remark").ShouldContain("frozen: freeze 'waits'");
        (await world.IsOnAsync("search")).ShouldBeFalse();

        world.Time.Advance(TimeSpan.FromHours(2));
        await world.UntilAsync(id, "applied");

        (await world.IsOnAsync("search")).ShouldBeTrue();
    }

    [Fact]
    public async Task Exception_IsAStageOfFreezeApprovers_AfterWhichItIsAppliedInTheFreeze()
    {
        await world.FreezeAsync("excepted", "production", TimeSpan.FromHours(2));
        var approver = (await world.TokenAsync("freeze-approver")).Secret;
        var asked = (await world.PostAsync(Changes, await BodyAsync("race", "production", exception: true))).Expect(202);
        var (id, hash) = (asked.GetProperty("changeRequest").Text("id"), asked.GetProperty("changeRequest").Text("hash"));
        asked.GetProperty("warnings")[0].GetString().ShouldNotBeNull().ShouldContain("asks for an exception");
        var request = (await world.GetAsync($"/api/v1/change-requests/{id}")).Expect(200);
        request
            .GetProperty("requirement")
            .GetProperty("stages")
            .EnumerateArray()
            .Last()
            .Text("name")
            .ShouldBe("freeze-exception");

        (await world.VoteAsync(id, hash, "approve", world.Lead)).Expect(200);
        (await world.VoteAsync(id, hash, "approve", world.ProductOwner)).Expect(200);
        (await world.StateAsync(id)).ShouldBe("pending");
        (await world.VoteAsync(id, hash, "approve", approver)).Expect(200);

        (await world.StateAsync(id)).ShouldBe("applied");
        (await world.IsOnAsync("race")).ShouldBeTrue();
        world.Time.Advance(TimeSpan.FromHours(2));
    }

    [Fact]
    public async Task Exception_OfAFreezeThatIsChangedMeanwhile_MustBeApprovedAgain()
    {
        var approver = (await world.TokenAsync("freeze-approver")).Secret;
        var other = (await world.TokenAsync("freeze-approver")).Secret;
        await world.FreezeAsync("moved", "development", TimeSpan.FromHours(2), approvers: 2);
        var asked = (await world.PostAsync(Changes, await BodyAsync("calm", "development", exception: true))).Expect(202);
        var (id, hash) = (asked.GetProperty("changeRequest").Text("id"), asked.GetProperty("changeRequest").Text("hash"));
        (await world.VoteAsync(id, hash, "approve", approver)).Expect(200);
        // Under the same key, for longer: that is not what anybody made an exception of.
        await LengthenAsync("moved", TimeSpan.FromHours(9));

        (await world.VoteAsync(id, hash, "approve", other)).Expect(200);

        (await world.IsOnAsync("calm", "development")).ShouldBeFalse();
        var now = (await world.GetAsync($"/api/v1/change-requests/{id}")).Expect(200);
        now.Text("state").ShouldBe("pending");
        now.Text("remark").ShouldContain("no exception was asked for of freeze 'moved' as it is now");
        foreach (var credential in new[] { approver, other })
            (await world.VoteAsync(id, now.Text("hash"), "approve", credential)).Expect(200);
        (await world.IsOnAsync("calm", "development")).ShouldBeTrue();
        world.Time.Advance(TimeSpan.FromHours(9));
    }

    [Fact]
    public async Task Exception_OfAChangeThatNeedsNoOtherApproval_AsksFreezeApproversAlone()
    {
        await world.FreezeAsync("alone", "development", TimeSpan.FromHours(2));
        var approver = (await world.TokenAsync("freeze-approver")).Secret;
        var asked = (await world.PostAsync(Changes, await BodyAsync("drift", "development", exception: true))).Expect(202);
        var (id, hash) = (asked.GetProperty("changeRequest").Text("id"), asked.GetProperty("changeRequest").Text("hash"));

        (await world.VoteAsync(id, hash, "approve", world.Lead)).ExpectProblem(403, "denied");
        (await world.VoteAsync(id, hash, "approve", approver)).Expect(200);

        (await world.IsOnAsync("drift", "development")).ShouldBeTrue();
        world.Time.Advance(TimeSpan.FromHours(2));
    }

    [Fact]
    public async Task FreezeThatBeganAfterTheRequest_HoldsItUpAllTheSame()
    {
        var (id, hash) = await world.AskAsync("strict");
        (await world.VoteAsync(id, hash, "approve", world.Lead)).Expect(200);
        await world.FreezeAsync("sudden", "production", TimeSpan.FromHours(2));

        (await world.VoteAsync(id, hash, "approve", world.ProductOwner)).Expect(200);

        (await world.StateAsync(id)).ShouldBe("approved");
        (await world.IsOnAsync("strict")).ShouldBeFalse();
        world.Time.Advance(TimeSpan.FromHours(2));
        await world.UntilAsync(id, "applied");
    }

    [Fact]
    public async Task Freeze_IsLiftedByASecondPerson_WherePoliciesAreInForce()
    {
        await world.FreezeAsync("lifted", "development", TimeSpan.FromHours(2));

        var asked = (await world.SendAsync("DELETE", "/api/v1/freezes/lifted?reason=over", null, world.Admin)).Expect(202);

        (await SwitchAsync("killed", "enable")).ExpectProblem(423, "frozen");
        var (id, hash) = (asked.GetProperty("changeRequest").Text("id"), asked.GetProperty("changeRequest").Text("hash"));
        (await world.VoteAsync(id, hash, "approve", world.Admin)).ExpectProblem(403, "denied");
        (await world.VoteAsync(id, hash, "approve", world.SecondAdmin)).Expect(200);
        (await world.StateAsync(id)).ShouldBe("applied");
        (await SwitchAsync("killed", "enable")).Expect(200);
    }

    private async Task LengthenAsync(string key, TimeSpan length)
    {
        var now = world.Time.GetUtcNow();
        var body = JsonSerializer.SerializeToUtf8Bytes(
            new
            {
                approvers = 2,
                scope = new { environmentTypes = new[] { "development" } },
                intervals = new[] { new { from = now, to = now + length } },
                reason = "longer",
            }
        );
        var asked = (await world.SendAsync("PUT", $"/api/v1/freezes/{key}", body, world.Admin)).Expect(202);
        var (id, hash) = (asked.GetProperty("changeRequest").Text("id"), asked.GetProperty("changeRequest").Text("hash"));
        (await world.VoteAsync(id, hash, "approve", world.SecondAdmin)).Expect(200);
        (await world.StateAsync(id)).ShouldBe("applied");
    }

    private Task<Answer> SwitchAsync(string flag, string verb, string query = "") =>
        world.PostAsync($"/api/v1/projects/shop/flags/{flag}/environments/development/{verb}{query}", """{"reason":"test"}""");

    private async Task<string> BodyAsync(string flag, string environment, bool exception = false) =>
        JsonSerializer.Serialize(
            new
            {
                operations = new[]
                {
                    new
                    {
                        op = "setEnabled",
                        flag,
                        environment,
                        enabled = true,
                        baseRevision = await world.RevisionAsync(flag),
                    },
                },
                reason = "it cannot wait",
                despiteFreezes = exception,
            }
        );
}
