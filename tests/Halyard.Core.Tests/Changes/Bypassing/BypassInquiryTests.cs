using Halyard.Core.Access;
using Halyard.Core.Approvals.Bypasses;
using Halyard.Core.Changes;
using Halyard.Core.Changes.Bypassing;
using Halyard.Core.Flags;
using Halyard.Core.Reading;
using Halyard.Core.Storage;
using Halyard.Core.Tests.Fixtures;
using Halyard.Storage.Conformance.InMemory;

namespace Halyard.Core.Tests.Changes.Bypassing;

/// <summary>What comes before an emergency is worked out: it must cost little, and the source is asked while nobody waits.</summary>
public sealed class BypassInquiryTests
{
    private static readonly Actor OnCall = new(
        Pipeline.Tenant,
        "s_on_call",
        ActorKind.User,
        "token",
        ["on-call-engineer"],
        "tok_2"
    );

    private readonly Source _source = new();
    private readonly List<ResourceKind> _listed = [];
    private Func<CommitResult?> _beforeCommit = () => null;

    [Fact]
    public async Task Begin_ThatLosesTheRaceAgainAndAgain_AsksTheSourceOnce()
    {
        var pipeline = await StartAsync();
        var losses = 3;
        _beforeCommit = () => losses-- > 0 ? new CommitResult.Conflict([]) : null;

        await pipeline.OutcomeAsync<Outcome.Applied>(Begin(OnCall));

        losses.ShouldBe(-1);
        _source.Asked.ShouldBe(1);
        (await pipeline.FlagAsync("f"))!.Environments["prod"].Settings.Enabled.ShouldBeFalse();
    }

    [Fact]
    public async Task Begin_WhoseReportGrewOldWhileOthersWrote_IsNotJudgedByIt()
    {
        var pipeline = await StartAsync();
        var losses = 1;
        _beforeCommit = () =>
        {
            if (losses-- <= 0)
                return null;
            pipeline.Time.Now += TimeSpan.FromSeconds(31);
            return new CommitResult.Conflict([]);
        };

        await pipeline.ErrorAsync<Error.Contended>(Begin(OnCall));

        _source.Asked.ShouldBe(1);
        (await pipeline.FlagAsync("f"))!.Environments["prod"].Settings.Enabled.ShouldBeTrue();
    }

    [Fact]
    public async Task Begin_ByWhoMayNot_IsDeniedBeforeAnythingIsLookedUpOrWorkedOut()
    {
        var pipeline = await StartAsync();
        _listed.Clear();

        await pipeline.OutcomeAsync<Outcome.Denied>(Begin(OnCall with { Subject = "s_dev", Roles = ["developer"] }));

        _listed.ShouldNotContain(ResourceKind.Bypass);
        _source.Asked.ShouldBe(0);
        var leaf = await pipeline.LastLeafAsync();
        leaf["type"]!.GetValue<string>().ShouldBe("access.denied");
        leaf["resource"]!["key"]!.GetValue<string>().ShouldBe("f");
        leaf["why"]!["incident"]!.GetValue<string>().ShouldBe("INC-1");
    }

    [Fact]
    public async Task Confirm_ByWhoMayNot_IsDeniedBeforeAnythingIsLookedUpOrWorkedOut()
    {
        var pipeline = await StartAsync();
        _source.Report = new IncidentReport.Unavailable("it is down");
        var begun = await pipeline.OutcomeAsync<Outcome.Applied>(Begin(OnCall));
        var bypass = begun.Revisions.Single(item => item.Name.Kind == ResourceKind.Bypass).Name;
        var stored = (EmergencyBypass)ResourceDocuments.Read(bypass, (await pipeline.StoredAsync(bypass))!.Document);
        _listed.Clear();

        await pipeline.OutcomeAsync<Outcome.Denied>(
            new Submission(
                OnCall with
                {
                    Subject = "s_dev",
                    Roles = ["developer"],
                },
                Pipeline.Request,
                Change.On(new BypassAct.Confirm(bypass), stored)
            )
        );

        _listed.ShouldNotContain(ResourceKind.Bypass);
        _source.Asked.ShouldBe(1);
    }

    private async Task<Pipeline> StartAsync()
    {
        var store = new DisturbedStore(new InMemoryStore(), _ => ValueTask.FromResult(_beforeCommit()), beforeList: _listed.Add);
        var pipeline = new Pipeline(store, bypassing: new BypassSetting(BypassTerms.Default, _source));
        await pipeline.StructureAsync();
        await pipeline.AppliedAsync(Ops.CreateFlag("f"));
        await pipeline.AppliedAsync("""{"op":"setEnabled","flag":"f","environment":"prod","enabled":true,"baseRevision":1}""");
        return pipeline;
    }

    private static Submission Begin(Actor actor)
    {
        var off = Ops.ReadAll(["""{"op":"setEnabled","flag":"f","environment":"prod","enabled":false}"""])[0];
        var operation = new BypassOperation.Ordinary(Pipeline.Project, "f", "prod", off);
        var act = new BypassAct.Begin(operation, "INC-1", Severity.Sev1, "checkout fails for everybody", null);
        return new Submission(actor, Pipeline.Request, Change.On(act));
    }

    private sealed class Source : IIncidentSource
    {
        public int Asked { get; private set; }

        public IncidentReport Report { get; set; } = new IncidentReport.Known(Severity.Sev1, true, "open");

        public ValueTask<IncidentReport> FindAsync(string incident, CancellationToken cancellationToken)
        {
            Asked++;
            return ValueTask.FromResult(Report);
        }
    }
}
