using System.Text;
using Halyard.Server.Tests.Hosting;

namespace Halyard.Server.Tests.Gates;

/// <summary>Checks are defined, listed and deleted like everything that governs: through the pipeline, and by two people.</summary>
public sealed class CheckDefinitionTests(GateWorld world) : IClassFixture<GateWorld>
{
    [Fact]
    public async Task Checks_AreListed_ThoseThatShipWithTheThresholdsOfTheirNames()
    {
        var checks = (await world.GetAsync("/api/v1/checks", world.Developer)).Expect(200).Items();

        checks
            .Select(check => check.Text("key"))
            .ShouldBe([
                "ci-pass",
                "load-tests-pass",
                "numbers-good",
                "rates-good",
                "service-pass",
                "integration-tests-pass",
                "security-scan-pass",
                "staging-soak-24h",
            ]);
        checks[1].GetProperty("ships").GetBoolean().ShouldBeTrue();
        checks[1].GetProperty("thresholds")[1].Text("field").ShouldBe("p99Milliseconds");
        checks[1].GetProperty("thresholds")[1].GetProperty("limit").GetDouble().ShouldBe(500);
        checks[^1].GetProperty("soakMinutes").GetInt32().ShouldBe(1_440);
    }

    [Fact]
    public async Task Defect070_PolicyThatNamesAnUnknownCheck_DoesNotLoad()
    {
        const string rule =
            "    - name: typo\n      conditions: [{field: environment.type, operator: equals, value: production}]\n      checks: [securty-scan-pass]";

        var problem = (await world.PutPoliciesAsync(rule)).ExpectProblem(422, "invalid");

        problem.GetProperty("errors").GetRawText().ShouldContain("securty-scan-pass");
    }

    [Theory]
    [InlineData("""{"key":"c","source":"push"}""", "/secret")]
    [InlineData("""{"key":"c","source":"http"}""", "/target")]
    [InlineData("""{"key":"c","source":"http","target":"http://169.254.169.254/latest"}""", "/target")]
    [InlineData("""{"key":"c","source":"http","target":"http://user:secret@127.0.0.1/"}""", "/target")]
    [InlineData("""{"key":"c","source":"http","target":"file:///etc/passwd"}""", "/target")]
    [InlineData("""{"key":"c","source":"json-metric","target":"http://127.0.0.1/$flag","measures":{"a":"a"}}""", "/target")]
    [InlineData("""{"key":"c","source":"json-metric","target":"http://127.0.0.1/"}""", "/measures")]
    [InlineData("""{"key":"c","source":"magic"}""", "/source")]
    [InlineData("""{"key":"c","source":"push","secret":"ci","threshold":[]}""", "/threshold")]
    [InlineData(
        """{"key":"security-scan-pass","source":"push","secret":"ci","thresholds":[{"field":"high","bound":"atMost","limit":9}]}""",
        "/thresholds"
    )]
    [InlineData("""{"key":"staging-soak-24h","source":"soak","soakMinutes":1}""", "/key")]
    [InlineData("""{"key":"c","source":"soak","environmentType":"production"}""", "/environmentType")]
    public async Task Check_ThatCannotBe_IsRefusedWithThePlace(string body, string pointer) =>
        (await world.PostAsync("/api/v1/checks", body)).ExpectInvalid().ShouldContain(pointer);

    [Fact]
    public async Task Check_ChangesOnceASecondPersonApproves()
    {
        var body = Encoding.UTF8.GetBytes("""{"source":"push","secret":"ci","validMinutes":5,"reason":"laxer"}""");
        var asked = (await world.SendAsync("PUT", "/api/v1/checks/ci-pass", body, world.Admin))
            .Expect(202)
            .GetProperty("changeRequest");
        var (id, hash) = (asked.Text("id"), asked.Text("hash"));

        (await world.VoteAsync(id, hash, world.Admin)).ExpectProblem(403, "denied");
        (await world.VoteAsync(id, hash, world.SecondAdmin)).Expect(200);

        (await world.GetAsync("/api/v1/checks")).Expect(200).Items()[0].GetProperty("validMinutes").GetInt32().ShouldBe(5);
        (await world.GetAsync("/api/v1/audit?action=check.updated")).Expect(200).Items().ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Check_ThatAPolicyNames_IsNotDeleted()
    {
        (await world.SendAsync("DELETE", "/api/v1/checks/service-pass", null, world.Admin))
            .ExpectProblem(422, "invalid")
            .GetRawText()
            .ShouldContain("policy asks for");
        (await world.SendAsync("DELETE", "/api/v1/checks/nothing", null, world.Admin)).ExpectProblem(422, "invalid");
    }

    [Fact]
    public async Task Checks_AreNotDefinedByWhoMayNot() =>
        (await world.PostAsync("/api/v1/checks", $$"""{"key":"own",{{GateWorld.Push}}}""", world.Lead)).ExpectProblem(
            403,
            "denied"
        );
}
