using System.Text;
using System.Text.Json;
using Halyard.Core.Access.Deciding;
using Halyard.Server.Tests.Hosting;

namespace Halyard.Server.Tests.Access;

/// <summary>Roles, assignments and the policy over HTTP, as an administrator meets them.</summary>
public sealed class RolesOverHttpTests(HalyardServer server) : IClassFixture<HalyardServer>
{
    private const string Own =
        """{"key":"ROLE","grants":[{"effect":"allow","actions":["flag.read","flag.enabled"]}],"reason":"test"}""";

    [Fact]
    public async Task RoleOfTheTenant_CountsForATokenAtOnce_AndItsChangeToo()
    {
        await server.ProjectAsync("roles");
        await server.FlagAsync("roles", "f");
        await RoleAsync("switcher");
        var token = (await server.TokenAsync("switcher")).Secret;
        const string enable = "/api/v1/projects/roles/flags/f/environments/staging/enable";

        (await server.PostAsync(enable, "{}", token)).Expect(200);
        (await server.GetAsync("/api/v1/projects/roles/segments", token)).ExpectProblem(403, "denied");
        const string nothing = """{"grants":[{"effect":"allow","actions":["me.read"]}]}""";
        (await PatchAsync("/api/v1/roles/switcher", nothing)).Expect(200);

        (await server.PostAsync(enable, "{}", token)).ExpectProblem(403, "denied");
        (await server.GetAsync("/api/v1/projects/roles/flags", token)).ExpectProblem(403, "denied");
        var me = (await server.GetAsync("/api/v1/me", token)).Expect(200);
        me.GetProperty("may")
            .EnumerateArray()
            .Select(action => action.GetString())
            .ShouldBe(["me.read", "password.change", "session.end", "session.start"]);
        me.GetProperty("mayInPart").GetArrayLength().ShouldBe(0);
    }

    [Fact]
    public async Task Roles_AreListedInKeyOrderPageByPage_BuiltInOnesAmongThem()
    {
        await RoleAsync("a-first");
        await RoleAsync("zz-last");
        var keys = new List<string>();
        for (string? cursor = ""; cursor is not null; )
        {
            var page = (await server.GetAsync($"/api/v1/roles?limit=3{cursor}")).Expect(200);
            keys.AddRange(page.Items().Select(role => role.Text("key")));
            cursor = page.TryGetProperty("next", out var next) ? $"&cursor={next.GetString()}" : null;
        }

        keys.ShouldBe(keys.Order(StringComparer.Ordinal));
        keys.ShouldBeUnique();
        keys.ShouldContain("a-first");
        keys.ShouldContain("zz-last");
        keys.ShouldContain("ADMIN");
        (await server.GetAsync("/api/v1/roles/zz-last")).Expect(200).GetProperty("revision").GetInt64().ShouldBe(1);
        (await server.GetAsync("/api/v1/roles/ADMIN")).Expect(200).GetProperty("revision").GetInt64().ShouldBe(0);
        (await server.GetAsync("/api/v1/roles/none")).ExpectProblem(404, "not-found");
    }

    [Fact]
    public async Task Bodies_ThatAreWrong_AreRefusedWithEveryPointer()
    {
        const string role =
            """{"key":"bad key","grants":[{"effect":"allow","actions":["fly"],"resource":{"planets":[]}}],"color":"red"}""";
        (await server.PostAsync("/api/v1/roles", role))
            .ExpectInvalid()
            .ShouldBe(["/color", "/grants/0/actions/0", "/grants/0/resource/planets", "/key"]);
        (await server.PostAsync("/api/v1/assignments", """{"subject":"ann@example.com","group":"g","role":"none"}"""))
            .ExpectInvalid()
            .ShouldBe(["", "/role", "/subject"]);
    }

    [Fact]
    public async Task Policy_ThatDoesNotCompile_IsRefusedWithItsPlace_AndTheDryRunToo()
    {
        const string broken = """{"modules":[{"name":"own.rego","text":"package halyard\nauthz := {"}]}""";

        var put = await server.SendAsync("PUT", "/api/v1/authorization/policy", Encoding.UTF8.GetBytes(broken), server.Admin);
        put.ExpectInvalid().ShouldBe(["/modules/0/text"]);
        (await server.PostAsync("/api/v1/authorization/policy/dry-run", broken)).ExpectInvalid().ShouldBe(["/modules/0/text"]);
        (await server.PostAsync("/api/v1/authorization/policy/rollback", """{"revision":99}"""))
            .ExpectInvalid()
            .ShouldBe(["/revision"]);
        (await server.GetAsync("/api/v1/authorization/policy")).Expect(200).GetProperty("revision").GetInt64().ShouldBe(0);
    }

