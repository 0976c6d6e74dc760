using System.Globalization;
using System.Text.Json;
using Halyard.Server.Tests.Hosting;

namespace Halyard.Server.Tests.Reports;

/// <summary>Reports over HTTP: what they say, how they are written, and what is refused.</summary>
public sealed class ReportTests(HalyardServer server) : IClassFixture<HalyardServer>
{
    private const string Enterprise =
        """{"id":"r_e","name":"<script>alert(1)</script>","conditions":[{"attribute":"plan","operator":"equals","values":["enterprise"]}],"serve":{"variant":"on"} }""";

    [Fact]
    public async Task Report_ForASegmentOfUsers_SaysWhenByWhichRuleAndWhoAuthorisedIt()
    {
        await CheckoutAsync("segment");

        var on = (await GetAsync("segment", "&attribute=plan:string:enterprise")).Expect(200);
        var states = on.GetProperty("periods").EnumerateArray().Select(period => period.Text("state"));
        states.ShouldBe(["off", "on", "absent"]);
        var period = on.GetProperty("periods")[1];
        period.GetProperty("outcomes")[0].Text("by").ShouldBe("rule");
        period.GetProperty("outcomes")[0].Text("id").ShouldBe("r_e");
        period.GetProperty("started").Text("reason").ShouldBe("=cmd|' /C calc'!A0");
        period.GetProperty("started").Text("ticket").ShouldBe("WEB-1");
        period.GetProperty("started").Text("authorisedBy").ShouldStartWith("policy halyard@");
        period
            .GetProperty("ended")
            .GetProperty("index")
            .GetInt64()
            .ShouldBe(on.GetProperty("periods")[2].GetProperty("started").GetProperty("index").GetInt64());
        on.GetProperty("current").Text("state").ShouldBe("absent");

        // The reason changed, from the flag being off to the fallthrough.
        var other = (await GetAsync("segment", "&attribute=plan:string:free")).Expect(200);
        other.GetProperty("periods").EnumerateArray().Select(item => item.Text("state")).ShouldBe(["off", "off", "absent"]);
        var unknown = (await GetAsync("segment", "")).Expect(200).GetProperty("periods")[1];
        unknown.Text("state").ShouldBe("depends");
        unknown.GetProperty("dependsOn").EnumerateArray().Select(item => item.GetString()).ShouldBe(["plan"]);
    }

    [Fact]
    public async Task Report_ForMembersOfASegment_SaysWhoIsMeant_AlsoOnThePage()
    {
        await CheckoutAsync("members");

        (await GetAsync("members", "&segment=nowhere")).ExpectProblem(404, "not-found");
        await PostAsync("members", """{"op":"createSegment","segment":"vips"}""");
        var answer = (await GetAsync("members", "&segment=vips")).Expect(200);

        answer.Text("segment").ShouldBe("vips");
        answer.GetProperty("periods").EnumerateArray().Select(item => item.Text("state")).ShouldContain("depends");
        (await GetAsync("members", "&segment=vips&format=html")).Words.ShouldContain("members of segment vips");
    }

    [Fact]
    public async Task Report_AsCsv_HasARowAPeriodAndNoCellThatIsAFormula()
    {
        await CheckoutAsync("rows");

        var answer = await GetAsync("rows", "&attribute=plan:string:enterprise&format=csv");

        answer.Status.ShouldBe(200);
        answer.MediaType.ShouldBe("text/csv");
        var rows = answer.Words.TrimEnd().Split("\r\n");
        rows.Length.ShouldBe(4);
        rows.ShouldAllBe(row => row.Split("\",\"").Length == 26);
        rows[2].ShouldContain("\"'=cmd|' /C calc'!A0\"");
    }

    [Fact]
    public async Task Report_AsAPage_EncodesWhatPeopleTyped()
    {
        await CheckoutAsync("page");

        var answer = await server.SendAsync(
            "GET",
            "/api/v1/projects/page/flags/checkout/compliance?environment=staging&attribute=plan:string:enterprise",
            null,
            server.Admin,
            ("Accept", "text/html, application/json;q=0.5")
        );

        answer.Status.ShouldBe(200);
        answer.MediaType.ShouldBe("text/html");
        answer.Words.ShouldContain("&lt;script&gt;alert(1)&lt;/script&gt;");
        answer.Words.ShouldNotContain("<script", Case.Insensitive);
        answer.Words.ShouldContain("@media print");
        answer.Words.Split("<rect ").Length.ShouldBe(4);
    }

