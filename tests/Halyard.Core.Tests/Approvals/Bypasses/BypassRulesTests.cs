using FsCheck.Fluent;
using Halyard.Core.Approvals;
using Halyard.Core.Approvals.Bypasses;
using Halyard.Core.Tests.Fixtures;
using Halyard.Evaluation.Definitions;

namespace Halyard.Core.Tests.Approvals.Bypasses;

/// <summary>Who may pass approvals by, and who must agree.</summary>
public sealed class BypassRulesTests
{
    private static readonly IncidentReport[] Reports =
    [
        new IncidentReport.NoSource(),
        new IncidentReport.Unavailable("it does not answer"),
        new IncidentReport.Unknown(),
        new IncidentReport.Known(null, true, "open"),
        .. Enum.GetValues<Severity>()
            .SelectMany(severity =>
                new[] { new IncidentReport.Known(severity, true, "open"), new IncidentReport.Known(severity, false, "closed") }
            ),
    ];

    [Fact]
    public void Defect089_SeverityThatIsClaimed_DoesNotCountAgainstTheIncidents()
    {
        Emergency
            .Judge(new IncidentReport.Known(Severity.Sev3, true, "open"), Severity.Sev1)
            .Error.ShouldBeOfType<Error.Denied>();
        var worse = Emergency.Judge(Emergency.Sev1, Severity.Sev4).Value;
        worse.Incident.ShouldBe(new BypassIncident("INC-1", Severity.Sev1, IsVerified: true));
        worse.Needs.ShouldBeEmpty();
    }

    [Fact]
    public void Defect089_Sev2_TakesASeniorApprover() =>
        Emergency.Judge(new IncidentReport.Known(Severity.Sev2, true, "open")).Value.Needs.ShouldBe([BypassNeed.SeniorApprover]);

    [Theory]
    [InlineData(Severity.Sev3)]
    [InlineData(Severity.Sev4)]
    public void LesserIncidents_GoTheNormalWay(Severity severity) =>
        Emergency
            .Judge(Emergency.NoSource, severity)
            .Error.ShouldBeOfType<Error.Denied>()
            .Reason.ShouldContain("goes the normal way");

    [Fact]
    public void Defect091_WhoHoldsNoBypassRoleThere_IsDenied() =>
        Emergency.Judge(Emergency.Sev1, by: Emergency.Manager).Error.ShouldBeOfType<Error.Denied>().Reason.ShouldContain("sre");

    [Theory]
    [InlineData("resolved")]
    [InlineData("closed")]
    [InlineData("postmortem")]
    [InlineData("false-alarm")]
    public void Defect092_IncidentInAnyOtherStateThanActive_IsDenied(string status) =>
        Emergency
            .Judge(new IncidentReport.Known(Severity.Sev1, false, status))
            .Error.ShouldBeOfType<Error.Denied>()
            .Reason.ShouldBe($"incident 'INC-1' is not active: it is '{status}'");

    [Fact]
    public void Defect092_SourceThatIsDownOrMissing_TakesASecondPerson()
    {
        Emergency.Judge(new IncidentReport.Unavailable("it does not answer")).Value.Needs.ShouldBe([BypassNeed.SecondPerson]);
        Emergency.Judge(Emergency.NoSource).Value.Needs.ShouldBe([BypassNeed.SecondPerson]);
        Emergency.Judge(new IncidentReport.Unknown()).Error.ShouldBeOfType<Error.Denied>();
    }

    [Fact]
    public void WhoOwesAReview_NeedsASecondPersonWhateverTheIncident() =>
        Emergency.Judge(Emergency.Sev1, restriction: "a review is overdue").Value.Needs.ShouldBe([BypassNeed.SecondPerson]);

    [Fact]
    public void Verdicts_OfEverything_NeverLetOneActAloneWithoutAnActiveSev1AndARole() =>
        Property.Holds(
            from report in Gen.Elements(Reports)
            from claimed in Gen.Elements(Enum.GetValues<Severity>())
            from holds in Gen.SubListOf("sre", "on-call-engineer", "incident-commander", "engineering-manager", "ADMIN")
            from restriction in Gen.Elements("", "owes")
            select (report, claimed, holds, restriction),
            item =>
            {
                var restriction = item.restriction.Length == 0 ? null : item.restriction;
                var holds = item.holds.ToSequence();
                var result = BypassRules.Judge("INC-1", item.claimed, item.report, holds, restriction, Emergency.Terms);
                if (!result.TryGet(out var verdict, out var error))
                {
                    error.ShouldBeOfType<Error.Denied>();
                    return;
                }
                holds.Any(Emergency.Terms.Roles.Contains).ShouldBeTrue();
                verdict.Incident.Severity.ShouldBeOneOf(Severity.Sev1, Severity.Sev2);
                if (verdict.Needs.Count == 0)
                {
                    item.report.ShouldBe(new IncidentReport.Known(Severity.Sev1, true, "open"));
                    restriction.ShouldBeNull();
                }
                (verdict.Incident.Severity == Severity.Sev2).ShouldBe(verdict.Needs.Contains(BypassNeed.SeniorApprover));
            }
        );

    [Fact]
    public void Defect107_MoreThanSomeOpenBypasses_RestrictTheNext()
    {
        var open = Enumerable.Repeat(new Emergency().Open().Bypass, Emergency.Terms.MaxOpen).ToList();

        Obligations.Restriction(open, Emergency.OnCall, [], Emergency.Start, Emergency.Terms).ShouldNotBeNull();
        Obligations.Restriction(open[1..], Emergency.OnCall, [], Emergency.Start, Emergency.Terms).ShouldBeNull();
        Obligations.Restriction(open, Emergency.Sre, [], Emergency.Start, Emergency.Terms).ShouldBeNull();
    }

    [Fact]
    public void Defect104_OverdueReview_RestrictsThePersonTheirTokensAndTheirTeam()
    {
        var wish = Emergency.Wish() with { Groups = ["payments"] };
        var owed = new Emergency().Open(wish: wish).Bypass;
        var later = Emergency.Start + Emergency.Terms.ReviewWithin;

        Obligations.Restriction([owed], Emergency.OnCall, [], later, Emergency.Terms)!.ShouldContain("'bp_1' is overdue");
        Obligations.Restriction([owed], new Party("t_1", "s_oncall"), [], later, Emergency.Terms).ShouldNotBeNull();
        Obligations.Restriction([owed], Emergency.Sre, ["payments"], later, Emergency.Terms).ShouldNotBeNull();
        Obligations.Restriction([owed], Emergency.Sre, ["search"], later, Emergency.Terms).ShouldBeNull();
        Obligations.Restriction([owed], Emergency.OnCall, [], later.AddTicks(-1), Emergency.Terms).ShouldBeNull();
    }
}
