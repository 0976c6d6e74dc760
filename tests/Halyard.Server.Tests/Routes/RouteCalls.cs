using Halyard.Server.Tests.Hosting;

namespace Halyard.Server.Tests.Routes;

/// <summary>
/// One valid call of an endpoint. <c>{token}</c>, <c>{sdkKey}</c>, <c>{user}</c>, <c>{account}</c>, <c>{assignment}</c>, <c>{request}</c>,
/// <c>{delegation}</c>, <c>{bypass}</c> and <c>{job}</c> stand for
/// ids made on the way.
/// </summary>
/// <param name="Route">Method and pattern, as the inventory names the endpoint.</param>
/// <param name="Path">Where to.</param>
/// <param name="Body">What to send, or nothing.</param>
/// <param name="Entries">
/// How many entries it makes; an import makes one a line, and one each for its start and its end; a job one each for its start, what
/// came of it, and its end.
/// </param>
/// <param name="Status">What a success is answered with.</param>
public sealed record RouteCall(string Route, string Path, string? Body = null, int Entries = 1, int Status = 200)
{
    /// <summary>Whether its answer proves the entry; one that is a file cannot, and one that made none has nothing to prove.</summary>
    public bool AnswersWithReceipt { get; init; } = Entries == 1 && Status == 200;

    /// <summary>Whether the second administrator calls: nobody approves their own.</summary>
    public bool ByOther { get; init; }

    /// <summary>The administrator who calls in a browser, where only a person can; <see langword="null"/> for a token.</summary>
    public string? Person { get; init; }

    /// <summary>Whether it names the content that it is about, as votes do.</summary>
    public bool NamesContent { get; init; }

    /// <summary>Whether it is about a browser's own session, so that only a browser can send it.</summary>
    public bool NeedsSession => Path is "/auth/session" or "/auth/logout" or "/auth/password/change";

    /// <summary>A browser that can send it, or <see langword="null"/> where none is needed.</summary>
    public async Task<Browser?> BrowserAsync(HalyardServer server) =>
        Person is { } person ? await server.BrowserAsync(subject: person)
        : !NeedsSession ? null
        // Whom the calls before made.
        : Path == "/auth/password/change" ? await server.LogInAsync("ann.b@example.com")
        : await server.BrowserAsync();

    /// <summary>Keeps the id of what was made, for the calls after.</summary>
    public void Remember(Answer reply, Dictionary<string, string> ids)
    {
        if (Method == "POST" && Path.EndsWith("/assignments", StringComparison.Ordinal))
            ids["{assignment}"] = reply.Json.GetProperty("revisions")[0].Text("key");
        if (Method == "POST" && Path.EndsWith("/delegations", StringComparison.Ordinal))
            ids["{delegation}"] = reply.Json.GetProperty("revisions")[0].Text("key");
        if (Method != "POST" || !reply.Json.TryGetProperty("id", out var id))
            return;
        var name = Path[(Path.LastIndexOf('/') + 1)..] switch
        {
            "tokens" => "{token}",
            "sdk-keys" => "{sdkKey}",
            "users" => "{user}",
            "service-accounts" => "{account}",
            _ => null,
        };
        if (name is not null)
            ids[name] = id.GetString()!;
    }

    /// <summary>Whether it takes no credential by the way: what it asks for stands in its body.</summary>
    public bool IsLogIn => Path is "/auth/password";

    public string Method => Route[..Route.IndexOf(' ', StringComparison.Ordinal)];
}

/// <summary>A valid call of every endpoint, so that what each does to the log is seen and not believed.</summary>
public static class RouteCalls
{
    private const string Context = """{"context":{"targetingKey":"user-1"}}""";

