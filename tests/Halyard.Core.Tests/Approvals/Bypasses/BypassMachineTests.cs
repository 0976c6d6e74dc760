using FsCheck.Fluent;
using Halyard.Core.Approvals;
using Halyard.Core.Approvals.Bypasses;
using Halyard.Core.Tests.Fixtures;
using Halyard.Evaluation.Definitions;

namespace Halyard.Core.Tests.Approvals.Bypasses;

/// <summary>What becomes of a bypass, command by command.</summary>
public sealed class BypassMachineTests
{
    private static readonly FlagEnvironment Served = new(true, "off", [], [], [], Serve.One("on"));

    [Fact]
    public void Sev1_TakesEffectAtOnce_AndOwesAReviewWithin48Hours()
    {
        var emergency = new Emergency().Open();

        emergency.Last.TakesEffect.ShouldBeTrue();
        emergency.Bypass.State.ShouldBe(BypassState.Applied);
        emergency.Bypass.Effect.Made.ShouldBe(7);
        emergency.Bypass.Times.ReviewDue.ShouldBe(Emergency.Start.AddHours(48));
        emergency.Bypass.Times.RevertAt.ShouldBeNull();
    }

    [Theory]
    [InlineData("")]
    [InlineData(" \t ")]
    public void Defect093_BlankJustification_IsRefused(string justification)
    {
        var wish = Emergency.Wish(justification: justification);
        BypassMachine
            .Open(new Emergency().On(Emergency.OnCall), "bp_1", wish, Emergency.Judge(Emergency.Sev1).Value, Emergency.Terms)
            .Error.ShouldBeOfType<Error.Invalid>()
            .Problems[0]
            .Pointer.ShouldBe("/justification");
    }

    [Fact]
    public void Defect094_AnythingElseThanASafeState_IsUndoneWhenItsTimeIsOver()
    {
        var emergency = new Emergency().Open(wish: Emergency.Wish(BypassKind.Temporary));
        emergency.Bypass.Times.RevertAt.ShouldBe(Emergency.Start.AddHours(24));

        emergency.Fire(BypassTimerKind.Revert, new Restoration.Due(Served, StaysOff: false)).Error.ShouldBeNull();

        emergency.Bypass.State.ShouldBe(BypassState.Reverted);
        emergency.Ratify(Emergency.Lead).Error.ShouldBeOfType<Error.WrongState>();
    }

    [Fact]
    public void Ratified_BeforeItsTimeIsOver_Stays()
    {
        var emergency = new Emergency().Open(wish: Emergency.Wish(BypassKind.Temporary));

        emergency.Ratify(Emergency.Lead).Error.ShouldBeNull();

        emergency.Bypass.State.ShouldBe(BypassState.Ratified);
        BypassTimer.Of(emergency.Bypass).ShouldAllBe(timer => timer.Kind == BypassTimerKind.Remind);
    }

    [Fact]
    public void TemporaryOverTemporary_GetsNoMoreTimeThanTheFirst()
    {
        var deadline = Emergency.Start.AddHours(3);
        var emergency = new Emergency().Open(
            wish: Emergency.Wish(BypassKind.Temporary, replaced: new Succession(deadline, null, []))
        );

        emergency.Bypass.Times.RevertAt.ShouldBe(deadline);
    }

    [Fact]
    public void TemporaryOverTemporary_OwesWhatWasOwedForTheFirst()
    {
        var first = new Emergency().Open(wish: Emergency.Wish(BypassKind.Temporary, requirement: Desk.LeadThenOwner)).Bypass;
        var replaced = Succession.Of(first with { Requester = Emergency.Lead });
        var second = new Emergency().Open(wish: Emergency.Wish(BypassKind.Temporary, replaced: replaced));

        second.Bypass.Requirement.ShouldBe(Desk.LeadThenOwner);
        second.Ratify(Emergency.Manager).Error.ShouldBeOfType<Error.Denied>();
        second.Ratify(Emergency.Lead).Error.ShouldBeOfType<Error.Denied>().Reason.ShouldContain("had a part");
        ReadsBack(second.Bypass);
    }

