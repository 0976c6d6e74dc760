using Halyard.Core.Approvals;
using Halyard.Core.Approvals.Bypasses;
using Halyard.Core.Policies;
using Halyard.Evaluation.Definitions;

namespace Halyard.Core.Tests.Approvals.Bypasses;

/// <summary>One bypass, the people around it and a clock.</summary>
internal sealed class Emergency
{
    public static readonly DateTimeOffset Start = new(2026, 3, 2, 9, 0, 0, TimeSpan.Zero);
    public static readonly Party OnCall = Party.Human("s_oncall");
    public static readonly Party Sre = Party.Human("s_sre");
    public static readonly Party Manager = Party.Human("s_manager");
    public static readonly Party Lead = Party.Human("s_lead");
    public static readonly Party Owner = Party.Human("s_owner");
    public static readonly BypassTerms Terms = BypassTerms.Default;
    public static readonly IncidentReport Sev1 = new IncidentReport.Known(Severity.Sev1, true, "investigating");
    public static readonly IncidentReport NoSource = new IncidentReport.NoSource();

    public static readonly BypassEffect Effect = new(
        "checkout",
        "r_1",
        new TargetEnvironment("production", "e_1", Core.Flags.EnvironmentType.Production),
        ["""{"enabled":false,"environment":"production","flag":"checkout","op":"setEnabled"}"""],
        Found: 4,
        Restore: 6,
        Made: 7
    );

    public DateTimeOffset Now { get; set; } = Start;

    public EmergencyBypass Bypass { get; private set; } = null!;

    public BypassTransition Last { get; private set; } = null!;

    public string Actions => string.Join(" ", Last.Changes.Select(change => change.Action["bypass.".Length..]));

    public static Sequence<string> HoldsOf(Party party) =>
        party.Subject switch
        {
            "s_oncall" => ["on-call-engineer"],
            "s_sre" => ["sre"],
            "s_manager" => ["engineering-manager"],
            "s_lead" => ["tech-lead"],
            "s_owner" => ["product-owner"],
            _ => [],
        };

    public static Result<BypassVerdict> Judge(
        IncidentReport report,
        Severity claimed = Severity.Sev1,
        Party? by = null,
        string? restriction = null
    ) => BypassRules.Judge("INC-1", claimed, report, HoldsOf(by ?? OnCall), restriction, Terms);

    public static BypassWish Wish(
        BypassKind kind = BypassKind.Off,
        string justification = "checkout fails for everybody",
        Requirement? requirement = null,
        TimeSpan? duration = null,
        Succession? replaced = null
    ) => new("shop", kind, justification, Effect, [], requirement, duration, replaced);

    public Emergency Open(BypassVerdict? verdict = null, BypassWish? wish = null)
    {
        Take(BypassMachine.Open(On(OnCall), "bp_1", wish ?? Wish(), verdict ?? Judge(Sev1).Value, Terms).Value);
        return this;
    }

    public Occasion On(Party by) => new("default", by, Now);

    public Result<BypassTransition> Try(BypassCommand command, Party by)
    {
        var result = BypassMachine.Decide(Bypass, command, On(by), Terms);
        if (result.TryGet(out var transition, out _))
            Take(transition);
        return result;
    }

    public Result<BypassTransition> Confirm(Party by, IncidentReport? report = null) =>
        Try(new BypassCommand.Confirm(HoldsOf(by), report ?? NoSource, Effect), by);

    public Result<BypassTransition> Ratify(Party by) => Try(new BypassCommand.Ratify(HoldsOf(by), ""), by);

    public Result<BypassTransition> Review(Party by) =>
        Try(new BypassCommand.Review("a cache was cold", [new ActionItem("warm it", "OPS-1")]), by);

    /// <summary>Fires what is due next, at that time.</summary>
    public Result<BypassTransition> Fire(BypassTimerKind kind, Restoration? restoration = null)
    {
        var timer = BypassTimer.Of(Bypass).Single(timer => timer.Kind == kind);
        Now = Now > timer.Due ? Now : timer.Due;
        return Try(new BypassCommand.Due(timer, restoration), new Party("system", "system"));
    }

    private void Take(BypassTransition transition)
    {
        Last = transition;
        Bypass = transition.Next;
    }
}