    /// <summary>Each makes exactly the entries it says; they build on each other in this order.</summary>
    public static IReadOnlyList<RouteCall> Writing { get; } =
    [
        new("POST /api/v1/projects", "/api/v1/projects", """{"key":"web","name":"Web"}"""),
        new(
            "POST /api/v1/projects/{project}/imports",
            "/api/v1/projects/web/imports",
            """{"at":"2024-01-11T15:58:29Z","actor":"dev-1","reason":"Old","operations":[{"op":"createFlag","flag":"old"}]}""",
            Entries: 3
        ),
        new(
            "POST /api/v1/projects/{project}/environments",
            "/api/v1/projects/web/environments",
            """{"key":"staging","name":"Staging","type":"staging"}"""
        ),
        new(
            "POST /api/v1/projects/{project}/segments",
            "/api/v1/projects/web/segments",
            """{"key":"beta","includes":["user-1"]}"""
        ),
        new("POST /api/v1/projects/{project}/flags", "/api/v1/projects/web/flags", """{"key":"checkout"}"""),
        new(
            "POST /api/v1/projects/{project}/changes",
            "/api/v1/projects/web/changes",
            """{"operations":[{"op":"createFlag","flag":"banner"}],"reason":"Try it"}"""
        ),
        new(
            "PATCH /api/v1/projects/{project}/flags/{flag}",
            "/api/v1/projects/web/flags/checkout",
            """{"name":"Checkout","baseRevision":1}"""
        ),
        new(
            "POST /api/v1/projects/{project}/flags/{flag}/environments/{environment}/enable",
            "/api/v1/projects/web/flags/checkout/environments/staging/enable",
            """{"reason":"Go"}"""
        ),
        new(
            "POST /api/v1/projects/{project}/flags/{flag}/environments/{environment}/disable",
            "/api/v1/projects/web/flags/checkout/environments/staging/disable"
        ),
        new("POST /api/v1/audit/checks", "/api/v1/audit/checks", """{"reason":"Monthly"}""", Entries: 2, Status: 202),
        // No archive is configured here: the job starts and says so.
        new("POST /api/v1/retention/runs", "/api/v1/retention/runs", "{}", Entries: 2, Status: 202),
        new(
            "POST /api/v1/audit/exports",
            "/api/v1/audit/exports",
            """{"format":"csv","reason":"Try it"}""",
            Entries: 3,
            Status: 202
        ),
        new("GET /api/v1/audit/exports/{export}/file", "/api/v1/audit/exports/{job}/file") { AnswersWithReceipt = false },
        new("POST /api/v1/jobs/{job}/cancel", "/api/v1/jobs/{job}/cancel", Entries: 0) { AnswersWithReceipt = false },
        new("POST /api/v1/tokens", "/api/v1/tokens", """{"name":"deploy","role":"CLIENT"}"""),
        new("POST /api/v1/sdk-keys", "/api/v1/sdk-keys", """{"name":"shop","project":"web","environment":"staging"}"""),
        new("POST /api/v1/tokens/{id}/rotate", "/api/v1/tokens/{token}/rotate", """{"reason":"once a quarter"}"""),
        new("POST /api/v1/sdk-keys/{id}/rotate", "/api/v1/sdk-keys/{sdkKey}/rotate", """{"overlapSeconds":0}"""),
        new("DELETE /api/v1/tokens/{id}", "/api/v1/tokens/{token}"),
        new("DELETE /api/v1/sdk-keys/{id}", "/api/v1/sdk-keys/{sdkKey}?reason=unused"),
        new("POST /api/v1/service-accounts", "/api/v1/service-accounts", """{"name":"deploy bot"}""") { Person = "s_browser" },
        Account("PATCH", """{"description":"deploys","enabled":false}"""),
        Account("PATCH", """{"enabled":true}"""),
        new(
            "POST /api/v1/service-accounts/{account}/take-over",
            "/api/v1/service-accounts/{account}/take-over",
            """{"reason":"left us"}"""
        )
        {
            Person = "s_other",
        },
        Account("DELETE", """{"reason":"unused"}"""),
        new("POST /api/v1/service-accounts", "/api/v1/service-accounts", """{"name":"kept bot"}""") { Person = "s_browser" },
        new("POST /api/v1/privacy/erasures", "/api/v1/privacy/erasures", """{"name":"deploy","reason":"left us"}"""),
        new(
            "POST /api/v1/freezes",
            "/api/v1/freezes",
            """{"key":"weekend","recurring":[{"every":"weekly","days":["friday"],"at":"17:00","minutes":3780}],"reason":"rest"}"""
        ),
        new(
            "PUT /api/v1/freezes/{key}",
            "/api/v1/freezes/weekend",
            """{"name":"Weekend","recurring":[{"every":"weekly","days":["friday"],"at":"16:00","minutes":3840}],"reason":"more rest"}"""
        ),
        new("DELETE /api/v1/freezes/{key}", "/api/v1/freezes/weekend?reason=done"),
        new("POST /api/v1/holds", "/api/v1/holds", """{"key":"case-1","subject":"s_1","reason":"a court asks"}"""),
        new("DELETE /api/v1/holds/{key}", "/api/v1/holds/case-1?reason=settled"),
        new("POST /api/v1/sinks", "/api/v1/sinks", """{"key":"spare","kind":"file","target":"audit.jsonl"}"""),
        new("PUT /api/v1/sinks/{sink}", "/api/v1/sinks/spare", """{"kind":"file","target":"audit.jsonl","enabled":false}"""),
        new("POST /api/v1/sinks/{sink}/test", "/api/v1/sinks/spare/test"),
        new("POST /api/v1/sinks/{sink}/dead-letters/retry", "/api/v1/sinks/spare/dead-letters/retry"),
        new("DELETE /api/v1/sinks/{sink}", "/api/v1/sinks/spare?reason=unused"),
        new("POST /api/v1/sinks", "/api/v1/sinks", """{"key":"kept","kind":"file","target":"audit.jsonl","enabled":false}"""),
        new("PUT /api/v1/retention", "/api/v1/retention", """{"archiveAfterDays":30,"reason":"as the law has it"}"""),
        new(
            "POST /api/v1/roles",
            "/api/v1/roles",
            """{"key":"reader","grants":[{"effect":"allow","actions":["flag.read"]}],"reason":"for the press"}"""
        ),
        new("PATCH /api/v1/roles/{role}", "/api/v1/roles/reader", """{"name":"Reader"}"""),
        new("POST /api/v1/assignments", "/api/v1/assignments", """{"group":"press","role":"viewer","reason":"asked for"}"""),
        new("DELETE /api/v1/assignments/{assignment}", "/api/v1/assignments/{assignment}?reason=left"),
        new("DELETE /api/v1/roles/{role}", "/api/v1/roles/reader?reason=unused"),
        new(
            "PUT /api/v1/authorization/policy",
            "/api/v1/authorization/policy",
            """{"modules":[{"name":"own.rego","text":"package halyard\nauthz := {\"kind\": \"always\"}"}],"reason":"try it"}"""
        ),
        new(
            "POST /api/v1/authorization/policy/rollback",
            "/api/v1/authorization/policy/rollback",
            """{"revision":0,"reason":"it was a try"}"""
        ),
        new("DELETE /api/v1/projects/{project}/flags/{flag}", "/api/v1/projects/web/flags/banner?reason=done"),
        new(
            "POST /api/v1/users",
            "/api/v1/users",
            """{"email":"ann@example.com","name":"Ann","roles":["ADMIN"],"password":"correct horse battery"}"""
        ),
        new("PATCH /api/v1/users/{user}", "/api/v1/users/{user}", """{"email":"ann.b@example.com","roles":[]}"""),
        new("POST /auth/password", "/auth/password", """{"email":"Ann.B@example.com","password":"correct horse battery"}""")
        {
            AnswersWithReceipt = false,
        },
        new(
            "POST /auth/password/change",
            "/auth/password/change",
            """{"currentPassword":"correct horse battery","newPassword":"another horse battery"}""",
            Entries: 2
        ),
        new("POST /api/v1/users/{user}/reset-password", "/api/v1/users/{user}/reset-password", """{"reason":"forgot it"}"""),
        new("POST /api/v1/users/{user}/disable", "/api/v1/users/{user}/disable"),
        new("POST /api/v1/users/{user}/enable", "/api/v1/users/{user}/enable"),
        new("DELETE /api/v1/users/{user}", "/api/v1/users/{user}?reason=left"),
        new("POST /api/v1/users", "/api/v1/users", """{"email":"bob@example.com"}"""),
        // No provider is configured here; BackChannelLogOutTests log out.
        new("POST /auth/oidc/{provider}/backchannel-logout", "/auth/oidc/corp/backchannel-logout", Entries: 0, Status: 404),
        new("DELETE /api/v1/sessions/{subject}", "/api/v1/sessions/s_other?reason=lost"),
        new("POST /auth/logout", "/auth/logout", Status: 204) { AnswersWithReceipt = false },
        new(
            "POST /api/v1/projects/{project}/environments",
            "/api/v1/projects/web/environments",
            """{"key":"gate","name":"Gate","type":"staging"}"""
        ),
        new(
            "POST /api/v1/checks",
            "/api/v1/checks",
            """{"key":"ready","source":"http","target":"http://127.0.0.1:9/ready","reason":"ask"}"""
        ),
        new(
            "PUT /api/v1/checks/{check}",
            "/api/v1/checks/ready",
            """{"source":"http","target":"http://127.0.0.1:9/done","reason":"moved"}"""
        ),
        // Nobody is there to answer, which is recorded.
        new(
            "POST /api/v1/checks/{check}/run",
            "/api/v1/checks/ready/run",
            """{"project":"web","flag":"checkout","environment":"staging"}"""
        ),
        // It is asked, not reported.
        new(
            "POST /api/v1/checks/{check}/results",
            "/api/v1/checks/ready/results",
            """{"check":"ready","project":"web","flag":"checkout","environment":"staging","content":"sha256:0000000000000000000000000000000000000000000000000000000000000000","result":"pass"}""",
            Entries: 0,
            Status: 404
        )
        {
            AnswersWithReceipt = false,
        },
        new("DELETE /api/v1/checks/{check}", "/api/v1/checks/ready?reason=unused"),
        new("PUT /api/v1/promotion-gates", "/api/v1/promotion-gates", """{"reason":"step by step"}"""),
        new("PUT /api/v1/promotion-gates", "/api/v1/promotion-gates", """{"gates":[],"reason":"no way up"}"""),
        new(
            "POST /api/v1/delegations",
            "/api/v1/delegations",
            """{"to":"u_deputy","scope":{"project":"web"},"validFrom":"2100-01-01T00:00:00Z","validTo":"2100-02-01T00:00:00Z"}"""
        ),
        new("DELETE /api/v1/delegations/{id}", "/api/v1/delegations/{delegation}?reason=back"),
        new("PUT /api/v1/policies", "/api/v1/policies", Policies),
        new("POST /api/v1/tokens", "/api/v1/tokens", """{"name":"second","role":"ADMIN"}"""),
        Asking("gated"),
        Act("comment", """{"text":"why now?"}"""),
        Act("edit", $$"""{"operations":[{{Gated("edited")}}],"reason":"better"}""") with
        {
            ByOther = true,
        },
        Act("rebase", "{}", entries: 0, status: 422) with
        {
            ByOther = true,
        },
        Act("request-changes", """{"comment":"not so"}""") with
        {
            NamesContent = true,
        },
        Act("withdraw-vote", "{}"),
        Act("approve", "{}", entries: 3) with
        {
            NamesContent = true,
            AnswersWithReceipt = false,
        },
        Act("apply", "{}", entries: 0, status: 409),
        Asking("refused"),
        Act("reject", """{"comment":"no"}""") with
        {
            NamesContent = true,
        },
        Asking("withdrawn"),
        Act("cancel", "{}") with
        {
            ByOther = true,
        },
        .. Emergency("edited", enabled: false),
        Follow("ratify", """{"comment":"it was right"}"""),
        Follow("review", """{"findings":"a cache was cold"}"""),
        .. Emergency("edited", enabled: true),
        Follow("refuse", """{"comment":"it was not"}""", entries: 2),
    ];