    [Fact]
    public async Task BuiltInRole_IsNeitherChangedNorDeleted_AndTheAnswerSaysWhy()
    {
        foreach (var method in new[] { "PATCH", "DELETE" })
        {
            var body = method == "PATCH" ? """{"name":"Mine"}"""u8.ToArray() : null;
            var answer = await server.SendAsync(method, "/api/v1/roles/developer", body, server.Admin);
            answer.ExpectProblem(422, "invalid");
            answer.Words.ShouldContain("role 'developer' is built in");
        }
        (await server.SendAsync("DELETE", "/api/v1/roles/nobody", null, server.Admin)).Words.ShouldContain("there is no role");
    }

    [Fact]
    public async Task DryRun_OfAReadThatWasRefused_BecauseItTookAllOfTheTenant_IsNotNewlyAllowed()
    {
        await server.ProjectAsync("partly");
        var token = await TokenOfAsync(
            "token-reader-of-one",
            """{"effect":"allow","actions":["token.read"],"resource":{"projects":["partly"]}}"""
        );
        (await server.GetAsync("/api/v1/tokens", token)).ExpectProblem(403, "denied");
        var (size, _) = await server.HeadAsync();
        (await server.GetAsync($"/api/v1/audit/{size - 1}")).Expect(200).Text("type").ShouldBe("access.denied");

        var modules = AuthorizationPolicy.Shipped.Select(module => new { name = module.Name, text = module.Text });
        var body = JsonSerializer.Serialize(
            new
            {
                modules,
                from = size - 1,
                to = size,
            }
        );
        var report = (await server.PostAsync("/api/v1/authorization/policy/dry-run", body)).Expect(200);

        report.GetProperty("decisions").GetInt64().ShouldBe(1);
        report.GetProperty("newlyAllowed").GetInt64().ShouldBe(0);
        report.GetProperty("newlyDenied").GetInt64().ShouldBe(0);
    }

    [Fact]
    public async Task Policy_ThatLocksEverybodyOut_IsRefused()
    {
        const string never = """{"modules":[{"name":"own.rego","text":"package halyard\nauthz := {\"kind\": \"never\"}"}]}""";
        await server.ProjectAsync("allowed-so-far");

        (
            await server.SendAsync("PUT", "/api/v1/authorization/policy", Encoding.UTF8.GetBytes(never), server.Admin)
        ).ExpectInvalid();
        var dryRun = (await server.PostAsync("/api/v1/authorization/policy/dry-run", never)).Expect(200);
        dryRun.GetProperty("newlyDenied").GetInt64().ShouldBeGreaterThan(0);
        dryRun.GetProperty("newlyAllowed").GetInt64().ShouldBe(0);
    }

    [Fact]
    public async Task DryRun_OfQuestionsMadeUp_AnswersEachOnTheRolesOfNow()
    {
        var modules = AuthorizationPolicy.Shipped.Select(module => new { name = module.Name, text = module.Text });
        var checks = new[]
        {
            new
            {
                actions = new[] { "flag.enabled" },
                resource = new
                {
                    kind = "flag",
                    key = "checkout",
                    project = "web",
                    environment = "prod",
                    environmentType = "production",
                },
            },
        };
        var (size, _) = await server.HeadAsync();
        var inputs = new[] { "ADMIN", "viewer" }.Select(role => new { actor = new { roles = new[] { role } }, checks });
        var body = JsonSerializer.Serialize(
            new
            {
                modules,
                inputs,
                from = size,
                to = size,
            }
        );

        var report = (await server.PostAsync("/api/v1/authorization/policy/dry-run", body)).Expect(200);

        var trials = report.GetProperty("trials").EnumerateArray().ToList();
        trials.Select(trial => trial.Text("verdict")).ShouldBe(["allow", "deny"]);
        trials[0].Text("reason").ShouldContain("ADMIN");
        report.GetProperty("decisions").GetInt64().ShouldBe(0);
    }

    [Theory]
    [InlineData("""{"checks":[{"actions":["flag.read"],"resource":{"kind":"flag"}}]}""", "/inputs/0/actor")]
    [InlineData(
        """{"actor":{"roles":"ADMIN"},"checks":[{"actions":["flag.read"],"resource":{"kind":"flag"}}]}""",
        "/inputs/0/actor/roles"
    )]
    [InlineData("""{"actor":{},"checks":[]}""", "/inputs/0/checks")]
    [InlineData(
        """{"actor":{},"checks":[{"actions":["flag.read"],"resource":{"kind":"flag","environmentType":"moon"}}]}""",
        "/inputs/0/checks/0/resource/environmentType"
    )]
    [InlineData(
        """{"actor":{},"checks":[{"actions":["flag.read"],"resource":{"kind":"flag"}}],"time":1e400}""",
        "/inputs/0/time"
    )]
    public async Task DryRun_OfAQuestionThatCannotBeAsked_SaysWhere(string input, string pointer)
    {
        var modules = AuthorizationPolicy.Shipped.Select(module => new { name = module.Name, text = module.Text });
        var body = $$"""{"modules":{{JsonSerializer.Serialize(modules)}},"inputs":[{{input}}]}""";
        (await server.PostAsync("/api/v1/authorization/policy/dry-run", body)).ExpectInvalid().ShouldBe([pointer]);
    }

