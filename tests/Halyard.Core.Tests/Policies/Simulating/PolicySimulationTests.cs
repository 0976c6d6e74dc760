using FsCheck;
using FsCheck.Fluent;
using Halyard.Core.Policies;
using Halyard.Core.Policies.Judging;
using Halyard.Core.Policies.Simulating;
using Halyard.Evaluation.Definitions;
using Property = Halyard.Core.Tests.Fixtures.Property;

namespace Halyard.Core.Tests.Policies.Simulating;

public sealed class PolicySimulationTests
{
    private const string Any = "always: true\n";

    private static readonly PolicySet Shipped = new([], [], ShippedPolicies.Defaults);

    private static readonly Gen<ChangePart> Part =
        from environment in Gen.Elements<PolicyEnvironment?>(Policy.Dev, Policy.Staging, Policy.Production, null)
        from direction in Gen.Elements(Enum.GetValues<ChangeDirection>())
        from tag in Gen.Elements("kill-switch", "critical")
        from delta in Gen.Elements<double?>(null, 0, 5, 50)
        select Policy.Part(environment, direction, [tag], delta);

    private static readonly Gen<string> Rule =
        from condition in Gen.Elements(
            Any,
            Policy.When("environment.type", "equals", "production") + "\n",
            Policy.When("environment.type", "equals", "development") + "\n",
            Policy.When("flag.tags", "contains", "kill-switch") + "\n",
            Policy.When("audience.delta", "greaterThan", "10") + "\n"
        )
        from effect in Gen.Elements(
            Policy.None,
            Policy.Two,
            "checks: [load-tests-pass]",
            "approval: { required: true, minApprovers: 1, approverRoles: [sre, tech-lead] }",
            "deny: never"
        )
        select condition + effect;

    private static readonly Gen<PolicySet> Set =
        from match in Gen.Elements("strictest", "first")
        from rules in Rule.NonEmptyListOf()
        from isFloor in Gen.Elements(true, false)
        let policy = Policy.Load(Policy.Yaml(match, rules.Take(5)))
        select isFloor
            ? new PolicySet([policy], [], ShippedPolicies.Defaults)
            : new PolicySet([], [policy], ShippedPolicies.Defaults);

    private static readonly Gen<ChangeFacts> Facts = Part.NonEmptyListOf()
        .Select(parts => new ChangeFacts(["payments"], parts.Take(4).ToSequence()));

    [Fact]
    public void Simulation_SaysOfEachChange_WhatEnforcingSays() =>
        Property.Holds(
            from set in Set
            from facts in Facts
            select (set, facts),
            pair =>
            {
                var enforced = PolicyJudge.Judge(pair.set, pair.facts).Decision;
                var before = PolicyJudge.Judge(Shipped, pair.facts).Decision;

                var report = PolicySimulation.Run(Shipped, pair.set, [Recorded(pair.facts, "ann", "bob", "cid", "dan")]);

                if (before.Verdict == enforced.Verdict)
                    report.Differences.ShouldBeEmpty();
                else
                    report.Differences.ShouldHaveSingleItem().Then.ShouldBe(enforced.Verdict);
            }
        );

    [Fact]
    public void AnotherPart_NeverLoosensTheVerdict() =>
        Property.Holds(
            from set in Set
            from facts in Facts
            from part in Part
            select (set, facts, part),
            given =>
            {
                var more = given.facts with { Parts = [.. given.facts.Parts, given.part] };
                ShouldBeNoLooser(PolicyJudge.Judge(given.set, given.facts).Decision, PolicyJudge.Judge(given.set, more).Decision);
            }
        );

