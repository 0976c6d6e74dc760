using FsCheck;
using FsCheck.Fluent;
using Halyard.Core.Approvals;
using Halyard.Core.Policies;
using Halyard.Evaluation.Definitions;

namespace Halyard.Core.Tests.Approvals;

public sealed class QuorumTests
{
    private static readonly Gen<QuorumGroup> Group =
        from count in Gen.Choose(1, 2)
        from roles in Gen.SubListOf("a", "b", "c")
        select new QuorumGroup(count, roles.ToSequence());

    private static readonly Gen<Requirement> Requirements =
        from groups in Group.NonEmptyListOf()
        from cut in Gen.Choose(0, 3)
        from distinct in Gen.Elements(true, false)
        let few = groups.Take(3).ToList()
        select Desk.Needs(
            new[] { few.Take(cut), few.Skip(cut) }
                .Where(stage => stage.Any())
                .Select((stage, order) => Desk.Stage(order, 1, [.. stage]))
        ) with
        {
            Votes = new VoteRules(true, false, false, distinct),
        };

    private static readonly Gen<List<Sequence<string>>> People = Gen.SubListOf("a", "b", "c")
        .Select(roles => roles.ToSequence())
        .ListOf()
        .Select(list => list.Take(6).ToList());

    [Fact]
    public void Judge_AnyGroupsAndPeople_AgreesWithTryingEveryAssignment()
    {
        var satisfied = 0;
        Fixtures.Property.Holds(
            Requirements.Zip(People),
            pair =>
            {
                var (requirement, people) = (pair.Item1, pair.Item2);
                var quorum = Quorum.Judge(requirement, [], people);
                quorum.IsSatisfied.ShouldBe(BruteForce(requirement, people));
                (quorum.Gaps.Count == 0).ShouldBe(quorum.IsSatisfied);
                (quorum.Filled == quorum.Needed).ShouldBe(quorum.IsSatisfied);
                satisfied += quorum.IsSatisfied ? 1 : 0;
            },
            tests: 2_000
        );
        satisfied.ShouldBeInRange(200, 1_800);
    }

    [Fact]
    public void Judge_OneMoreApproval_NeverTakesAnythingAway() =>
        Fixtures.Property.Holds(
            Requirements.Zip(People),
            pair =>
            {
                for (var i = 0; i < pair.Item2.Count; i++)
                {
                    var (fewer, more) = (pair.Item2.Take(i).ToList(), pair.Item2.Take(i + 1).ToList());
                    var (before, after) = (Quorum.Judge(pair.Item1, [], fewer), Quorum.Judge(pair.Item1, [], more));
                    after.Filled.ShouldBeGreaterThanOrEqualTo(before.Filled);
                }
            }
        );

    [Fact]
    public void Judge_PersonWithBothRolesAndALead_FillBothWhateverTheOrder()
    {
        var requirement = Desk.Needs(Desk.Stage(1, 1, new QuorumGroup(1, ["tech-lead"]), new QuorumGroup(1, ["product-owner"])));
        Sequence<string> both = ["tech-lead", "product-owner"];
        Sequence<string> lead = ["tech-lead"];

        Quorum.Judge(requirement, [], [both, lead]).IsSatisfied.ShouldBeTrue();
        Quorum.Judge(requirement, [], [lead, both]).IsSatisfied.ShouldBeTrue();
        Quorum.Judge(requirement, [], [both]).Words.ShouldBe("needs 1 more of product-owner");
    }

    [Fact]
    public void Judge_SeveralGaps_NamesEachWithItsCount()
    {
        var requirement = Desk.Needs(
            Desk.Stage(1, 1, new QuorumGroup(2, ["product-owner"]), new QuorumGroup(1, ["tech-lead", "group:core"]))
        );

        Quorum
            .Judge(requirement, [], [])
            .Words.ShouldBe("needs 2 more of product-owner, needs 1 more of tech-lead or group:core");
    }

    [Fact]
    public void Judge_GroupThatAsksNobody_IsNeverFilled()
    {
        var requirement = Desk.Needs(Desk.Stage(1, 1, new QuorumGroup(1, [])));

        Quorum
            .Judge(
                requirement,
                [],
                [
                    ["tech-lead"],
                ]
            )
            .Words.ShouldBe("needs 1 more of nobody");
    }

    [Fact]
    public void Judge_WaivedStageThatMayNotBeWaived_StillCounts()
    {
        var waived = new StageProgress(1, 0, Waived: true);
        var requirement = Desk.Needs(Desk.Stage(1, 1, TimeoutAction.Reject, new QuorumGroup(1, ["tech-lead"])));

        Quorum.Judge(requirement, [waived], []).IsSatisfied.ShouldBeFalse();
    }

    private static bool BruteForce(Requirement requirement, List<Sequence<string>> people)
    {
        var stages = requirement
            .Stages.Select(stage => stage.Groups.SelectMany(group => Enumerable.Repeat(group.From, group.Count)).ToList())
            .ToList();
        return requirement.Votes.DistinctAcrossStages
            ? CanFill([.. stages.SelectMany(slots => slots)], people)
            : stages.All(slots => CanFill(slots, people));
    }

    private static bool CanFill(List<Sequence<string>> slots, List<Sequence<string>> people)
    {
        if (slots.Count == 0)
            return true;
        for (var i = 0; i < people.Count; i++)
        {
            List<Sequence<string>> others = [.. people[..i], .. people[(i + 1)..]];
            if (people[i].Any(role => slots[0].Contains(role)) && CanFill(slots[1..], others))
                return true;
        }
        return false;
    }
}