    [Fact]
    public void ConfirmedTemporaryOverTemporary_OwesWhatWasOwedForTheFirst()
    {
        var first = new Emergency().Open(wish: Emergency.Wish(BypassKind.Temporary, requirement: Desk.LeadThenOwner)).Bypass;
        var second = new Emergency().Open(Emergency.Judge(Emergency.NoSource).Value, Emergency.Wish(BypassKind.Temporary));

        second
            .Try(new BypassCommand.Confirm(["sre"], Emergency.NoSource, Emergency.Effect, Succession.Of(first)), Emergency.Sre)
            .Error.ShouldBeNull();

        second.Bypass.Requirement.ShouldBe(Desk.LeadThenOwner);
    }

    [Fact]
    public void IncidentThatTurnsOutToBeSev2_TakesASeniorApproverAsWell()
    {
        var emergency = new Emergency().Open(Emergency.Judge(Emergency.NoSource).Value);
        var sev2 = new IncidentReport.Known(Severity.Sev2, true, "open");

        emergency.Confirm(Emergency.Sre, sev2).Error.ShouldBeNull();
        emergency.Bypass.State.ShouldBe(BypassState.Waiting);
        emergency.Bypass.Incident.Severity.ShouldBe(Severity.Sev2);
        emergency.Confirm(Emergency.Manager, sev2).Error.ShouldBeNull();

        emergency.Bypass.State.ShouldBe(BypassState.Applied);
    }

    [Fact]
    public void Duration_BeyondADay_IsRefused()
    {
        var wish = Emergency.Wish(BypassKind.Temporary, duration: TimeSpan.FromHours(25));
        BypassMachine
            .Open(new Emergency().On(Emergency.OnCall), "bp_1", wish, Emergency.Judge(Emergency.Sev1).Value, Emergency.Terms)
            .Error.ShouldBeOfType<Error.Invalid>();
    }

    [Fact]
    public void SecondPerson_MustBeAnotherOfABypassRole()
    {
        var emergency = new Emergency().Open(Emergency.Judge(Emergency.NoSource).Value);
        emergency.Last.TakesEffect.ShouldBeFalse();

        emergency.Confirm(Emergency.OnCall).Error.ShouldBeOfType<Error.Denied>();
        var token = new Party("t_1", Emergency.OnCall.Person);
        emergency
            .Try(new BypassCommand.Confirm(["sre"], Emergency.NoSource, Emergency.Effect), token)
            .Error.ShouldBeOfType<Error.Denied>();
        emergency.Confirm(Emergency.Manager).Error.ShouldBeOfType<Error.Denied>();
        emergency.Confirm(Emergency.Sre).Error.ShouldBeNull();

        emergency.Actions.ShouldBe("confirmed applied");
        emergency.Last.TakesEffect.ShouldBeTrue();
    }

    [Fact]
    public void Sev2ThatCannotBeVerified_TakesBothASecondPersonAndASeniorApprover()
    {
        var emergency = new Emergency().Open(Emergency.Judge(Emergency.NoSource, Severity.Sev2).Value);

        emergency.Confirm(Emergency.Manager).Error.ShouldBeNull();
        emergency.Bypass.State.ShouldBe(BypassState.Waiting);
        emergency.Confirm(Emergency.Sre).Error.ShouldBeNull();
        emergency.Bypass.State.ShouldBe(BypassState.Applied);
    }

    [Fact]
    public void Defect100_GrantThatNobodyUsedInTime_IsNone()
    {
        var emergency = new Emergency().Open(Emergency.Judge(Emergency.NoSource).Value);
        emergency.Now += Emergency.Terms.ConfirmWithin;
        emergency.Confirm(Emergency.Sre).Error.ShouldBeOfType<Error.WrongState>();

        emergency.Fire(BypassTimerKind.Lapse).Error.ShouldBeNull();

        emergency.Bypass.State.ShouldBe(BypassState.Lapsed);
        emergency.Confirm(Emergency.Sre).Error.ShouldBeOfType<Error.WrongState>();
    }

    [Fact]
    public void Defect100_IncidentResolvedOrFlagChangedMeanwhile_StopsIt()
    {
        var emergency = new Emergency().Open(Emergency.Judge(Emergency.NoSource).Value);

        var resolved = new IncidentReport.Known(Severity.Sev1, false, "resolved");
        emergency.Confirm(Emergency.Sre, resolved).Error.ShouldBeOfType<Error.Denied>();
        var lesser = new IncidentReport.Known(Severity.Sev3, true, "open");
        emergency.Confirm(Emergency.Sre, lesser).Error.ShouldBeOfType<Error.Denied>();
        var moved = Emergency.Effect with { Found = 5 };
        emergency
            .Try(new BypassCommand.Confirm(["sre"], Emergency.NoSource, moved), Emergency.Sre)
            .Error.ShouldBeOfType<Error.WrongState>();
        var anew = Emergency.Effect with { FlagId = "r_2" };
        emergency
            .Try(new BypassCommand.Confirm(["sre"], Emergency.NoSource, anew), Emergency.Sre)
            .Error.ShouldBeOfType<Error.WrongState>();
        emergency.Bypass.State.ShouldBe(BypassState.Waiting);
    }

