using System.Text.Json;
using Halyard.Core.Storage;
using Halyard.Server.Tests.Hosting;
using Halyard.Server.Tests.Reports;
using Microsoft.Extensions.DependencyInjection;

namespace Halyard.Server.Tests.Approvals;

/// <summary>Policies tried on the imported history of OpenShift's feature gates, and on what people asked for.</summary>
public sealed class PolicySimulationTests(GateReportTests.ImportedGates gates) : IClassFixture<GateReportTests.ImportedGates>
{
    private const string Production = """
        apiVersion: featureflags/v1
        kind: ApprovalPolicy
        metadata: { name: gates }
        spec:
          match: first
          rules:
            - name: stop
              conditions: [{ field: operations, operator: contains, value: deleteFlag }]
              deny: gates are never deleted
            - name: production
              conditions: [{ field: environment.type, operator: equals, value: production }]
              approval: { required: true, minApprovers: 1, approverRoles: [tech-lead] }
            - name: hidden
              conditions:
                - { field: environment.type, operator: equals, value: production }
                - { field: direction, operator: equals, value: riskier }
              approval: { required: true, minApprovers: 3, approverRoles: [sre] }
        """;

    [Fact]
    public async Task ImportedHistory_IsReplayed_AndSaysWhatWouldWaitAndWhyNobodyCouldApprove()
    {
        // The defaults ask one in staging: a developer or a tech lead.
        await gates.Server.TokenAsync("developer");

        var report = (await SimulateAsync(Production)).Expect(200);

        report.GetProperty("changes").GetInt64().ShouldBeGreaterThan(300);
        report.GetProperty("newlyGated").GetInt64().ShouldBeGreaterThan(50);
        report.GetProperty("gated").GetInt64().ShouldBe(report.GetProperty("newlyGated").GetInt64());
        // Nobody is a tech lead.
        report.GetProperty("withoutApprovers").GetInt64().ShouldBeGreaterThan(50);
        report.GetProperty("withoutApprovers").GetInt64().ShouldBeLessThan(report.GetProperty("gated").GetInt64());
        report.GetProperty("newlyBlocked").GetInt64().ShouldBeGreaterThan(0);
        report.GetProperty("idleRules").EnumerateArray().Select(rule => rule.GetString()).ShouldNotContain("gates/production");
        report.GetProperty("notes").GetRawText().ShouldContain("rule 'production' before it matches whatever it matches");
        report.TryGetProperty("next", out _).ShouldBeFalse();
        var first = report.GetProperty("differences")[0];
        first.Text("now").ShouldBe("allow");
        first.Text("candidate").ShouldBeOneOf("require-approval", "deny");
    }

    [Fact]
    public async Task Range_LimitsIt_ToWhatTookEffectThen()
    {
        var all = (await SimulateAsync(Production)).Expect(200).GetProperty("changes").GetInt64();
        const string when = "\"from\":\"2024-02-01T00:00:00Z\",\"to\":\"2024-06-01T00:00:00Z\"";

        var some = (await SimulateAsync(Production, when)).Expect(200).GetProperty("changes").GetInt64();

        some.ShouldBeInRange(1, all - 1);
        (await SimulateAsync(Production, "\"from\":\"2024-02-01T00:00:00Z\",\"to\":\"2024-02-01T00:00:00Z\"")).ExpectProblem(
            422,
            "invalid"
        );
    }

    [Fact]
    public async Task Simulation_OfPoliciesThatDoNotLoad_SaysWhere()
    {
        var problem = (await SimulateAsync(Production.Replace("tech-lead", "tech-leed", StringComparison.Ordinal))).ExpectProblem(
            422,
            "invalid"
        );

        problem.GetProperty("errors")[0].Text("pointer").ShouldBe("/policies/0/yaml");
        problem.GetProperty("errors")[0].Text("message").ShouldContain("line 12");
    }

    [Fact]
    public async Task Simulation_IsForWhoAnswersForPolicies_AndWritesNothing()
    {
        var before = await SizeAsync();
        (await SimulateAsync(Production)).Expect(200);
        (await SizeAsync()).ShouldBe(before);

        var developer = (await gates.Server.TokenAsync("developer")).Secret;

        (await SimulateAsync(Production, credential: developer)).ExpectProblem(403, "denied");
    }

    private async Task<long> SizeAsync() =>
        (await gates.Server.Services.GetRequiredService<IStore>().HeadAsync("default", TestContext.Current.CancellationToken))!
            .Range
            .Size;

    private Task<Answer> SimulateAsync(string yaml, string? range = null, string? credential = null)
    {
        var body = $"{{\"policies\":[{{\"yaml\":{JsonSerializer.Serialize(yaml)}}}]{(range is null ? "" : $",{range}")}}}";
        return gates.Server.PostAsync("/api/v1/policies/simulate", body, credential);
    }
}
