using System.Text.Json;
using System.Text.Json.Nodes;
using Halyard.Server.Tests.Authentication.Jwt;
using Halyard.Server.Tests.Hosting;

namespace Halyard.Server.Tests.Authentication.Oidc;

/// <summary>Access tokens of identity providers: who they let in, as whom, and into which tenant.</summary>
public sealed class BearerTests(OidcServer server) : IClassFixture<OidcServer>
{
    private const string Me = "/api/v1/me";

    [Fact]
    public async Task Token_OfAProvider_LetsItsPersonIn_UnderAPseudonym()
    {
        var me = (await server.GetAsync(Me, server.CorpToken("somebody@example.com"))).Expect(200);

        me.Text("tenant").ShouldBe("default");
        me.Text("kind").ShouldBe("user");
        me.Text("subject").ShouldStartWith("p_");
        (await server.GetAsync(Me, server.CorpToken("somebody@example.com")))
            .Expect(200)
            .Text("subject")
            .ShouldBe(me.Text("subject"));
    }

    [Fact]
    public async Task Client_ThatActsForItself_IsAService()
    {
        var token = server.CorpToken("robot", ("client_id", "robot"));

        (await server.GetAsync(Me, token)).Expect(200).Text("kind").ShouldBe("service");
    }

    [Fact]
    public async Task SameSubject_OfTwoIssuersOrInTwoTenants_IsAnother()
    {
        var corp = (await server.GetAsync(Me, server.CorpToken("42"))).Expect(200);
        var partner = (await server.GetAsync(Me, server.PartnerToken("us", "42"))).Expect(200);
        var other = (await server.GetAsync(Me, server.PartnerToken("ACME: Inc", "42"))).Expect(200);

        partner.Text("tenant").ShouldBe("default");
        other.Text("tenant").ShouldBe("other");
        new[] { corp.Text("subject"), partner.Text("subject"), other.Text("subject") }.Distinct().Count().ShouldBe(3);
    }

    [Theory]
    [InlineData("nobody-knows")]
    [InlineData("us ")]
    [InlineData("US")]
    [InlineData("default")]
    // Mapped, but there is no such tenant.
    [InlineData("gone")]
    public async Task Tenant_ThatNoTableNames_Is401(string organisation) =>
        (await server.GetAsync(Me, server.PartnerToken(organisation))).ExpectProblem(401, "unauthenticated");

    [Fact]
    public async Task Tenant_FollowsFromTheTokenAlone()
    {
        foreach (
            var (path, headers) in new (string, (string, string)[])[]
            {
                (Me, [("X-Tenant", "default"), ("X-Halyard-Tenant", "default"), ("Host", "default")]),
                (Me, [("X-Forwarded-Host", "default")]),
            }
        )
            (await server.SendAsync("GET", path, null, server.PartnerToken("ACME: Inc"), headers))
                .Expect(200)
                .Text("tenant")
                .ShouldBe("other");
    }

    [Fact]
    public async Task Person_WithoutARole_IsDenied_AndTheLogKnowsWho()
    {
        var token = server.CorpToken("somebody-never-seen-before", ("groups", new JsonArray("staff")));
        var before = await server.HeadAsync();

        (await server.GetAsync("/api/v1/projects", token)).ExpectProblem(403, "denied");

        // The first use of the day, and the denial.
        (await server.HeadAsync()).Size.ShouldBe(before.Size + 2);
        var denied = (await server.GetAsync($"/api/v1/audit/{before.Size + 1}")).Expect(200);
        denied.Text("type").ShouldBe("access.denied");
        denied.GetProperty("actor").Text("kind").ShouldBe("user");
    }

    [Fact]
    public async Task FirstUseOfADay_IsAnEntry_WithNameAndAddressAsCommitments()
    {
        var before = await server.HeadAsync();
        var token = server.CorpToken("ada", ("email", "ada@example.com"), ("name", "Ada Lovelace"));
        for (var i = 0; i < 3; i++)
            (await server.GetAsync(Me, token)).Expect(200);

        (await server.HeadAsync()).Size.ShouldBe(before.Size + 1);
        var entry = (await server.GetAsync($"/api/v1/audit/{before.Size}")).Expect(200);
        entry.Text("type").ShouldBe("access.logged_in");
        entry.GetRawText().ShouldNotContain("ada@example.com");
        entry.GetRawText().ShouldNotContain("Lovelace");
        var shown = (await server.GetAsync($"/api/v1/audit/{before.Size}?reveal=true")).Expect(200).GetRawText();
        shown.ShouldContain("ada@example.com");
        shown.ShouldContain("Ada Lovelace");
        shown.ShouldNotContain("\"ada\"");
    }

    [Fact]
    public async Task Address_ThatTheProviderKnowsToBeUnproven_NamesNobody()
    {
        var before = await server.HeadAsync();
        var token = server.CorpToken("mallory", ("email", "victim@example.com"), ("email_verified", false));

        (await server.GetAsync(Me, token)).Expect(200);

        (await server.GetAsync($"/api/v1/audit/{before.Size}?reveal=true"))
            .Expect(200)
            .GetRawText()
            .ShouldNotContain("victim@example.com");
    }

