using System.Reflection;
using System.Text;
using System.Text.Json;
using Halyard.Core.Audit;
using Halyard.Core.Storage;
using Halyard.Server.Hosting;
using Halyard.Server.Tests.Approvals;
using Halyard.Server.Tests.Auditing;
using Halyard.Server.Tests.Bypasses;
using Halyard.Server.Tests.Delivery;
using Halyard.Server.Tests.Hosting;
using Halyard.Server.Tests.Jobs;
using Halyard.Server.Tests.Publishing;
using Halyard.Server.Tests.Retention;
using Microsoft.Extensions.DependencyInjection;

namespace Halyard.Server.Tests.Routes;

/// <summary>
/// Every name of the catalogue is the name of something that happens. Those of flags' edits are held by
/// <c>SeedDefectTests.Defect180</c> in Halyard.Core.Tests, those of change requests that only time or a delegation brings about by
/// <c>RequestMachineTests</c> there.
/// </summary>
public sealed class CatalogueTests(HalyardServer server) : IClassFixture<HalyardServer>
{
    private static readonly string[] Changes =
    [
        """{"op":"updateProject","project":"web","name":"The web","baseRevision":1}""",
        """{"op":"updateEnvironment","environment":"staging","name":"Stage","baseRevision":1}""",
        """{"op":"setEnvironmentEnabled","environment":"staging","enabled":false,"baseRevision":2}""",
        """{"op":"setEnvironmentEnabled","environment":"staging","enabled":true,"baseRevision":3}""",
        """{"op":"updateSegment","segment":"beta","includes":[],"baseRevision":1}""",
        """{"op":"deleteSegment","segment":"beta","baseRevision":2}""",
        """{"op":"deleteEnvironment","environment":"staging","baseRevision":4}""",
    ];

    /// <summary>What needs more than a call to happen, with the test in which it does.</summary>
    private static readonly Dictionary<string, (Type Class, string Test)> Elsewhere = new(StringComparer.Ordinal)
    {
        ["approval_policy.updated"] = (typeof(PolicyChangeTests), "Policies_ChangeOnce"),
        ["bypass.denied"] = (typeof(EmergencyTests), "Defect096_DeniedAttempts"),
        ["bypass.lapsed"] = (typeof(EmergencyTests), "Waiting_ThatNobodyAgreesTo"),
        ["bypass.ratification_given"] = (typeof(EmergencyTests), "ThreePeople"),
        ["bypass.revert_blocked"] = (typeof(EmergencyAfterwardsTests), "WhatOthersChangedSince"),
        ["bypass.reverted"] = (typeof(EmergencyAfterwardsTests), "Defect094_WhatIsNoSafeState"),
        ["bypass.review_overdue"] = (typeof(EmergencyAfterwardsTests), "Defect104_OverdueReview"),
        ["bypass.review_reminded"] = (typeof(EmergencyAfterwardsTests), "Defect104_OverdueReview"),
        ["bypass.superseded"] = (typeof(EmergencyAfterwardsTests), "OneBypassAfterAnother"),
        ["change_request.conflicted"] = (typeof(ReapplyTests), "Apply_AfterSomebodyElse"),
        ["change_request.delayed"] = (typeof(ReapplyTests), "Apply_WithACheck"),
        ["change_request.objected"] = (typeof(VotingTests), "Reject_WhereItDoesNotClose"),
        ["change_request.rebased"] = (typeof(ReapplyTests), "Apply_AfterSomebodyElse"),
        ["change_request.returned"] = (typeof(ReapplyTests), "Apply_AfterAStricterPolicy"),
        ["change_request.vote_kept"] = (typeof(VotingTests), "Rebase_WherePoliciesKeepVotes"),
        ["change_request.votes_dismissed"] = (typeof(ReapplyTests), "Apply_AfterSomebodyElse"),
        ["freeze.lifted"] = (typeof(IncidentFreezeTests), "Freeze_ForAnIncident"),
        ["job.cancelled"] = (typeof(JobRunnerTests), "Cancel_Stops"),
        ["log.archived"] = (typeof(ArchiveJobTests), "Archive"),
        ["log.purged"] = (typeof(PurgeJobTests), "Purge"),
        ["log.restored"] = (typeof(CommandTests), "StoreRestored"),
        ["log.verification_failed"] = (typeof(CheckTests), "Check_FindsNothing"),
        ["sink.dead_lettered"] = (typeof(SinkWorkerTests), "Poison"),
    };

