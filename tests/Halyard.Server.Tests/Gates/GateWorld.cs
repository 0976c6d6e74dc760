using System.Globalization;
using System.Text;
using System.Text.Json;
using Halyard.Server.Delivery.Webhooks;
using Halyard.Server.Tests.Delivery;
using Halyard.Server.Tests.Hosting;

namespace Halyard.Server.Tests.Gates;

/// <summary>A server that may ask a stand-in, with checks that are reported and checks that are asked.</summary>
public class GateWorld : HalyardServer
{
    /// <summary>Which check changes of production need, by a tag of the flag.</summary>
    private static readonly (string Tag, string Check)[] Needs =
    [
        ("reported", "ci-pass"),
        ("asked", "service-pass"),
        ("metered", "rates-good"),
        ("counted", "numbers-good"),
        ("loaded", "load-tests-pass"),
        ("soaked", "staging-soak-24h"),
    ];

    private int _flags;

    public const string Key = "a secret of at least 24 bytes";
    private const string Name = "ci";

    /// <summary>In the place of every source.</summary>
    public StandIn Source { get; private set; } = null!;

    public string SecondAdmin { get; private set; } = "";

    public string Developer { get; private set; } = "";

    public string Lead { get; private set; } = "";

    public string Reporter { get; private set; } = "";

    /// <summary>A flag of project <c>shop</c> with a tag that says which check changes of production need.</summary>
    public async Task<string> FlagAsync(string tag)
    {
        var key = $"{tag}-{Interlocked.Increment(ref _flags)}";
        (await PostAsync("/api/v1/projects/shop/flags", $$"""{"key":"{{key}}","tags":["{{tag}}"],"reason":"test"}""")).Expect(
            200
        );
        return key;
    }

    /// <summary>Defines a check; <paramref name="settings"/> without its key.</summary>
    public async Task DefineAsync(string key, string settings) =>
        (await PostAsync("/api/v1/checks", $$"""{"key":"{{key}}",{{settings}},"reason":"test"}""")).Expect(200);

    /// <summary>Settings of a check that is reported.</summary>
    public static string Push =>
        $$"""
            "source":"push","secret":"{{Name}}"
            """;

    /// <summary>Settings of a check that asks the stand-in.</summary>
    public string Asking(string source, string path, string more = "") =>
        $$"""
            "source":"{{source}}","target":"{{Source.Address}}{{path}}"{{more}}
            """;

    /// <summary>Reports, signed.</summary>
    public Task<Answer> ReportAsync(
        string check,
        string body,
        string? secret = null,
        DateTimeOffset? at = null,
        string? credential = null
    )
    {
        var bytes = Encoding.UTF8.GetBytes(body);
        var seconds = (at ?? Time.GetUtcNow()).ToUnixTimeSeconds();
        var signature = WebhookSignature.Sign("msg_1", seconds, bytes, [WebhookSignature.Key(secret ?? Key)!]);
        return SendAsync(
            "POST",
            $"/api/v1/checks/{check}/results",
            bytes,
            credential ?? Reporter,
            ("webhook-id", "msg_1"),
            ("webhook-timestamp", seconds.ToString(CultureInfo.InvariantCulture)),
            ("webhook-signature", signature)
        );
    }

    /// <summary>Asks for a flag to be switched on in production, and approves it; the request's id and hash.</summary>
    public async Task<(string Id, string Hash)> ApprovedAsync(string flag)
    {
        var path = $"/api/v1/projects/shop/flags/{flag}/environments/production/enable";
        var asked = (await PostAsync(path, """{"reason":"go"}""", Developer)).Expect(202).GetProperty("changeRequest");
        var (id, hash) = (asked.Text("id"), asked.Text("hash"));
        (await VoteAsync(id, hash, Lead)).Expect(200);
        return (id, hash);
    }

    public Task<Answer> VoteAsync(string id, string hash, string credential) =>
        SendAsync("POST", $"/api/v1/change-requests/{id}/approve", "{}"u8.ToArray(), credential, ("If-Match", $"\"{hash}\""));

    public async Task<JsonElement> RequestAsync(string id) => (await GetAsync($"/api/v1/change-requests/{id}")).Expect(200);

