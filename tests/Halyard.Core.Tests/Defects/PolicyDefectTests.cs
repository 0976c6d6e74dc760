using Halyard.Core.Policies;
using Halyard.Core.Policies.Judging;
using Halyard.Core.Tests.Policies;
using Halyard.Testing;

namespace Halyard.Core.Tests.Defects;

/// <summary>What was wrong with the policies of the sketch, each by its number in docs/seed-defects.md.</summary>
public sealed class PolicyDefectTests
{
    private const string Any = "always: true\n";
    private static readonly Decision.Deny NoPolicy = new("none", "no policy answered");

    private static ApprovalPolicy Sketch { get; } =
        Policy.Load(File.ReadAllText(Path.Combine(Suites.RepositoryRoot, "samples/policies/standard-approval-policy.yaml")));

    [Theory]
    [InlineData(ChangeDirection.Safer, "allow")]
    [InlineData(ChangeDirection.Riskier, "require-approval")]
    public void Defect001_KillSwitchRule_ExemptsOnlyTheSaferDirection(ChangeDirection direction, string verdict) =>
        Policy.Judge(null, Sketch, Policy.Part(Policy.Production, direction, ["kill-switch"])).Decision.Verdict.ShouldBe(verdict);

    [Fact]
    public void Defect002_FlagTags_AreTheServersTags_SoThatTheRuleMatches() =>
        Policy
            .Judge(null, Sketch, Policy.Part(Policy.Production, ChangeDirection.Safer, ["kill-switch"]))
            .Matches[0]
            .Rule.ShouldBe("kill-switch-bypass");

    [Fact]
    public void Defect005_OneOfEachRole_IsNotTwoOfEither()
    {
        var stages = Policy.Requirement(Policy.Judge(null, null, Policy.Part(Policy.Production))).Stages;

        stages
            .Select(stage => (stage.Order, stage.Groups[0].Count, stage.Groups[0].From[0]))
            .ShouldBe([(1, 1, "tech-lead"), (2, 1, "product-owner")]);
    }

    [Fact]
    public void Defect007_EnvironmentNamedDevelopment_IsJudgedByItsType()
    {
        var disguised = Policy.Production with { Key = "development" };

        Policy.Requirement(Policy.Judge(null, Sketch, Policy.Part(disguised))).Rules.ShouldBe(["default-production/two-stages"]);
    }

    [Fact]
    public void Defect008_PermissiveRuleAbove_DoesNotHideTheStrictOneBelow() =>
        Policy
            .Judge(
                null,
                Policy.Of(Any + "approval: { required: true, minApprovers: 1, approverRoles: [developer] }", Any + Policy.Two),
                Policy.Part(Policy.Production)
            )
            .Matches.ShouldAllBe(match => match.Effect == MatchEffect.Requires);

    [Theory]
    [InlineData("Production")]
    [InlineData("prod")]
    [InlineData("production ")]
    [InlineData("prod-eu")]
    public void Defect009_NameThatNoRuleKnows_IsNotJudgedWeakerThanProduction(string key) =>
        Policy
            .Requirement(Policy.Judge(null, Sketch, Policy.Part(Policy.Production with { Key = key })))
            .Rules.ShouldBe(["default-production/two-stages"]);

    [Fact]
    public void Defect010_NoRuleMatches_TheStrictestDefaultDecides_AndNoneDenies()
    {
        Policy.Judge(null, Sketch, Policy.Part(null)).Decision.ShouldBeOfType<Decision.RequireApproval>();
        PolicyJudge.Judge(new PolicySet([], [], []), new ChangeFacts([], [Policy.Part(Policy.Dev)])).Decision.ShouldBe(NoPolicy);
    }

    [Theory]
    [InlineData("conditions: []\n")]
    [InlineData("")]
    public void Defect011_RuleWithoutConditions_IsRefused_AndMatchesNothingByAccident(string conditions) =>
        Policy.TryLoad(Policy.Yaml("strictest", conditions + Policy.None)).Policy.ShouldBeNull();

    [Theory]
    [InlineData("equal")]
    [InlineData("Equals")]
    public void Defect012_UnknownOperator_IsRefusedAtLoading(string name) =>
        Refused(Policy.When("environment", name, "production") + "\n" + Policy.Two);

    [Theory]
    [InlineData("constructor.name")]
    [InlineData("tags.length")]
    [InlineData("metadata.team")]
    public void Defect013_PathThatLeadsNowhere_IsRefusedAtLoading(string field) =>
        Refused(Policy.When(field, "equals", "x") + "\n" + Policy.Two);

    [Fact]
    public void Defect014_ValueOfAnotherType_IsRefusedAtLoading()
    {
        Refused(Policy.When("audience.delta", "equals", "'50'") + "\n" + Policy.Two);
        Refused(Policy.When("environment", "equals", "true") + "\n" + Policy.Two);
    }

    [Fact]
    public void Defect015_ContainsOnAText_IsRefusedInsteadOfNeverHolding() =>
        Refused(Policy.When("environment", "contains", "prod") + "\n" + Policy.Two);

    [Fact]
    public void Defect016_GreaterThan_ComparesNumbers()
    {
        var policy = Policy.Of(Policy.When("audience.delta", "greaterThan", "10") + "\ndeny: too many");

        Policy.Judge(null, policy, Policy.Part(Policy.Dev, delta: 9)).Decision.ShouldBeOfType<Decision.Allow>();
        Policy.Judge(null, policy, Policy.Part(Policy.Dev, delta: double.NaN)).Decision.ShouldBeOfType<Decision.Deny>();
    }