    [Fact]
    public async Task WhoCould_AnswersForAMomentOfThePast()
    {
        await server.ProjectAsync("past");
        await server.FlagAsync("past", "f");
        const string group =
            """{"group":"night-shift","role":"on-call-engineer","scope":{"projects":["past"]},"reason":"test"}""";
        var before = await LastTimeAsync();
        var assignment = (await server.PostAsync("/api/v1/assignments", group))
            .Expect(200)
            .GetProperty("revisions")[0]
            .Text("key");
        var during = await LastTimeAsync();
        (await server.SendAsync("DELETE", $"/api/v1/assignments/{assignment}", null, server.Admin)).Expect(200);

        (await GroupsAsync($"&at={before}")).ShouldBeEmpty();
        (await GroupsAsync("")).ShouldBeEmpty();
        var who = (await GroupsAsync($"&at={during}")).ShouldHaveSingleItem();
        who.Text("name").ShouldBe("night-shift");
        who.GetProperty("actions")
            .EnumerateArray()
            .Select(action => action.GetString())
            .ShouldBe(["flag.disabled", "flag.emergency_override", "flag.override_removed"]);
        (await server.GetAsync("/api/v1/projects/past/flags/none/who-could?environment=production")).ExpectProblem(
            404,
            "not-found"
        );
    }

    [Fact]
    public async Task Denial_ByEnvironment_HidesItsValuesAndTheWholeLog()
    {
        await server.ProjectAsync("kept");
        await server.FlagAsync("kept", "f");
        var token = await TokenOfAsync(
            "no-production",
            """
            {"effect":"allow","actions":["flag.*","audit.read"],"resource":{"projects":["kept"]}},
            {"effect":"deny","actions":["flag.*","environment.*","audit.read"],"resource":{"environmentTypes":["production"]}}
            """
        );
        const string project = "/api/v1/projects/kept";
        foreach (var environment in new[] { "staging", "production" })
        {
            var enable = $"{project}/flags/f/environments/{environment}/enable";
            (await server.PostAsync(enable, """{"reason":"test"}""")).Expect(200);
        }
        var shown = new List<JsonElement>();
        foreach (var at in new[] { "", $"?at={await LastTimeAsync()}" })
        {
            shown.Add((await server.GetAsync($"{project}/flags/f{at}", token)).Expect(200));
            shown.Add((await server.GetAsync($"{project}/flags{at}", token)).Expect(200).Items().Single());
        }
        shown.ShouldAllBe(flag => EnvironmentsOf(flag).SequenceEqual(new[] { "staging" }));
        EnvironmentsOf((await server.GetAsync($"{project}/flags/f")).Expect(200)).ShouldBe(["production", "staging"]);
        OnIn((await server.GetAsync($"{project}/flag-overview", token)).Expect(200)).ShouldBe(["staging"]);
        OnIn((await server.GetAsync($"{project}/flag-overview")).Expect(200)).ShouldBe(["production", "staging"]);
        foreach (var enabled in new[] { "true", "false" })
        {
            var filter = $"{project}/flags?environment=production&enabled={enabled}";
            (await server.GetAsync(filter, token)).Expect(200).Items().ShouldBeEmpty();
        }

        foreach (var body in new[] { "{}", """{"flag":"f"}""" })
            (await server.PostAsync($"{project}/evaluate?environment=production", body, token)).ExpectProblem(404, "not-found");
        foreach (var path in new[] { "evaluations", "flags/f/evaluations" })
            (await server.GetAsync($"{project}/{path}?environment=production", token)).ExpectProblem(404, "not-found");
        foreach (var path in new[] { "audit", "audit/count" })
            (await server.GetAsync($"/api/v1/{path}?project=kept&environment=production", token)).ExpectProblem(404, "not-found");
        (await server.GetAsync($"{project}/flags/f/history", token)).ExpectProblem(404, "not-found");

        var staging = await server.PostAsync($"{project}/evaluate?environment=staging", """{"flag":"f"}""", token);
        staging.Expect(200).GetProperty("flags").GetArrayLength().ShouldBe(1);
        staging.Expect(200).GetProperty("flags")[0].TryGetProperty("change", out _).ShouldBeFalse();
        (await server.GetAsync($"{project}/evaluations?environment=staging", token)).Expect(200);
    }

