namespace Halyard.Ledger;

/// <summary>One check of an archive. Bundles are checked side by side, what binds them together in their order.</summary>
internal sealed class ArchiveRun(ILedgerFiles files, ArchiveQuestion question)
{
    // Enough for many cores; few enough that even the largest bundles fit into memory.
    private const int Window = 32;

    private readonly CheckpointCheck _check = new(question.Origin, question.Keys);
    private readonly TreeEdge _edge = new();
    private readonly ShardWalk _shards = new(question.Origin);
    private readonly List<(long Index, Digest Digest)> _absent = [];
    private long _absentCount;
    private long _purgedBelow;
    private byte[] _lastAt = [];

    public ArchiveVerdict Check(CancellationToken cancellationToken)
    {
        var (head, published, verdict) = Head();
        if (head is null)
            return verdict!;
        Checkpoint? since = null;
        Checkpoint? earlier = null;
        if (question.Since is { } held && PassedCheckpoints.Open(held, _check) is var (opened, refused))
        {
            if (opened is null)
                return refused!;
            if (opened.Origin != question.Origin)
                earlier = opened;
            else if (opened.Size > head.Size)
                return new ArchiveVerdict.Tampered(
                    head.Size,
                    LedgerPaths.Checkpoint,
                    $"is of {head.Size} entries; the checkpoint that you hold is of {opened.Size}"
                );
            else
                since = opened;
        }
        var archive = new ArchiveFiles(files, head.Size);
        var (minimum, fault) = archive.MinimumIndex();
        if (fault is not null)
            return Tampered(fault);
        var passed = new PassedCheckpoints(files, _check, head.Size, published, since, earlier);
        var blobs = question.Blobs ? new BlobCheck(files) : null;
        var bundles = new BundleCheck(archive, blobs, question.Origin, head.Size, minimum, question.Entry is not null);
        return passed.Pass(0, 0, _ => MerkleTree.EmptyRoot)
            ?? Walk(archive, bundles, passed, head.Size, cancellationToken)
            ?? CheckEarlier(passed, earlier)
            ?? Conclude(archive, passed, head, minimum, blobs);
    }

    /// <summary>The newest checkpoint that there is, and all: a log cannot be cut back by giving an older one.</summary>
    private (Checkpoint?, IReadOnlyList<PublishedCheckpoint>, ArchiveVerdict?) Head()
    {
        if (files.Read(LedgerPaths.Checkpoint, Note.MaxLength) is not { } bytes)
            return (null, [], new ArchiveVerdict.Incomplete("there is no checkpoint"));
        var (head, verdict) = _check.Open(bytes, LedgerPaths.Checkpoint);
        if (head is null)
            return (null, [], verdict);
        List<PublishedCheckpoint> published =
        [
            .. (files.List(LedgerPaths.Checkpoints) ?? [])
                .Select(name => (Size: LedgerPaths.SizeOf(name), Name: name))
                .Where(each => each.Size is not null)
                .Select(each => new PublishedCheckpoint(each.Size!.Value, $"{LedgerPaths.Checkpoints}/{each.Name}")),
        ];
        var newest = published.LastOrDefault();
        if (newest is null || newest.Size <= head.Size)
            return (head, published, null);

        published.Insert(
            published.FindIndex(each => each.Size >= head.Size),
            new PublishedCheckpoint(head.Size, LedgerPaths.Checkpoint)
        );
        bytes = files.Read(newest.Path, Note.MaxLength) ?? throw new LedgerFileException(newest.Path, "disappeared meanwhile");
        (head, verdict) = _check.Open(bytes, newest.Path);
        return head is null || head.Size == newest.Size
            ? (head, published, verdict)
            : (null, [], new ArchiveVerdict.Tampered(null, newest.Path, $"is of {head.Size} entries, not of {newest.Size}"));
    }

    private ArchiveVerdict? Walk(
        ArchiveFiles archive,
        BundleCheck bundles,
        PassedCheckpoints passed,
        long size,
        CancellationToken cancellationToken
    )
    {
        var count = (size + TilePath.FullWidth - 1) / TilePath.FullWidth;
        var window = new CheckedBundle[Window];
        for (long from = 0; from < count; from += Window)
        {
            var start = from;
            var length = (int)Math.Min(Window, count - from);
            cancellationToken.ThrowIfCancellationRequested();
            question.RunSteps(length, i => window[i] = bundles.Run(start + i));
            for (var i = 0; i < length; i++)
            {
                if (Advance(archive, window[i], passed) is { } verdict)
                    return verdict;
                window[i] = null!;
            }
            question.Progress?.Invoke(_edge.Size, size);
        }
        return null;
    }

