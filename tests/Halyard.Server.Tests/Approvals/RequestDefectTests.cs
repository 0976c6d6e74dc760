using Halyard.Server.Tests.Hosting;

namespace Halyard.Server.Tests.Approvals;

/// <summary>What the sketches of policies and workflow let a caller do, tried over HTTP (docs/seed-defects.md).</summary>
public sealed class RequestDefectTests(ApprovalWorld world) : IClassFixture<ApprovalWorld>
{
    private const string Changes = "/api/v1/projects/shop/changes";

    private const string Enable =
        "\"op\":\"setEnabled\",\"flag\":\"strict\",\"environment\":\"production\",\"enabled\":true,\"baseRevision\":1";

    [Theory]
    [InlineData("\"tags\":[\"kill-switch\"]", "/operations/0/tags")]
    [InlineData("\"flag.tags\":[\"kill-switch\"]", "/operations/0/flag.tags")]
    public async Task Defect003_TagsThatACallerSends_AreRefused_AndTheFlagsOwnCount(string member, string pointer)
    {
        var sent = await world.PostAsync(Changes, Body($$"""{{{Enable}},{{member}}}"""));
        sent.ExpectInvalid().ShouldContain(pointer);

        (await world.PostAsync(Changes, Body($$"""{{{Enable}}}"""))).Expect(202);
    }

    [Fact]
    public async Task Defect006_AuthorWhoseRoleIsAsked_DoesNotApproveInStaging()
    {
        const string Path = "/api/v1/projects/shop/flags/calm/environments/staging/enable";
        var asked = (await world.PostAsync(Path, """{"reason":"try"}""", world.Developer)).Expect(202);
        var (id, hash) = (asked.GetProperty("changeRequest").Text("id"), asked.GetProperty("changeRequest").Text("hash"));

        (await world.VoteAsync(id, hash, "approve", world.Developer)).ExpectProblem(403, "denied");
        (await world.IsOnAsync("calm", "staging")).ShouldBeFalse();

        var (_, colleague) = await world.TokenAsync("developer");
        (await world.VoteAsync(id, hash, "approve", colleague)).Expect(200);
        (await world.IsOnAsync("calm", "staging")).ShouldBeTrue();
    }

    [Theory]
    [InlineData("requestedBy", "\"s_somebody\"")]
    [InlineData("previousValue", "false")]
    [InlineData("stages", "[]")]
    [InlineData("approver", "\"system\"")]
    public async Task Defect021_WhatACallerClaims_IsNoMember_AndWhatCountsIsTheServers(string member, string value)
    {
        (await world.PostAsync(Changes, Body($$"""{{{Enable}}}""", $",\"{member}\":{value}")))
            .ExpectInvalid()
            .ShouldBe([$"/{member}"]);

        var (id, _) = await world.AskAsync("search");
        var request = (await world.GetAsync($"/api/v1/change-requests/{id}")).Expect(200);
        request.Text("requester").ShouldBe((await world.GetAsync("/api/v1/me", world.Developer)).Expect(200).Text("subject"));
        request.Text("ticket").ShouldBe("FEAT-123");
        request.GetProperty("bases").GetArrayLength().ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task Defect023_ValueThatIsTooLargeOrTooDeep_IsRefused()
    {
        var before = await world.HeadAsync();
        var (large, deep) = (new string('x', 100_000), new string('[', 500) + new string(']', 500));

        foreach (var value in new[] { $"\"{large}\"", deep })
        {
            var operation =
                $$$"""{"op":"createFlag","flag":"large","type":"json","variants":[{"key":"a","value":{{{value}}}}],"defaults":{"on":"a","off":"a"}}""";
            (await world.PostAsync(Changes, Body(operation))).Status.ShouldBeOneOf(400, 413, 422);
        }

        (await world.HeadAsync()).ShouldBe(before);
    }

    [Fact]
    public async Task Defect025_WhatADryRunSaysIsNeeded_IsWhatTheRequestAsks()
    {
        var body = Body($$"""{{{Enable}}}""");

        var preview = (await world.PostAsync($"{Changes}?dryRun=true", body)).Expect(200);
        var asked = (await world.PostAsync(Changes, body)).Expect(202);

        var request = (await world.GetAsync($"/api/v1/change-requests/{asked.GetProperty("changeRequest").Text("id")}")).Expect(
            200
        );
        request
            .GetProperty("requirement")
            .GetRawText()
            .ShouldBe(preview.GetProperty("approval").GetProperty("requirement").GetRawText());
    }

    [Fact]
    public async Task Defect049_VoteThatDoesNotNameTheContent_IsRefused()
    {
        var (id, hash) = await world.AskAsync("drift");
        var other = hash[..^1] + (hash[^1] == '0' ? '1' : '0');

        (await world.PostAsync($"/api/v1/change-requests/{id}/approve", "{}", world.Lead)).Status.ShouldBeOneOf(412, 422, 428);
        (await world.VoteAsync(id, other, "approve", world.Lead)).Status.ShouldBeOneOf(409, 412);
        (await world.VoteAsync(id, hash, "approve", world.Lead)).Expect(200);
    }

    [Fact]
    public async Task Defect079_ChangeOfDevelopment_IsInTheLogWithWhatAllowedIt()
    {
        const string Key = """{"key":"sandbox","name":"Sandbox","type":"development","reason":"test"}""";
        (await world.PostAsync("/api/v1/projects/shop/environments", Key)).Expect(200);

        const string Path = "/api/v1/projects/shop/flags/checked/environments/sandbox/enable";
        (await world.PostAsync(Path, """{"reason":"try"}""")).Expect(200);

        var leaf = (await world.GetAsync("/api/v1/audit?limit=1")).Expect(200).Items()[0].GetProperty("leaf");
        leaf.GetProperty("decision").Text("verdict").ShouldBe("allow");
        leaf.GetProperty("decision").Text("policy").ShouldNotBeEmpty();
        leaf.GetProperty("decision").Text("input").ShouldStartWith("sha256:");
    }

    private static string Body(string operation, string more = "") =>
        $$"""{"operations":[{{operation}}],"reason":"test"{{more}}}""";
}
