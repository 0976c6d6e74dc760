using Halyard.Evaluation.Definitions;
using Halyard.Ledger;

namespace Halyard.Core.Policies.Checks;

/// <summary>What a check is about: one flag's configuration in one environment, exactly as it is.</summary>
/// <param name="Environment">The id of the environment.</param>
/// <param name="Revision">The revision of the flag.</param>
/// <param name="Value">Digest of the configuration that was checked.</param>
public sealed record CheckSubject(string Environment, long Revision, Digest Value);

/// <summary>What a check came to at a time. It says nothing of anything but its subject, and not for ever.</summary>
/// <param name="Check">The check's id.</param>
/// <param name="Subject">What was checked.</param>
/// <param name="Source">Who says so: an address, or the credential that reported it.</param>
/// <param name="ObservedAt">When it was seen.</param>
/// <param name="ExpiresAt">From when on it says nothing any more.</param>
/// <param name="Outcome">What it came to.</param>
public sealed record Evidence(
    string Check,
    CheckSubject Subject,
    string Source,
    DateTimeOffset ObservedAt,
    DateTimeOffset ExpiresAt,
    CheckOutcome Outcome
)
{
    /// <summary>What the newest evidence of a check says of a subject now; a pass only where it is of this very subject and fresh.</summary>
    /// <param name="check">The check's id.</param>
    /// <param name="evidence">All there is, in any order.</param>
    /// <param name="subject">What is to be let through.</param>
    /// <param name="now">The time.</param>
    public static CheckOutcome Judge(string check, IEnumerable<Evidence> evidence, CheckSubject subject, DateTimeOffset now)
    {
        var newest = evidence
            .Where(item => item.Check == check && item.ObservedAt <= now)
            .OrderByDescending(item => item.ObservedAt)
            .ThenBy(item => item.Outcome.Result)
            .FirstOrDefault(item => item.Subject == subject);
        if (newest is null)
            return CheckOutcome.Unknown($"'{check}' was not run on this configuration at this revision");
        if (newest.ExpiresAt <= now)
            return CheckOutcome.Unknown($"'{check}' was last run at {Rfc3339.Format(newest.ObservedAt)}, which is too long ago");
        return newest.Outcome.Result == CheckResult.Pass
            ? newest.Outcome
            : newest.Outcome with
            {
                Words = $"'{check}': {newest.Outcome.Words}",
            };
    }
}
