using System.Text;
using System.Text.Json;
using Halyard.Server.Tests.Hosting;

namespace Halyard.Server.Tests.Approvals;

/// <summary>Nothing reaches production but through the policies, whoever sends it and by whichever door.</summary>
public sealed class BypassTests(ApprovalWorld world) : IClassFixture<ApprovalWorld>
{
    private const string Production = "\"environment\":\"production\",\"baseRevision\":1";

    /// <summary>Every door through which a flag of production could be changed, with what is sent.</summary>
    public static TheoryData<string, string, string> Doors =>
        new()
        {
            { "POST", "/flags/banner/environments/production/enable", """{"reason":"x"}""" },
            { "POST", "/changes", Operations($$"""{"op":"setEnabled","flag":"banner","enabled":true,{{Production}}}""") },
            {
                "POST",
                "/changes",
                Operations(
                    $$"""{"op":"addOverride","flag":"banner","override":{"id":"o","targetingKey":"u","variant":"on"},{{Production}}}"""
                )
            },
            { "POST", "/changes", Operations($$"""{"op":"setOffVariant","flag":"banner","variant":"on",{{Production}}}""") },
            {
                "POST",
                "/changes",
                Operations(
                    $$"""{"op":"promote","flag":"banner","from":"staging",{{Production}}}""",
                    """{"op":"setEnabled","flag":"banner","environment":"staging","enabled":true,"baseRevision":1}"""
                )
            },
            {
                "POST",
                "/changes",
                Operations(
                    """{"op":"updateEnvironment","environment":"production","type":"development","baseRevision":1}""",
                    $$"""{"op":"setEnabled","flag":"banner","enabled":true,{{Production}}}"""
                )
            },
            { "POST", "/changes", Operations("""{"op":"updateFlag","flag":"banner","tags":["kill-switch"],"baseRevision":1}""") },
            { "POST", "/changes", Operations("""{"op":"deleteFlag","flag":"banner","baseRevision":1}""") },
            { "PATCH", "/flags/banner", """{"tags":["kill-switch"],"baseRevision":1,"reason":"x"}""" },
            { "DELETE", "/flags/banner?reason=x", "" },
            { "POST", "/flags", """{"key":"born","reason":"x","environments":{"production":{"enabled":true}}}""" },
            { "POST", "/environments", """{"key":"live","name":"Live","type":"production","reason":"x"}""" },
        };

    [Theory]
    [MemberData(nameof(Doors))]
    public async Task Production_IsChangedByNobodyAtOnce_NotEvenByAnAdministrator(string method, string path, string body)
    {
        var before = await StateAsync();
        foreach (var credential in new[] { world.Admin, world.Lead })
        {
            var bytes = body.Length == 0 ? null : Encoding.UTF8.GetBytes(body);
            var answer = await world.SendAsync(method, $"/api/v1/projects/shop{path}", bytes, credential);
            answer.Status.ShouldBeOneOf([202, 403], $"{method} {path}: {answer.Words}");
        }

        (await StateAsync()).ShouldBe(before);
    }

    [Fact]
    public async Task ImportedHistory_CannotReachProduction()
    {
        (await world.PostAsync("/api/v1/projects", """{"key":"past","name":"Past"}""")).Expect(200);
        const string line =
            """{"at":"2024-01-11T15:58:29Z","actor":"dev-1","reason":"Old","operations":[{"op":"createEnvironment","environment":"production","name":"P","type":"production"},{"op":"createFlag","flag":"old","environments":{"production":{"enabled":true}}}]}""";

        var answer = await world.PostAsync("/api/v1/projects/past/imports", line);

        answer.ExpectInvalid().ShouldBe(["/0"]);
        answer.Words.ShouldContain("line 1: what it would change needs approval, and history cannot wait for any");
        (await world.GetAsync("/api/v1/projects/past/flags")).Expect(200).Items().ShouldBeEmpty();
    }

