using System.Text;
using System.Text.Json;
using Halyard.Server.Tests.Hosting;

namespace Halyard.Server.Tests.Gates;

/// <summary>A server with promotion gates in force, and no approval policy.</summary>
public sealed class PromotionWorld : GateWorld
{
    protected override async Task GovernAsync()
    {
        await DefineAsync("rates", $$"""{{Push}},"validMinutes":60""");
        foreach (var (key, type) in new[] { ("dev", "development"), ("prod-eu", "production") })
        {
            var body = $$"""{"key":"{{key}}","name":"{{key}}","type":"{{type}}","reason":"test"}""";
            (await PostAsync("/api/v1/projects/shop/environments", body)).Expect(200);
        }
        (
            await SendAsync(
                "PUT",
                "/api/v1/promotion-gates",
                """{"metrics":"rates","reason":"promote step by step"}"""u8.ToArray(),
                Admin
            )
        ).Expect(200);
    }

    /// <summary>A flag that is on in an environment.</summary>
    public async Task<string> FlagInAsync(string environment)
    {
        var flag = await FlagAsync("promoted");
        await EnableAsync(flag, environment);
        return flag;
    }

    public async Task EnableAsync(string flag, string environment) =>
        (
            await PostAsync($"/api/v1/projects/shop/flags/{flag}/environments/{environment}/enable", """{"reason":"test"}""")
        ).Expect(200);

    public async Task<Answer> PromoteAsync(string flag, string from, string to, string more = "", string query = "")
    {
        var revision = (await GetAsync($"/api/v1/projects/shop/flags/{flag}")).Expect(200).GetProperty("revision").GetInt64();
        var promote =
            $$"""{"op":"promote","flag":"{{flag}}","from":"{{from}}","environment":"{{to}}","baseRevision":{{revision}}""";
        return await PostAsync(
            $"/api/v1/projects/shop/changes{query}",
            $$"""{"operations":[{{more}}{{promote}}}],"reason":"go on"}"""
        );
    }

    public async Task<JsonElement> GatesAsync(string flag, string from, string to) =>
        (await GetAsync($"/api/v1/projects/shop/flags/{flag}/gates?from={from}&to={to}", Developer)).Expect(200);

    /// <summary>Reports rates of what a flag serves in an environment now.</summary>
    public async Task MeasureAsync(string flag, string environment, string errors, string successes)
    {
        var content = (await GatesAsync(flag, environment, "production")).Text("content");
        var body =
            $$$"""{"check":"rates","project":"shop","flag":"{{{flag}}}","environment":"{{{environment}}}","content":"{{{content}}}","result":"pass","measures":{"errorRate":{{{errors}}},"successRate":{{{successes}}}}}""";
        (await ReportAsync("rates", body)).Expect(200);
    }

    public static IReadOnlyList<string> Words(JsonElement gates) =>
        [.. gates.GetProperty("blockers").EnumerateArray().Select(item => item.GetString()!)];
}

/// <summary>Promotions pass gates: soak time from the ledger, rates from a check, approvals from people.</summary>
public sealed class PromotionTests(PromotionWorld world) : IClassFixture<PromotionWorld>
{
    [Fact]
    public async Task Promotion_IsBlockedInWords_ThenApproved_ThenDone()
    {
        var flag = await world.FlagInAsync("staging");
        PromotionWorld
            .Words(await world.GatesAsync(flag, "staging", "production"))
            .ShouldBe([
                "it was in force in staging for 0 h without a break and must be for 24 h",
                "error rate is unknown: 'rates' was not run on this configuration at this revision",
                "success rate is unknown: 'rates' was not run on this configuration at this revision",
            ]);
        var denied = (await world.PromoteAsync(flag, "staging", "production")).ExpectProblem(403, "denied");
        denied.GetRawText().ShouldContain("must be for 24 h");
        world.Time.Advance(TimeSpan.FromHours(24));
        await world.MeasureAsync(flag, "staging", "0.01", "0.99");
        var gates = await world.GatesAsync(flag, "staging", "production");
        gates.GetProperty("open").GetBoolean().ShouldBeTrue();
        gates.GetProperty("approvals").GetInt32().ShouldBe(2);

        var request = (await world.PromoteAsync(flag, "staging", "production")).Expect(202).GetProperty("changeRequest");
        var (id, hash) = (request.Text("id"), request.Text("hash"));
        (await world.VoteAsync(id, hash, world.Lead)).Expect(200);
        (await world.IsOnAsync(flag)).ShouldBeFalse();
        (await world.VoteAsync(id, hash, world.SecondAdmin)).Expect(200);

        (await world.IsOnAsync(flag)).ShouldBeTrue();
    }