    private const string Policies =
        """{"policies":[{"yaml":"apiVersion: featureflags/v1\nkind: ApprovalPolicy\nmetadata:\n  name: four-eyes\nspec:\n  rules:\n    - name: staging\n      conditions:\n        - field: environment.type\n          operator: equals\n          value: staging\n      approval:\n        required: true\n        minApprovers: 1\n        approverRoles: [ADMIN]\n"}],"reason":"govern staging"}""";

    private static string Gated(string flag) =>
        $$$$"""{"op":"createFlag","flag":"{{{{flag}}}}","environments":{"gate":{"enabled":true}}}""";

    /// <summary>A change that policies gate: it becomes a request.</summary>
    private static RouteCall Account(string method, string body) =>
        new($"{method} /api/v1/service-accounts/{{account}}", "/api/v1/service-accounts/{account}", body);

    private static RouteCall Asking(string flag) =>
        new(
            "POST /api/v1/projects/{project}/changes",
            "/api/v1/projects/web/changes",
            $$"""{"operations":[{{Gated(flag)}}],"reason":"Try it"}""",
            Status: 202
        )
        {
            ByOther = true,
        };

    private static RouteCall Act(string verb, string body, int entries = 1, int status = 200) =>
        new($"POST /api/v1/change-requests/{{id}}/{verb}", $"/api/v1/change-requests/{{request}}/{verb}", body, entries, status);

