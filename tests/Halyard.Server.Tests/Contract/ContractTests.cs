using System.Text.Json;
using System.Text.Json.Serialization;
using Halyard.Contracts;
using Halyard.Server.Tests.Hosting;
using Halyard.Server.Tests.Ofrep;

namespace Halyard.Server.Tests.Contract;

/// <summary>What the server writes is what the contracts say: no member more, none less.</summary>
public sealed class ContractTests(HalyardServer server) : IClassFixture<HalyardServer>
{
    private static readonly JsonSerializerOptions Strict = new(JsonSerializerDefaults.Web)
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectRequiredConstructorParameters = false,
        RespectNullableAnnotations = true,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    [Fact]
    public async Task Answers_ReadAsTheirContractsAndBackWithoutLoss()
    {
        await OfrepFlags.CreateAsync(server, "contract");
        (
            await server.PostAsync(
                "/api/v1/projects/contract/segments",
                """{"key":"beta","includes":["u"],"name":"B","description":"d"}"""
            )
        ).Expect(200);
        await server.TokenAsync("CLIENT");
        const string sink =
            """{"key":"contract","kind":"webhook","targetSecret":"a","secret":"b","previousSecret":"c","from":5,"filter":{"succeeded":true}}""";
        (await server.PostAsync("/api/v1/sinks", sink)).Expect(200);
        const string freeze =
            """{"key":"contract","intervals":[{"from":"2198-01-01T00:00:00Z","to":"2199-01-01T00:00:00Z"}],"recurring":[{"every":"monthly","nth":-1,"days":["friday"],"at":"17:00","minutes":60,"from":"2198-01-01"}]}""";
        (await server.PostAsync("/api/v1/freezes", freeze)).Expect(200);

        await HoldsAsync<MeAnswer>("/api/v1/me");
        await HoldsAsync<Page<ProjectAnswer>>("/api/v1/projects");
        await HoldsAsync<ProjectAnswer>("/api/v1/projects/contract");
        await HoldsAsync<Page<EnvironmentAnswer>>("/api/v1/projects/contract/environments");
        await HoldsAsync<EnvironmentAnswer>("/api/v1/projects/contract/environments/staging");
        await HoldsAsync<Page<SegmentAnswer>>("/api/v1/projects/contract/segments");
        await HoldsAsync<SegmentAnswer>("/api/v1/projects/contract/segments/beta");
        await HoldsAsync<Page<FlagAnswer>>("/api/v1/projects/contract/flags");
        await HoldsAsync<Page<FlagAnswer>>("/api/v1/projects/contract/flags?limit=1");
        await HoldsAsync<Page<FlagGlanceAnswer>>("/api/v1/projects/contract/flag-overview");
        await HoldsAsync<PeopleAnswer>("/api/v1/people?subject=s_nobody");
        await HoldsAsync<ProviderListAnswer>("/auth/providers");
        foreach (var key in OfrepFlags.Keys)
            await HoldsAsync<FlagAnswer>($"/api/v1/projects/contract/flags/{key}");
        await HoldsAsync<Page<CredentialAnswer>>("/api/v1/tokens");
        await HoldsAsync<Page<CredentialAnswer>>("/api/v1/sdk-keys");
        var browser = await server.BrowserAsync();
        var account = (await browser.SendAsync("POST", "/api/v1/service-accounts", """{"name":"bot"}""")).Expect(200).Text("id");
        await browser.SendAsync("POST", "/api/v1/tokens", $$"""{"name":"bot","serviceAccount":"{{account}}"}""");
        await HoldsAsync<Page<CredentialAnswer>>("/api/v1/tokens");
        await HoldsAsync<Page<ServiceAccountAnswer>>("/api/v1/service-accounts");
        await HoldsAsync<ServiceAccountAnswer>($"/api/v1/service-accounts/{account}");
        await HoldsAsync<Page<RoleAnswer>>("/api/v1/roles");
        await HoldsAsync<RoleAnswer>("/api/v1/roles/release-manager");
        (
            await server.PostAsync(
                "/api/v1/assignments",
                """{"group":"g","role":"viewer","scope":{"projects":["contract"]},"notBefore":"2026-01-01T00:00:00Z","notAfter":"2099-01-01T00:00:00Z"}"""
            )
        ).Expect(200);
        await HoldsAsync<Page<AssignmentAnswer>>("/api/v1/assignments");
        await HoldsAsync<PolicyAnswer>("/api/v1/authorization/policy");
        await HoldsAsync<WhoCouldAnswer>("/api/v1/projects/contract/flags/words/who-could?environment=staging");
        await HoldsAsync<Page<SinkAnswer>>("/api/v1/sinks");
        await HoldsAsync<SinkAnswer>("/api/v1/sinks/contract");
        await HoldsAsync<SinkStatusAnswer>("/api/v1/sinks/contract/status");
        await HoldsAsync<Page<FreezeAnswer>>("/api/v1/freezes");
        await HoldsAsync<Page<EntryAnswer>>("/api/v1/audit?limit=1000");
        await HoldsAsync<EntryAnswer>("/api/v1/audit/0");
        await HoldsAsync<CountAnswer>("/api/v1/audit/count");
        await HoldsAsync<LedgerStatusAnswer>("/api/v1/ledger/status");
        await HoldsAsync<ConsistencyAnswer>("/api/v1/ledger/consistency?from=1");
        await HoldsAsync<Page<EntryAnswer>>("/api/v1/projects/contract/flags/words/history");
        foreach (var key in OfrepFlags.Keys)
        {
            await HoldsAsync<ComplianceAnswer>($"/api/v1/projects/contract/flags/{key}/compliance?environment=staging");
            await HoldsAsync<RolloutHistoryAnswer>($"/api/v1/projects/contract/flags/{key}/rollout-history?environment=staging");
        }
    }

