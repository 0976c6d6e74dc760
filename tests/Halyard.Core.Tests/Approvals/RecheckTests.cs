using Halyard.Core.Approvals;
using Halyard.Core.Policies;
using Halyard.Core.Policies.Checks;
using Halyard.Evaluation.Definitions;
using Halyard.Ledger;

namespace Halyard.Core.Tests.Approvals;

/// <summary>What is looked at again when a request is applied, in the order in which it is looked at.</summary>
public sealed class RecheckTests
{
    private static readonly VoteRules Keep = new(true, true, false, true);

    [Fact]
    public void Judge_WhereNothingChanged_Applies() =>
        Judge(new Desk().Approved()).ShouldBeOfType<RecheckVerdict.Apply>().Content.ShouldBe(Desk.Content());

    [Fact]
    public void Judge_ARequestThatIsNotApproved_IsRefused() => Refused(new Desk().Submit()).ShouldBeOfType<Error.WrongState>();

    [Fact]
    public void Judge_AnotherContentThanIsMeant_IsRefused()
    {
        var desk = new Desk().Approved();
        Refused(desk, desk.Ground() with { Hash = Digest.Of("x"u8) }).ShouldBeOfType<Error.ContentChanged>();
    }

    [Fact]
    public void Judge_AnotherTenantsHash_IsRefused()
    {
        var desk = new Desk().Approved();
        Recheck.Judge("other", desk.Request, desk.Ground(), desk.Now).Error.ShouldBeOfType<Error.ContentChanged>();
    }

    [Fact]
    public void Judge_TheSamePlaceChangedBySomebodyElse_IsAConflictThatNamesIt()
    {
        var desk = new Desk(Desk.LeadThenOwner with { Votes = Keep }).Approved();

        Judge(desk, Moved(desk, "/environments/prod"))
            .ShouldBeOfType<RecheckVerdict.Conflicted>()
            .Paths.ShouldBe(["flag 'f' of project 'web' at '/environments/prod/enabled'"]);
    }

    [Theory]
    [InlineData("/environments/prod/rules")]
    [InlineData("/environments/production/enabled")]
    [InlineData("/environments/prod/enabledFor")]
    public void Judge_AnotherPlaceChanged_IsRebasedWhereThePolicyAllowsAndAConflictElsewhere(string place)
    {
        var keeping = new Desk(Desk.LeadThenOwner with { Votes = Keep }).Approved();
        var hash = keeping.Request.Hash;

        Judge(keeping, Moved(keeping, place)).ShouldBeOfType<RecheckVerdict.Apply>().Content.Bases[0].Revision.ShouldBe(8);
        keeping.BeginApply(Moved(keeping, place));
        keeping.Request.State.ShouldBe(ChangeRequestState.Applying);
        keeping.Request.Hash.ShouldNotBe(hash);
        keeping.Actions.ShouldBe("rebased vote_kept vote_kept applying");
        keeping.Request.Quorum().IsSatisfied.ShouldBeTrue();

        var strict = new Desk().Approved();
        Judge(strict, Moved(strict, place)).ShouldBeOfType<RecheckVerdict.Conflicted>();
    }

    [Fact]
    public void Judge_AFreezeThatWasNotExcepted_MustBeApprovedAgain_AndOneThatIsOverNeedNot()
    {
        var asked = Desk.LeadThenOwner with { Rules = ["freeze/weekend"] };
        var desk = new Desk(asked).Approved();
        var met = desk.Ground() with { Requirement = asked with { Rules = ["freeze/quarter", "freeze/weekend"] } };

        Judge(desk, desk.Ground()).ShouldBeOfType<RecheckVerdict.Apply>();
        Judge(desk, desk.Ground() with { Requirement = asked with { Rules = [] } }).ShouldBeOfType<RecheckVerdict.Apply>();
        var back = Judge(desk, met).ShouldBeOfType<RecheckVerdict.BackToPending>();
        back.Why.ShouldBe("no exception was asked for of freeze 'quarter' as it is now");
        desk.BeginApply(met).Request.State.ShouldBe(ChangeRequestState.Pending);
        desk.Request.Requirement.Rules.ShouldBe(["freeze/quarter", "freeze/weekend"]);
    }

