using Halyard.Ledger;

namespace Halyard.Core.Changes.Effects;

/// <summary>What an event asks to be done beside the log; the pipeline turns it into a commit's effect.</summary>
public abstract record EffectRequest
{
    private EffectRequest() { }

    /// <summary>
    /// Erases the personal values of somebody: of a subject, and of everybody whom a name stands for (a name, an e-mail address, a
    /// targeting key). At least one of the two is given.
    /// </summary>
    /// <param name="Subjects">Pseudonymous ids.</param>
    /// <param name="Name">The name, or <see langword="null"/>.</param>
    public sealed record Erase(IReadOnlyList<string> Subjects, string? Name) : EffectRequest
    {
        /// <summary>What the authorizer is asked about.</summary>
        public const string Action = "privacy.erase";

        /// <summary>
        /// True where the subjects' keys are gone already, because the store was restored from an older state: neither a hold nor
        /// what is still in use can change that any more.
        /// </summary>
        public bool IsReplay { get; init; }
    }

    /// <summary>Purges the oldest entries.</summary>
    /// <param name="Below">The first entry that stays.</param>
    public sealed record Purge(long Below) : EffectRequest
    {
        /// <summary>What the authorizer is asked about.</summary>
        public const string Action = "log.purge";
    }

    /// <summary>Lets a log that lost entries which were given out go on under the name of its next shard.</summary>
    /// <param name="Backup">What the store was put back from, in words.</param>
    /// <param name="Last">The newest checkpoint that was found, of any shard.</param>
    /// <param name="Lost">What was given out and is not in the store, at least one.</param>
    /// <param name="Shard">The new shard, one more than the last of which anything was found.</param>
    public sealed record OpenShard(string Backup, Checkpoint Last, IReadOnlyList<LostEntries> Lost, int Shard) : EffectRequest
    {
        /// <summary>What the authorizer is asked about.</summary>
        public const string Action = "store.restore";
    }
}