    [Fact]
    public async Task Gates_OfAnEnvironmentKeptBack_AreAsIfThereWereNone()
    {
        const string grants =
            """{"effect":"allow","actions":["flag.read"]},{"effect":"deny","actions":["flag.read"],"resource":{"environments":["production"]}}""";
        (await world.PostAsync("/api/v1/roles", $$"""{"key":"no-production","grants":[{{grants}}],"reason":"test"}""")).Expect(
            200
        );
        var reader = (await world.TokenAsync("no-production")).Secret;
        var path = $"/api/v1/projects/shop/flags/{await world.FlagInAsync("staging")}/gates";

        (await world.GetAsync($"{path}?from=dev&to=staging", reader)).Expect(200);
        (await world.GetAsync($"{path}?from=staging&to=production", reader)).ExpectProblem(404, "not-found");
        (await world.GetAsync($"{path}?from=production&to=staging", reader)).ExpectProblem(404, "not-found");
    }

    [Fact]
    public async Task Defect087_GatesThatCloseAfterTheApproval_HoldUpThePromotion()
    {
        var flag = await world.FlagInAsync("staging");
        world.Time.Advance(TimeSpan.FromHours(24));
        await world.MeasureAsync(flag, "staging", "0", "1");
        var request = (await world.PromoteAsync(flag, "staging", "production")).Expect(202).GetProperty("changeRequest");
        var (id, hash) = (request.Text("id"), request.Text("hash"));
        (await world.VoteAsync(id, hash, world.Lead)).Expect(200);
        world.Time.Advance(TimeSpan.FromMinutes(61));

        (await world.VoteAsync(id, hash, world.SecondAdmin)).Expect(200);

        var waiting = await world.RequestAsync(id);
        waiting.Text("state").ShouldBe("approved");
        waiting.Text("remark").ShouldContain("too long ago");
        waiting.GetProperty("blockers").GetArrayLength().ShouldBe(2);
        await world.MeasureAsync(flag, "staging", "0", "1");
        (await world.PostAsync($"/api/v1/change-requests/{id}/apply", "{}", world.Developer)).Expect(200);
        (await world.IsOnAsync(flag)).ShouldBeTrue();
    }

    [Fact]
    public async Task Defect080_StepLeftOut_IsBlocked_AndEnvironmentsOfOneTypeAreGatedAlike()
    {
        var flag = await world.FlagInAsync("dev");
        world.Time.Advance(TimeSpan.FromHours(48));

        (await world.PromoteAsync(flag, "dev", "production"))
            .ExpectProblem(403, "denied")
            .GetRawText()
            .ShouldContain("step by step");
        (await world.PromoteAsync(flag, "dev", "prod-eu"))
            .ExpectProblem(403, "denied")
            .GetRawText()
            .ShouldContain("step by step");
        await world.MeasureAsync(flag, "dev", "0.05", "0.95");
        (await world.PromoteAsync(flag, "dev", "staging")).Expect(200);
        // No gate stands between environments of one type.
        (await world.PromoteAsync(flag, "staging", "dev")).Expect(200);
    }

    [Fact]
    public async Task Defect085_RatesFromBeforeTheConfigurationChanged_SayNothing()
    {
        var flag = await world.FlagInAsync("dev");
        await world.MeasureAsync(flag, "dev", "0", "1");
        (
            await world.PostAsync(
                "/api/v1/projects/shop/changes",
                $$"""{"operations":[{"op":"setFallthrough","flag":"{{flag}}","environment":"dev","serve":{"variant":"off"},"baseRevision":2}],"reason":"x"}"""
            )
        ).Expect(200);

        PromotionWorld
            .Words(await world.GatesAsync(flag, "dev", "staging"))
            .ShouldContain(words => words.Contains("not run on this"));
    }

    [Fact]
    public async Task Defect077_SoakTime_BeginsAnewWithEveryOtherConfiguration_ButNotWithATag()
    {
        var flag = await world.FlagInAsync("dev");
        world.Time.Advance(TimeSpan.FromHours(2));
        (
            await world.SendAsync(
                "PATCH",
                $"/api/v1/projects/shop/flags/{flag}",
                """{"name":"Other words","tags":["other"],"baseRevision":2,"reason":"x"}"""u8.ToArray(),
                world.Admin
            )
        ).Expect(200);
        PromotionWorld
            .Words(await world.GatesAsync(flag, "dev", "staging"))
            .ShouldNotContain(words => words.Contains("in force"));
        (await world.PostAsync($"/api/v1/projects/shop/flags/{flag}/environments/dev/disable", """{"reason":"x"}""")).Expect(200);
        await world.EnableAsync(flag, "dev");

        PromotionWorld
            .Words(await world.GatesAsync(flag, "dev", "staging"))[0]
            .ShouldBe("it was in force in development for 0 h without a break and must be for 1 h");
    }