    [Fact]
    public void Judge_AResourceDeletedOrOfUnknownChanges_IsAConflictOfTheWhole()
    {
        var desk = new Desk(Desk.LeadThenOwner with { Votes = Keep }).Approved();
        foreach (var now in new Sequence<CurrentResource>[] { [], [new(Desk.Flag, 0, ["/x"])], [new(Desk.Flag, 8, [])] })
            Judge(desk, desk.Ground() with { Resources = now })
                .ShouldBeOfType<RecheckVerdict.Conflicted>()
                .Paths.ShouldBe(["flag 'f' of project 'web'"]);
    }

    [Fact]
    public void Judge_AnEnvironmentRecreatedOrOfAnotherType_IsAConflict()
    {
        var desk = new Desk().Approved();
        Judge(desk, desk.Ground() with { Environments = [new("prod", "e_other", Core.Flags.EnvironmentType.Production)] })
            .ShouldBeOfType<RecheckVerdict.Conflicted>();
    }

    [Fact]
    public void Judge_PoliciesThatNowAskForMore_SendItBackUnderThem()
    {
        var desk = new Desk().Approved();
        var stricter = Desk.Needs([.. Desk.LeadThenOwner.Stages, Desk.Stage(3, 24, new QuorumGroup(1, ["director"]))]) with
        {
            Policies = Digest.Of("p2"u8),
        };

        desk.BeginApply(desk.Ground() with { Requirement = stricter });

        desk.Request.State.ShouldBe(ChangeRequestState.Pending);
        desk.Request.Requirement.ShouldBe(stricter);
        desk.Request.Votes.ShouldBeEmpty();
        desk.Request.Remark.ShouldBe("the policies of now ask for more: needs 1 more of director");
        desk.Actions.ShouldBe("returned votes_dismissed");
    }

    [Fact]
    public void Judge_PoliciesThatChangedButAskForNoMore_Apply()
    {
        var desk = new Desk().Approved();
        var looser = Desk.Needs(Desk.LeadThenOwner.Stages[0]) with { Policies = Digest.Of("p2"u8) };

        Judge(desk, desk.Ground() with { Requirement = looser }).ShouldBeOfType<RecheckVerdict.Apply>();
    }

    [Fact]
    public void Judge_AnObjectionThatPoliciesNowCount_SendsItBack()
    {
        var desk = new Desk(Desk.LeadThenOwner with { Votes = new VoteRules(false, false, false, true) });
        desk.Submit().Vote(Desk.OtherLead, VoteKind.Reject).Vote(Desk.Lead).Vote(Desk.Owner);

        Judge(desk, desk.Ground() with { Requirement = Desk.LeadThenOwner }).ShouldBeOfType<RecheckVerdict.BackToPending>();
    }

    [Fact]
    public void Judge_AVoterWhoLostTheRole_SendsItBackKeepingTheOtherVotes()
    {
        var desk = new Desk().Approved();
        var without = desk.Ground() with { Directory = Without(desk, Desk.Lead) };

        desk.BeginApply(without);

        desk.Request.Votes.ShouldHaveSingleItem().Voter.ShouldBe(Desk.Owner);
        desk.Request.Quorum().Words.ShouldBe("needs 1 more of tech-lead");
        desk.Vote(Desk.OtherLead).Request.State.ShouldBe(ChangeRequestState.Approved);
    }

    [Fact]
    public void Judge_AVoterWhoLostTheRole_CountsWhereVotesAreFrozen()
    {
        var desk = new Desk(Desk.LeadThenOwner with { Votes = new VoteRules(true, false, true, true) }).Approved();

        Judge(desk, desk.Ground() with { Directory = Without(desk, Desk.Lead) }).ShouldBeOfType<RecheckVerdict.Apply>();
    }

    [Fact]
    public void Judge_AVoterWhoGotTheRoleOnlyAfterwards_DoesNotCountByIt()
    {
        var desk = new Desk(Desk.Needs(Desk.Stage(1, 0, new QuorumGroup(1, ["tech-lead", "director"])))).Submit().Vote(Desk.Lead);
        var other = new ApproverDirectory([new Approver(Desk.Lead, ["director"])]);

        Judge(desk, desk.Ground() with { Directory = other }).ShouldBeOfType<RecheckVerdict.BackToPending>();
    }

    [Fact]
    public void Judge_ARequesterWhoMayNoLonger_SendsItBack()
    {
        var desk = new Desk().Approved();
        Judge(desk, desk.Ground() with { RequesterRefused = "deactivated" })
            .ShouldBeOfType<RecheckVerdict.BackToPending>()
            .Why.ShouldBe("the requester may not do this now: deactivated");
    }