    /// <summary>
    /// What tests of Halyard.Core.Tests hold: what happens to change requests in the machine alone so far, and to a great many with one
    /// erasure (<c>ErasureTests</c>).
    /// </summary>
    private static readonly string[] OfCore =
    [
        "change_request.apply_failed",
        "change_request.escalated",
        "change_request.expired",
        "change_request.retried",
        "change_request.scheduled",
        "change_request.stage_waived",
        "change_request.superseded",
        "privacy.values_redacted",
    ];

    [Fact]
    public async Task EveryName_IsEmitted()
    {
        server.Services.GetRequiredService<HalyardOptions>().RecordReads = "all";
        await CallAllAsync();
        const string Enabled = """{"kind":"file","target":"audit.jsonl","enabled":true}""";
        (await server.SendAsync("PUT", "/api/v1/sinks/kept", Encoding.UTF8.GetBytes(Enabled), server.Admin)).Expect(200);
        (await server.GetAsync("/api/v1/projects/web/flags/checkout")).Expect(200);
        (await server.GetAsync("/api/v1/audit/5?reveal=true")).Expect(200);
        await server.SendAsync("POST", "/auth/password", HalyardServer.LogInBody("nobody@example.com", "guess"), "");
        var bob = (await server.GetAsync("/api/v1/users")).Expect(200).Items().Single().Text("id");
        (
            await server.SendAsync(
                "PATCH",
                $"/api/v1/users/{bob}",
                """{"name":"Bob","roles":["CLIENT"]}"""u8.ToArray(),
                server.Admin
            )
        ).Expect(200);
        (await server.GetAsync("/api/v1/audit", (await server.TokenAsync("CLIENT")).Secret)).ExpectProblem(403, "denied");

        var expected = Catalogue.Names.Where(name => !name.StartsWith("flag.", StringComparison.Ordinal));
        expected.Except(await EmittedAsync(), StringComparer.Ordinal).ShouldBe(Elsewhere.Keys.Concat(OfCore), ignoreOrder: true);
        (await EmittedAsync()).ShouldContain("flag.viewed");
        (await EmittedAsync()).ShouldContain("flag.imported");
    }

    [Fact]
    public void TestsOfWhatHappensElsewhere_AreThere() =>
        Elsewhere.Values.ShouldAllBe(place =>
            place
                .Class.GetMethods()
                .Any(method =>
                    method.Name.Contains(place.Test, StringComparison.Ordinal)
                    && method.GetCustomAttributes<FactAttribute>(inherit: true).Any()
                )
        );

    private async Task CallAllAsync()
    {
        var run = new RouteRun(server);
        foreach (var call in RouteCalls.Writing)
        {
            // From then on a change of staging waits for approval.
            if (call.Route == "PUT /api/v1/policies")
                await ChangeAllAsync();
            var reply = await run.CallAsync(call, server.Admin, await call.BrowserAsync(server));
            reply.Status.ShouldBe(call.Status, call.Route);
            await run.LearnAsync(call, reply);
        }
    }

    private async Task ChangeAllAsync()
    {
        foreach (var change in Changes)
            (await server.PostAsync("/api/v1/projects/web/changes", $$"""{"operations":[{{change}}],"reason":"all"}""")).Expect(
                200
            );
    }

    private async Task<IReadOnlySet<string>> EmittedAsync()
    {
        var emitted = new HashSet<string>(StringComparer.Ordinal);
        var entries = await server
            .Services.GetRequiredService<IStore>()
            .FeedAsync("default", 0, 1_000, TestContext.Current.CancellationToken);
        foreach (var entry in entries)
        {
            var leaf = JsonSerializer.Deserialize<JsonElement>(entry.Leaf);
            emitted.Add(leaf.Text("type"));
            emitted.UnionWith(leaf.GetProperty("actions").EnumerateArray().Select(action => action.GetString()!));
        }
        return emitted;
    }
}
