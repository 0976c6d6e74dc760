using Halyard.Core.Approvals;
using Halyard.Core.Audit;
using Halyard.Core.Flags;
using Halyard.Core.Policies;
using Halyard.Evaluation.Definitions;

namespace Halyard.Core.Tests.Approvals;

public sealed class RequestMachineTests
{
    [Fact]
    public void Request_OfTheSeedsScenario_IsApprovedByLeadThenOwnerAndApplied()
    {
        var desk = new Desk();

        desk.Submit().Vote(Desk.Lead).Vote(Desk.Owner).BeginApply().Do(new RequestCommand.Applied(desk.Request.Hash));

        desk.Request.State.ShouldBe(ChangeRequestState.Applied);
        desk.Request.Timers.ShouldBeEmpty();
        desk.Log.ShouldBe([
            "change_request.created: change request written by 's_dev'",
            "change_request.submitted: submitted by 's_dev'",
            "change_request.stage_opened: stage 'stage-1' needs 1 more of tech-lead",
            "change_request.approval_given: approved by 's_lead' (1 of 2)",
            "change_request.stage_opened: stage 'stage-2' needs 1 more of product-owner",
            "change_request.approval_given: approved by 's_owner' (2 of 2)",
            "change_request.approved: approved: 2 of 2",
            $"change_request.applying: applying {desk.Request.Hash}",
            $"change_request.applied: applied {desk.Request.Hash}",
        ]);
    }

    [Fact]
    public void Submit_AsksWhoTheFirstStageAsks_AndSetsItsTimer()
    {
        var desk = new Desk().Submit();

        desk.Last.Notifications.ShouldHaveSingleItem().Roles.ShouldBe(["tech-lead"]);
        desk.Timer(RequestTimerKind.StageTimeout)!.Due.ShouldBe(Desk.Start.AddHours(24));
        desk.Request.WhoCanApprove(desk.Directory).ShouldBe(["s_both", "s_lead", "s_lead2", "svc_lead"]);
    }

    [Fact]
    public void Submit_WhatNobodyCouldEverApprove_IsRefusedNamingTheGap()
    {
        var desk = new Desk(Desk.Needs(Desk.Stage(1, 24, new QuorumGroup(1, ["tech-lead"]), new QuorumGroup(1, ["security"]))));
        desk.Requirement = desk.Requirement with
        {
            Stages = desk.Requirement.Stages.Select(stage => stage with { EscalateTo = [] }).ToSequence(),
        };

        Invalid(desk.Try(new RequestCommand.Submit(desk.Requirement, desk.Directory)))
            .ShouldBe("nobody could ever approve this: stage 'stage-1' needs 1 more of security");
        desk.Request.State.ShouldBe(ChangeRequestState.Draft);
    }

    [Fact]
    public void Submit_WhatOnlyTheRequesterCouldApprove_IsRefused()
    {
        var desk = new Desk(Desk.Needs(Desk.Stage(1, 0, new QuorumGroup(1, ["developer"]))));

        Invalid(desk.Try(new RequestCommand.Submit(desk.Requirement, desk.Directory))).ShouldContain("needs 1 more of developer");
    }

    [Fact]
    public void Submit_WithAWindowThatIsOver_IsRefused()
    {
        var window = new ScheduleWindow(Desk.Start.AddDays(-2), Desk.Start.AddDays(-1));
        var desk = new Desk(content: Desk.Content(window: window));

        Invalid(desk.Try(new RequestCommand.Submit(desk.Requirement, desk.Directory))).ShouldBe("must be in the future");
    }

    [Fact]
    public void Submit_WhatNobodyNeedApprove_IsApprovedAtOnce() =>
        new Desk(Desk.Needs()).Submit().Request.State.ShouldBe(ChangeRequestState.Approved);

    [Fact]
    public void Approve_ByTheRequester_IsRefused() =>
        Denied(
                new Desk(null, null, new Approver(new Party("svc_dev", "s_dev"), ["tech-lead"]))
                    .Submit()
                    .TryVote(new("svc_dev", "s_dev"))
            )
            .ShouldBe("'svc_dev' asked for the change, and nobody approves their own");