    [Fact]
    public void Defect103_AppliedTwice_IsRefused()
    {
        var emergency = new Emergency().Open(Emergency.Judge(Emergency.NoSource).Value);
        emergency.Confirm(Emergency.Sre).Error.ShouldBeNull();

        emergency.Confirm(Emergency.Manager).Error.ShouldBeOfType<Error.WrongState>();
    }

    [Fact]
    public void Defect105_RetroactiveApproval_IsSomebodyElsesAndHasARefusal()
    {
        var emergency = new Emergency().Open(Emergency.Judge(Emergency.NoSource).Value);
        emergency.Ratify(Emergency.Lead).Error.ShouldBeOfType<Error.WrongState>();
        emergency.Confirm(Emergency.Sre).Error.ShouldBeNull();

        emergency.Ratify(Emergency.OnCall).Error.ShouldBeOfType<Error.Denied>();
        emergency.Ratify(Emergency.Sre).Error.ShouldBeOfType<Error.Denied>();
        emergency.Try(new BypassCommand.Refuse(" ", null), Emergency.Lead).Error.ShouldBeOfType<Error.Invalid>();
        emergency.Try(new BypassCommand.Refuse("it was not needed", "cr_1"), Emergency.Lead).Error.ShouldBeNull();

        emergency.Bypass.State.ShouldBe(BypassState.Refused);
        emergency.Bypass.RevertRequest.ShouldBe("cr_1");
        emergency.Ratify(Emergency.Owner).Error.ShouldBeOfType<Error.WrongState>();
    }

    [Fact]
    public void Ratification_TakesWhomTheChangeWouldHaveTaken()
    {
        var emergency = new Emergency().Open(wish: Emergency.Wish(requirement: Desk.LeadThenOwner));

        emergency.Ratify(Emergency.Manager).Error.ShouldBeOfType<Error.Denied>();
        emergency.Ratify(Emergency.Lead).Error.ShouldBeNull();
        emergency.Actions.ShouldBe("ratification_given");
        emergency.Ratify(Emergency.Lead).Error.ShouldBeOfType<Error.WrongState>();
        emergency.Ratify(Emergency.Owner).Error.ShouldBeNull();

        emergency.Bypass.State.ShouldBe(BypassState.Ratified);
    }

    [Fact]
    public void Defect106_Review_IsSomebodyElsesHasFindingsAndIsGivenOnce()
    {
        var emergency = new Emergency().Open();

        emergency.Review(Emergency.OnCall).Error.ShouldBeOfType<Error.Denied>();
        emergency.Try(new BypassCommand.Review(" ", []), Emergency.Lead).Error.ShouldBeOfType<Error.Invalid>();
        emergency.Review(Emergency.Lead).Error.ShouldBeNull();
        emergency.Review(Emergency.Manager).Error.ShouldBeOfType<Error.WrongState>();

        emergency.Bypass.Review!.ActionItems.ShouldBe([new ActionItem("warm it", "OPS-1")]);
    }

    [Fact]
    public void Defect104_Reminders_ComeBeforeAndAfterItWasDue_AndEndWithTheObligation()
    {
        var emergency = new Emergency().Open();

        emergency.Fire(BypassTimerKind.Remind).Error.ShouldBeNull();
        emergency.Actions.ShouldBe("review_reminded");
        emergency.Fire(BypassTimerKind.Remind).Error.ShouldBeNull();
        emergency.Actions.ShouldBe("review_overdue");
        emergency.Now.ShouldBe(Emergency.Start.AddHours(48));
        emergency.Review(Emergency.Lead).Error.ShouldBeNull();
        emergency.Bypass.IsOverdue(emergency.Now).ShouldBeTrue("it is reviewed, and nobody ratified it");
        emergency.Ratify(Emergency.Lead).Error.ShouldBeNull();

        emergency.Bypass.IsOpen.ShouldBeFalse();
        BypassTimer.Of(emergency.Bypass).ShouldBeEmpty();
    }

