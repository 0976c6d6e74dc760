using System.Text.Json.Nodes;
using Halyard.Core.Access;
using Halyard.Core.Access.Roles;
using Halyard.Core.Approvals;
using Halyard.Core.Approvals.Bypasses;
using Halyard.Core.Changes;
using Halyard.Core.Changes.Approving;
using Halyard.Core.Changes.Bypassing;
using Halyard.Core.Changes.Effects;
using Halyard.Core.Flags;
using Halyard.Core.Policies.Installing;
using Halyard.Core.Reading;
using Halyard.Core.Tests.Fixtures;
using Halyard.Evaluation.Definitions;

namespace Halyard.Core.Tests.Privacy;

public abstract partial class ErasureTests
{
    private const string AnnsKey = """{"id":"o","targetingKey":"ann@example.com","variant":"on"}""";
    private const string AnnsAttribute = """{"id":"o","attribute":"email","value":"ann@example.com","variant":"on"}""";

    [Theory]
    [InlineData(AnnsKey)]
    [InlineData(AnnsAttribute)]
    public async Task Erase_WhatAnOpenChangeRequestHolds_IsRefused_AndAClosedOneLosesIt(string annsOverride)
    {
        var pipeline = await Pipeline.StartAsync(OpenStore(), Ops.CreateFlag("f"));
        await GovernAsync(pipeline);
        var name = await AskAsync(pipeline, Adding(annsOverride, "dev"));

        (await pipeline.ErrorAsync<Error.StillInUse>(Erasure(name: Ann))).Resources.ShouldBe([
            new("change-request", "web", name.Key),
        ]);
        await CancelAsync(pipeline, name);
        (await LiveTextAsync(pipeline, name)).ShouldContain(Ann);
        await pipeline.OutcomeAsync<Outcome.Applied>(Erasure(name: Ann));

        // The erasure is the tenant's, the request a project's.
        var leaf = await pipeline.LastLeafAsync();
        leaf["project"].ShouldBeNull();
        leaf["resource"]!["project"]!.GetValue<string>().ShouldBe(name.Project);
        (await LiveTextAsync(pipeline, name)).ShouldNotContain(Ann);
        (await TextOfPastAsync(pipeline)).ShouldNotContain(Ann);
        var stored = (await pipeline.StoredAsync(name))!;
        ((ChangeRequest)ResourceDocuments.Read(name, stored.Document)).State.ShouldBe(ChangeRequestState.Cancelled);
        await AgreesAsync(pipeline);
    }

    [Theory]
    [InlineData(AnnsKey)]
    [InlineData(AnnsAttribute)]
    public async Task Erase_WhatABypassHolds_IsRefusedWhileItWaits_AndALapsedOneLosesIt(string annsOverride)
    {
        var pipeline = new Pipeline(OpenStore(), bypassing: new BypassSetting(BypassTerms.Default, new SilentSource()));
        await pipeline.StructureAsync();
        await pipeline.AppliedAsync(Ops.CreateFlag("f"));
        await pipeline.AppliedAsync("""{"op":"setEnabled","flag":"f","environment":"prod","enabled":true,"baseRevision":1}""");
        var onCall = Pipeline.Admin with { Subject = "s_on_call", Roles = ["on-call-engineer"], Credential = "tok_2" };
        var operation = new BypassOperation.Ordinary("web", "f", "prod", Ops.Read(Adding(annsOverride, "prod")));
        var begin = new BypassAct.Begin(operation, "INC-1", Severity.Sev1, "checkout fails for her", TimeSpan.FromHours(1));
        var begun = await pipeline.OutcomeAsync<Outcome.Applied>(new Submission(onCall, Pipeline.Request, Change.On(begin)));
        var name = begun.Revisions.ShouldHaveSingleItem().Name;

        (await pipeline.ErrorAsync<Error.StillInUse>(Erasure(name: Ann))).Resources.ShouldBe([new("bypass", "", name.Key)]);
        await LapseAsync(pipeline, name);
        (await LiveTextAsync(pipeline, name)).ShouldContain(Ann);
        await pipeline.OutcomeAsync<Outcome.Applied>(Erasure(name: Ann));

        (await LiveTextAsync(pipeline, name)).ShouldNotContain(Ann);
        (await TextOfPastAsync(pipeline)).ShouldNotContain(Ann);
        await AgreesAsync(pipeline);
    }

    [Fact]
    public async Task Erase_WhoStandsInMoreClosedRequestsThanOneCommitCanWrite_TakesThePersonFromAll()
    {
        const int requests = 260;
        var pipeline = await Pipeline.StartAsync(OpenStore(), Ops.CreateFlag("f"));
        await GovernAsync(pipeline);
        var names = new List<ResourceName>();
        for (var i = 0; i < requests; i++)
        {
            names.Add(await AskAsync(pipeline, Adding(AnnsAttribute, "dev")));
            await CancelAsync(pipeline, names[^1]);
        }
        var subject = await SubjectAsync(pipeline, Ann);
        var size = await pipeline.SizeAsync();
        await pipeline.OutcomeAsync<Outcome.Preview>(Erasure(name: Ann) with { DryRun = true });
        (await pipeline.SizeAsync()).ShouldBe(size);

        var erased = await pipeline.OutcomeAsync<Outcome.Applied>(Erasure(name: Ann));

        foreach (var name in names)
            (await LiveTextAsync(pipeline, name)).ShouldNotContain(Ann);
        var leaves = (await pipeline.LeavesAsync()).Skip((int)size).Select(leaf => JsonNode.Parse(leaf)!).ToList();
        leaves
            .Select(leaf => leaf["type"]!.GetValue<string>())
            .ShouldBe([.. Enumerable.Repeat("privacy.values_redacted", leaves.Count - 1), "privacy.subject_erased"]);
        erased.Receipt.Index.ShouldBe(size + leaves.Count - 1);
        leaves.ShouldAllBe(leaf => leaf["meta"]!["details"]!["subjects"]!.ToJsonString() == $"[\"{subject}\"]");
        leaves[^1]["meta"]!["details"]!["count"]!.GetValue<int>().ShouldBe(requests);
        await AgreesAsync(pipeline);
    }