    /// <summary>A bypass that takes effect: nothing verifies incidents here, so two people of bypass roles.</summary>
    private static RouteCall[] Emergency(string flag, bool enabled) =>
        [
            Person("on-call-engineer"),
            new(
                "POST /api/v1/bypasses",
                "/api/v1/bypasses",
                $$$"""{"incident":"INC-1","severity":"SEV1","justification":"it burns","operation":{"op":"setEnabled","project":"web","flag":"{{{flag}}}","environment":"gate","enabled":{{{(enabled ? "true" : "false")}}}}}""",
                Status: 202
            )
            {
                ByOther = true,
            },
            Person("sre"),
            Follow("confirm", "{}", entries: 2) with
            {
                ByOther = true,
            },
        ];

    /// <summary>From then on the other person is of this role.</summary>
    private static RouteCall Person(string role) =>
        new("POST /api/v1/tokens", "/api/v1/tokens", $$"""{"name":"somebody","role":"{{role}}"}""");

    private static RouteCall Follow(string verb, string body, int entries = 1) =>
        new($"POST /api/v1/bypasses/{{id}}/{verb}", $"/api/v1/bypasses/{{bypass}}/{verb}", body, entries);

    /// <summary>Not GET, and yet nothing is written: each with why it is not.</summary>
    public static IReadOnlyList<(RouteCall Call, string Why)> ReadingPosts { get; } =
    [
        (
            new("POST /api/v1/projects/{project}/evaluate", "/api/v1/projects/web/evaluate?environment=staging", Context),
            "asks what a context gets; the context may be large and personal, so it travels in the body"
        ),
        (
            new(
                "POST /api/v1/authorization/policy/dry-run",
                "/api/v1/authorization/policy/dry-run",
                """{"modules":[{"name":"own.rego","text":"package halyard\nauthz := {\"kind\": \"never\"}"}]}"""
            ),
            "asks a policy what was asked before; the policy is too long for an address"
        ),
        (
            new("POST /api/v1/policies/simulate", "/api/v1/policies/simulate", """{"policies":[]}"""),
            "asks approval policies about what happened; the policies are too long for an address"
        ),
        (new("POST /ofrep/v1/evaluate/flags/{key}", "/ofrep/v1/evaluate/flags/checkout", Context), "OFREP asks by POST"),
        (new("POST /ofrep/v1/evaluate/flags/", "/ofrep/v1/evaluate/flags", Context), "OFREP asks by POST"),
    ];