    [Fact]
    public void WhatOthersChangedMeanwhile_IsNotUndoneAndIsOwedAtOnce()
    {
        var emergency = new Emergency().Open(wish: Emergency.Wish(BypassKind.Temporary));

        emergency.Fire(BypassTimerKind.Revert, new Restoration.Blocked()).Error.ShouldBeNull();

        emergency.Actions.ShouldBe("revert_blocked");
        emergency.Bypass.State.ShouldBe(BypassState.Applied);
        emergency.Bypass.IsOverdue(emergency.Now).ShouldBeTrue();
        emergency.Bypass.Times.RevertAt.ShouldBe(emergency.Now.AddHours(1));
    }

    [Fact]
    public void Blocked_IsTriedAgainAtLongerIntervals_UntilItIsUndone()
    {
        var emergency = new Emergency().Open(wish: Emergency.Wish(BypassKind.Temporary));
        var over = Emergency.Start.AddHours(24);

        foreach (var hours in new[] { 0, 1, 2, 4, 8, 16, 32, 56 })
        {
            emergency.Fire(BypassTimerKind.Revert, new Restoration.Blocked()).Error.ShouldBeNull();
            emergency.Now.ShouldBe(over.AddHours(hours));
        }
        emergency.Fire(BypassTimerKind.Revert, new Restoration.Settled()).Error.ShouldBeNull();

        emergency.Bypass.State.ShouldBe(BypassState.Reverted);
        emergency.Bypass.Times.RevertAt.ShouldBeNull();
    }

    [Fact]
    public void WhatOthersMadeOfIt_IsTaintedUntilItIsUndone()
    {
        var emergency = new Emergency().Open(wish: Emergency.Wish(BypassKind.Temporary));
        var partly = new Restoration.Partly(Served, IsAll: false);
        emergency.Fire(BypassTimerKind.Revert, partly).Error.ShouldBeNull();
        emergency.Bypass.State.ShouldBe(BypassState.Applied);
        emergency.Bypass.Effect.Taints(99).ShouldBeTrue();

        var timer = BypassTimer.Of(emergency.Bypass).Single(timer => timer.Kind == BypassTimerKind.Revert);
        emergency.Now = timer.Due;
        var all = partly with { IsAll = true };
        emergency.Try(new BypassCommand.Due(timer, all, 9), new Party("system", "system")).Error.ShouldBeNull();

        emergency.Bypass.State.ShouldBe(BypassState.Reverted);
        new long[] { 6, 7, 8, 9 }
            .Where(emergency.Bypass.Effect.Taints)
            .ShouldBe([7, 8]);
        ReadsBack(emergency.Bypass);
    }

    [Fact]
    public void RefusedTemporary_IsStillUndoneInItsTime()
    {
        var emergency = new Emergency().Open(wish: Emergency.Wish(BypassKind.Temporary));

        emergency.Try(new BypassCommand.Refuse("no", null, "a policy denies it"), Emergency.Lead).Error.ShouldBeNull();
        emergency.Bypass.Remark.ShouldContain("a policy denies it");
        emergency.Review(Emergency.Lead).Error.ShouldBeNull();
        emergency.Bypass.IsOpen.ShouldBeTrue("it has not been undone");
        emergency.Fire(BypassTimerKind.Revert, new Restoration.Due(Served, StaysOff: false)).Error.ShouldBeNull();

        emergency.Now.ShouldBe(Emergency.Start.AddHours(24));
        emergency.Actions.ShouldBe("reverted");
        emergency.Bypass.State.ShouldBe(BypassState.Refused);
        emergency.Bypass.IsOpen.ShouldBeFalse();
        BypassTimer.Of(emergency.Bypass).ShouldBeEmpty();
    }

    [Fact]
    public void Document_OfEveryState_ReadsBack()
    {
        var emergency = new Emergency().Open(
            Emergency.Judge(Emergency.NoSource).Value,
            Emergency.Wish(BypassKind.Temporary, requirement: Desk.LeadThenOwner)
        );
        ReadsBack(emergency.Bypass);
        emergency.Confirm(Emergency.Sre).Error.ShouldBeNull();
        ReadsBack(emergency.Bypass);
        emergency.Ratify(Emergency.Lead).Error.ShouldBeNull();
        emergency.Review(Emergency.Lead).Error.ShouldBeNull();
        emergency.Try(new BypassCommand.Refuse("no", "cr_1"), Emergency.Owner).Error.ShouldBeNull();
        ReadsBack(emergency.Bypass);
    }