    [Fact]
    public async Task Erase_WhoStandsInLargeClosedRequests_WritesNoMoreAtOnceThanFitsATransaction()
    {
        var pipeline = await Pipeline.StartAsync(
            OpenStore(),
            """{"op":"createSegment","segment":"s"}""",
            Ops.CreateFlag("f"),
            Ops.AddRule("f", "r", Ops.InSegment("s"))
        );
        await GovernAsync(pipeline);
        var others = string.Join(',', Enumerable.Range(0, Limits.SegmentMembers - 1).Select(i => $"\"{i}@example.com\""));
        var names = new List<ResourceName>();
        for (var i = 0; i < 3; i++)
        {
            var operation = $$"""{"op":"updateSegment","segment":"s","includes":["{{Ann}}",{{others}}]}""";
            names.Add(await AskAsync(pipeline, operation));
            await CancelAsync(pipeline, names[^1]);
        }
        var size = await pipeline.SizeAsync();

        await pipeline.OutcomeAsync<Outcome.Applied>(Erasure(name: Ann));

        (await pipeline.SizeAsync()).ShouldBe(size + 3);
        foreach (var name in names)
        {
            var text = await LiveTextAsync(pipeline, name);
            text.ShouldNotContain(Ann);
            text.ShouldContain("17@example.com");
        }
    }

    [Fact]
    public async Task Erase_WhileAPartOfItIsWritten_IsDecidedAnewOnWhatIsThereThen()
    {
        Pipeline? pipeline = null;
        var disturbed = new DisturbedStore(
            OpenStore(),
            async commit =>
            {
                if (commit.Entries[0].Index.Type == Redaction.Type && pipeline is { } again)
                {
                    pipeline = null;
                    await AskAsync(again, Adding(AnnsKey, "dev"));
                }
                return null;
            }
        );
        var started = await Pipeline.StartAsync(disturbed, Ops.CreateFlag("f"));
        await GovernAsync(started);
        for (var i = 0; i <= Redaction.MaxDocuments; i++)
            await CancelAsync(started, await AskAsync(started, Adding(AnnsAttribute, "dev")));
        pipeline = started;

        (await started.ErrorAsync<Error.StillInUse>(Erasure(name: Ann))).Resources.ShouldHaveSingleItem();

        (await TextOfPastAsync(started)).ShouldContain(Ann);
    }

    private static string Adding(string annsOverride, string environment) =>
        $$"""{"op":"addOverride","flag":"f","environment":"{{environment}}","override":{{annsOverride}}}""";

    /// <summary>From now on every change of a flag waits for approval.</summary>
    private static async Task GovernAsync(Pipeline pipeline)
    {
        const string policy =
            "apiVersion: featureflags/v1\nkind: ApprovalPolicy\nmetadata: { name: p }\nspec:\n  rules:\n"
            + "    - { name: all, always: true, approval: { required: true, minApprovers: 1, approverRoles: ['group:all'] } }\n";
        var govern = new SetApprovalPolicies([new PolicyDocument(null, policy)]) { Source = "{}" };
        var put = Change.Edit("", [govern], "govern", action: Actions.ChangeApprovals);
        await pipeline.OutcomeAsync<Outcome.Applied>(new Submission(Pipeline.Admin, Pipeline.Request, put));
    }

    private static async Task<ResourceName> AskAsync(Pipeline pipeline, string operation) =>
        (await pipeline.OutcomeAsync<Outcome.Pending>(Pipeline.Submission(operation))).Request.Name;

    private static Task<Outcome.Applied> CancelAsync(Pipeline pipeline, ResourceName request) =>
        pipeline.OutcomeAsync<Outcome.Applied>(
            new Submission(Pipeline.Admin, Pipeline.Request, Change.On(new RequestAct.Cancel(request), "no more"))
        );

    private static async Task LapseAsync(Pipeline pipeline, ResourceName name)
    {
        var bypass = (EmergencyBypass)ResourceDocuments.Read(name, (await pipeline.StoredAsync(name))!.Document);
        bypass.State.ShouldBe(BypassState.Waiting);
        var lapsesAt = bypass.Times.LapsesAt.ShouldNotBeNull();
        pipeline.Time.Now = lapsesAt;
        var due = new BypassAct.Due(name, new BypassTimer(BypassTimerKind.Lapse, lapsesAt));
        await pipeline.OutcomeAsync<Outcome.Applied>(
            new Submission(Actor.System(Pipeline.Tenant), Pipeline.Request, Change.On(due, bypass, "nobody agreed"))
        );
    }

    /// <summary>The log alone tells everything that the store has.</summary>
    private static async Task AgreesAsync(Pipeline pipeline)
    {
        (await pipeline.FoldAsync()).Disagreement.ShouldBeNull();
        var diff = await new StoreDiff(pipeline.Store, pipeline.Vault).RunAsync(Pipeline.Tenant, null, Cancellation);
        diff.Differences.ShouldBeEmpty();
    }

    /// <summary>A source that answers nothing, so that a second person must agree.</summary>
    private sealed class SilentSource : IIncidentSource
    {
        public ValueTask<IncidentReport> FindAsync(string incident, CancellationToken cancellationToken) =>
            ValueTask.FromResult<IncidentReport>(new IncidentReport.Unavailable("it is down"));
    }
}
