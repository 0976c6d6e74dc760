using Halyard.Core.Policies;
using Halyard.Core.Policies.Judging;

namespace Halyard.Core.Tests.Policies.Judging;

public sealed class PolicyJudgeTests
{
    private const string Any = "always: true\n";

    [Fact]
    public void NoPolicy_DevelopmentIsAllowed() =>
        Policy.Judge(null, null, Policy.Part(Policy.Dev)).Decision.ShouldBeOfType<Decision.Allow>();

    [Fact]
    public void NoPolicy_StagingNeedsOneReviewer()
    {
        var stage = Policy.Requirement(Policy.Judge(null, null, Policy.Part(Policy.Staging))).Stages.ShouldHaveSingleItem();

        stage.Order.ShouldBe(0);
        stage.Groups.ShouldHaveSingleItem().ShouldBe(new QuorumGroup(1, ["developer", "tech-lead"]));
    }

    [Fact]
    public void NoPolicy_ProductionNeedsTechLeadThenProductOwnerWithChecks()
    {
        var requirement = Policy.Requirement(Policy.Judge(null, null, Policy.Part(Policy.Production)));

        requirement.Stages.Select(stage => stage.Groups[0].From[0]).ShouldBe(["tech-lead", "product-owner"]);
        requirement.Checks.Count.ShouldBe(4);
        requirement.Rules.ShouldBe(["default-production/two-stages"]);
    }

    [Fact]
    public void ChangeOutsideEveryEnvironment_NeedsWhatProductionNeeds() =>
        Policy.Requirement(Policy.Judge(null, null, Policy.Part(null))).Rules.ShouldBe(["default-production/two-stages"]);

    [Fact]
    public void ChangeWithoutParts_IsDenied() => Policy.Judge(null, null).Decision.ShouldBeOfType<Decision.Deny>();

    [Fact]
    public void RequirementsOfEveryEnvironment_AreUnited()
    {
        var requirement = Policy.Requirement(
            Policy.Judge(null, null, Policy.Part(Policy.Dev), Policy.Part(Policy.Staging), Policy.Part(Policy.Production))
        );

        requirement.Stages.Select(stage => stage.Order).ShouldBe([0, 1, 2]);
        requirement.Rules.ShouldBe(["default-production/two-stages", "default-staging/peer-review"]);
    }

    [Fact]
    public void Strictest_EqualRolesKeepTheLargerNumber_OtherRolesStandBeside()
    {
        var policy = Policy.Of(
            Any + "approval: { required: true, minApprovers: 1, approverRoles: [sre, tech-lead] }",
            Any + "approval: { required: true, minApprovers: 3, approverRoles: [tech-lead, sre] }",
            Any + "approval: { required: true, minApprovers: 1, approverRoles: [owners] }"
        );

        Policy
            .Requirement(Policy.Judge(null, policy, Policy.Part(Policy.Dev)))
            .Stages.ShouldHaveSingleItem()
            .Groups.ShouldBe([new QuorumGroup(1, ["owners"]), new QuorumGroup(3, ["sre", "tech-lead"])]);
    }

    [Fact]
    public void Strictest_ShortestTimeoutStrictestActionEarliestExpiryAndAllChecks()
    {
        static string Stage(int hours, string action) =>
            $$"""
                always: true
                expiresAfterHours: {{hours * 10}}
                checks: [{{(hours == 5 ? "load-tests-pass" : "security-scan-pass")}}]
                votesOnRebase: {{(hours == 5 ? "keep" : "dismiss")}}
                votes: frozen
                approval:
                  required: true
                  stages:
                    - { name: s{{hours}}, order: 3, requiredApprovers: 1, approverRoles: [sre], timeoutHours: {{hours}}, onTimeout: {{action}} }
                """;
        var policy = Policy.Of(Stage(5, "'escalate', escalateTo: [tech-lead]"), Stage(9, "reject"));

        var requirement = Policy.Requirement(Policy.Judge(null, policy, Policy.Part(Policy.Production)));

        var stage = requirement.Stages.ShouldHaveSingleItem();
        stage.ShouldBe(
            new RequiredStage("s5, s9", 3, [new QuorumGroup(1, ["sre"])], TimeSpan.FromHours(5), TimeoutAction.Reject, [])
        );
        requirement.ExpiresAfter.ShouldBe(TimeSpan.FromHours(50));
        requirement.Checks.ShouldBe(["load-tests-pass", "security-scan-pass"]);
        requirement.Votes.ShouldBe(new VoteRules(true, KeepOnRebase: false, Frozen: true, DistinctAcrossStages: true));
    }