    /// <summary>Every GET.</summary>
    public static IReadOnlyList<RouteCall> Reading { get; } =
    [
        new("GET /api/v1/me", "/api/v1/me"),
        new("GET /api/v1/projects", "/api/v1/projects"),
        new("GET /api/v1/projects/{project}", "/api/v1/projects/web"),
        new("GET /api/v1/projects/{project}/environments", "/api/v1/projects/web/environments"),
        new("GET /api/v1/projects/{project}/environments/{environment}", "/api/v1/projects/web/environments/staging"),
        new("GET /api/v1/projects/{project}/segments", "/api/v1/projects/web/segments"),
        new("GET /api/v1/projects/{project}/segments/{segment}", "/api/v1/projects/web/segments/beta"),
        new("GET /api/v1/projects/{project}/flags", "/api/v1/projects/web/flags"),
        new("GET /api/v1/projects/{project}/flag-overview", "/api/v1/projects/web/flag-overview"),
        new("GET /api/v1/people", "/api/v1/people?subject=s_nobody"),
        new("GET /api/v1/projects/{project}/flags/{flag}", "/api/v1/projects/web/flags/checkout"),
        new("GET /api/v1/projects/{project}/evaluations", "/api/v1/projects/web/evaluations?environment=staging"),
        new(
            "GET /api/v1/projects/{project}/flags/{flag}/evaluations",
            "/api/v1/projects/web/flags/checkout/evaluations?environment=staging"
        ),
        new(
            "GET /api/v1/projects/{project}/flags/{flag}/compliance",
            "/api/v1/projects/web/flags/checkout/compliance?environment=staging&attribute=plan:string:enterprise"
        ),
        new(
            "GET /api/v1/projects/{project}/flags/{flag}/rollout-history",
            "/api/v1/projects/web/flags/checkout/rollout-history?environment=staging"
        ),
        new("GET /api/v1/projects/{project}/flags/{flag}/history", "/api/v1/projects/web/flags/checkout/history"),
        new(
            "GET /api/v1/projects/{project}/flags/{flag}/who-could",
            "/api/v1/projects/web/flags/checkout/who-could?environment=staging"
        ),
        new("GET /api/v1/audit", "/api/v1/audit"),
        new("GET /api/v1/audit/count", "/api/v1/audit/count"),
        new("GET /api/v1/audit/{entry}", "/api/v1/audit/0"),
        new("GET /api/v1/audit/{index:long}/proof", "/api/v1/audit/0/proof"),
        new("GET /api/v1/audit/exports/{export}", "/api/v1/audit/exports/{job}"),
        new("GET /api/v1/audit/exports/{export}/manifest", "/api/v1/audit/exports/{job}/manifest"),
        new("GET /api/v1/jobs", "/api/v1/jobs"),
        new("GET /api/v1/jobs/{job}", "/api/v1/jobs/{job}"),
        new("GET /api/v1/tokens", "/api/v1/tokens"),
        new("GET /api/v1/sdk-keys", "/api/v1/sdk-keys"),
        new("GET /api/v1/service-accounts", "/api/v1/service-accounts"),
        new("GET /api/v1/service-accounts/{account}", "/api/v1/service-accounts/{account}"),
        new("GET /api/v1/sessions/{subject}", "/api/v1/sessions/s_browser"),
        new("GET /api/v1/holds", "/api/v1/holds"),
        new("GET /api/v1/users", "/api/v1/users"),
        new("GET /api/v1/users/{user}", "/api/v1/users/{user}"),
        new("GET /api/v1/roles", "/api/v1/roles"),
        new("GET /api/v1/roles/{role}", "/api/v1/roles/developer"),
        new("GET /api/v1/assignments", "/api/v1/assignments"),
        new("GET /api/v1/authorization/policy", "/api/v1/authorization/policy"),
        new("GET /api/v1/change-requests", "/api/v1/change-requests"),
        new("GET /api/v1/change-requests/{id}", "/api/v1/change-requests/{request}"),
        new("GET /api/v1/change-requests/{id}/approvers", "/api/v1/change-requests/{request}/approvers"),
        new("GET /api/v1/delegations", "/api/v1/delegations"),
        new("GET /api/v1/policies", "/api/v1/policies"),
        new("GET /api/v1/checks", "/api/v1/checks"),
        new("GET /api/v1/promotion-gates", "/api/v1/promotion-gates"),
        new(
            "GET /api/v1/projects/{project}/flags/{flag}/gates",
            "/api/v1/projects/web/flags/checkout/gates?from=staging&to=staging"
        ),
        new("GET /api/v1/freezes", "/api/v1/freezes"),
        new("GET /api/v1/bypasses", "/api/v1/bypasses"),
        new("GET /api/v1/bypasses/{id}", "/api/v1/bypasses/{bypass}"),
        new("GET /api/v1/retention", "/api/v1/retention"),
        new("GET /api/v1/ledger/status", "/api/v1/ledger/status"),
        new("GET /api/v1/ledger/consistency", "/api/v1/ledger/consistency?from=1"),
        new("GET /ledger/keys", "/ledger/keys"),
        // What is published at the start: the tenant, its first token, and the key that signs.
        new("GET /ledger/{tenant}/admin/checkpoint", "/ledger/default/admin/checkpoint"),
        new("GET /ledger/{tenant}/admin/checkpoints/{size}", "/ledger/default/admin/checkpoints/00000000000000000003"),
        new("GET /ledger/{tenant}/admin/minimum_index", "/ledger/default/admin/minimum_index"),
        new("GET /ledger/{tenant}/admin/keys", "/ledger/default/admin/keys"),
        new("GET /ledger/{tenant}/admin/tile/{**path}", "/ledger/default/admin/tile/entries/000.p/3"),
        // No log of this server lost anything.
        new("GET /ledger/{tenant}/admin/{shard:int:min(2)}/checkpoint", "/ledger/default/admin/2/checkpoint", Status: 404),
        new(
            "GET /ledger/{tenant}/admin/{shard:int:min(2)}/checkpoints/{size}",
            "/ledger/default/admin/2/checkpoints/00000000000000000003",
            Status: 404
        ),
        new("GET /ledger/{tenant}/admin/{shard:int:min(2)}/minimum_index", "/ledger/default/admin/2/minimum_index"),
        new("GET /ledger/{tenant}/admin/{shard:int:min(2)}/keys", "/ledger/default/admin/2/keys", Status: 404),
        new(
            "GET /ledger/{tenant}/admin/{shard:int:min(2)}/tile/{**path}",
            "/ledger/default/admin/2/tile/entries/000.p/3",
            Status: 404
        ),
        new("GET /health/ledger", "/health/ledger"),
        new("GET /api/v1/sinks", "/api/v1/sinks"),
        new("GET /api/v1/sinks/{sink}", "/api/v1/sinks/kept"),
        new("GET /api/v1/sinks/{sink}/status", "/api/v1/sinks/kept/status"),
        new("GET /auth/session", "/auth/session"),
        new("GET /.well-known/jwks.json", "/.well-known/jwks.json"),
        new("GET /auth/providers", "/auth/providers"),
        // No provider is configured here; LogInTests log in.
        new("GET /auth/login", "/auth/login", Status: 404),
        new("GET /auth/callback/{provider}", "/auth/callback/corp", Status: 404),
        new("GET /health/live", "/health/live"),
        new("GET /health/ready", "/health/ready"),
        new("GET /openapi/{documentName}.json", "/openapi/v1.json"),
    ];

    public static IEnumerable<RouteCall> NotWriting => [.. Reading, .. ReadingPosts.Select(item => item.Call)];
}