    [Fact]
    public async Task Flag_HiddenByItsTag_IsInNoEvaluationAndNoCount()
    {
        await server.ProjectAsync("hush");
        await server.FlagAsync("hush", "open");
        await server.FlagAsync("hush", "secret");
        (await PatchAsync("/api/v1/projects/hush/flags/secret", """{"tags":["secret"],"reason":"test"}""")).Expect(200);
        var token = await TokenOfAsync(
            "no-secrets",
            """
            {"effect":"allow","actions":["flag.*"],"resource":{"projects":["hush"]}},
            {"effect":"deny","actions":["flag.*"],"resource":{"tags":["secret"]}}
            """
        );
        const string project = "/api/v1/projects/hush";

        foreach (var at in new[] { "", $"&at={await LastTimeAsync()}" })
        {
            var evaluate = $"{project}/evaluate?environment=staging{at}";
            var all = (await server.PostAsync(evaluate, "{}", token)).Expect(200).GetProperty("flags").EnumerateArray();
            all.Select(flag => flag.Text("key")).ShouldBe(["open"]);
            (await server.PostAsync(evaluate, """{"flag":"secret"}""", token)).ExpectProblem(404, "not-found");
        }
        (await server.GetAsync($"{project}/flags/open/evaluations?environment=staging", token)).Expect(200);
        (await server.GetAsync($"{project}/flags/secret/evaluations?environment=staging", token)).ExpectProblem(404, "not-found");
    }

    [Fact]
    public async Task WhoCould_TakesAStrongLogInAsGiven_AndTellsNothingOfFlagsThatAreHidden()
    {
        await server.ProjectAsync("strong");
        await server.FlagAsync("strong", "open");
        await server.FlagAsync("strong", "secret");
        (await PatchAsync("/api/v1/projects/strong/flags/secret", """{"tags":["secret"],"reason":"test"}""")).Expect(200);
        const string grant = """{"effect":"allow","actions":["flag.enabled"],"when":{"acr":["phishing-resistant"]}}""";
        (await server.PostAsync("/api/v1/roles", $$"""{"key":"strong-switcher","grants":[{{grant}}],"reason":"test"}""")).Expect(
            200
        );
        (
            await server.PostAsync(
                "/api/v1/assignments",
                """{"group":"keyholders","role":"strong-switcher","scope":{"projects":["strong"]}}"""
            )
        ).Expect(200);
        var token = await TokenOfAsync(
            "asks-who",
            """
            {"effect":"allow","actions":["assignment.read","flag.read"]},
            {"effect":"deny","actions":["flag.read"],"resource":{"tags":["secret"]}}
            """
        );
        const string flags = "/api/v1/projects/strong/flags";

        var who = (await server.GetAsync($"{flags}/open/who-could?environment=staging", token)).Expect(200).GetProperty("who");
        var keyholders = who.EnumerateArray().Single(item => item.Text("name") == "keyholders");
        keyholders.GetProperty("actions").EnumerateArray().Select(action => action.GetString()).ShouldBe(["flag.enabled"]);
        (await server.GetAsync($"{flags}/secret/who-could?environment=staging", token)).ExpectProblem(404, "not-found");
        (await server.GetAsync($"{flags}/secret/who-could?environment=staging")).Expect(200);
    }

    private static IEnumerable<string> EnvironmentsOf(JsonElement flag) =>
        flag.GetProperty("environments").EnumerateObject().Select(environment => environment.Name);

    private static IEnumerable<string> OnIn(JsonElement page) =>
        page.Items().Single().GetProperty("on").EnumerateObject().Select(environment => environment.Name);

    private async Task<string> TokenOfAsync(string role, string grants)
    {
        (await server.PostAsync("/api/v1/roles", $$"""{"key":"{{role}}","grants":[{{grants}}],"reason":"test"}""")).Expect(200);
        return (await server.TokenAsync(role)).Secret;
    }

    private async Task<IReadOnlyList<JsonElement>> GroupsAsync(string at) =>
        [
            .. (await server.GetAsync($"/api/v1/projects/past/flags/f/who-could?environment=production{at}"))
                .Expect(200)
                .GetProperty("who")
                .EnumerateArray()
                .Where(who => who.Text("kind") == "group"),
        ];

    private async Task<string> LastTimeAsync() =>
        (await server.GetAsync("/api/v1/audit?limit=1")).Expect(200).Items()[0].Text("at");

    private async Task RoleAsync(string key) =>
        (await server.PostAsync("/api/v1/roles", Own.Replace("ROLE", key, StringComparison.Ordinal))).Expect(200);

    private Task<Answer> PatchAsync(string path, string body) =>
        server.SendAsync("PATCH", path, Encoding.UTF8.GetBytes(body), server.Admin);
}