    [Fact]
    public void Defect017_Regex_IsAnchoredLinearAndCheckedAtLoading()
    {
        var policy = Policy.Of(Policy.When("environment", "regex", "prod|(a+)+") + "\ndeny: matched");

        foreach (var key in new[] { "non-prod", "prod-eu", "null", "undefined", new string('a', 100_000) + "!" })
            Policy.Judge(null, policy, Policy.Part(Policy.Dev with { Key = key })).Decision.ShouldBeOfType<Decision.Allow>();
        Policy.Judge(null, policy, Policy.Part(null)).Decision.ShouldBeOfType<Decision.RequireApproval>();
        Refused(Policy.When("environment", "regex", "'['") + "\n" + Policy.Two);
    }

    [Fact]
    public void Defect019_RequiredWithoutANumber_IsRefused() =>
        Refused(Any + "approval: { required: true, approverRoles: [tech-lead] }");

    [Fact]
    public void Defect020_RequiredWithoutRoles_IsRefused()
    {
        Refused(Any + "approval: { required: true, minApprovers: 1 }");
        Refused(Any + "approval: { required: true, minApprovers: 1, approverRoles: [] }");
    }

    [Fact]
    public void Defect022_ChangeThatReachesSeveralEnvironments_NeedsWhatEachNeeds() =>
        Policy
            .Requirement(Policy.Judge(null, null, Policy.Part(Policy.Dev), Policy.Part(Policy.Production)))
            .Rules.ShouldBe(["default-production/two-stages"]);

    [Theory]
    [InlineData(1, "allow")]
    [InlineData(99, "require-approval")]
    public void Defect024_Magnitude_CanDecide(double delta, string verdict) =>
        Policy
            .Judge(
                null,
                Policy.Of(Policy.When("audience.delta", "greaterThan", "5") + "\n" + Policy.Two),
                Policy.Part(Policy.Dev, delta: delta)
            )
            .Decision.Verdict.ShouldBe(verdict);

    [Fact]
    public void Defect026_Requirement_RecordsThePoliciesThatDecided()
    {
        var requirement = Policy.Requirement(Policy.Judge(null, Sketch, Policy.Part(Policy.Production)));

        requirement.Policies.ShouldBe(new PolicySet([], [Sketch], ShippedPolicies.Defaults).Snapshot);
    }

    [Theory]
    [InlineData("minApprover: 2", "'minApprover' is not known")]
    [InlineData("required: no", "must be true or false")]
    public void Defect027_UnknownKeysAndBooleansOfOldYaml_AreRefused(string member, string words) =>
        Policy
            .TryLoad(Policy.Yaml("strictest", Any + $"approval: {{ {member}, minApprovers: 1, approverRoles: [sre] }}"))
            .Problems.ShouldContain(problem => problem.Message.Contains(words));

    [Fact]
    public void Defect028_StagesOfOneNameOrOneOrder_AreRefused()
    {
        Refused(Any + Stages(Stage("a", 1, "reject"), Stage("a", 2, "reject")));
        Refused(Any + Stages(Stage("a", 1, "reject"), Stage("b", 1, "reject")));
    }

    [Fact]
    public void Defect029_SilenceApproves_OnlyWhereARuleIsLimitedToDevelopment()
    {
        Refused(Any + Stages(Stage("a", 1, "auto-approve")));
        Refused(Policy.When("environment", "equals", "development") + "\n" + Stages(Stage("a", 1, "auto-approve")));
    }

    [Fact]
    public void Defect030_EscalationWithoutATarget_IsRefused() => Refused(Any + Stages(Stage("a", 1, "escalate")));

    [Fact]
    public void Defect036_RuleWithNoStages_IsRefused() => Refused(Any + "approval: { required: true, stages: [] }");

    [Fact]
    public void Defect064_RiskLevelAndEstimatedUsers_DecideAndCountAsTheMostWhereUnknown()
    {
        var policy = Policy.Of(
            Policy.When("environment.estimatedUsers", "greaterThan", "1000") + "\n" + Policy.Two,
            Policy.When("environment.riskLevel", "greaterThan", "medium") + "\ndeny: too risky"
        );
        var known = Policy.Dev with { EstimatedUsers = 10, RiskLevel = Core.Flags.RiskLevel.Low };

        Policy.Judge(null, policy, Policy.Part(known)).Decision.Verdict.ShouldBe("allow");
        Policy
            .Judge(null, policy, Policy.Part(known with { EstimatedUsers = null }))
            .Decision.Verdict.ShouldBe("require-approval");
        Policy.Judge(null, policy, Policy.Part(known with { RiskLevel = null })).Decision.Verdict.ShouldBe("deny");
    }

    [Fact]
    public void Defect069_Checks_AreRequiredBesideApprovalsAndNotInTheirPlace()
    {
        var requirement = Policy.Requirement(
            Policy.Judge(null, Policy.Of(Any + "checks: [load-tests-pass]", Any + Policy.Two), Policy.Part(Policy.Production))
        );

        requirement.Checks.ShouldBe(["load-tests-pass"]);
        requirement.Stages.ShouldHaveSingleItem();
    }

    [Fact]
    public void Defect070_UnknownCheck_IsRefusedAtLoading() => Refused(Any + "checks: [securty-scan-pass]\n" + Policy.Two);

    private static void Refused(string rule) => Policy.TryLoad(Policy.Yaml("strictest", rule)).Problems.ShouldNotBeEmpty();

    private static string Stages(params IEnumerable<string> stages) =>
        $"approval: {{ required: true, stages: [{string.Join(", ", stages)}] }}";

    private static string Stage(string name, int order, string action) =>
        $"{{ name: {name}, order: {order}, requiredApprovers: 1, approverRoles: [sre], timeoutHours: 24, onTimeout: {action} }}";
}
