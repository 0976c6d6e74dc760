using Halyard.Core.Approvals;
using Halyard.Core.Flags;
using Halyard.Core.Policies;
using Halyard.Core.Policies.Checks;
using Halyard.Core.Tests.Approvals;
using Halyard.Ledger;

namespace Halyard.Core.Tests.Defects;

/// <summary>Defects of the sketched workflow manager, each with the number it has in docs/seed-defects.md.</summary>
public sealed class ApprovalDefectTests
{
    private static readonly Party Both = Party.Human("s_both");

    [Fact]
    public void Defect020_StageThatAsksNobody_IsRefusedAtSubmission()
    {
        var desk = new Desk(Desk.Needs(Desk.Stage(1, 0, new QuorumGroup(1, []))));

        desk.Try(new RequestCommand.Submit(desk.Requirement, desk.Directory)).Error.ShouldBeOfType<Error.Invalid>();
    }

    [Fact]
    public void Defect026_PoliciesThatDecided_AreInTheHashAndKeptWithTheRequest()
    {
        var desk = new Desk().Submit();
        var (content, project) = (desk.Request.Content, desk.Request.Project);

        desk.Request.Requirement.Rules.ShouldBe(["standard/production"]);
        desk.Request.Hash.ShouldBe(ContentHash.Of(Desk.Tenant, project, content, desk.Request.Requirement.Policies));
        desk.Request.Hash.ShouldNotBe(ContentHash.Of(Desk.Tenant, project, content, Digest.Of("edited"u8)));
    }

    [Fact]
    public void Defect028_StagesOfOneName_AreCountedApart()
    {
        var named = Desk.LeadThenOwner.Stages.Select(stage => stage with { Name = "review" });
        var desk = new Desk(Desk.Needs(named)).Submit().Vote(Desk.Lead);

        desk.Request.State.ShouldBe(ChangeRequestState.Pending);
        desk.Vote(Desk.Owner).Request.State.ShouldBe(ChangeRequestState.Approved);
    }

    [Fact]
    public void Defect029_SilenceInProduction_NeverApproves()
    {
        foreach (var action in Enum.GetValues<TimeoutAction>())
        {
            var desk = new Desk(Desk.Needs(Desk.Stage(1, 1, action, new QuorumGroup(1, ["tech-lead"])))).Submit();
            while (desk.Timer(RequestTimerKind.StageTimeout) is not null)
                desk.Fire(RequestTimerKind.StageTimeout);
            desk.Request.State.IsClosed().ShouldBeTrue();
            desk.Log.ShouldNotContain(line => line.StartsWith("change_request.approved"));
        }
    }

    [Fact]
    public void Defect031_ApprovedRequest_IsNotAppliedUntilItIs()
    {
        var desk = new Desk().Approved();

        desk.Request.State.ShouldBe(ChangeRequestState.Approved);
        desk.BeginApply().Request.State.ShouldBe(ChangeRequestState.Applying);
        desk.Do(new RequestCommand.Applied(desk.Request.Hash)).Request.State.ShouldBe(ChangeRequestState.Applied);
    }

    [Fact]
    public void Defect034_ContentChangedAfterTheVote_IsNotApplied()
    {
        var desk = new Desk().Approved();
        var swapped = desk.Request with { Content = Desk.Content(Desk.OtherOperation) };

        Recheck.Judge(Desk.Tenant, swapped, desk.Ground(), desk.Now).Error.ShouldBeOfType<Error.ContentChanged>();
    }

    [Fact]
    public void Defect035_PolicyEditedMidFlight_LeavesTheRequestsOwnStagesAlone()
    {
        var desk = new Desk().Submit();
        desk.Requirement = Desk.Needs();

        desk.Vote(Desk.Lead).Request.State.ShouldBe(ChangeRequestState.Pending);
    }

    [Fact]
    public void Defect038_OnePersonWithEveryRole_DoesNotClearEveryStage() =>
        new Desk().Submit().Vote(Both).Vote(Both).Request.Quorum().Filled.ShouldBe(1);

    [Fact]
    public void Defect039_VoteAfterTheEnd_IsRefused()
    {
        var expiring = Desk.LeadThenOwner with { ExpiresAfter = TimeSpan.FromHours(1) };
        Desk[] closed =
        [
            new Desk().Submit().Vote(Desk.Lead, VoteKind.Reject),
            Applied(new Desk()),
            new Desk(expiring).Submit().Fire(RequestTimerKind.Expiry),
            new Desk().Submit().Do(new RequestCommand.Cancel()),
        ];

        foreach (var desk in closed)
            desk.TryVote(Desk.OtherLead).Error.ShouldBeOfType<Error.WrongState>().Reason.ShouldContain("that is final");
    }

