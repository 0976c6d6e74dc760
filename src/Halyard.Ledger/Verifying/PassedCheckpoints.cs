namespace Halyard.Ledger;

/// <summary>A file that should be the checkpoint of a size.</summary>
internal sealed record PublishedCheckpoint(long Size, string Path);

/// <summary>The checkpoints of earlier sizes that a tree must pass through: those published, and the one that is held from elsewhere.</summary>
internal sealed class PassedCheckpoints
{
    private const string Held = "the checkpoint that you hold";

    private readonly ILedgerFiles _files;
    private readonly CheckpointCheck _check;
    private readonly long _size;
    private readonly Queue<PublishedCheckpoint> _published;
    private readonly Checkpoint? _since;
    private readonly Checkpoint? _earlier;

    public PassedCheckpoints(
        ILedgerFiles files,
        CheckpointCheck check,
        long size,
        IEnumerable<PublishedCheckpoint> published,
        Checkpoint? since,
        Checkpoint? earlier
    )
    {
        _files = files;
        _check = check;
        _size = size;
        _since = since;
        _earlier = earlier;
        _published = new Queue<PublishedCheckpoint>(published);
    }

    /// <summary>The size up to which the tree is known to be the one that was signed.</summary>
    public long Agreed { get; private set; }

    /// <summary>How many that were published before the newest were compared.</summary>
    public long Count { get; private set; }

    /// <summary>Whether the tree passed through the held checkpoint of an earlier shard.</summary>
    public bool PassedEarlier { get; private set; }

    /// <summary>Opens the checkpoint that somebody holds; it may be one of an earlier shard.</summary>
    public static (Checkpoint? Checkpoint, ArchiveVerdict? Verdict) Open(byte[] since, CheckpointCheck check) =>
        check.Open(since, Held, mayBeEarlier: true);

    /// <summary>Compares every checkpoint of some sizes; none smaller may be left.</summary>
    /// <param name="from">Sizes above it.</param>
    /// <param name="to">The largest size.</param>
    /// <param name="rootAt">The root of the tree that was read, at such a size.</param>
    public ArchiveVerdict? Pass(long from, long to, Func<long, Digest> rootAt)
    {
        while (_published.TryPeek(out var next) && next.Size <= to)
        {
            _published.Dequeue();
            if (ComparePublished(next.Size, next.Path, rootAt) is { } verdict)
                return verdict;
        }
        if (_earlier is { } earlier && IsWithin(earlier.Size, from, to))
            PassedEarlier = rootAt(earlier.Size) == earlier.Root;
        return _since is { } held && IsWithin(held.Size, from, to) ? Compare(held, Held, rootAt) : null;
    }

    private static bool IsWithin(long size, long from, long to) => size <= to && (size > from || (from == 0 && size == 0));

    private ArchiveVerdict? ComparePublished(long size, string path, Func<long, Digest> rootAt)
    {
        if (_files.Read(path, Note.MaxLength) is not { } bytes)
            return new ArchiveVerdict.Incomplete($"{path} disappeared while it was read");
        var (checkpoint, verdict) = _check.Open(bytes, path);
        // Of a key that was replaced before the keys at hand: it says nothing.
        if (verdict is ArchiveVerdict.Incomplete)
            return null;
        if (checkpoint is null)
            return verdict;
        if (checkpoint.Size != size)
            return new ArchiveVerdict.Tampered(null, path, $"is of {checkpoint.Size} entries, not of {size}");
        if (size < _size)
            Count++;
        return Compare(checkpoint, path, rootAt);
    }

    private ArchiveVerdict.Tampered? Compare(Checkpoint checkpoint, string what, Func<long, Digest> rootAt)
    {
        if (rootAt(checkpoint.Size) == checkpoint.Root)
        {
            Agreed = Math.Max(Agreed, checkpoint.Size);
            return null;
        }
        return new ArchiveVerdict.Tampered(
            Math.Min(Agreed, Math.Max(checkpoint.Size - 1, 0)),
            what,
            $"has another root than the {checkpoint.Size} entries that are there; those below {Agreed} are as they were signed"
        );
    }
}
