using Halyard.Core.Approvals;
using Halyard.Core.Policies.Checks;
using Halyard.Core.Storage;
using Halyard.Evaluation.Definitions;
using Halyard.Ledger;

namespace Halyard.Core.Changes.Gating;

/// <summary>What a check that a request needs came to, for its very content and now.</summary>
/// <param name="Check">The check's key.</param>
/// <param name="Outcome">What it came to, and why not where it is no pass.</param>
/// <param name="Evidence">The newest evidence, whatever it is about; <see langword="null"/> where there is none, or none is needed.</param>
public sealed record CheckFinding(string Check, CheckOutcome Outcome, Evidence? Evidence);

/// <summary>What evidence must be about to count.</summary>
public static class CheckSubjects
{
    /// <summary>A request's content, which names revisions and environments.</summary>
    public static CheckSubject Of(ChangeRequest request) =>
        new(
            string.Join(' ', request.Content.Environments.Select(environment => environment.Id).Order(StringComparer.Ordinal)),
            request.Content.Bases.Select(item => item.Revision).DefaultIfEmpty(0).Max(),
            request.Hash
        );
}

/// <summary>What a request waits for besides people.</summary>
/// <param name="Checks">Every check that it needs, in ordinal order.</param>
/// <param name="Gates">What stands in the way of the promotions in it, in words.</param>
public sealed record RequestFindings(Sequence<CheckFinding> Checks, Sequence<string> Gates)
{
    /// <summary>What the answer rests on.</summary>
    internal IReadOnlyList<Precondition> Rests { get; init; } = [];

    /// <summary>Everything that stands in the way, in words.</summary>
    public IEnumerable<string> Blockers =>
        Checks.Where(item => item.Outcome.Result != CheckResult.Pass).Select(item => item.Outcome.Words).Concat(Gates);

    /// <summary>The same as the re-check wants it.</summary>
    internal Sequence<CheckEvidence> For(Digest content, DateTimeOffset now) =>
        Checks
            .Select(item => new CheckEvidence(item.Check, item.Outcome.Result, content, now.AddTicks(1))
            {
                Why = item.Outcome.Words,
            })
            .ToSequence();
}