    private ArchiveVerdict? Advance(ArchiveFiles archive, CheckedBundle bundle, PassedCheckpoints passed)
    {
        if (bundle.Unreadable is { } words)
            return new ArchiveVerdict.Incomplete(words);
        if (bundle.Fault is { } fault)
            return Tampered(fault);
        var first = _edge.Size;
        if (bundle.FirstAt.Length > 0)
        {
            if (bundle.FirstAt.AsSpan().SequenceCompareTo(_lastAt) < 0)
                return new ArchiveVerdict.Tampered(first, null, "is older than the entry before it");
            _lastAt = bundle.LastAt;
        }
        foreach (var named in bundle.Logs)
        {
            var before = (int)(named.Index - first);
            if (_shards.Pass(named, () => _edge.RootWith(bundle.Hashes.AsSpan(0, before))) is { } wrong)
                return new ArchiveVerdict.Tampered(named.Index, null, wrong);
        }
        _purgedBelow = Math.Max(_purgedBelow, bundle.PurgedBelow);
        _absentCount += bundle.Absent.Count;
        if (_absent.Count == 0 && bundle.Absent.Count > 0)
            _absent.Add(bundle.Absent[0]);

        var last = first + bundle.Hashes.Length;
        var full = bundle.Above is not null;
        var within = full ? last - 1 : last;
        if (passed.Pass(first, within, at => _edge.RootWith(bundle.Hashes.AsSpan(0, (int)(at - first)))) is { } differs)
            return differs;
        if (full)
        {
            foreach (var tile in _edge.AddFull(bundle.Above!.Value))
            {
                if (CompareTile(archive, tile) is { } other)
                    return other;
            }
            if (passed.Pass(within, last, _ => _edge.Root) is { } later)
                return later;
        }
        else
        {
            _edge.AddPartial(bundle.Hashes);
        }
        for (var i = 0; i < bundle.Entries.Length; i++)
            question.Entry!(first + i, bundle.Entries[i]);
        return null;
    }

    /// <summary>Whoever holds a checkpoint of an earlier shard finds it in the tree, or finds it said that it is not.</summary>
    private ArchiveVerdict.Tampered? CheckEarlier(PassedCheckpoints passed, Checkpoint? earlier) =>
        earlier is null || passed.PassedEarlier || _shards.Admits(earlier)
            ? null
            : new ArchiveVerdict.Tampered(
                null,
                "the checkpoint that you hold",
                $"of {earlier.Size} entries of '{earlier.Origin}' is not part of this log, and no entry says that they were lost"
            );

    private ArchiveVerdict Conclude(
        ArchiveFiles archive,
        PassedCheckpoints passed,
        Checkpoint head,
        long minimum,
        BlobCheck? blobs
    )
    {
        foreach (var tile in _edge.Partial())
        {
            if (CompareTile(archive, tile) is { } other)
                return other;
        }
        if (_edge.Root != head.Root)
            return new ArchiveVerdict.Tampered(
                Math.Min(passed.Agreed, Math.Max(head.Size - 1, 0)),
                LedgerPaths.Checkpoint,
                $"has another root than the {head.Size} entries that are there; those below {passed.Agreed} are as they were signed"
            );
        // Where some content is kept, all is; an archive without any says nothing about it.
        if (blobs is { Checked: > 0 } && _absent is [var (index, digest), ..])
            return new ArchiveVerdict.Tampered(index, LedgerPaths.Blob(digest), "is absent");
        if (minimum > _purgedBelow)
            return new ArchiveVerdict.Incomplete(
                $"the entries below {minimum} are not there, and no entry says that those from {_purgedBelow} on were purged"
            );
        if (_shards.Conclude() is { } unfinished)
            return new ArchiveVerdict.Incomplete(unfinished);
        return new ArchiveVerdict.Verified(head, minimum, passed.Count, new BlobFindings(blobs?.Checked ?? 0, _absentCount))
        {
            Restores = _shards.Records,
        };
    }

    private static ArchiveVerdict.Tampered? CompareTile(ArchiveFiles archive, FilledTile expected)
    {
        var (hashes, fault) = archive.Tile(expected.Path);
        if (hashes is null)
            return Tampered(fault!);
        var same = hashes.AsSpan().CommonPrefixLength(expected.Hashes);
        if (same == hashes.Length)
            return null;
        var first = ((expected.Path.Index * TilePath.FullWidth) + same) << (expected.Path.Level * TilePath.Height);
        return new ArchiveVerdict.Tampered(first, expected.Path.ToString(), "does not follow from the tiles below it");
    }

    private static ArchiveVerdict.Tampered Tampered(ArchiveFault fault) => new(fault.Index, fault.Path, fault.Words);
}
