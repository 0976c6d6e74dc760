using Halyard.Core.Policies.Installing;
using Halyard.Evaluation.Definitions;

namespace Halyard.Core.Policies.Simulating;

/// <summary>A change that happened, as policies would have been asked about it.</summary>
/// <param name="Index">Its entry in the log.</param>
/// <param name="Question">What they would have been asked.</param>
/// <param name="Gap">What nobody could ever approve of a requirement, in words; <see langword="null"/> where there are people enough.</param>
public sealed record RecordedChange(long Index, PolicyQuestion Question, Func<Requirement, string?> Gap);

/// <summary>A change that other policies would have judged otherwise, or that nobody could have approved under them.</summary>
/// <param name="Index">Its entry in the log.</param>
/// <param name="Now">The verdict of the policies that hold, as its name in the ledger.</param>
/// <param name="Then">The verdict of the candidates.</param>
/// <param name="Gap">Why nobody could have approved it, in words, or <see langword="null"/>.</param>
/// <param name="Reason">Why the candidates say so, in words.</param>
public sealed record VerdictDifference(long Index, string Now, string Then, string? Gap, string Reason);

/// <summary>
/// What candidate policies would have made of recorded changes: each is put to <see cref="LoadedPolicies.Judge"/>, the code that
/// enforces. Pure.
/// </summary>
/// <param name="current">The policies that hold, or <see langword="null"/> where changes wait for nobody.</param>
/// <param name="candidate">What would hold in their place.</param>
public sealed class PolicySimulation(LoadedPolicies? current, LoadedPolicies candidate)
{
    /// <summary>The most differences that are told one by one; all are counted.</summary>
    public const int MaxDifferences = 100;

    private readonly List<VerdictDifference> _differences = [];
    private readonly HashSet<string> _idle = [.. candidate.Rules];

    /// <summary>How many changes were judged.</summary>
    public long Changes { get; private set; }

    /// <summary>How many need approval under the candidates.</summary>
    public long Gated { get; private set; }

    /// <summary>How many would need approval that went through.</summary>
    public long NewlyGated { get; private set; }

    /// <summary>How many would be denied that were not.</summary>
    public long NewlyBlocked { get; private set; }

    /// <summary>How many would go through that were denied or needed approval.</summary>
    public long NewlyAllowed { get; private set; }

    /// <summary>How many would need more people than there are.</summary>
    public long WithoutApprovers { get; private set; }

    /// <summary>The first of those that are judged otherwise, or could not be approved.</summary>
    public IReadOnlyList<VerdictDifference> Differences => _differences;

    /// <summary>Rules of the candidates that matched no change, as <c>policy/rule</c>.</summary>
    public Sequence<string> IdleRules => RequirementUnion.Sorted(_idle);

    /// <summary>Judges one change more.</summary>
    public void Add(RecordedChange change)
    {
        Changes++;
        var now = current?.Judge(change.Question).Decision.Verdict ?? new Decision.Allow("", "").Verdict;
        var answer = candidate.Judge(change.Question);
        var then = answer.Decision;
        _idle.ExceptWith(answer.Matches.Select(match => $"{match.Policy}/{match.Rule}"));
        var gap = then is Decision.RequireApproval required ? change.Gap(required.Requirement) : null;
        Gated += then is Decision.RequireApproval ? 1 : 0;
        NewlyGated += then is Decision.RequireApproval && now == "allow" ? 1 : 0;
        NewlyBlocked += then is Decision.Deny && now != "deny" ? 1 : 0;
        NewlyAllowed += then is Decision.Allow && now != "allow" ? 1 : 0;
        WithoutApprovers += gap is null ? 0 : 1;
        if ((now != then.Verdict || gap is not null) && _differences.Count < MaxDifferences)
            _differences.Add(new VerdictDifference(change.Index, now, then.Verdict, gap, then.Reason));
    }
}