    [Fact]
    public async Task Person_IsErasedByTheirAddress_AndComesBackAsSomebodyNew()
    {
        string Token() => server.CorpToken("grace", ("email", "grace@example.com"));
        var before = (await server.GetAsync(Me, Token())).Expect(200).Text("subject");

        (await server.PostAsync("/api/v1/privacy/erasures", """{"name":"grace@example.com","reason":"left us"}""")).Expect(200);

        var after = (await server.GetAsync(Me, Token())).Expect(200).Text("subject");
        after.ShouldNotBe(before);
        (await server.GetAsync(Me, Token())).Expect(200).Text("subject").ShouldBe(after);
    }

    [Fact]
    public async Task Attack_IsRefusedInTheSameWords_AndWritesNothing()
    {
        (await server.GetAsync(Me, server.CorpToken())).Expect(200);
        var now = server.Time.GetUtcNow();
        var forge = server.Corp.Forge;
        using var attacker = new TokenForge();
        string[] tokens =
        [
            "x",
            "a.b.c",
            new('a', 20_000),
            forge.Token(server.Corp.Claims(now), header: TokenForge.Header("none", "rsa")),
            forge.Token(server.Corp.Claims(now), header: TokenForge.Header("HS256", "rsa")),
            forge.Token(server.Corp.Claims(now, "p", ("aud", Issuer.ClientId))),
            forge.Token(server.Corp.Claims(now, "p", ("iss", "https://attacker.example"))),
            forge.Token(server.Corp.Claims(now, "p", ("iss", server.Partner.Address))),
            forge.Token(server.Corp.Claims(now, "p", ("exp", now.ToUnixTimeSeconds() - 3_600))),
            forge.Token(server.Corp.Claims(now, "p", ("nbf", now.ToUnixTimeSeconds() + 3_600))),
            forge.Token(server.Corp.Claims(now, "p", ("sub", null))),
            forge.Token(server.Corp.Claims(now, "p", ("sub", 1))),
            forge.Token(server.Corp.Claims(now, "a\u0000b")),
            forge.Token(server.Corp.Claims(now, new string('p', 256))),
            forge.Token(server.Corp.Claims(now, "p", ("groups", new JsonArray("a", 1)))),
            forge.Token(server.Corp.Claims(now, "p", ("_claim_names", new JsonObject { ["groups"] = "elsewhere" }))),
            attacker.Token(server.Corp.Claims(now)),
            attacker.Token(
                server.Corp.Claims(now),
                header: TokenForge.Header("RS256", "mine", ("jwk", TokenForge.Jwk(attacker.Rsa, "mine")))
            ),
            // Good, but for another server's provider.
            server.Partner.Forge.Token(server.Corp.Claims(now)),
        ];
        var head = await server.HeadAsync();
        var none = await server.GetAsync(Me, "hal.default.t_1.nothing");

        foreach (var token in tokens)
        {
            var answer = await server.GetAsync(Me, token);
            answer.ExpectProblem(401, "unauthenticated");
            answer.Bytes.ShouldBe(none.Bytes);
            answer.Headers["WWW-Authenticate"].ShouldBe("Bearer error=\"invalid_token\"");
        }

        (await server.HeadAsync()).ShouldBe(head);
        (await server.SendAsync("GET", Me, null, "")).Headers["WWW-Authenticate"].ShouldBe("Bearer");
    }

    [Fact]
    public async Task Token_OfAProvider_IsNoSdkKey() =>
        (
            await server.PostAsync("/ofrep/v1/evaluate/flags", """{"context":{"targetingKey":"u"}}""", server.CorpToken())
        ).ExpectProblem(401, "unauthenticated");

    [Fact]
    public async Task SensitiveAction_AsksForAFreshAndStrongLogIn_AndSaysWhatIsNeeded()
    {
        await server.ProjectAsync("fresh");
        const string path = "/api/v1/sdk-keys";
        const string body = """{"name":"x","project":"fresh","environment":"staging"}""";
        var now = server.Time.GetUtcNow().ToUnixTimeSeconds();
        (string, JsonNode?)[][] insufficient =
        [
            [],
            [("auth_time", now - 301), ("acr", "gold")],
            [("auth_time", now - 5)],
            [("auth_time", now - 5), ("acr", "silver")],
            [("acr", "gold")],
        ];

        foreach (var claims in insufficient)
        {
            var answer = await server.PostAsync(path, body, server.CorpToken("lead", claims));
            answer.ExpectProblem(401, "reauthentication-required").Text("detail").ShouldContain("300 s");
            answer
                .Headers["WWW-Authenticate"]
                .ShouldBe("Bearer error=\"insufficient_user_authentication\", max_age=\"300\", acr_values=\"gold\"");
        }
        // Who only looks changes nothing.
        (await server.PostAsync($"{path}?dryRun=true", body, server.CorpToken("lead"))).Expect(200);
        var fresh = server.CorpToken("lead", ("auth_time", now - 5), ("acr", "gold"));
        (await server.PostAsync(path, body, fresh)).Expect(200);
        // Not of one kind of endpoint alone.
        (await server.GetAsync("/api/v1/audit/0?reveal=true", server.CorpToken("lead"))).ExpectProblem(
            401,
            "reauthentication-required"
        );
        (await server.PostAsync("/api/v1/projects/fresh/imports", "{}", server.CorpToken("lead"))).ExpectProblem(
            401,
            "reauthentication-required"
        );
        (await server.GetAsync("/api/v1/holds", server.CorpToken("lead"))).ExpectProblem(401, "reauthentication-required");
        // A credential of this server is for policies to judge.
        (await server.PostAsync(path, body)).Expect(200);
    }