    [Fact]
    public void First_OnlyTheFirstRuleThatMatchesCounts()
    {
        var policy = Policy.Load(
            Policy.Yaml("first", Any + "approval: { required: true, minApprovers: 1, approverRoles: [sre] }", Any + Policy.Two)
        );

        var answer = Policy.Judge(null, policy, Policy.Part(Policy.Production));

        Policy.Requirement(answer).Rules.ShouldBe(["p/r0"]);
        answer.Matches.Select(match => match.Effect).ShouldBe([MatchEffect.Requires, MatchEffect.Later]);
    }

    [Theory]
    [InlineData("strictest")]
    [InlineData("first")]
    public void Denial_WinsOverEverythingElse(string match)
    {
        var policy = Policy.Load(Policy.Yaml(match, Any + Policy.None, Any + Policy.Two, Any + "deny: closed for the holidays"));

        foreach (var direction in Enum.GetValues<ChangeDirection>())
            Policy
                .Judge(null, policy, Policy.Part(Policy.Dev, direction))
                .Decision.ShouldBe(new Decision.Deny("p/r2", "closed for the holidays"));
    }

    [Fact]
    public void Exemption_LetsASaferChangePass()
    {
        var policy = Policy.Of(Any + Policy.None, Any + Policy.Two);

        var answer = Policy.Judge(null, policy, Policy.Part(Policy.Production, ChangeDirection.Safer));

        answer.Decision.ShouldBeOfType<Decision.Allow>();
        answer.Matches.Select(match => match.Effect).ShouldBe([MatchEffect.Exempts, MatchEffect.Exempted]);
    }

    [Fact]
    public void Exemption_HasNoSayAboutARiskierChangeOutsideDevelopment() =>
        Policy
            .Requirement(Policy.Judge(null, Policy.Of(Any + Policy.None), Policy.Part(Policy.Production)))
            .Rules.ShouldBe(["default-production/two-stages"]);

    [Fact]
    public void ExemptionOfAProject_DoesNotLoosenTheOrganisationsFloor()
    {
        var answer = Policy.Judge(
            Policy.Of(Any + Policy.Two),
            Policy.Of(Any + Policy.None),
            Policy.Part(Policy.Production, ChangeDirection.Safer)
        );

        Policy.Requirement(answer).Rules.ShouldBe(["p/r0"]);
    }

    [Fact]
    public void ProjectsPolicy_AddsToTheOrganisationsFloor()
    {
        var requirement = Policy.Requirement(
            Policy.Judge(
                Policy.Of(Any + Policy.Two),
                Policy.Of(Any + "approval: { required: true, minApprovers: 1, approverRoles: [sre] }"),
                Policy.Part(Policy.Production)
            )
        );

        requirement.Stages.ShouldHaveSingleItem().Groups.Count.ShouldBe(2);
    }

    [Fact]
    public void AutoApproveOfDevelopment_InAChangeThatReachesFurther_BecomesReject()
    {
        var policy = Policy.Of(
            $$"""
            {{Policy.When("environment.type", "equals", "development")}}
            approval:
              required: true
              stages:
                - { name: s, order: 1, requiredApprovers: 1, approverRoles: [sre], timeoutHours: 1, onTimeout: auto-approve }
            """
        );

        TimeoutAction Timeout(params Halyard.Evaluation.Definitions.Sequence<ChangePart> parts) =>
            Policy.Requirement(Policy.Judge(null, policy, parts)).Stages.First(stage => stage.Order == 1).OnTimeout;

        Timeout(Policy.Part(Policy.Dev)).ShouldBe(TimeoutAction.AutoApprove);
        Timeout(Policy.Part(Policy.Dev), Policy.Part(Policy.Staging)).ShouldBe(TimeoutAction.Reject);
    }