    [Fact]
    public void Approve_ByWhoTheOpenStageDoesNotAsk_IsRefused() =>
        Denied(new Desk().Submit().TryVote(Desk.Owner)).ShouldBe("stage 'stage-1' asks tech-lead");

    [Fact]
    public void Approve_TwiceByOnePersonWithBothRoles_FillsOneSlot()
    {
        var both = Party.Human("s_both");
        var desk = new Desk().Submit().Vote(both).Vote(both);

        desk.Request.State.ShouldBe(ChangeRequestState.Pending);
        desk.Vote(Desk.Lead).Request.State.ShouldBe(ChangeRequestState.Approved);
    }

    [Theory]
    [InlineData(VoteKind.Reject)]
    [InlineData(VoteKind.RequestChanges)]
    public void Refusing_WithoutSayingWhy_IsRefused(VoteKind kind)
    {
        var desk = new Desk().Submit();

        Invalid(desk.Try(new RequestCommand.CastVote(kind, desk.Request.Hash, " ", ["tech-lead"]), Desk.Lead))
            .ShouldBe("must say why");
    }

    [Fact]
    public void Reject_ByAnyoneAsked_ClosesTheRequestAndItsTimers()
    {
        var desk = new Desk().Submit().Vote(Desk.Owner, VoteKind.Reject);

        desk.Request.State.ShouldBe(ChangeRequestState.Rejected);
        desk.Request.Timers.ShouldBeEmpty();
        desk.Last.Timers.ShouldHaveSingleItem().Due.ShouldBeNull();
        desk.Last.Notifications.ShouldHaveSingleItem().Subjects.ShouldContain("s_dev");
    }

    [Fact]
    public void Reject_WhereThePolicyDoesNotCountIt_IsRecordedAndStaysOpen()
    {
        var desk = new Desk(Desk.LeadThenOwner with { Votes = new VoteRules(false, false, false, true) });

        desk.Submit().Vote(Desk.OtherLead, VoteKind.Reject).Actions.ShouldBe("objected");
        desk.Vote(Desk.Lead).Vote(Desk.Owner).Request.State.ShouldBe(ChangeRequestState.Approved);
    }

    [Fact]
    public void RequestChanges_HoldsEvenAnApprovedRequest_UntilTheReviewerAgrees()
    {
        var desk = new Desk().Approved().Vote(Desk.OtherLead, VoteKind.RequestChanges);

        desk.Request.State.ShouldBe(ChangeRequestState.ChangesRequested);
        desk.Vote(Desk.OtherLead).Request.State.ShouldBe(ChangeRequestState.Approved);
    }

    [Fact]
    public void WithdrawVote_OfAnApprovedRequest_OpensItsStageAgain()
    {
        var desk = new Desk().Approved().Do(new RequestCommand.WithdrawVote(), Desk.Lead);

        desk.Request.State.ShouldBe(ChangeRequestState.Pending);
        desk.Request.Quorum().OpenStage!.Order.ShouldBe(1);
        desk.Actions.ShouldBe("vote_withdrawn stage_opened");
        desk.Try(new RequestCommand.WithdrawVote(), Desk.Lead).Error.ShouldBeOfType<Error.WrongState>();
    }

    [Fact]
    public void Edit_DismissesVotesAndExcludesTheEditor()
    {
        var desk = new Desk().Approved();
        var hash = desk.Request.Hash;

        desk.Do(desk.Editing(), Desk.OtherLead);

        desk.Request.State.ShouldBe(ChangeRequestState.Pending);
        desk.Request.Votes.ShouldBeEmpty();
        desk.Log.ShouldContain(
            "change_request.votes_dismissed: votes of 's_lead', 's_owner' no longer count: it says something else now"
        );
        desk.TryVote(Desk.Lead, hash: hash).Error.ShouldBe(new Error.ContentChanged(hash, desk.Request.Hash));
        Denied(desk.TryVote(Desk.OtherLead)).ShouldContain("had a hand in the change");
    }