    private static void ReadsBack(EmergencyBypass bypass) => BypassJson.Read(bypass.Name, bypass.ToDocument()).ShouldBe(bypass);

    /// <summary>Random people do random things at random times.</summary>
    [Fact]
    public void Bypass_WhateverIsDoneToIt_KeepsItsPromises() =>
        Property.Holds(
            from temporary in Gen.Elements(true, false)
            from claimed in Gen.Elements(Severity.Sev1, Severity.Sev2)
            from verified in Gen.Elements(true, false)
            from steps in Step.ListOf()
            select (temporary, claimed, verified, steps),
            run =>
            {
                IncidentReport report = run.verified
                    ? new IncidentReport.Known(run.claimed, true, "open")
                    : new IncidentReport.NoSource();
                var verdict = Emergency.Judge(report, run.claimed).Value;
                var wish = Emergency.Wish(run.temporary ? BypassKind.Temporary : BypassKind.Off, requirement: Desk.LeadThenOwner);
                var emergency = new Emergency().Open(verdict, wish);
                var effects = emergency.Last.TakesEffect ? 1 : 0;
                foreach (var (kind, who, hours) in run.steps)
                {
                    var before = emergency.Bypass;
                    emergency.Now = emergency.Now.AddHours(hours);
                    var result = Do(emergency, kind, People[who % People.Length]);
                    if (result?.Error is not null)
                        emergency.Bypass.ShouldBeSameAs(before);
                    else if (result is not null)
                        effects += emergency.Last.TakesEffect ? 1 : 0;
                    Check(emergency, before, effects);
                }
            },
            tests: 500
        );

    private static Party[] People =>
        [Emergency.OnCall, Emergency.Sre, Emergency.Manager, Emergency.Lead, Emergency.Owner, new Party("t_1", "s_oncall")];

    private static FsCheck.Gen<(int Kind, int Who, int Hours)> Step =>
        from kind in Gen.Choose(0, 5)
        from who in Gen.Choose(0, 5)
        from hours in Gen.Choose(0, 30)
        select (kind, who, hours);

    private static Result<BypassTransition>? Do(Emergency emergency, int kind, Party by) =>
        kind switch
        {
            0 => emergency.Confirm(by),
            1 => emergency.Ratify(by),
            2 => emergency.Review(by),
            3 => emergency.Try(new BypassCommand.Refuse("no", null), by),
            4 => emergency.Try(new BypassCommand.Supersede("bp_2", 9), by),
            _ => BypassTimer.Of(emergency.Bypass).FirstOrDefault() is { } timer
                ? emergency.Fire(timer.Kind, new Restoration.Due(Served, StaysOff: false))
                : default(Result<BypassTransition>?),
        };

    private static void Check(Emergency emergency, EmergencyBypass before, int effects)
    {
        var now = emergency.Bypass;
        effects.ShouldBe(now.Times.Applied is null ? 0 : 1);
        if (now.Times.Applied is not null)
            now.Open(Emergency.Terms).ShouldBeEmpty("nobody whom it needed was left out");
        now.Confirmations.ShouldAllBe(agreement => !agreement.By.IsSameAs(Emergency.OnCall));
        now.Ratifications.ShouldAllBe(agreement => !agreement.By.IsSameAs(Emergency.OnCall));
        now.Ratifications.Select(agreement => agreement.By.Person).ShouldBeUnique();
        if (now.State == BypassState.Ratified)
            Quorum.Judge(now.Requirement!, [], [.. now.Ratifications.Select(item => item.Holds)]).IsSatisfied.ShouldBeTrue();
        if (now is { Kind: BypassKind.Temporary, State: BypassState.Applied })
            now.Times.RevertAt!.Value.ShouldBeLessThanOrEqualTo(now.Times.Applied!.Value + BypassTerms.MaxDuration);
        if (before.Times.RevertAt is not null && now.Times.RevertAt is null)
            (now.State == BypassState.Ratified || emergency.Actions is "reverted" or "superseded").ShouldBeTrue("it stays due");
        if (before.State is not (BypassState.Waiting or BypassState.Applied))
            now.State.ShouldBe(before.State, "closed is closed");
        if (!now.IsOpen && now.State != BypassState.Waiting)
            BypassTimer.Of(now).ShouldBeEmpty();
    }
}