    public Task<Answer> RunAsync(string check, string request) =>
        PostAsync($"/api/v1/checks/{check}/run", $$"""{"request":"{{request}}"}""");

    public async Task<bool> IsOnAsync(string flag, string environment = "production") =>
        (await GetAsync($"/api/v1/projects/shop/flags/{flag}"))
            .Expect(200)
            .GetProperty("environments")
            .TryGetProperty(environment, out var configuration) && configuration.GetProperty("enabled").GetBoolean();

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        SecondAdmin = (await TokenAsync("ADMIN")).Secret;
        Developer = (await TokenAsync("developer")).Secret;
        Lead = (await TokenAsync("tech-lead")).Secret;
        Reporter = (await TokenAsync("check-reporter")).Secret;
        await ProjectAsync("shop");
        await GovernAsync();
    }

    /// <summary>Defines the checks, and puts a policy in force that names them.</summary>
    protected virtual async Task GovernAsync()
    {
        const string rate =
            ""","measures":{"rate":"sum(rate(errors{flag=\"$flag\"}[5m]))"},"thresholds":[{"field":"rate","bound":"atMost","limit":0.01}]""";
        const string number = ""","measures":{"rate":"errors"},"thresholds":[{"field":"rate","bound":"atMost","limit":0.01}]""";
        await DefineAsync("ci-pass", Push);
        await DefineAsync("load-tests-pass", Push);
        await DefineAsync("service-pass", Asking("http", "/check?team=a"));
        await DefineAsync("rates-good", Asking("prometheus", "", rate));
        await DefineAsync("numbers-good", Asking("json-metric", "/rates?flag=$flag", number));
        var rules = Needs.Select(need =>
            $$"""
                    - name: {{need.Tag}}
                      conditions:
                        - field: environment.type
                          operator: equals
                          value: production
                        - field: flag.tags
                          operator: contains
                          value: {{need.Tag}}
                      approval:
                        required: true
                        minApprovers: 1
                        approverRoles: [tech-lead]
                      checks: [{{need.Check}}]
                """
        );
        (await PutPoliciesAsync(string.Join('\n', rules))).Expect(200);
    }

    /// <summary>Puts a policy of these rules in force.</summary>
    public Task<Answer> PutPoliciesAsync(string rules)
    {
        var yaml = $"apiVersion: featureflags/v1\nkind: ApprovalPolicy\nmetadata:\n  name: checked\nspec:\n  rules:\n{rules}\n";
        var body = JsonSerializer.SerializeToUtf8Bytes(new { policies = new[] { new { yaml } }, reason = "test" });
        return SendAsync("PUT", "/api/v1/policies", body, Admin);
    }

    /// <summary>A report on a request.</summary>
    public static string Message(string check, (string Id, string Hash) request, string said = "\"result\":\"pass\"") =>
        $$"""{"check":"{{check}}","request":"{{request.Id}}","content":"{{request.Hash}}",{{said}}}""";

    /// <summary>What the one check of a request came to.</summary>
    public async Task<JsonElement> FindingAsync(string id) =>
        (await RequestAsync(id)).GetProperty("checks").EnumerateArray().ShouldHaveSingleItem();

    protected override IEnumerable<string> Settings =>
        [
            "--Halyard:Checks:AllowedHosts=127.0.0.1",
            "--Halyard:Checks:TimeoutSeconds=1",
            $"--Halyard:Checks:Secrets:{Name}={Key}",
            "--Halyard:Checks:Tokens:reader=let me in",
            "--Halyard:Checks:Tokens:broken=two\nlines",
            "--Halyard:Checks:Tokens:theirs:Value=for globex",
            "--Halyard:Checks:Tokens:theirs:Tenants=initech, globex",
            "--Halyard:Checks:Tokens:elsewhere=for somewhere else",
            "--Halyard:Checks:Tokens:elsewhere:Hosts=ci.example.com",
            "--Halyard:Secrets:hooks=the secret of a sink",
        ];

    protected override async ValueTask StartNeighboursAsync() => Source = await StandIn.StartAsync();

    protected override ValueTask StopNeighboursAsync() => Source.DisposeAsync();
}