    [Fact]
    public void Judge_AFreeze_WaitsUntilItEnds()
    {
        var desk = new Desk().Approved();
        var end = desk.Now.AddDays(3);

        desk.BeginApply(desk.Ground() with { Freeze = new FreezeHold("holidays", end) });

        desk.Request.State.ShouldBe(ChangeRequestState.Approved);
        desk.Timer(RequestTimerKind.Apply)!.Due.ShouldBe(end);
        desk.Actions.ShouldBe("delayed");
    }

    [Fact]
    public void Judge_ChecksWithoutFreshPassesForThisContent_Wait()
    {
        var desk = new Desk(Desk.LeadThenOwner with { Checks = ["load"] }).Approved();
        var (hash, end) = (desk.Request.Hash, desk.Now.AddHours(1));
        var pass = new CheckEvidence("load", CheckResult.Pass, hash, end);

        Why().ShouldBe("check 'load' has not passed yet");
        Why(pass with { Hash = default }).ShouldBe("check 'load' has not passed yet");
        Why(pass with { ExpiresAt = desk.Now }).ShouldBe("check 'load' has not passed yet");
        Why(pass with { Check = "other" }).ShouldBe("check 'load' has not passed yet");
        Why(pass with { Result = CheckResult.Inconclusive }).ShouldBe("check 'load' has not passed yet");
        Why(pass, pass with { Result = CheckResult.Fail }).ShouldBe("check 'load' failed");
        Judge(desk, desk.Ground() with { Evidence = [pass] }).ShouldBeOfType<RecheckVerdict.Apply>();

        string Why(params Sequence<CheckEvidence> evidence) =>
            Judge(desk, desk.Ground() with { Evidence = evidence }).ShouldBeOfType<RecheckVerdict.Wait>().Why;
    }

    [Fact]
    public void Judge_EverythingWrongAtOnce_AnswersInOrder()
    {
        var window = new ScheduleWindow(Desk.Start.AddHours(1), Desk.Start.AddHours(2));
        var desk = new Desk(content: Desk.Content(window: window)).Approved();
        var good = desk.Ground();
        var all = Moved(desk, "") with
        {
            Requirement = Desk.LeadThenOwner with { Checks = ["x"], Stages = [Desk.Stage(1, 1, new QuorumGroup(9, ["x"]))] },
            Directory = new ApproverDirectory([]),
            RequesterRefused = "no",
            Freeze = new FreezeHold("no", null),
        };
        desk.Now = window.To;

        Judge(desk, all).ShouldBeOfType<RecheckVerdict.Conflicted>();
        all = all with { Resources = good.Resources };
        Judge(desk, all).ShouldBeOfType<RecheckVerdict.BackToPending>().Why.ShouldStartWith("the policies of now");
        all = all with { Requirement = Desk.LeadThenOwner with { Checks = ["x"] } };
        Judge(desk, all).ShouldBeOfType<RecheckVerdict.BackToPending>().Why.ShouldStartWith("not everybody");
        all = all with { Directory = good.Directory };
        Judge(desk, all).ShouldBeOfType<RecheckVerdict.BackToPending>().Why.ShouldStartWith("the requester");
        all = all with { RequesterRefused = null };
        Judge(desk, all).ShouldBeOfType<RecheckVerdict.Wait>().Why.ShouldBe("frozen: no");
        all = all with { Freeze = null };
        Judge(desk, all).ShouldBeOfType<RecheckVerdict.Wait>().Why.ShouldContain("check 'x'");
        all = all with { Requirement = good.Requirement };
        Judge(desk, all).ShouldBeOfType<RecheckVerdict.Expired>().Why.ShouldBe("its window is over");
    }

    private static ApplyGround Moved(Desk desk, string place) =>
        desk.Ground() with
        {
            Resources = [new CurrentResource(Desk.Flag, 8, [place])],
        };

    private static ApproverDirectory Without(Desk desk, Party who) =>
        new(desk.Directory.Members.Where(member => member.Who != who).ToSequence());

    private static RecheckVerdict Judge(Desk desk, ApplyGround? ground = null) =>
        Recheck.Judge(Desk.Tenant, desk.Request, ground ?? desk.Ground(), desk.Now).Value;

    private static Error? Refused(Desk desk, ApplyGround? ground = null) =>
        Recheck.Judge(Desk.Tenant, desk.Request, ground ?? desk.Ground(), desk.Now).Error;
}
