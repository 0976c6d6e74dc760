using Halyard.Core.Policies;
using Halyard.Evaluation.Definitions;

namespace Halyard.Core.Approvals;

/// <summary>How far a request's approvals go.</summary>
/// <param name="OpenStage">The stage being decided, or <see langword="null"/> where all are.</param>
/// <param name="Filled">The slots filled up to the open stage.</param>
/// <param name="Needed">The slots of all stages.</param>
/// <param name="Gaps">What the open stage lacks, in words; empty where nothing does.</param>
public sealed record QuorumState(RequiredStage? OpenStage, int Filled, int Needed, Sequence<string> Gaps)
{
    /// <summary>Whether every stage has its people.</summary>
    public bool IsSatisfied => OpenStage is null;

    /// <summary>The gaps in one sentence.</summary>
    public string Words => string.Join(", ", Gaps);
}

/// <summary>What happened to a stage besides votes.</summary>
/// <param name="Order">The stage's order.</param>
/// <param name="Escalations">How often it was escalated; from once on, <see cref="RequiredStage.EscalateTo"/> may approve as well.</param>
/// <param name="Waived">True where its time-out approved it, which only a stage that says so allows.</param>
public sealed record StageProgress(int Order, int Escalations, bool Waived);

/// <summary>Counts people into the slots of stages: one person, one slot; a person with several roles goes where needed most.</summary>
public static class Quorum
{
    /// <summary>Counts.</summary>
    /// <param name="requirement">The stages.</param>
    /// <param name="progress">What happened to them.</param>
    /// <param name="people">What each approving person holds: one element a person.</param>
    public static QuorumState Judge(
        Requirement requirement,
        Sequence<StageProgress> progress,
        IReadOnlyList<Sequence<string>> people
    )
    {
        var stages = Stages(requirement, progress).ToList();
        var needed = stages.Sum(stage => stage.Slots.Count);
        var matching = new SlotMatching(people);
        var filled = 0;
        foreach (var (stage, slots) in stages)
        {
            if (!requirement.Votes.DistinctAcrossStages)
                matching = new SlotMatching(people);
            var empty = slots.Where(slot => !matching.Fill(slot)).ToList();
            filled += slots.Count - empty.Count;
            if (empty.Count > 0)
                return new QuorumState(stage, filled, needed, Gaps(empty));
        }
        return new QuorumState(null, filled, needed, []);
    }

    /// <summary>What could ever be filled by these people, were all of them to approve and every time-out to pass.</summary>
    public static QuorumState Reach(Requirement requirement, IReadOnlyList<Sequence<string>> people) =>
        Judge(requirement, requirement.Stages.Select(AtLast).ToSequence(), people);

    /// <summary>The stage that could never be filled by these people, with what it lacks; <see langword="null"/> where all could be.</summary>
    /// <param name="requirement">The stages.</param>
    /// <param name="members">Who may approve; in whatever guise, a person counts once.</param>
    public static string? Gap(Requirement requirement, IEnumerable<Approver> members)
    {
        var people = members
            .GroupBy(member => member.Who.Person, StringComparer.Ordinal)
            .Select(person => person.SelectMany(member => member.Holds).ToSequence())
            .ToList();
        var reach = Reach(requirement, people);
        return reach.OpenStage is { } stage
            ? $"nobody could ever approve this: stage {Words.Quote(stage.Name)} {reach.Words}"
            : null;
    }

    /// <summary>Whether somebody with these roles is asked by any stage up to one, or by any at all where none is named.</summary>
    public static bool IsAsked(
        Requirement requirement,
        Sequence<StageProgress> progress,
        RequiredStage? upTo,
        Sequence<string> holds
    ) =>
        Stages(requirement, progress)
            .Where(stage => upTo is null || stage.Stage.Order <= upTo.Order)
            .Any(stage => stage.Slots.Any(slot => slot.Takes(holds)));

    /// <summary>Whom a stage asks, escalation counted in, in ordinal order.</summary>
    public static Sequence<string> Asked(RequiredStage stage, Sequence<StageProgress> progress) =>
        stage
            .Groups.SelectMany(group => From(stage, group, progress))
            .Distinct(StringComparer.Ordinal)
            .Order(StringComparer.Ordinal)
            .ToSequence();

    private static IEnumerable<(RequiredStage Stage, IReadOnlyList<Slot> Slots)> Stages(
        Requirement requirement,
        Sequence<StageProgress> progress
    ) =>
        requirement
            .Stages.OrderBy(stage => stage.Order)
            .Where(stage => !IsWaived(stage, progress))
            .Select(stage =>
                (stage, (IReadOnlyList<Slot>)[.. stage.Groups.SelectMany(group => Slots(group, From(stage, group, progress)))])
            );

    private static IEnumerable<Slot> Slots(QuorumGroup group, Sequence<string> from) =>
        Enumerable.Range(0, group.Count).Select(_ => new Slot(from));

    private static Sequence<string> From(RequiredStage stage, QuorumGroup group, Sequence<StageProgress> progress) =>
        progress.Any(item => item.Order == stage.Order && item.Escalations > 0)
            ? group.From.Concat(stage.EscalateTo).ToSequence()
            : group.From;

    private static StageProgress AtLast(RequiredStage stage) =>
        stage.Timeout <= TimeSpan.Zero
            ? new StageProgress(stage.Order, 0, Waived: false)
            : new StageProgress(stage.Order, stage.OnTimeout == TimeoutAction.Escalate ? 1 : 0, Waived: true);

    private static bool IsWaived(RequiredStage stage, Sequence<StageProgress> progress) =>
        stage.OnTimeout == TimeoutAction.AutoApprove && progress.Any(item => item.Order == stage.Order && item.Waived);

    private static Sequence<string> Gaps(IEnumerable<Slot> empty) =>
        empty
            .GroupBy(slot => string.Join(" or ", slot.From))
            .Select(group => $"needs {group.Count()} more of {(group.Key.Length == 0 ? "nobody" : group.Key)}")
            .ToSequence();
}

/// <summary>One place for one person.</summary>
internal sealed class Slot(Sequence<string> from)
{
    public Sequence<string> From => from;

    public bool Takes(Sequence<string> holds) => holds.Any(held => from.Contains(held, StringComparer.Ordinal));
}

/// <summary>
/// Maximum bipartite matching by augmenting paths. A filled slot stays filled, perhaps by another person, so filling slots in order
/// gives the earlier ones precedence and still as many as can be.
/// </summary>
internal sealed class SlotMatching(IReadOnlyList<Sequence<string>> people)
{
    private readonly Slot?[] _taken = new Slot?[people.Count];

    /// <summary>Finds somebody for the slot, moving others where that helps; false where nobody can be found.</summary>
    public bool Fill(Slot slot) => Fill(slot, new bool[people.Count]);

    private bool Fill(Slot slot, bool[] seen)
    {
        for (var person = 0; person < people.Count; person++)
        {
            if (seen[person] || !slot.Takes(people[person]))
                continue;
            seen[person] = true;
            if (_taken[person] is not { } other || Fill(other, seen))
            {
                _taken[person] = slot;
                return true;
            }
        }
        return false;
    }
}
