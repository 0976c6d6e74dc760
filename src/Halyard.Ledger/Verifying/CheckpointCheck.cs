namespace Halyard.Ledger;

/// <summary>Opens checkpoints: whose log, what size and root, and who signed.</summary>
internal sealed class CheckpointCheck(string origin, LogKeys? keys)
{
    /// <summary>The checkpoint, or the verdict that it leads to.</summary>
    /// <param name="bytes">A signed note.</param>
    /// <param name="path">What to call it.</param>
    /// <param name="mayBeEarlier">Whether it may be one of an earlier shard.</param>
    public (Checkpoint? Checkpoint, ArchiveVerdict? Verdict) Open(byte[] bytes, string path, bool mayBeEarlier = false)
    {
        if (!Note.TryParse(bytes, out var note, out var problem))
            return Tampered(path, $"is not a signed note: {problem}");
        if (!Checkpoint.TryParse(note.Text, out var checkpoint, out problem))
            return Tampered(path, $"is not a checkpoint: {problem}");
        if (checkpoint.Origin != origin && !(mayBeEarlier && LogName.Of(origin).IsLaterThan(LogName.Of(checkpoint.Origin))))
            return Tampered(path, $"is of the log '{checkpoint.Origin}', not of '{origin}'");
        return keys?.Verify(note, checkpoint.Size) switch
        {
            null or NoteVerdict.Verified => (checkpoint, null),
            NoteVerdict.BadSignature bad => Tampered(path, $"has a signature in the name of {bad.Key} that is not that key's"),
            NoteVerdict.AmbiguousKey two => (null, new ArchiveVerdict.Incomplete($"two of your keys are {two.Key}")),
            NoteVerdict.NoKnownKey => keys.SignedByAny(note)
                ? Tampered(path, $"is signed by a key that does not count at size {checkpoint.Size}")
                : (null, new ArchiveVerdict.Incomplete($"{path} is signed by none of your keys")),
        };
    }

    private static (Checkpoint?, ArchiveVerdict?) Tampered(string path, string words) =>
        (null, new ArchiveVerdict.Tampered(null, path, words));
}
