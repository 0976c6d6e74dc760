namespace Halyard.Server.Tests.Routes;

/// <summary>One valid call of an endpoint. <c>{token}</c>, <c>{sdkKey}</c> and <c>{job}</c> stand for ids made on the way.</summary>
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
    public bool AnswersWithReceipt { get; init; } = Entries == 1;

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
        new("DELETE /api/v1/tokens/{id}", "/api/v1/tokens/{token}"),
        new("DELETE /api/v1/sdk-keys/{id}", "/api/v1/sdk-keys/{sdkKey}?reason=unused"),
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
        new("DELETE /api/v1/projects/{project}/flags/{flag}", "/api/v1/projects/web/flags/banner?reason=done"),
    ];

    /// <summary>Not GET, and yet nothing is written: each with why it is not.</summary>
    public static IReadOnlyList<(RouteCall Call, string Why)> ReadingPosts { get; } =
    [
        (
            new("POST /api/v1/projects/{project}/evaluate", "/api/v1/projects/web/evaluate?environment=staging", Context),
            "asks what a context gets; the context may be large and personal, so it travels in the body"
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
        new("GET /api/v1/holds", "/api/v1/holds"),
        new("GET /api/v1/freezes", "/api/v1/freezes"),
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
        new("GET /health/live", "/health/live"),
        new("GET /health/ready", "/health/ready"),
        new("GET /openapi/{documentName}.json", "/openapi/v1.json"),
    ];

    public static IEnumerable<RouteCall> NotWriting => [.. Reading, .. ReadingPosts.Select(item => item.Call)];
}