    [Fact]
    public async Task IdempotencyKey_OfAChangeThatWaits_AnswersTheSameRequestAgain()
    {
        const string body = """{"reason":"once"}""";
        const string path = "/api/v1/projects/shop/flags/calm/environments/production/enable";

        var first = (await world.PostAsync(path, body, world.Developer, ("Idempotency-Key", "k1"))).Expect(202);
        var again = (await world.PostAsync(path, body, world.Developer, ("Idempotency-Key", "k1"))).Expect(202);

        again.GetProperty("changeRequest").Text("id").ShouldBe(first.GetProperty("changeRequest").Text("id"));
        again.GetProperty("ledger").GetRawText().ShouldBe(first.GetProperty("ledger").GetRawText());
    }

    [Fact]
    public async Task DryRun_SaysWhatItNeedsAndWhoCanApprove_AndWritesNothing()
    {
        var head = await world.HeadAsync();

        var preview = (
            await world.PostAsync(
                "/api/v1/projects/shop/flags/search/environments/production/enable?dryRun=true",
                """{"reason":"x"}""",
                world.Developer
            )
        ).Expect(200);

        preview.Text("verdict").ShouldBe("require-approval");
        var approval = preview.GetProperty("approval");
        approval.GetProperty("requirement").GetProperty("stages").GetArrayLength().ShouldBe(2);
        approval.GetProperty("canApprove").GetArrayLength().ShouldBe(2);
        (await world.HeadAsync()).ShouldBe(head);
    }

    [Fact]
    public async Task KillSwitch_IsSwitchedOffAtOnce_AndSwitchedOnWithApprovalOnly()
    {
        var tag = await world.AskToAsync("""{"op":"updateFlag","flag":"killed","tags":["kill-switch"],"baseRevision":1}""");
        // What describes a flag reaches every environment: staging's reviewer is asked first.
        await world.ApproveAsync(tag, world.Developer);
        var on = await world.AskAsync("killed");
        await world.ApproveAsync(on);
        (await world.IsOnAsync("killed")).ShouldBeTrue();

        (
            await world.PostAsync(
                "/api/v1/projects/shop/flags/killed/environments/production/disable",
                """{"reason":"it hurts"}""",
                world.Lead
            )
        ).Expect(200);

        (await world.IsOnAsync("killed")).ShouldBeFalse();
        await world.AskAsync("killed");
    }

    [Fact]
    public async Task Request_OfSomebodyElse_CannotBeEditedOrWithdrawnByTheDeveloper()
    {
        var (id, _) = await world.AskAsync("search", world.OtherLead);

        (await world.PostAsync($"/api/v1/change-requests/{id}/cancel", "{}", world.Developer)).ExpectProblem(403, "denied");
        (await world.PostAsync($"/api/v1/change-requests/{id}/cancel", "{}", world.OtherLead)).Expect(200);
        (await world.StateAsync(id)).ShouldBe("cancelled");
    }

    [Fact]
    public async Task PersonalValues_OfAChangeThatWaits_DoNotStandInTheLog()
    {
        await world.AskToAsync(
            """{"op":"addOverride","flag":"calm","environment":"production","override":{"id":"o","targetingKey":"alice@example.org","variant":"on"},"baseRevision":1}"""
        );

        var newest = (await world.GetAsync("/api/v1/audit?action=change_request.created&limit=1")).Expect(200);
        newest.GetRawText().ShouldNotContain("alice@example.org");
    }

    private static string Operations(params string[] operations) =>
        $$"""{"operations":[{{string.Join(',', operations)}}],"reason":"x"}""";

    private async Task<string> StateAsync()
    {
        var flags = (await world.GetAsync("/api/v1/projects/shop/flags/banner")).Expect(200).GetRawText();
        var environments = (await world.GetAsync("/api/v1/projects/shop/environments")).Expect(200).GetRawText();
        var born = (await world.GetAsync("/api/v1/projects/shop/flags/born")).Status;
        return JsonSerializer.Serialize(
            new
            {
                flags,
                environments,
                born,
            }
        );
    }
}
