using FsCheck;
using FsCheck.Fluent;
using Halyard.Core.Policies;
using Halyard.Core.Policies.Installing;
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
            from now in Set
            from then in Set
            from facts in Facts
            select (now, then, facts),
            given =>
            {
                var (before, enforced) = (Decide(given.now, given.facts), Decide(given.then, given.facts));

                var run = new PolicySimulation(Loaded(given.now), Loaded(given.then));
                run.Add(Recorded(given.facts));

                if (before.Verdict == enforced.Verdict)
                    run.Differences.ShouldBeEmpty();
                else
                    run.Differences.ShouldHaveSingleItem()
                        .ShouldSatisfyAllConditions(
                            difference => difference.Now.ShouldBe(before.Verdict),
                            difference => difference.Then.ShouldBe(enforced.Verdict),
                            difference => difference.Reason.ShouldBe(enforced.Reason)
                        );
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

        var report = new PolicySimulation(Loaded(Shipped), Loaded(candidate));
        report.Add(Recorded(new ChangeFacts([], [Policy.Part(Policy.Dev)])));
        report.Add(Recorded(new ChangeFacts([], [Policy.Part(Policy.Dev)]), "nobody is there"));
        report.Add(Recorded(new ChangeFacts([], [Policy.Part(Policy.Staging)]), "never asked, for it is denied"));
        report.Add(Recorded(new ChangeFacts([], [Policy.Part(Policy.Production)])));

        (report.Changes, report.NewlyGated, report.NewlyBlocked, report.NewlyAllowed).ShouldBe((4, 2, 1, 0));
        (report.Gated, report.WithoutApprovers).ShouldBe((3, 1));
        report.Differences.Select(item => item.Gap).ShouldBe([null, "nobody is there", null]);
        report.IdleRules.ShouldBe(["p/r2"]);
    }

    [Fact]
    public void WithoutPoliciesInForce_EverythingThatIsGatedIsNewlyGated()
    {
        var report = new PolicySimulation(null, Loaded(Shipped));

        report.Add(Recorded(new ChangeFacts([], [Policy.Part(Policy.Production)])));
        report.Add(Recorded(new ChangeFacts([], [Policy.Part(Policy.Dev)])));

        (report.NewlyGated, report.Differences.Single().Now).ShouldBe((1, "allow"));
    }

    private static Decision Decide(PolicySet set, ChangeFacts facts) => PolicyJudge.Judge(set, facts).Decision;

    private static LoadedPolicies Loaded(PolicySet set) =>
        new([
            .. set.Organisation.Select(policy => (default(string), policy)),
            .. set.Project.Select(policy => ((string?)"web", policy)),
        ]);

    private static RecordedChange Recorded(ChangeFacts facts, string? gap = null) =>
        new(1, new PolicyQuestion("web", facts, [], []), _ => gap);

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