    [Fact]
    public async Task Defect077_SegmentThatARuleUses_StartsTheSoakTimeAnew()
    {
        (await world.PostAsync("/api/v1/projects/shop/segments", """{"key":"beta","includes":["u"],"reason":"x"}""")).Expect(200);
        var flag = await world.FlagInAsync("dev");
        (
            await world.PostAsync(
                "/api/v1/projects/shop/changes",
                $$$"""{"operations":[{"op":"addRule","flag":"{{{flag}}}","environment":"dev","rule":{"id":"r1","conditions":[{"operator":"segment","values":["beta"]}],"serve":{"variant":"on"}},"baseRevision":2}],"reason":"x"}"""
            )
        ).Expect(200);
        world.Time.Advance(TimeSpan.FromHours(2));
        PromotionWorld
            .Words(await world.GatesAsync(flag, "dev", "staging"))
            .ShouldNotContain(words => words.Contains("in force"));
        (
            await world.PostAsync(
                "/api/v1/projects/shop/changes",
                """{"operations":[{"op":"updateSegment","segment":"beta","includes":["v"],"baseRevision":1}],"reason":"x"}"""
            )
        ).Expect(200);

        PromotionWorld.Words(await world.GatesAsync(flag, "dev", "staging"))[0].ShouldContain("for 0 h");
    }

    [Fact]
    public async Task Promotion_OfWhatTheSameChangeJustMade_HasNotSoaked()
    {
        var flag = await world.FlagInAsync("dev");
        world.Time.Advance(TimeSpan.FromHours(2));
        await world.MeasureAsync(flag, "dev", "0", "1");
        var first =
            $$"""{"op":"setFallthrough","flag":"{{flag}}","environment":"dev","serve":{"variant":"off"},"baseRevision":2},""";

        (await world.PromoteAsync(flag, "dev", "staging", first)).ExpectProblem(403, "denied").GetRawText().ShouldContain("0 h");
        (await world.PromoteAsync(flag, "dev", "staging")).Expect(200);
        (await world.IsOnAsync(flag, "staging")).ShouldBeTrue();
    }

    [Fact]
    public async Task Defect088_DryRun_SaysWhatStandsInTheWay_WithoutNulls()
    {
        var flag = await world.FlagInAsync("staging");
        var preview = (await world.PromoteAsync(flag, "staging", "production", query: "?dryRun=true")).Expect(200);

        preview.GetRawText().ShouldContain("deny");
        preview.GetRawText().ShouldNotContain("null");
    }

    [Fact]
    public async Task Gates_AreShown_AndHiddenFlagsHaveNone()
    {
        var gates = (await world.GetAsync("/api/v1/promotion-gates", world.Developer)).Expect(200);
        gates.GetProperty("inForce").GetBoolean().ShouldBeTrue();
        gates.GetProperty("gates")[1].GetProperty("soakMinutes").GetInt32().ShouldBe(24 * 60);
        (await world.GetAsync("/api/v1/projects/shop/flags/nothing/gates?from=dev&to=staging")).ExpectProblem(404, "not-found");
        (await world.GetAsync("/api/v1/projects/shop/flags/nothing/gates?from=dev")).ExpectProblem(422, "invalid");
    }

    [Fact]
    public async Task Gates_ToOrFromAnEnvironmentThatIsHidden_SayNoMoreThanOfOneThatIsNot()
    {
        const string Body = """{"name":"t","role":"viewer","scope":{"environmentTypes":["none","development","staging"]}}""";
        var limited = (await world.PostAsync("/api/v1/tokens", Body)).Expect(200).Text("secret");
        var path = $"/api/v1/projects/shop/flags/{await world.FlagInAsync("staging")}/gates";

        (await world.GetAsync($"{path}?from=dev&to=staging", limited)).Expect(200);
        foreach (var query in new[] { "?from=staging&to={0}", "?from={0}&to=staging" })
        {
            var hidden = await AskAsync("production");
            hidden.ShouldBe(await AskAsync("nowhere"));

            async Task<string> AskAsync(string environment)
            {
                var asked = query.Replace("{0}", environment, StringComparison.Ordinal);
                var answer = (await world.GetAsync(path + asked, limited)).ExpectProblem(404, "not-found");
                return answer.Text("detail").Replace(environment, "it", StringComparison.Ordinal);
            }
        }
    }

    [Theory]
    [InlineData("""{"gates":[{"from":"production","to":"staging","soakMinutes":1}]}""", "/gates/0/to")]
    [InlineData("""{"gates":[{"from":"staging","to":"production","soakMinutes":-1}]}""", "/gates/0/soakMinutes")]
    [InlineData(
        """{"gates":[{"from":"staging","to":"production","soakMinutes":1,"maxErrorRate":1.5}]}""",
        "/gates/0/maxErrorRate"
    )]
    [InlineData("""{"gates":[{"from":"staging","to":"production","soakMinutes":1,"maxErrors":1}]}""", "/gates/0/maxErrors")]
    [InlineData("""{"metrics":"nothing"}""", "/metrics")]
    public async Task Gates_ThatCannotBe_AreRefusedWithThePlace(string body, string pointer) =>
        (await world.SendAsync("PUT", "/api/v1/promotion-gates", Encoding.UTF8.GetBytes(body), world.Admin))
            .ExpectInvalid()
            .ShouldContain(pointer);
}