    [Fact]
    public async Task Page_IsAllowedItsOneStyleAndNothingElse()
    {
        await CheckoutAsync("policy");
        using var http = new HttpClient { BaseAddress = server.Address };
        http.DefaultRequestHeaders.Authorization = new("Bearer", server.Admin);
        using var answer = await http.GetAsync(
            new Uri("/api/v1/projects/policy/flags/checkout/compliance?environment=staging&format=html", UriKind.Relative),
            TestContext.Current.CancellationToken
        );
        var page = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

        var style = page[
            (page.IndexOf("<style>", StringComparison.Ordinal) + 7)..page.IndexOf("</style>", StringComparison.Ordinal)
        ];
        var hash = Convert.ToBase64String(
            System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(style))
        );
        answer
            .Headers.GetValues("Content-Security-Policy")
            .ShouldHaveSingleItem()
            .ShouldStartWith($"default-src 'none'; style-src 'sha256-{hash}';");
        answer.Headers.CacheControl.ShouldNotBeNull().NoStore.ShouldBeTrue();
    }

    [Fact]
    public async Task RolloutHistory_SaysTheSharesOfTheFallthroughAndOfTheRules()
    {
        await CheckoutAsync("shares");

        var answer = (await server.GetAsync("/api/v1/projects/shares/flags/checkout/rollout-history?environment=staging")).Expect(
            200
        );

        var periods = answer.GetProperty("periods").EnumerateArray().ToList();
        periods.Select(Words).ShouldBe(["flagOff off 100000", "on 33333, off 66667; r_e on 100000", "noFlag "]);
        var csv = await server.GetAsync("/api/v1/projects/shares/flags/checkout/rollout-history?environment=staging&format=csv");
        csv.Words.TrimEnd().Split("\r\n").Length.ShouldBe(1 + 1 + 3);
    }

    [Theory]
    [InlineData("", "/environment")]
    [InlineData("environment=staging&from=2026-01-01T00:00:00Z&to=2025-01-01T00:00:00Z", "/to")]
    [InlineData("environment=staging&from=2999-01-01T00:00:00Z", "/from")]
    [InlineData("environment=staging&attribute=plan", "/attribute")]
    [InlineData("environment=staging&attribute=plan:text:x", "/attribute")]
    [InlineData("environment=staging&attribute=age:number:NaN", "/attribute")]
    [InlineData("environment=staging&attribute=beta:boolean:yes", "/attribute")]
    [InlineData("environment=staging&attribute=a:string:1&attribute=a:string:2", "/attribute")]
    [InlineData("environment=staging&attribute=targetingKey:string:u", "/attribute")]
    [InlineData("environment=staging&format=xml", "/format")]
    [InlineData("environment=staging&colour=red", "/colour")]
    public async Task Question_ThatIsWrong_IsRefusedWithThePlace(string query, string pointer)
    {
        await CheckoutAsync("wrong");
        (await server.GetAsync($"/api/v1/projects/wrong/flags/checkout/compliance?{query}")).ExpectInvalid().ShouldBe([pointer]);
    }

    [Fact]
    public async Task Question_WithMoreThanItMayHave_IsRefused()
    {
        await CheckoutAsync("large");
        var many = string.Concat(Enumerable.Range(0, 21).Select(i => $"&attribute=a{i}:string:x"));
        (await GetAsync("large", many)).ExpectInvalid().ShouldBe(["/attribute"]);
        (await GetAsync("large", $"&attribute=a:string:{new string('x', 513)}")).ExpectInvalid().ShouldBe(["/attribute"]);
        (await GetAsync("large", $"&targetingKey={new string('x', 513)}")).ExpectInvalid().ShouldBe(["/targetingKey"]);
    }

    [Fact]
    public async Task Report_OnWhatNeverWas_IsNotFound()
    {
        await CheckoutAsync("never");
        (await server.GetAsync("/api/v1/projects/never/flags/nothing/compliance?environment=staging")).ExpectProblem(
            404,
            "not-found"
        );
        (await server.GetAsync("/api/v1/projects/never/flags/checkout/compliance?environment=moon")).ExpectProblem(
            404,
            "not-found"
        );
        (await server.GetAsync("/api/v1/projects/nowhere/flags/checkout/rollout-history?environment=staging")).ExpectProblem(
            404,
            "not-found"
        );
        (
            await server.GetAsync("/api/v1/projects/never/flags/checkout/compliance?environment=staging", server.Other)
        ).ExpectProblem(404, "not-found");
    }

    [Fact]
    public async Task PastAnswer_NamesTheRevisionsAndEntriesItCameFrom()
    {
        await server.ProjectAsync("sources");
        await PostAsync("sources", """{"op":"createSegment","segment":"beta","includes":["u"]}""");
        await server.FlagAsync("sources", "needed");
        await server.FlagAsync("sources", "unrelated");
        await server.FlagAsync("sources", "flag");
        await PostAsync(
            "sources",
            """{"op":"setPrerequisites","flag":"flag","environment":"staging","prerequisites":[{"flag":"needed","variants":["on"]}],"baseRevision":1}""",
            """{"op":"addRule","flag":"needed","environment":"staging","rule":{"id":"r","conditions":[{"operator":"segment","values":["beta"]}],"serve":{"variant":"on"} },"baseRevision":1}"""
        );

        var answer = (
            await server.PostAsync(
                "/api/v1/projects/sources/evaluate?environment=staging&at=2999-01-01T00:00:00Z",
                """{"flag":"flag","context":{"targetingKey":"u"}}"""
            )
        ).Expect(200);

        var sources = answer.GetProperty("sources").EnumerateArray().ToList();
        sources
            .Select(source => $"{source.Text("kind")} {source.Text("key")} {source.GetProperty("revision").GetInt64()}")
            .ShouldBe(["environment staging 1", "flag flag 2", "flag needed 2", "segment beta 1"]);
        foreach (var source in sources)
        {
            var entry = (await server.GetAsync($"/api/v1/audit/{source.GetProperty("index").GetInt64()}")).Expect(200);
            entry.GetProperty("effectiveAt").GetDateTimeOffset().ShouldBe(source.GetProperty("effectiveAt").GetDateTimeOffset());
        }
    }

    [Fact]
    public async Task PastValue_OfASensitiveFlag_IsHiddenUnlessItIsRevealed_WhoeverAsks()
    {
        await server.ProjectAsync("secrets");
        var flag =
            """{"key":"limit","type":"string","sensitive":true,"variants":[{"key":"on","value":"hush-4711"},{"key":"off","value":"none"}]}""";
        (await server.PostAsync("/api/v1/projects/secrets/flags", flag)).Expect(200);
        var (_, client) = await server.TokenAsync("CLIENT");

        foreach (var credential in new[] { client, server.Admin })
        {
            var hidden = await EvaluatedAsync("&at=2999-01-01T00:00:00Z", credential);
            hidden.GetRawText().ShouldNotContain("hush-4711");
            hidden.GetRawText().ShouldNotContain("none");
            hidden.GetProperty("valueHidden").GetBoolean().ShouldBeTrue();
            hidden.Text("variant").ShouldNotBeEmpty();
            (await EvaluatedAsync("", credential)).TryGetProperty("valueHidden", out _).ShouldBeFalse("it is served to them");
        }
        (await EvaluatedAsync("&at=2999-01-01T00:00:00Z&reveal=true", server.Admin)).Text("value").ShouldNotBeEmpty();

        async Task<System.Text.Json.JsonElement> EvaluatedAsync(string more, string credential)
        {
            var path = $"/api/v1/projects/secrets/evaluate?environment=staging{more}";
            var answer = (await server.PostAsync(path, """{"flag":"limit","context":{"targetingKey":"u"}}""", credential)).Expect(
                200
            );
            return answer.GetProperty("flags")[0];
        }
    }

    [Fact]
    public async Task Past_OfSomebodyErased_SaysThatItMayHaveBeenOtherwise()
    {
        await server.ProjectAsync("erased");
        await server.FlagAsync("erased", "checkout");
        await PostAsync(
            "erased",
            """{"op":"setEnabled","flag":"checkout","environment":"staging","enabled":true,"baseRevision":1}""",
            """{"op":"addOverride","flag":"checkout","environment":"staging","override":{"id":"o_1","attribute":"targetingKey","value":"ela@example.com","variant":"off"},"baseRevision":1}"""
        );
        var at = server.Time.GetUtcNow().ToString("yyyy-MM-ddTHH:mm:ss.ffffffZ", CultureInfo.InvariantCulture);
        await PostAsync(
            "erased",
            """{"op":"removeOverride","flag":"checkout","environment":"staging","override":"o_1","baseRevision":2}"""
        );
        const string About = "&targetingKey=ela@example.com";
        Erased(await GetAsync("erased", About)).ShouldNotContain(true);
        (await EvaluatedAsync(at)).GetProperty("valuesErased").GetBoolean().ShouldBeFalse();

        (await server.PostAsync("/api/v1/privacy/erasures", """{"name":"ela@example.com","reason":"asked"}""")).Expect(200);

        var periods = (await GetAsync("erased", About)).Expect(200).GetProperty("periods").EnumerateArray().ToList();
        periods.Select(period => period.GetProperty("valuesErased").GetBoolean()).ShouldBe([false, true, false]);
        periods[1].Text("summary").ShouldContain("personal values were erased since");
        var csv = (await GetAsync("erased", About + "&format=csv")).Words.TrimEnd().Split("\r\n");
        csv.Skip(1).Select(line => line.EndsWith("\"true\"", StringComparison.Ordinal)).ShouldBe([false, true, false], csv[0]);
        (await GetAsync("erased", About + "&format=html")).Words.ShouldContain("personal values were erased since");
        (await EvaluatedAsync(at)).GetProperty("valuesErased").GetBoolean().ShouldBeTrue();
        (await EvaluatedAsync("2999-01-01T00:00:00Z")).GetProperty("valuesErased").GetBoolean().ShouldBeFalse();

        static IEnumerable<bool> Erased(Answer answer) =>
            answer
                .Expect(200)
                .GetProperty("periods")
                .EnumerateArray()
                .Select(period => period.GetProperty("valuesErased").GetBoolean());

        async Task<System.Text.Json.JsonElement> EvaluatedAsync(string time) =>
            (
                await server.PostAsync(
                    $"/api/v1/projects/erased/evaluate?environment=staging&at={Uri.EscapeDataString(time)}",
                    """{"flag":"checkout","context":{"targetingKey":"ela@example.com"}}"""
                )
            ).Expect(200);
    }

    private Task<Answer> GetAsync(string project, string more) =>
        server.GetAsync($"/api/v1/projects/{project}/flags/checkout/compliance?environment=staging{more}");

    private async Task PostAsync(string project, params IEnumerable<string> operations)
    {
        var body = $$"""{"reason":"=cmd|' /C calc'!A0","ticket":"WEB-1","operations":[{{string.Join(',', operations)}}]}""";
        (await server.PostAsync($"/api/v1/projects/{project}/changes", body)).Expect(200);
    }

    /// <summary>A flag that is off, then on for enterprise, then deleted.</summary>
    private async Task CheckoutAsync(string project)
    {
        if ((await server.GetAsync($"/api/v1/projects/{project}")).Status == 200)
            return;
        await server.ProjectAsync(project);
        await server.FlagAsync(project, "checkout");
        const string thirds =
            """{"rollout":{"bucketBy":"company","weights":[{"variant":"on","weight":1},{"variant":"off","weight":2}]} }""";
        var fallthrough = project == "shares" ? thirds : """{"variant":"off"}""";
        await PostAsync(
            project,
            """{"op":"setEnabled","flag":"checkout","environment":"staging","enabled":true,"baseRevision":1}""",
            $$"""{"op":"addRule","flag":"checkout","environment":"staging","rule":{{Enterprise}},"baseRevision":1}""",
            $$"""{"op":"setFallthrough","flag":"checkout","environment":"staging","serve":{{fallthrough}},"baseRevision":1}"""
        );
        (await server.SendAsync("DELETE", $"/api/v1/projects/{project}/flags/checkout?reason=done", null, server.Admin)).Expect(
            200
        );
    }

    private static string Words(JsonElement period)
    {
        static string Shares(JsonElement of) =>
            string.Join(
                ", ",
                of.GetProperty("shares")
                    .EnumerateArray()
                    .Select(share => $"{share.Text("variant")} {share.GetProperty("share").GetInt32()}")
            );
        var rules = period.GetProperty("rules").EnumerateArray().Select(rule => $"; {rule.Text("id")} {Shares(rule)}");
        var off = period.TryGetProperty("off", out var why) ? $"{why.GetString()} " : "";
        return $"{off}{Shares(period)}{string.Concat(rules)}";
    }
}