    [Fact]
    public void Edit_ThatChangesNothing_IsRefusedAndKeepsVotes()
    {
        var desk = new Desk().Approved();

        Invalid(desk.Try(desk.Editing(Desk.Operation))).ShouldBe("the edit changes nothing");
        desk.Request.Votes.Count.ShouldBe(2);
    }

    [Fact]
    public void StageTimeout_ThatRejects_Rejects() =>
        new Desk().Submit().Fire(RequestTimerKind.StageTimeout).Request.State.ShouldBe(ChangeRequestState.Rejected);

    [Fact]
    public void StageTimeout_ThatEscalates_LetsOthersApproveAndRunsOutInTheEnd()
    {
        var desk = new Desk().Submit().Vote(Desk.Lead);
        var director = Party.Human("s_director");
        Denied(desk.TryVote(director)).ShouldContain("asks product-owner");

        desk.Fire(RequestTimerKind.StageTimeout);

        desk.Actions.ShouldBe("escalated");
        desk.Last.Notifications.ShouldHaveSingleItem().Roles.ShouldBe(["director", "product-owner"]);
        desk.Request.WhoCanApprove(desk.Directory).ShouldContain("s_director");
        var due = desk.Timer(RequestTimerKind.StageTimeout)!.Due;
        due.ShouldBe(desk.Now.AddHours(48));
        for (var level = 2; level <= ChangeRequest.MaxEscalations; level++)
            desk.Fire(RequestTimerKind.StageTimeout).Request.State.ShouldBe(ChangeRequestState.Pending);
        desk.Fire(RequestTimerKind.StageTimeout).Request.State.ShouldBe(ChangeRequestState.Expired);
    }

    [Fact]
    public void StageTimeout_Escalated_CountsTheApprovalOfWhomItAsked()
    {
        var desk = new Desk().Submit().Vote(Desk.Lead).Fire(RequestTimerKind.StageTimeout);

        desk.Vote(Party.Human("s_director")).Request.State.ShouldBe(ChangeRequestState.Approved);
    }

    [Fact]
    public void StageTimeout_ThatApproves_DoesSoInDevelopmentAndRejectsElsewhere()
    {
        var requirement = Desk.Needs(Desk.Stage(1, 1, TimeoutAction.AutoApprove, new QuorumGroup(1, ["tech-lead"])));
        var development = Desk.Content(type: EnvironmentType.Development);

        var desk = new Desk(requirement, development).Submit().Fire(RequestTimerKind.StageTimeout);
        desk.Request.State.ShouldBe(ChangeRequestState.Approved);
        desk.Actions.ShouldBe("stage_waived approved");
        new Desk(requirement).Submit().Fire(RequestTimerKind.StageTimeout).Request.State.ShouldBe(ChangeRequestState.Rejected);
    }

    [Fact]
    public void Timer_ThatTheRequestNoLongerHolds_DoesNothing()
    {
        var desk = new Desk().Submit();
        var old = desk.Timer(RequestTimerKind.StageTimeout)!;
        desk.Vote(Desk.Lead);
        desk.Now = Desk.Start.AddYears(1);

        desk.Try(new RequestCommand.TimerFired(old.Kind, old.Attempt)).Error.ShouldBeOfType<Error.WrongState>();
        desk.Request.State.ShouldBe(ChangeRequestState.Pending);
    }

    [Fact]
    public void Timer_BeforeItIsDue_DoesNothing()
    {
        var desk = new Desk().Submit();
        var timer = desk.Timer(RequestTimerKind.StageTimeout)!;
        desk.Now = timer.Due.AddTicks(-1);

        desk.Try(new RequestCommand.TimerFired(timer.Kind, timer.Attempt)).Error.ShouldBeOfType<Error.WrongState>();
    }