    [Fact]
    public void Defect041_RequesterEditorAndOwnerOfTheServiceAccount_CannotApprove()
    {
        var desk = new Desk().Submit().Do(new Desk().Editing(), new Party("svc_lead", "s_lead"));

        foreach (var party in new[] { Desk.Dev, Desk.Lead, new Party("svc_lead", "s_lead") })
            desk.TryVote(party).Error.ShouldBeOfType<Error.Denied>();
        desk.Vote(Desk.OtherLead);
    }

    [Fact]
    public void Defect042_TheSamePersonTwice_CountsOnce()
    {
        var two = new Desk(Desk.Needs(Desk.Stage(1, 0, new QuorumGroup(2, ["tech-lead"])))).Submit();

        two.Vote(Desk.Lead).Vote(Desk.Lead).Vote(new Party("svc_lead", "s_lead"));

        two.Request.State.ShouldBe(ChangeRequestState.Pending);
        two.Request.Votes.ShouldHaveSingleItem();
    }

    [Fact]
    public void Defect043_RejectionByTheRequesterOrWithoutAReason_IsNone()
    {
        var desk = new Desk().Submit();

        desk.TryVote(Desk.Dev, VoteKind.Reject).Error.ShouldBeOfType<Error.Denied>();
        desk.TryVote(Party.Human("s_stranger"), VoteKind.Reject).Error.ShouldBeOfType<Error.Denied>();
        desk.Try(new RequestCommand.CastVote(VoteKind.Reject, desk.Request.Hash, "", ["tech-lead"]), Desk.Lead)
            .Error.ShouldBeOfType<Error.Invalid>();
        desk.Request.State.ShouldBe(ChangeRequestState.Pending);
    }

    [Fact]
    public void Defect044_DecisionThatIsNone_AndEndlessComments_AreRefused()
    {
        var desk = new Desk().Submit();

        desk.TryVote(Desk.Lead, (VoteKind)7).Error.ShouldBeOfType<Error.WrongState>();
        var endless = new string('x', ChangeRequest.MaxComment + 1);
        desk.Try(new RequestCommand.CastVote(VoteKind.Approve, desk.Request.Hash, endless, ["tech-lead"]), Desk.Lead)
            .Error.ShouldBeOfType<Error.Invalid>();
    }

    [Fact]
    public void Defect045_TwoFinalVotes_ApplyOnce()
    {
        var desk = new Desk().Approved().Vote(Both);
        var ground = desk.Ground();

        desk.BeginApply(ground);

        desk.Try(new RequestCommand.BeginApply(ground)).Error.ShouldBeOfType<Error.WrongState>();
        desk.Do(new RequestCommand.Applied(ground.Hash));
        desk.Try(new RequestCommand.BeginApply(ground)).Error.ShouldBeOfType<Error.WrongState>();
        desk.Log.Count(line => line.StartsWith("change_request.applied:", StringComparison.Ordinal)).ShouldBe(1);
    }

    [Fact]
    public void Defect046_StageItsTimerAndItsNotification_AreOneTransition()
    {
        var desk = new Desk().Submit().Vote(Desk.Lead);

        desk.Last.Next.Quorum().OpenStage!.Order.ShouldBe(2);
        desk.Last.Timers.ShouldContain(timer =>
            timer.Kind == RequestTimerKind.StageTimeout && timer.Due == desk.Now.AddHours(48)
        );
        desk.Last.Notifications.ShouldHaveSingleItem().Roles.ShouldBe(["product-owner"]);
    }

    [Fact]
    public void Defect047_ApplyThatFails_IsNotAppliedAndCanBeRetried()
    {
        var desk = new Desk().Approved().BeginApply().Do(new RequestCommand.ApplyFailed("disk"));

        desk.Request.State.ShouldBe(ChangeRequestState.ApplyFailed);
        Applied(desk.Do(new RequestCommand.Retry()), submit: false).Request.State.ShouldBe(ChangeRequestState.Applied);
    }

    [Fact]
    public void Defect048_FlagChangedSinceSubmission_IsNotOverwritten()
    {
        var desk = new Desk().Approved();
        var killed = new CurrentResource(Desk.Flag, 4, ["/environments/prod/enabled"]);

        desk.BeginApply(desk.Ground() with { Resources = [killed] }).Request.State.ShouldBe(ChangeRequestState.Conflicted);
    }

    [Fact]
    public void Defect050_EditAfterVotes_DismissesThem() =>
        new Desk().Approved().Do(new Desk().Editing()).Request.Votes.ShouldBeEmpty();

    [Fact]
    public void Defect052_TimeoutOfMonths_IsDueAfterMonths()
    {
        var desk = new Desk(Desk.Needs(Desk.Stage(1, 24 * 90, TimeoutAction.Reject, new QuorumGroup(1, ["tech-lead"])))).Submit();

        desk.Timer(RequestTimerKind.StageTimeout)!.Due.ShouldBe(Desk.Start.AddDays(90));
    }

