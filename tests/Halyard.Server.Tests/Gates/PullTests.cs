using System.Text.Json;
using Halyard.Core.Policies.Checks;
using Halyard.Server.Gates;
using Halyard.Server.Tests.Delivery;
using Halyard.Server.Tests.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace Halyard.Server.Tests.Gates;

/// <summary>Sources that are asked, and everything that they may answer.</summary>
public sealed class PullTests(GateWorld world) : IClassFixture<GateWorld>
{
    [Fact]
    public async Task Service_ThatAnswersAboutTheVeryContent_CompletesTheRequest()
    {
        var flag = await world.FlagAsync("asked");
        var request = await world.ApprovedAsync(flag);
        world.Source.Requests.Clear();
        world.Source.Answers(Passing);

        var answer = (await world.RunAsync("service-pass", request.Id)).Expect(200);

        answer.GetProperty("changeRequest").Text("state").ShouldBe("applied");
        (await world.IsOnAsync(flag)).ShouldBeTrue();
        var asked = world.Source.Requests.ShouldHaveSingleItem();
        (asked.Method, asked.Path).ShouldBe(("GET", "/check"));
        asked.Query["team"].ShouldBe("a");
        asked.Query["check"].ShouldBe("service-pass");
        asked.Query["flag"].ShouldBe(flag);
        asked.Query["environment"].ShouldBe("production");
        asked.Query["content"].ShouldBe(request.Hash);
    }

    public static TheoryData<string, string> Hostile =>
        new()
        {
            { """{"check":"service-pass","content":"CONTENT","observedAt":"NOW","result":"passed"}""", "form" },
            { """{"check":"service-pass","content":"CONTENT","observedAt":"NOW","result":"pass","result":"pass"}""", "twice" },
            { """{"check":"service-pass","content":"CONTENT","observedAt":"NOW","result":"pass","note":"hi"}""", "form" },
            { """{"check":"other","content":"CONTENT","observedAt":"NOW","result":"pass"}""", "something else" },
            { """{"check":"service-pass","content":"sha256:00","observedAt":"NOW","result":"pass"}""", "something else" },
            {
                """{"check":"service-pass","content":"CONTENT","observedAt":"2020-01-01T00:00:00Z","result":"pass"}""",
                "too long ago"
            },
            {
                """{"check":"service-pass","content":"CONTENT","observedAt":"2999-01-01T00:00:00Z","result":"pass"}""",
                "not come yet"
            },
            { """{"check":"service-pass","content":"CONTENT","result":"pass"}""", "when it was seen" },
            { """{"check":"service-pass","content":"CONTENT","observedAt":"NOW"}""", "form" },
            { """{"status":"passed"}""", "form" },
            { "[]", "form" },
            { "null", "form" },
            { "NaN", "no JSON" },
            { "[[[[[[[[[[[[", "no JSON" },
            { "<html>502 Bad Gateway</html>", "no JSON" },
            { "", "no JSON" },
        };

    [Theory]
    [MemberData(nameof(Hostile))]
    public async Task Defect073_AnswerOfAnotherForm_IsInconclusiveAndSaysWhy(string body, string why)
    {
        var request = await world.ApprovedAsync(await world.FlagAsync("asked"));
        world.Source.Answers(asked => new Reply(200, Filled(body, asked)));

        await NotPassedAsync("service-pass", request.Id, why);
    }

    [Theory]
    [InlineData(500)]
    [InlineData(404)]
    [InlineData(204)]
    public async Task Defect067_AnswerOfAnotherStatus_IsInconclusive(int status)
    {
        var request = await world.ApprovedAsync(await world.FlagAsync("asked"));
        world.Source.Answers(asked => new Reply(status, status == 204 ? "" : Passing(asked).Body));

        await NotPassedAsync("service-pass", request.Id, $"answered {status}");
    }

