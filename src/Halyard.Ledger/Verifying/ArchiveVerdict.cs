namespace Halyard.Ledger;

/// <summary>What the check of an archive found.</summary>
public abstract record ArchiveVerdict
{
    private ArchiveVerdict() { }

    /// <summary>Every file that the log must have is there and leads to the signed root.</summary>
    /// <param name="Head">The checkpoint that everything leads to.</param>
    /// <param name="PurgedBelow">Entries below it are hashes only, as the log itself says.</param>
    /// <param name="Checkpoints">How many earlier published checkpoints were compared.</param>
    /// <param name="Blobs">What became of the content that entries name by digest.</param>
    public sealed record Verified(Checkpoint Head, long PurgedBelow, long Checkpoints, BlobFindings Blobs) : ArchiveVerdict
    {
        /// <summary>Where the log lost entries that were given out and went on under another name, as it says itself.</summary>
        public IReadOnlyList<RestoreRecord> Restores { get; init; } = [];
    }

    /// <summary>Something was changed, removed, put in, or is not what was signed.</summary>
    /// <param name="Index">The first entry that is concerned; null where none can be named.</param>
    /// <param name="Path">The file, or null.</param>
    /// <param name="Words">What is wrong.</param>
    public sealed record Tampered(long? Index, string? Path, string Words) : ArchiveVerdict;

    /// <summary>Nothing can be said: a file cannot be read, or no key that is known signed.</summary>
    /// <param name="Words">Why.</param>
    public sealed record Incomplete(string Words) : ArchiveVerdict;
}

/// <summary>Content that entries name by digest.</summary>
/// <param name="Checked">Found with the right digest, counted once in a while again.</param>
/// <param name="Absent">Named but not there: the archive keeps none, or was not asked for any.</param>
public sealed record BlobFindings(long Checked, long Absent);