    [Fact]
    public void Defect053_ClosedRequest_HoldsNoTimer()
    {
        var desk = new Desk(Desk.LeadThenOwner with { ExpiresAfter = TimeSpan.FromDays(9) })
            .Submit()
            .Vote(Desk.Lead, VoteKind.Reject);

        desk.Request.Timers.ShouldBeEmpty();
        desk.Last.Timers.Count(timer => timer.Due is null).ShouldBe(2);
    }

    [Fact]
    public void Defect054_TimerOfAnEarlierAttempt_DoesNotActOnTheNext()
    {
        var desk = new Desk().Submit();
        var old = desk.Timer(RequestTimerKind.StageTimeout)!;
        desk.Now = old.Due.AddHours(-1);
        desk.Do(desk.Editing());
        desk.Now = old.Due;

        desk.Try(new RequestCommand.TimerFired(old.Kind, old.Attempt)).Error.ShouldBeOfType<Error.WrongState>();
    }

    [Fact]
    public void Defect055_TimerOfAClosedRequest_DoesNothing()
    {
        var desk = new Desk().Submit();
        var old = desk.Timer(RequestTimerKind.StageTimeout)!;
        desk.Do(new RequestCommand.Cancel());
        desk.Now = old.Due;

        desk.Try(new RequestCommand.TimerFired(old.Kind, old.Attempt)).Error.ShouldBeOfType<Error.WrongState>();
        desk.Request.State.ShouldBe(ChangeRequestState.Cancelled);
    }

    [Fact]
    public void Defect056_EscalatedTo_MayApproveAndHaveATimerOfTheirOwn()
    {
        var desk = new Desk().Submit().Vote(Desk.Lead).Fire(RequestTimerKind.StageTimeout);

        desk.Timer(RequestTimerKind.StageTimeout)!.Due.ShouldBe(desk.Now.AddHours(48));
        desk.Vote(Party.Human("s_director")).Request.State.ShouldBe(ChangeRequestState.Approved);
    }

    [Fact]
    public void Defect057_RejectionByTimeout_IsFinal()
    {
        var desk = new Desk().Submit().Fire(RequestTimerKind.StageTimeout);

        desk.Request.State.ShouldBe(ChangeRequestState.Rejected);
        desk.TryVote(Desk.Lead).Error.ShouldBeOfType<Error.WrongState>();
    }

    [Fact]
    public void Defect058_AutoApproveThatSlippedThroughToProduction_Rejects()
    {
        var requirement = Desk.Needs(Desk.Stage(1, 1, TimeoutAction.AutoApprove, new QuorumGroup(1, ["tech-lead"])));
        var mixed = Desk.Content() with
        {
            Environments = [new("dev", "e_1", EnvironmentType.Development), new("prod", "e_2", EnvironmentType.Production)],
        };

        new Desk(requirement, mixed)
            .Submit()
            .Fire(RequestTimerKind.StageTimeout)
            .Request.State.ShouldBe(ChangeRequestState.Rejected);
    }

    [Fact]
    public void Defect059_VoteInTheNameOfTheSystem_IsRefused() =>
        new Desk().Submit().TryVote(Party.Human("system")).Error.ShouldBeOfType<Error.Denied>();

    [Fact]
    public void Defect060_NamesInWords_CannotForgeALine()
    {
        var treacherous = Party.Human("s_x'\n2026 change_request.approved");
        var desk = new Desk(null, null, new Approver(treacherous, ["tech-lead"])).Submit().Vote(treacherous);

        desk.Log.ShouldAllBe(line => !Fixtures.Naughty.IsTreacherous(line));
    }

    [Fact]
    public void Defect068_CheckThatPassedForAnotherContentOrLongAgo_DoesNotCount()
    {
        var desk = new Desk(Desk.LeadThenOwner with { Checks = ["load"] }).Approved();
        var stale = new CheckEvidence("load", CheckResult.Pass, desk.Request.Hash, desk.Now);
        var other = stale with { Hash = default, ExpiresAt = desk.Now.AddDays(1) };

        desk.BeginApply(desk.Ground() with { Evidence = [stale, other] }).Request.State.ShouldBe(ChangeRequestState.Approved);
    }

    [Fact]
    public void Defect110_EmergencyDuringARequest_MakesItConflicted()
    {
        var desk = new Desk().Approved().Do(new RequestCommand.Conflict([$"{Desk.Flag}"]));

        desk.Request.State.ShouldBe(ChangeRequestState.Conflicted);
        desk.Request.Timers.ShouldBeEmpty();
        desk.Try(new RequestCommand.BeginApply(desk.Ground())).Error.ShouldBeOfType<Error.WrongState>();
    }

    private static Desk Applied(Desk desk, bool submit = true)
    {
        if (submit)
            desk.Approved();
        return desk.BeginApply().Do(new RequestCommand.Applied(desk.Request.Hash));
    }
}