    [Theory]
    [InlineData("environment", "equals", "production", true)]
    [InlineData("environment", "equals", "Production", false)]
    [InlineData("environment", "regex", "prod", false)]
    [InlineData("environment", "regex", "prod.*", true)]
    [InlineData("environment.id", "in", "[e-x, e-prod]", true)]
    [InlineData("environment.type", "equals", "production", true)]
    [InlineData("environment.riskLevel", "equals", "critical", true)]
    [InlineData("environment.riskLevel", "lessThan", "critical", false)]
    [InlineData("environment.estimatedUsers", "greaterThan", "1000000", true)]
    [InlineData("environment.estimatedUsers", "lessThan", "1000000", false)]
    [InlineData("flag.tags", "contains", "critical", true)]
    [InlineData("flag.tags", "containsAny", "[other, critical]", true)]
    [InlineData("flag.tags", "contains", "crit", false)]
    [InlineData("resource.kind", "equals", "flag", true)]
    [InlineData("operations", "contains", "setEnabled", true)]
    [InlineData("operations", "containsAny", "[setRules, deleteFlag]", false)]
    [InlineData("direction", "equals", "riskier", true)]
    [InlineData("audience.delta", "greaterThan", "9.5", true)]
    [InlineData("audience.delta", "greaterThan", "10", false)]
    [InlineData("audience.delta", "equals", "10", true)]
    [InlineData("audience.delta", "lessThan", "10.5", true)]
    [InlineData("actor.groups", "contains", "payments", true)]
    public void Condition_HoldsOrNot(string field, string operation, string value, bool holds)
    {
        var policy = Policy.Of(Policy.When(field, operation, value) + "\ndeny: matched");

        var answer = Policy.Judge(null, policy, Policy.Part(Policy.Production, tags: ["critical"], delta: 10));

        (answer.Decision is Decision.Deny).ShouldBe(holds);
    }

    [Theory]
    [InlineData(null)]
    [InlineData(double.NaN)]
    public void AudienceThatIsNotKnown_CountsAsEverybody(double? delta) =>
        Policy
            .Judge(
                null,
                Policy.Of(Policy.When("audience.delta", "greaterThan", "99") + "\ndeny: all"),
                Policy.Part(Policy.Dev, delta: delta)
            )
            .Decision.ShouldBeOfType<Decision.Deny>();

    [Fact]
    public void Matches_SayWhereAndWhy()
    {
        var policy = Policy.Of(Policy.When("environment.type", "in", "[production, staging]") + "\n" + Policy.Two);

        var match = Policy
            .Judge(null, policy, Policy.Part(Policy.Staging), Policy.Part(Policy.Production))
            .Matches.ShouldHaveSingleItem();

        match.Environments.ShouldBe(["production", "staging"]);
        match.Why.ShouldBe("environment.type in 'production', 'staging'");
    }

    [Fact]
    public void Snapshot_IsOfAllPolicies_AndMovesWithAnyByte()
    {
        var one = Policy.Of(Any + Policy.Two);
        var other = Policy.Load(Policy.Yaml("strictest", Any + Policy.Two) + "# a remark\n");

        Policy
            .Requirement(Policy.Judge(null, one, Policy.Part(Policy.Dev)))
            .Policies.ShouldNotBe(Policy.Requirement(Policy.Judge(null, other, Policy.Part(Policy.Dev))).Policies);
        new PolicySet([one], [], []).Snapshot.ShouldNotBe(new PolicySet([], [one], []).Snapshot);
    }
}