    [Fact]
    public async Task AnswersToPosts_ReadAsTheirContractsAndBackWithoutLoss()
    {
        await OfrepFlags.CreateAsync(server, "posts");
        const string change =
            """{"operations":[{"op":"setEnabled","flag":"static","environment":"staging","enabled":false,"baseRevision":1}]}""";

        Holds<PreviewAnswer>(await server.PostAsync("/api/v1/projects/posts/changes?dryRun=true", change));
        Holds<ChangeAnswer>(await server.PostAsync("/api/v1/projects/posts/changes", change));
        Holds<Problem>(
            await server.PostAsync("/api/v1/projects/posts/changes", change.Replace("false", "true", StringComparison.Ordinal))
        );
        Holds<Problem>(await server.PostAsync("/api/v1/projects/posts/changes", "{}"));
        Holds<CreatedCredentialAnswer>(await server.PostAsync("/api/v1/tokens", """{"name":"x","role":"CLIENT"}"""));
        (await server.PostAsync("/api/v1/sinks", """{"key":"posts","kind":"slack","targetSecret":"none"}""")).Expect(200);
        Holds<SinkTestAnswer>(await server.PostAsync("/api/v1/sinks/posts/test", "{}"));
        Holds<SinkRetryAnswer>(await server.PostAsync("/api/v1/sinks/posts/dead-letters/retry", "{}"));
        Holds<EvaluateAnswer>(
            await server.PostAsync(
                "/api/v1/projects/posts/evaluate?environment=staging&at=2100-01-01T00:00:00Z",
                """{"flag":"words","context":{"targetingKey":"u","country":"de"}}"""
            )
        );
        Holds<EvaluateAnswer>(
            await server.PostAsync("/api/v1/projects/posts/evaluate?environment=staging", """{"context":{"targetingKey":"u"}}""")
        );
    }

    [Fact]
    public void Times_AreToTheMicrosecond_AsTheLogHasThem()
    {
        var time = new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero).AddTicks(1_234_567);
        var session = new OpenSessionAnswer("b_1", time, time.AddTicks(-1_234_567), "oidc", null);

        var json = JsonSerializer.Serialize(session, ContractJson.Wire.OpenSessionAnswer);

        json.ShouldBe(
            """{"id":"b_1","startedAt":"2026-03-01T12:00:00.123456Z","usedAt":"2026-03-01T12:00:00Z","authentication":"oidc"}"""
        );
    }

    [Fact]
    public async Task OpenApi_IsTheOneInTheSnapshot()
    {
        var document = (await server.GetAsync("/openapi/v1.json", "")).Expect(200);

        document.Text("openapi").ShouldStartWith("3.1.");
        JsonSerializer.Serialize(document, Indented).ShouldMatchSnapshot("openapi.json");
    }

    [Fact]
    public async Task OpenApi_DescribesEveryEndpointByName()
    {
        var paths = (await server.GetAsync("/openapi/v1.json", "")).Json.GetProperty("paths");

        var names = paths
            .EnumerateObject()
            .SelectMany(path => path.Value.EnumerateObject())
            .Select(operation => operation.Value.Text("operationId"))
            .ToList();
        // The document does not describe itself.
        names.Distinct(StringComparer.Ordinal).Count().ShouldBe(server.Endpoints.Count - 1);
    }

    private static readonly JsonSerializerOptions Indented = new()
    {
        WriteIndented = true,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private async Task HoldsAsync<T>(string path)
        where T : class => Holds<T>(await server.GetAsync(path));

    /// <summary>Reads strictly, writes again, and finds every member that was sent.</summary>
    private static void Holds<T>(Answer answer)
        where T : class
    {
        answer.Status.ShouldBeLessThan(500, answer.Words);
        var read = JsonSerializer.Deserialize<T>(answer.Bytes, Strict).ShouldNotBeNull();
        Members(JsonSerializer.SerializeToElement(read, Strict))
            .ShouldBe(Members(answer.Json), ignoreOrder: true, typeof(T).Name);
    }

    private static List<string> Members(JsonElement json, string at = "") =>
        json.ValueKind switch
        {
            JsonValueKind.Object =>
            [
                .. json.EnumerateObject()
                    .SelectMany(member => Members(member.Value, $"{at}/{member.Name}").Prepend($"{at}/{member.Name}")),
            ],
            JsonValueKind.Array => [.. json.EnumerateArray().SelectMany((item, i) => Members(item, $"{at}/{i}"))],
            _ => [],
        };
}