    [Fact]
    public void ProjectsPolicies_NeverLoosenTheOrganisations() =>
        Property.Holds(
            from floor in Set
            from own in Set
            from facts in Facts
            select (floor, own, facts),
            given =>
            {
                var organisation = given.floor with
                {
                    Organisation = [.. given.floor.Organisation, .. given.floor.Project],
                    Project = [],
                };
                var both = organisation with { Project = [.. given.own.Project, .. given.own.Organisation] };
                var alone = new PolicySet(organisation.Organisation, [], []);
                // Where the floor alone has no say, defaults would speak that are no floor.
                if (PolicyJudge.Judge(alone, given.facts).Decision is Decision.Deny { Policy: "none" })
                    return;
                ShouldBeNoLooser(PolicyJudge.Judge(alone, given.facts).Decision, PolicyJudge.Judge(both, given.facts).Decision);
            }
        );

    [Fact]
    public void Report_CountsWhatWouldBeGatedBlockedAndWithoutApprovers_AndRulesThatMatchNothing()
    {
        var candidate = new PolicySet(
            [],
            [
                Policy.Of(
                    Policy.When("environment", "equals", "development") + "\n" + Policy.Two,
                    Policy.When("environment", "equals", "staging") + "\ndeny: closed",
                    Policy.When("environment", "equals", "elsewhere") + "\n" + Policy.Two
                ),
            ],
            ShippedPolicies.Defaults
        );

        var report = PolicySimulation.Run(
            Shipped,
            candidate,
            [
                Recorded(new ChangeFacts([], [Policy.Part(Policy.Dev)]), "ann", "bob", "cid"),
                Recorded(new ChangeFacts([], [Policy.Part(Policy.Dev)]), "ann"),
                Recorded(new ChangeFacts([], [Policy.Part(Policy.Staging)]), "ann"),
                Recorded(new ChangeFacts([], [Policy.Part(Policy.Production)]), "ann", "bob"),
            ]
        );

        (report.Changes, report.NewlyGated, report.NewlyBlocked, report.NewlyAllowed).ShouldBe((4, 2, 1, 0));
        report.WithoutApprovers.ShouldBe(1);
        report.Differences.Count.ShouldBe(3);
        report.IdleRules.ShouldBe(["p/r2"]);
    }

    [Theory]
    [InlineData("tech-lead:ann,bob product-owner:bob", true)]
    [InlineData("tech-lead:bob product-owner:bob", false)]
    [InlineData("tech-lead:me,ann product-owner:me", false)]
    [InlineData("tech-lead:ann", false)]
    public void Electorate_NeedsADifferentPersonForEachPlace_AndNeverTheRequester(string people, bool can)
    {
        var byName = people
            .Split(' ')
            .Select(entry => entry.Split(':'))
            .ToDictionary(entry => entry[0], IReadOnlySet<string> (entry) => entry[1].Split(',').ToHashSet());
        var requirement = Policy.Requirement(Policy.Judge(null, null, Policy.Part(Policy.Production)));

        new Electorate(byName, new HashSet<string>(), new HashSet<string> { "me" }).CanMeet(requirement).ShouldBe(can);
    }

    private static RecordedChange Recorded(ChangeFacts facts, params string[] everybody)
    {
        var all = everybody.ToHashSet();
        var people = ShippedPolicies.Roles.ToDictionary(role => role, IReadOnlySet<string> (_) => all);
        return new RecordedChange("1", facts, new Electorate(people, all, new HashSet<string>()));
    }

    private static void ShouldBeNoLooser(Decision before, Decision after)
    {
        Strictness(after).ShouldBeGreaterThanOrEqualTo(Strictness(before));
        if ((before, after) is not (Decision.RequireApproval was, Decision.RequireApproval becomes))
            return;
        was.Requirement.Checks.ShouldBeSubsetOf(becomes.Requirement.Checks);
        foreach (var stage in was.Requirement.Stages)
        {
            var same = becomes.Requirement.Stages.Single(other => other.Order == stage.Order);
            same.Timeout.ShouldBeLessThanOrEqualTo(stage.Timeout);
            foreach (var group in stage.Groups)
                same.Groups.ShouldContain(other => other.From == group.From && other.Count >= group.Count);
        }
    }

    private static int Strictness(Decision decision) =>
        decision switch
        {
            Decision.Deny => 2,
            Decision.RequireApproval => 1,
            _ => 0,
        };
}
