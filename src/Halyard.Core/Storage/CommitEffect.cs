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

    /// <summary>
    /// Removes the oldest entries with their private values; they are found no more, and <see cref="Audit.LogHead.Minimum"/> is then
    /// <paramref name="Below"/>. Leaf hashes, versions and content stay. A conflict where others were purged meanwhile.
    /// </summary>
    /// <param name="From">The minimum on which the purge was decided.</param>
    /// <param name="Below">The first entry that stays: whole bundles go, at most <see cref="MaxEntries"/> entries.</param>
    public sealed record PurgeEntries(long From, long Below) : CommitEffect
    {
        /// <summary>The most entries one purge may remove, so that other writers do not wait long.</summary>
        public const int MaxEntries = 16_384;

        /// <summary>Whether the log still is as it was when the purge was decided.</summary>
        public bool Fits(Audit.LogHead head) => head.Minimum == From && head.Range.Size >= Below;

        /// <summary>The type of the entry of a purge.</summary>
        public const string Type = "log.purged";

        /// <inheritdoc/>
        public override string EntryType => Type;
    }

    /// <summary>
    /// Lets a log that lost entries which were given out go on under the name of its next shard; its entry is the first that has
    /// that name. A conflict where the log is not as it was when that was decided.
    /// </summary>
    /// <param name="From">The log's name before.</param>
    /// <param name="Size">How many entries are left of it.</param>
    /// <param name="Origin">Its name from this entry on.</param>
    public sealed record OpenShard(string From, long Size, string Origin) : CommitEffect
    {
        /// <summary>The type of the entry that opens a shard; one that opens none is of this type too.</summary>
        public const string Type = "log.restored";

        /// <summary>Whether the log still is as it was when the shard was decided on.</summary>
        public bool Fits(Audit.LogHead head) => head.Origin == From && head.Range.Size == Size;

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
