using Halyard.Core.Access;
using Halyard.Core.Policies;
using Halyard.Ledger;

namespace Halyard.Core.Tests.Policies;

public sealed class DecisionTests
{
    private static readonly Decision Allow = new Decision.Allow("a@1", "may");
    private static readonly Decision OtherAllow = new Decision.Allow("b@1", "may too");
    private static readonly Decision Deny = new Decision.Deny("c@1", "may not");
    private static readonly Decision OtherDeny = new Decision.Deny("d@1", "may not either");

    [Fact]
    public void Combine_NoAnswer_Denies() => Decision.Combine().ShouldBe(new Decision.Deny("none", "no policy answered"));

    [Fact]
    public void Combine_AMissingAnswerAmongAllows_Denies() => Decision.Combine(Allow, null).ShouldBeOfType<Decision.Deny>();

    [Fact]
    public void Combine_OnlyAMissingAnswer_Denies() => Decision.Combine([null]).ShouldBeOfType<Decision.Deny>();

    [Fact]
    public void Combine_OneAllow_Allows() => Decision.Combine(Allow).ShouldBe(Allow);

    [Fact]
    public void Combine_SeveralAllows_NamesTheFirst() => Decision.Combine(OtherAllow, Allow).ShouldBe(OtherAllow);

    [Fact]
    public void Combine_DenyBeforeAllow_Denies() => Decision.Combine(Deny, Allow).ShouldBe(Deny);

    [Fact]
    public void Combine_DenyAfterAllow_Denies() => Decision.Combine(Allow, OtherAllow, Deny).ShouldBe(Deny);

    [Fact]
    public void Combine_SeveralDenies_NamesTheFirst() => Decision.Combine(Allow, OtherDeny, Deny).ShouldBe(OtherDeny);

    [Fact]
    public void Combine_RequiredApprovalAfterAllow_Wins() => Decision.Combine(Allow, Require("a")).ShouldBe(Require("a"));

    [Fact]
    public void Combine_DenyAfterRequiredApproval_Denies() => Decision.Combine(Require("a"), Deny).ShouldBe(Deny);

    [Fact]
    public void Combine_SeveralRequirements_UnitesThemInAnyOrder()
    {
        var united = Decision.Combine(Require("a"), Allow, Require("b")).ShouldBeOfType<Decision.RequireApproval>();

        united.Verdict.ShouldBe("require-approval");
        united.Requirement.Checks.ShouldBe(["a", "b"]);
        Decision
            .Combine(Require("b"), Require("a"))
            .ShouldBeOfType<Decision.RequireApproval>()
            .Requirement.ShouldBe(united.Requirement);
    }

    private static Decision.RequireApproval Require(string check) =>
        new("p@1", "needs approval", new Requirement([], [check], null, VoteRules.Default, [$"p/{check}"], Digest.Of([1])));

    [Fact]
    public void From_AnythingButAnExplicitYes_IsDeny()
    {
        Decision.From(new AuthorizationDecision(true, "p", "r")).Verdict.ShouldBe("allow");
        Decision.From(new AuthorizationDecision(false, "p", "r")).Verdict.ShouldBe("deny");
    }
}
