using System.Text;
using Halyard.Core.Approvals;
using Halyard.Core.Policies;

namespace Halyard.Core.Tests.Approvals;

public sealed class DelegationTests
{
    private static readonly Party Stand = Party.Human("s_stand");

    [Fact]
    public void Vote_ForWhoDelegated_CountsAsTheirsAndSaysSo()
    {
        var desk = new Desk().Submit().Vote(Stand, delegation: Given());

        desk.Log.ShouldContain("change_request.approval_given: approved by 's_stand' for 's_lead' (1 of 2)");
        desk.Request.Quorum().OpenStage!.Order.ShouldBe(2);
    }

    [Fact]
    public void Vote_OfBothDelegatorAndDelegate_IsOnePersons()
    {
        var two = Desk.Needs(Desk.Stage(1, 0, new QuorumGroup(2, ["tech-lead"])));
        var desk = new Desk(two, null, new Approver(Stand, ["tech-lead"])).Submit().Vote(Stand, delegation: Given());

        desk.Vote(Desk.Lead).Request.State.ShouldBe(ChangeRequestState.Pending);
        desk.Request.Votes.ShouldHaveSingleItem().Voter.ShouldBe(Desk.Lead);
        Denied(desk.TryVote(Stand, delegation: Given())).ShouldBe("'s_lead' has voted already");
        desk.Vote(Stand).Request.State.ShouldBe(ChangeRequestState.Approved);
    }

    [Fact]
    public void Vote_ByTheRequesterForAnother_IsRefused() =>
        Denied(new Desk().Submit().TryVote(Desk.Dev, delegation: Given(to: Desk.Dev))).ShouldContain("nobody approves their own");

    [Fact]
    public void Vote_ForTheRequester_IsRefused() =>
        Denied(new Desk().Submit().TryVote(Desk.Lead, delegation: Given(from: Desk.Dev, to: Desk.Lead)))
            .ShouldContain("nobody approves");

    [Fact]
    public void Vote_ByWhomTheDelegateDelegatedTo_IsRefused() =>
        Denied(new Desk().Submit().TryVote(Party.Human("s_third"), delegation: Given()))
            .ShouldContain("it was given to 's_stand'");

    [Theory]
    [InlineData(-1, "it is not valid yet")]
    [InlineData(24, "it is not valid any more")]
    public void Vote_OutsideItsTime_IsRefused(int hours, string why)
    {
        var desk = new Desk().Submit();
        desk.Now = Desk.Start.AddHours(hours);

        Denied(desk.TryVote(Stand, delegation: Given())).ShouldContain(why);
    }

    [Theory]
    [InlineData("web", "prod", true)]
    [InlineData("web", null, true)]
    [InlineData(null, null, true)]
    [InlineData("web", "staging", false)]
    [InlineData("shop", null, false)]
    public void Vote_OutsideItsScope_IsRefused(string? project, string? environment, bool allowed)
    {
        var delegation = Given() with { Scope = new DelegationScope(project, environment is null ? [] : [environment]) };

        (new Desk().Submit().TryVote(Stand, delegation: delegation).Error is null).ShouldBe(allowed);
    }

    [Fact]
    public void Covers_ARequestThatReachesNoEnvironment_OnlyWhereNoneAreNamed()
    {
        var request = new Desk().Submit().Request;
        var nowhere = request with { Content = request.Content with { Environments = [] } };

        new DelegationScope("web", ["prod"]).Covers(request).ShouldBeTrue();
        new DelegationScope("web", ["prod"]).Covers(nowhere).ShouldBeFalse();
        new DelegationScope("web", []).Covers(nowhere).ShouldBeTrue();
    }

    [Fact]
    public void WithdrawVote_ByWhoDelegated_TakesItBack() =>
        new Desk()
            .Submit()
            .Vote(Stand, delegation: Given())
            .Do(new RequestCommand.WithdrawVote(), Desk.Lead)
            .Request.Votes.ShouldBeEmpty();

    [Fact]
    public void Give_ByAnybodyElse_IsDenied() => Delegation.Give(Stand, Given(), Desk.Start).Error.ShouldBeOfType<Error.Denied>();

    [Fact]
    public void Give_WhatMakesNoSense_IsRefusedWithAllThatIsWrong()
    {
        var wrong = Given(to: new Party("svc_lead", "s_lead")) with
        {
            ValidTo = Desk.Start.AddDays(-1),
            Scope = new DelegationScope(null, ["prod"]),
        };

        var error = Delegation.Give(Desk.Lead, wrong, Desk.Start).Error.ShouldBeOfType<Error.Invalid>();

        error.Problems.Select(problem => problem.Pointer).ShouldBe(["/to", "/validTo", "/validTo", "/scope/environments"]);
        var endless = Given() with { ValidTo = Desk.Start.AddDays(400) };
        Delegation.Give(Desk.Lead, endless, Desk.Start).Error.ShouldBeOfType<Error.Invalid>();
        Delegation.Give(Desk.Lead, Given(), Desk.Start).Value.ShouldBe(Given());
    }

    [Fact]
    public void Document_ReadBack_IsTheSame_AndADamagedOneIsNotRead()
    {
        foreach (var delegation in new[] { Given(), Given() with { Scope = new DelegationScope(null, []) } })
            Delegation.Read(delegation.Name, delegation.ToDocument()).ShouldBe(delegation);
        var damaged = Encoding.UTF8.GetString(Given().ToDocument()).Replace("\"validTo\"", "\"validTil\"");
        Should.Throw<InvalidDataException>(() => Delegation.Read(Given().Name, Encoding.UTF8.GetBytes(damaged)));
    }

    [Fact]
    public void Compare_GivenAndWithdrawn_SaysWhoForWhom()
    {
        Delegation.Compare(null, Given()).ShouldHaveSingleItem().Words.ShouldBe("'s_stand' may approve for 's_lead'");
        Delegation.Compare(Given(), null).ShouldHaveSingleItem().Action.ShouldBe("delegation.revoked");
    }

    private static Delegation Given(Party? from = null, Party? to = null) =>
        new("dlg_1", from ?? Desk.Lead, to ?? Stand, new DelegationScope("web", []), Desk.Start, Desk.Start.AddHours(24));

    private static string Denied(Result<Transition> result) => result.Error.ShouldBeOfType<Error.Denied>().Reason;
}
