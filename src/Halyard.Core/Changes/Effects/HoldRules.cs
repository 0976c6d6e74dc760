using Halyard.Core.Audit.Holds;
using Halyard.Core.Storage;

namespace Halyard.Core.Changes.Effects;

/// <summary>What legal holds forbid.</summary>
public static class HoldRules
{
    /// <summary>The keys of the holds that forbid an effect, in the order given; empty where none does.</summary>
    public static IReadOnlyList<string> Check(CommitEffect effect, IEnumerable<Hold> holds) =>
        [.. holds.Where(hold => Covers(hold, effect)).Select(hold => hold.Key)];

    private static bool Covers(Hold hold, CommitEffect effect) =>
        effect switch
        {
            CommitEffect.EraseSubjects erase => hold.Subject is { } subject
                && erase.Subjects.Contains(subject, StringComparer.Ordinal),
            CommitEffect.PurgeEntries purge => hold.Range is { } range && range.From < purge.Below && range.To > purge.From,
            CommitEffect.OpenShard => false,
        };
}
