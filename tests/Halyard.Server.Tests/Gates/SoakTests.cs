using Halyard.Server.Tests.Hosting;

namespace Halyard.Server.Tests.Gates;

/// <summary><c>staging-soak-24h</c>, read from the ledger.</summary>
public sealed class SoakTests(GateWorld world) : IClassFixture<GateWorld>
{
    [Fact]
    public async Task Defect076_FlagThatWasNeverOnInStaging_HasNotSoaked()
    {
        var request = await world.ApprovedAsync(await world.FlagAsync("soaked"));

        var finding = await world.FindingAsync(request.Id);

        finding.Text("result").ShouldBe("fail");
        finding.Text("words").ShouldContain("was in force in staging for 0 h");
        (await world.RequestAsync(request.Id)).Text("state").ShouldBe("approved");
    }

    [Fact]
    public async Task Override_WhichIsNoPartOfWhatSoaks_IsNoPass()
    {
        var flag = await world.FlagAsync("soaked");
        var revision = (await world.GetAsync($"/api/v1/projects/shop/flags/{flag}"))
            .Expect(200)
            .GetProperty("revision")
            .GetInt64();
        var pinned =
            $$"""{"op":"addOverride","flag":"{{flag}}","environment":"production","baseRevision":{{revision}},"override":{"id":"o","attribute":"targetingKey","value":"ann","variant":"on"} }""";
        var asked = (
            await world.PostAsync(
                "/api/v1/projects/shop/changes",
                $$"""{"operations":[{{pinned}}],"reason":"go"}""",
                world.Developer
            )
        )
            .Expect(202)
            .GetProperty("changeRequest");
        (await world.VoteAsync(asked.Text("id"), asked.Text("hash"), world.Lead)).Expect(200);

        var finding = await world.FindingAsync(asked.Text("id"));

        finding.Text("result").ShouldBe("inconclusive");
        finding.Text("words").ShouldContain("cannot soak");
        (await world.RequestAsync(asked.Text("id"))).Text("state").ShouldBe("approved");
    }

    [Fact]
    public async Task Defect078_SoakTime_IsTheTimeThatStagingServedThisVeryValue()
    {
        var flag = await world.FlagAsync("soaked");
        var path = $"/api/v1/projects/shop/flags/{flag}/environments/staging/enable";
        var staged = (await world.PostAsync(path, """{"reason":"go"}""", world.Developer))
            .Expect(202)
            .GetProperty("changeRequest");
        (await world.VoteAsync(staged.Text("id"), staged.Text("hash"), world.Lead)).Expect(200);
        world.Time.Advance(TimeSpan.FromHours(23));
        var request = await world.ApprovedAsync(flag);
        (await world.FindingAsync(request.Id)).Text("words").ShouldContain("23 h");
        (await world.IsOnAsync(flag)).ShouldBeFalse();

        world.Time.Advance(TimeSpan.FromHours(1));
        (await world.FindingAsync(request.Id)).Text("result").ShouldBe("pass");
        (await world.PostAsync($"/api/v1/change-requests/{request.Id}/apply", "{}", world.Developer)).Expect(200);

        (await world.IsOnAsync(flag)).ShouldBeTrue();
    }
}