    [Fact]
    public async Task Defect071_RedirectToSomewhereInside_IsNotFollowed()
    {
        var request = await world.ApprovedAsync(await world.FlagAsync("asked"));
        world.Source.Requests.Clear();
        world.Source.Answers(asked =>
            asked.Path == "/inside"
                ? Passing(asked)
                : new Reply(302, "", ("Location", $"{world.Source.Address}/inside?content={asked.Query["content"]}"))
        );

        await NotPassedAsync("service-pass", request.Id, "redirects are not followed");

        world.Source.Requests.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Answer_WithoutEnd_IsCutOff()
    {
        var request = await world.ApprovedAsync(await world.FlagAsync("asked"));
        world.Source.Answers(asked => new Reply(200, Passing(asked).Body + new string(' ', CheckHttp.MaxBytes)));

        await NotPassedAsync("service-pass", request.Id, "more than");
    }

    [Fact]
    public async Task Answer_ThatDoesNotCome_IsInconclusive()
    {
        var request = await world.ApprovedAsync(await world.FlagAsync("asked"));
        var never = new TaskCompletionSource<Reply>(TaskCreationOptions.RunContinuationsAsynchronously);
        world.Source.Answer = _ => never.Task;

        await NotPassedAsync("service-pass", request.Id, "did not answer within 1 s");

        never.SetResult(new Reply(200));
    }

    [Fact]
    public async Task Prometheus_WithOneFreshSample_CompletesTheRequest_AndIsAskedOneEscapedQuery()
    {
        var flag = await world.FlagAsync("metered");
        var request = await world.ApprovedAsync(flag);
        world.Source.Requests.Clear();
        world.Source.Answers(_ => Vector("0.002"));

        (await world.RunAsync("rates-good", request.Id)).Expect(200);

        (await world.IsOnAsync(flag)).ShouldBeTrue();
        var asked = world.Source.Requests.ShouldHaveSingleItem();
        asked.Path.ShouldBe("/api/v1/query");
        asked.Query["query"].ShouldBe($$"""sum(rate(errors{flag="{{flag}}"}[5m]))""");
    }

    /// <summary>The errors that Prometheus documents, and what else stands in its place.</summary>
    public static TheoryData<int, string, string> PrometheusErrors =>
        new()
        {
            {
                400,
                """{"status":"error","errorType":"bad_data","error":"invalid parameter \"query\": 1:5: parse error"}""",
                "bad_data"
            },
            {
                422,
                """{"status":"error","errorType":"execution","error":"query processing would load too many samples"}""",
                "execution"
            },
            { 503, """{"status":"error","errorType":"timeout","error":"query timed out in expression evaluation"}""", "timeout" },
            { 503, "upstream connect error", "answered 503" },
            { 502, "<html>", "answered 502" },
            { 500, """{"status":"success","data":{"resultType":"scalar","result":[9999999999,"0"]}}""", "answered 500" },
            { 200, """{"status":"success","data":{"resultType":"vector","result":[]}}""", "no data" },
            { 200, """{"status":"success","data":{"resultType":"scalar","result":[9999999999,"NaN"]}}""", "finite" },
            {
                200,
                """{"status":"success","warnings":["x"],"data":{"resultType":"scalar","result":[9999999999,"0"]}}""",
                "incomplete"
            },
            { 200, """{"status":"success","data":{"resultType":"scalar","result":[1,"0"]}}""", "too old" },
        };

    [Theory]
    [MemberData(nameof(PrometheusErrors))]
    public async Task Defect081_PrometheusThatHasNoAnswer_IsInconclusive(int status, string body, string why)
    {
        var request = await world.ApprovedAsync(await world.FlagAsync("metered"));
        world.Source.Answers(_ => new Reply(status, body));

        await NotPassedAsync("rates-good", request.Id, why);
    }

    [Fact]
    public async Task Prometheus_WithTooHighARate_Fails()
    {
        var request = await world.ApprovedAsync(await world.FlagAsync("metered"));
        world.Source.Answers(_ => Vector("0.5"));

        (await world.RunAsync("rates-good", request.Id)).Expect(200);

        var finding = await world.FindingAsync(request.Id);
        finding.Text("result").ShouldBe("fail");
        finding.Text("words").ShouldContain("rate is 0.5 and must be at most 0.01");
    }

    [Fact]
    public async Task Numbers_InAJsonDocument_AreJudged_AndTheFlagsNameIsEscaped()
    {
        var flag = await world.FlagAsync("counted");
        var request = await world.ApprovedAsync(flag);
        world.Source.Requests.Clear();
        world.Source.Answers(_ => new Reply(200, """{"errors":0.001,"more":"things"}"""));

        (await world.RunAsync("numbers-good", request.Id)).Expect(200);

        (await world.IsOnAsync(flag)).ShouldBeTrue();
        world.Source.Requests.ShouldHaveSingleItem().Query["flag"].ShouldBe(flag);
    }

    [Fact]
    public void Defect071_NameThatCouldEndItsPlaceInAnAddress_IsEscaped()
    {
        var subject = new CheckSubject("e", 1, default);
        var question = new CheckQuestion("c", "p", "a", "x&status=passed#", "../admin", null, subject);

        question.Fill("http://h/?flag=$flag", Uri.EscapeDataString).Text.ShouldBe("http://h/?flag=x%26status%3Dpassed%23");
        question.Query().ShouldContain("environment=..%2Fadmin");
        question.Fill("$request", Uri.EscapeDataString).Missing.ShouldBe("$request");
    }

    [Fact]
    public async Task Defect086_HostThatIsNotAllowed_IsNotAsked()
    {
        var answer = await world
            .Services.GetRequiredService<CheckHttp>()
            .GetAsync(
                new Uri(world.Source.Address.Replace("127.0.0.1", "localhost", StringComparison.Ordinal)),
                null,
                TestContext.Current.CancellationToken
            );

        answer.Why.ShouldContain("AllowedHosts");
    }

    [Fact]
    public async Task Rounds_AskForRequestsThatWait_AndApplyWhatIsComplete_WithoutSayingTheSameTwice()
    {
        var rounds = world.Services.GetRequiredService<CheckRounds>();
        var flag = await world.FlagAsync("asked");
        var request = await world.ApprovedAsync(flag);
        world.Source.Answers(_ => new Reply(500));
        await rounds.GoAsync("default", TestContext.Current.CancellationToken);
        var (size, _) = await world.HeadAsync();
        await rounds.GoAsync("default", TestContext.Current.CancellationToken);
        (await world.HeadAsync()).Size.ShouldBe(size);
        (await world.FindingAsync(request.Id)).Text("words").ShouldContain("answered 500");

        world.Source.Answers(Passing);
        await rounds.GoAsync("default", TestContext.Current.CancellationToken);

        (await world.IsOnAsync(flag)).ShouldBeTrue();
    }

    [Fact]
    public async Task Rounds_AskAHostThatDoesNotAnswerOnce_AndAgainInTheNext()
    {
        var rounds = world.Services.GetRequiredService<CheckRounds>();
        var flags = new[] { await world.FlagAsync("asked"), await world.FlagAsync("asked") };
        foreach (var flag in flags)
            await world.ApprovedAsync(flag);
        world.Source.Requests.Clear();
        var never = new TaskCompletionSource<Reply>(TaskCreationOptions.RunContinuationsAsynchronously);
        world.Source.Answer = _ => never.Task;
        await rounds.GoAsync("default", TestContext.Current.CancellationToken);
        world.Source.Requests.ShouldHaveSingleItem();
        never.SetResult(new Reply(200));

        world.Source.Answers(Passing);
        await rounds.GoAsync("default", TestContext.Current.CancellationToken);

        foreach (var flag in flags)
            (await world.IsOnAsync(flag)).ShouldBeTrue();
    }

    [Fact]
    public async Task Secret_WithALineBreak_IsNotSentAndSaysWhy()
    {
        var pulled = await AskWithAsync("broken");

        pulled.Outcome.Result.ShouldBe(CheckResult.Inconclusive);
        pulled.Outcome.Words.ShouldContain("line breaks");
        world.Source.Requests.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("hooks")]
    [InlineData("ci")]
    [InlineData("Secrets:ci")]
    public async Task Secret_ThatIsOfASinkOrSignsReports_IsSentNowhere(string name)
    {
        var pulled = await AskWithAsync(name);

        pulled.Outcome.Result.ShouldBe(CheckResult.Inconclusive);
        pulled.Outcome.Words.ShouldStartWith(
            $"there is no secret '{name}' for tenant 'default' in the configuration (Halyard:Checks:Tokens:{name}"
        );
        world.Source.Requests.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("theirs", "default", "there is no secret 'theirs' for tenant 'default'")]
    [InlineData("reader", "globex", "there is no secret 'reader' for tenant 'globex'")]
    [InlineData("elsewhere", "default", "the secret 'elsewhere' is not for the host '127.0.0.1'")]
    [InlineData("theirs:Value", "default", "there is no secret 'theirs:Value'")]
    public async Task Secret_OfAnotherTenantOrHost_IsSentNowhere(string name, string tenant, string why)
    {
        var pulled = await AskWithAsync(name, tenant);

        pulled.Outcome.Result.ShouldBe(CheckResult.Inconclusive);
        pulled.Outcome.Words.ShouldStartWith(why);
        world.Source.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task Secret_ThatIsBoundToATenant_IsSentForThatTenant()
    {
        world.Source.Answers(_ => new Reply(500));

        await AskWithAsync("theirs", "globex");

        world.Source.Requests.ShouldHaveSingleItem().Headers["Authorization"].ShouldBe("Bearer for globex");
    }

    [Fact]
    public async Task Secret_ThatIsAToken_IsSent()
    {
        world.Source.Answers(_ => new Reply(500));

        await AskWithAsync("reader");

        world.Source.Requests.ShouldHaveSingleItem().Headers["Authorization"].ShouldBe("Bearer let me in");
    }

    [Fact]
    public async Task Run_ByWhoMayNot_IsDenied_AndNobodyIsAsked()
    {
        var request = await world.ApprovedAsync(await world.FlagAsync("asked"));
        var client = (await world.TokenAsync("CLIENT")).Secret;
        world.Source.Requests.Clear();

        (await world.PostAsync("/api/v1/checks/service-pass/run", $$"""{"request":"{{request.Id}}"}""", client)).ExpectProblem(
            403,
            "denied"
        );

        world.Source.Requests.ShouldBeEmpty();
    }

    private async Task<Pulled> AskWithAsync(string secret, string tenant = "default")
    {
        var settings = new CheckSettings(
            CheckSource.Http,
            "",
            $"{world.Source.Address}/check",
            secret,
            [],
            [],
            TimeSpan.FromHours(1),
            default,
            default
        );
        var question = new CheckQuestion("c", "shop", "cr_1", null, null, "cr_1", new CheckSubject("", 0, default));
        world.Source.Requests.Clear();
        return await world
            .Services.GetRequiredService<CheckPull>()
            .AskAsync(tenant, new CheckDefinition("c_1", "c", settings), question, TestContext.Current.CancellationToken);
    }

    private async Task NotPassedAsync(string check, string request, string why)
    {
        (await world.RunAsync(check, request)).Expect(200);
        var finding = await world.FindingAsync(request);
        finding.Text("result").ShouldBe("inconclusive");
        finding.Text("words").ShouldContain(why);
        (await world.RequestAsync(request)).Text("state").ShouldBe("approved");
    }

    private Reply Passing(Received asked) =>
        new(
            200,
            Filled("""{"check":"CHECK","content":"CONTENT","observedAt":"NOW","result":"pass"}""", asked)
                .Replace("CHECK", asked.Query.GetValueOrDefault("check"), StringComparison.Ordinal)
        );

    private string Filled(string body, Received asked) =>
        body.Replace("CONTENT", asked.Query["content"], StringComparison.Ordinal)
            .Replace("NOW", world.Time.GetUtcNow().UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'"), StringComparison.Ordinal);

    private Reply Vector(string value) =>
        new(
            200,
            JsonSerializer.Serialize(
                new
                {
                    status = "success",
                    data = new
                    {
                        resultType = "vector",
                        result = new[]
                        {
                            new { metric = new { }, value = new object[] { world.Time.GetUtcNow().ToUnixTimeSeconds(), value } },
                        },
                    },
                }
            )
        );
}