    [Fact]
    public void Expiry_OfAnUndecidedRequest_ClosesIt()
    {
        var desk = new Desk(Desk.LeadThenOwner with { ExpiresAfter = TimeSpan.FromHours(10) }).Submit();

        desk.Fire(RequestTimerKind.Expiry).Request.State.ShouldBe(ChangeRequestState.Expired);
        desk.Now.ShouldBe(Desk.Start.AddHours(10));
    }

    [Fact]
    public void Window_WaitsIsAppliedInItAndExpiresAfterIt()
    {
        var window = new ScheduleWindow(Desk.Start.AddHours(5), Desk.Start.AddHours(6));
        var desk = new Desk(content: Desk.Content(window: window)).Approved();

        desk.Request.State.ShouldBe(ChangeRequestState.Scheduled);
        desk.Timer(RequestTimerKind.Apply)!.Due.ShouldBe(window.From);
        desk.BeginApply().Request.State.ShouldBe(ChangeRequestState.Scheduled);
        desk.Request.Remark.ShouldBe("its window has not begun");
        desk.Now = window.From;
        desk.BeginApply().Request.State.ShouldBe(ChangeRequestState.Applying);

        var late = new Desk(content: Desk.Content(window: window)).Approved().Fire(RequestTimerKind.WindowEnd);
        late.Request.State.ShouldBe(ChangeRequestState.Expired);
        late.Now.ShouldBe(window.To);
    }

    [Fact]
    public void Cancel_Supersede_AndComment_SayWhoAndWhat()
    {
        new Desk().Submit().Do(new RequestCommand.Cancel()).Request.State.ShouldBe(ChangeRequestState.Cancelled);
        var desk = new Desk().Submit().Do(new RequestCommand.Supersede("cr_2"));
        desk.Request.State.ShouldBe(ChangeRequestState.Superseded);
        desk.Log[^1].ShouldBe("change_request.superseded: change request 'cr_2' takes its place");
        Invalid(new Desk().Try(new RequestCommand.Supersede("cr_1"))).ShouldBe("must be another change request");

        var said = new Desk().Do(new RequestCommand.AddComment("why now?"), Desk.Lead);
        said.Request.Comments.ShouldHaveSingleItem().Text.ShouldBe("why now?");
        said.Log[^1].ShouldBe("change_request.commented: comment by 's_lead'");
    }

    [Fact]
    public void ApplyFailed_CanBeRetriedAndLooksAtEverythingAgain()
    {
        var desk = new Desk().Approved().BeginApply().Do(new RequestCommand.ApplyFailed("the store is full"));
        desk.Request.State.ShouldBe(ChangeRequestState.ApplyFailed);

        desk.Do(new RequestCommand.Retry());

        desk.Request.State.ShouldBe(ChangeRequestState.Approved);
        desk.Timer(RequestTimerKind.Apply).ShouldNotBeNull();
        desk.BeginApply(desk.Ground() with { RequesterRefused = "gone" }).Request.State.ShouldBe(ChangeRequestState.Pending);
    }

    [Fact]
    public void Applying_ThatNobodyEnds_FailsByItsTimer() =>
        new Desk()
            .Approved()
            .BeginApply()
            .Fire(RequestTimerKind.ApplyOverdue)
            .Request.State.ShouldBe(ChangeRequestState.ApplyFailed);

    [Fact]
    public void Conflict_OfAnOpenRequest_IsRebasedAndVotedOnAgain()
    {
        var desk = new Desk().Approved().Do(new RequestCommand.Conflict(["flag 'f' of project 'web'"]));
        desk.Request.Remark.ShouldBe("somebody else changed flag 'f' of project 'web'");

        desk.Do(Rebase(desk, "/environments/prod/rules"));

        desk.Request.State.ShouldBe(ChangeRequestState.Pending);
        desk.Actions.ShouldBe("rebased votes_dismissed stage_opened");
    }

    [Fact]
    public void Rebase_WhereVotesAreKept_CarriesEachOver()
    {
        var desk = new Desk(Keeping).Approved();

        desk.Do(Rebase(desk, "/environments/prod/rules"));

        desk.Request.State.ShouldBe(ChangeRequestState.Approved);
        desk.Actions.ShouldBe("rebased vote_kept vote_kept approved");
        desk.Request.Votes.ShouldAllBe(vote => vote.Hash == desk.Request.Hash);
    }