    [Fact]
    public async Task SensitiveMeaningOfAChange_AsksForAFreshLogIn_AndWritesNothingBefore()
    {
        await server.ProjectAsync("meant");
        await server.FlagAsync("meant", "plain");
        const string path = "/api/v1/projects/meant/changes";
        const string both = """
            {"operations":[
              {"op":"updateFlag","flag":"plain","tags":["a"],"baseRevision":1},
              {"op":"createSegment","segment":"beta","includes":["u"]}
            ],"reason":"test"}
            """;
        const string harmless = """
            {"operations":[{"op":"updateFlag","flag":"plain","tags":["b"],"baseRevision":2}],"reason":"test"}
            """;
        var stale = server.CorpToken("lead");
        (await server.GetAsync(Me, stale)).Expect(200);
        var head = await server.HeadAsync();

        (await server.PostAsync(path, both, stale)).ExpectProblem(401, "reauthentication-required");
        (await server.PostAsync("/api/v1/projects/meant/segments", """{"key":"beta"}""", stale)).ExpectProblem(
            401,
            "reauthentication-required"
        );
        (await server.PostAsync($"{path}?dryRun=true", both, stale)).Expect(200);
        (await server.HeadAsync()).ShouldBe(head);

        (await server.PostAsync(path, both, Fresh(server))).Expect(200);
        (await server.PostAsync(path, harmless, stale)).Expect(200);
        // Who may not hears that, whatever else would be asked of them.
        var visitor = server.CorpToken("visitor", ("groups", new JsonArray("staff")));
        (await server.PostAsync(path, both, visitor)).ExpectProblem(403, "denied");
    }

    [Fact]
    public async Task LastApproval_OfASensitiveChange_AsksForAFreshLogIn()
    {
        await using var own = new OidcServer();
        await own.InitializeAsync();
        await own.ProjectAsync("shop");
        await own.FlagAsync("shop", "banner");
        var lead = (await own.GetAsync(Me, own.CorpToken("lead"))).Expect(200).Text("subject");
        var assignment = $$"""{"subject":"{{lead}}","role":"tech-lead","reason":"test"}""";
        (await own.PostAsync("/api/v1/assignments", assignment)).Expect(200);
        var policies = new { policies = new[] { new { yaml = OneLead } }, reason = "govern production" };
        var put = JsonSerializer.SerializeToUtf8Bytes(policies);
        (await own.SendAsync("PUT", "/api/v1/policies", put, own.Admin)).Expect(200);
        const string path = "/api/v1/projects/shop/changes";
        const string body =
            """{"operations":[{"op":"setOffVariant","flag":"banner","environment":"production","variant":"on","baseRevision":1}],"reason":"test"}""";
        (await own.PostAsync(path, body, own.CorpToken("lead"))).ExpectProblem(401, "reauthentication-required");
        var request = (await own.PostAsync(path, body)).Expect(202).GetProperty("changeRequest");
        Task<Answer> VoteAsync(string credential) =>
            own.PostAsync(
                $"/api/v1/change-requests/{request.Text("id")}/approve",
                "{}",
                credential,
                ("If-Match", $"\"{request.Text("hash")}\"")
            );
        var head = await own.HeadAsync();

        (await VoteAsync(own.CorpToken("lead"))).ExpectProblem(401, "reauthentication-required");
        (await own.HeadAsync()).ShouldBe(head);
        (await VoteAsync(Fresh(own))).Expect(200);

        (await own.GetAsync($"/api/v1/change-requests/{request.Text("id")}")).Expect(200).Text("state").ShouldBe("applied");
    }

    private const string OneLead = """
        apiVersion: featureflags/v1
        kind: ApprovalPolicy
        metadata:
          name: one-lead
        spec:
          rules:
            - name: production-changes
              conditions:
                - field: environment.type
                  operator: equals
                  value: production
              approval:
                required: true
                stages:
                  - name: review
                    order: 1
                    requiredApprovers: 1
                    approverRoles: [tech-lead]
                    timeoutHours: 24
                    onTimeout: reject
        """;

    private static string Fresh(OidcServer server) =>
        server.CorpToken("lead", ("auth_time", server.Time.GetUtcNow().ToUnixTimeSeconds() - 5), ("acr", "gold"));
}
