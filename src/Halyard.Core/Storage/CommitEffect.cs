namespace Halyard.Core.Storage;

/// <summary>
/// What a commit does beside the log, in the same transaction. Its entry accounts for it: no effect without its entry, no entry
/// without its effect.
/// </summary>
public abstract record CommitEffect
{
    private CommitEffect() { }

    /// <summary>The type of the entry that accounts for the effect.</summary>
    public abstract string EntryType { get; }

    /// <summary>
    /// Removes every private value of these subjects, and their names; no later commit can hold a value of theirs. A conflict where
    /// one was written at or after <paramref name="AsOf"/>: what was decided on is no longer what is there.
    /// </summary>
    /// <param name="Subjects">Pseudonymous ids, 1…<see cref="MaxSubjects"/>.</param>
    /// <param name="AsOf">The size of the log on which the erasure was decided.</param>
    public sealed record EraseSubjects(IReadOnlyList<string> Subjects, long AsOf) : CommitEffect
    {
        /// <summary>The most subjects one erasure may name.</summary>
        public const int MaxSubjects = 100;

        /// <summary>The type of the entry of an erasure.</summary>
        public const string Type = "privacy.subject_erased";

        /// <inheritdoc/>
        public override string EntryType => Type;
    }
}

/// <summary>What there is of some subjects, as of one moment.</summary>
/// <param name="Values">How many private values, in entries and documents.</param>
/// <param name="Commitments">The commitments to those in documents; they may stand in live ones.</param>
/// <param name="Names">The names that the directory has for them.</param>
/// <param name="Size">The size of the log.</param>
public sealed record SubjectExtent(long Values, IReadOnlyList<string> Commitments, IReadOnlyList<string> Names, long Size);