    [Fact]
    public void Rebase_WhereOthersChangedTheSamePlace_DismissesVotesEvenWhereTheyAreKept()
    {
        var desk = new Desk(Keeping).Approved();

        desk.Do(Rebase(desk, "/environments/prod")).Request.Votes.ShouldBeEmpty();
    }

    [Fact]
    public void Rebase_WithOtherOperations_IsAnEdit()
    {
        var desk = new Desk(Keeping).Approved();
        var rebase = new RequestCommand.Rebase(Desk.Content(Desk.OtherOperation, 4), [], desk.Requirement, desk.Directory);

        Invalid(desk.Try(rebase)).ShouldContain("this is an edit");
    }

    [Fact]
    public void EveryDeclaredType_IsGivenBySomeTransition()
    {
        // What the tests of this class and the model's runs do, once more in short.
        var desk = new Desk(Keeping);
        desk.Do(desk.Editing()).Submit().Vote(Desk.Lead).Fire(RequestTimerKind.StageTimeout).Vote(Desk.Owner);
        desk.Do(new RequestCommand.AddComment("x"))
            .Do(Rebase(desk, "/x", Desk.OtherOperation))
            .Do(new RequestCommand.WithdrawVote(), Desk.Lead);
        desk.Vote(Desk.Lead, VoteKind.RequestChanges).Vote(Desk.Lead).BeginApply(desk.Ground() with { Freeze = new("x", null) });
        desk.BeginApply(desk.Ground() with { RequesterRefused = "x" }).Vote(Desk.Lead).Vote(Desk.Owner).BeginApply();
        desk.Do(new RequestCommand.ApplyFailed("x"))
            .Do(new RequestCommand.Retry())
            .BeginApply()
            .Do(new RequestCommand.Applied(desk.Request.Hash));
        var objecting = new Desk(Desk.LeadThenOwner with { Votes = new VoteRules(false, false, false, true) });
        objecting
            .Submit()
            .Vote(Desk.Lead, VoteKind.Reject)
            .Do(new RequestCommand.Conflict(["x"]))
            .Do(new RequestCommand.Cancel());
        var window = new ScheduleWindow(Desk.Start.AddHours(5), Desk.Start.AddHours(6));
        var scheduled = new Desk(content: Desk.Content(window: window)).Approved().Fire(RequestTimerKind.WindowEnd);
        var superseded = new Desk().Do(new RequestCommand.Supersede("cr_2"));
        var rejected = new Desk().Submit().Vote(Desk.Lead, VoteKind.Reject);
        var waiving = Desk.Needs(Desk.Stage(1, 1, TimeoutAction.AutoApprove, new QuorumGroup(1, ["tech-lead"])));
        var waived = new Desk(waiving, Desk.Content(type: EnvironmentType.Development))
            .Submit()
            .Fire(RequestTimerKind.StageTimeout);

        new[] { desk, objecting, scheduled, superseded, rejected, waived }
            .SelectMany(each => each.Log)
            .Select(line => line[..line.IndexOf(':', StringComparison.Ordinal)])
            .Distinct()
            .Order(StringComparer.Ordinal)
            .ShouldBe(Catalogue.Names.Where(name => name.StartsWith("change_request.", StringComparison.Ordinal)));
    }

    private static Requirement Keeping => Desk.LeadThenOwner with { Votes = new VoteRules(true, true, false, true) };

    private static RequestCommand.Rebase Rebase(Desk desk, string changed, string operation = Desk.Operation) =>
        new(Desk.Content(operation, 7), [new CurrentResource(Desk.Flag, 7, [changed])], desk.Requirement, desk.Directory);

    private static string Invalid(Result<Transition> result) => result.Error.ShouldBeOfType<Error.Invalid>().Problems[0].Message;

    private static string Denied(Result<Transition> result) => result.Error.ShouldBeOfType<Error.Denied>().Reason;
}
