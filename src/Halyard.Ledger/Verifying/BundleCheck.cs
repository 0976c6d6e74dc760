using System.Text;

namespace Halyard.Ledger;

/// <summary>What the check of one bundle and the hash tile over it gave.</summary>
internal sealed class CheckedBundle
{
    /// <summary>The leaf hashes.</summary>
    public Digest[] Hashes { get; init; } = [];

    /// <summary>Their root, where they are 256.</summary>
    public Digest? Above { get; init; }

    /// <summary>The entries; empty where they were purged or nobody asked for them.</summary>
    public ReadOnlyMemory<byte>[] Entries { get; init; } = [];

    /// <summary>The times of the first and the last entry; empty where they were purged.</summary>
    public byte[] FirstAt { get; init; } = [];

    public byte[] LastAt { get; init; } = [];

    /// <summary>Up to where an entry of this bundle says that older ones were purged.</summary>
    public long PurgedBelow { get; init; }

    /// <summary>The first entry, and each that is of another log than the one before it; none where they were purged.</summary>
    public IReadOnlyList<NamedFrom> Logs { get; init; } = [];

    /// <summary>Content that entries name and that is not there.</summary>
    public IReadOnlyList<(long Index, Digest Digest)> Absent { get; init; } = [];

    public ArchiveFault? Fault { get; init; }

    /// <summary>Why it cannot be read, or null.</summary>
    public string? Unreadable { get; init; }
}

/// <summary>Checks bundles, each on its own, so that several may be checked at once.</summary>
internal sealed class BundleCheck(ArchiveFiles files, BlobCheck? blobs, string origin, long size, long minimumIndex, bool keep)
{
    private readonly byte[] _log = Encoding.UTF8.GetBytes(origin);
    private readonly LogName _name = LogName.Of(origin);

    public CheckedBundle Run(long index)
    {
        try
        {
            return Check(index);
        }
        catch (LedgerFileException unreadable)
        {
            return new CheckedBundle { Unreadable = unreadable.Message };
        }
    }

    private CheckedBundle Check(long index)
    {
        var first = index * TilePath.FullWidth;
        var path = TileLayout.Holding(0, first, size);
        var (hashes, fault) = files.Tile(path);
        if (hashes is null)
            return Faulty(fault!);
        var above = path.IsPartial ? (Digest?)null : HashTile.Above(hashes);
        if (first < minimumIndex)
            return new CheckedBundle { Hashes = hashes, Above = above };

        var (entries, absent) = files.Bundle(index);
        if (entries is null)
            return Faulty(absent!);
        for (var i = 0; i < entries.Length; i++)
        {
            if (MerkleTree.HashLeaf(entries[i].Span) != hashes[i])
                return Faulty(new ArchiveFault(first + i, path.ToString(), "does not have the hash of the entry in its bundle"));
        }
        return CheckLeaves(first, entries, hashes, above);
    }

    private CheckedBundle CheckLeaves(long first, ReadOnlyMemory<byte>[] entries, Digest[] hashes, Digest? above)
    {
        var named = blobs is null ? null : new List<NamedContent>();
        var absent = new List<(long, Digest)>();
        var logs = new List<NamedFrom>();
        long purged = 0;
        ReadOnlySpan<byte> log = default;
        ReadOnlySpan<byte> firstAt = default;
        ReadOnlySpan<byte> lastAt = default;
        for (var i = 0; i < entries.Length; i++)
        {
            var leaf = entries[i].Span;
            named?.Clear();
            if (!CanonicalJson.IsCanonical(leaf) || !LeafFacts.TryRead(leaf, _log, named, out var facts))
                return Bad(first + i, "is not a canonical JSON object");
            if (facts.Index != first + i)
                return Bad(
                    first + i,
                    facts.Index < 0 ? "does not say which entry it is" : $"says that it is entry {facts.Index}"
                );
            if (!facts.IsOfLog && !IsEarlierShard(facts.Log))
                return Bad(first + i, $"does not say that it is from the log '{origin}'");
            if (!facts.Log.SequenceEqual(log))
                logs.Add(NamedFrom(first + i, facts, entries[i]));
            log = facts.Log;
            if (facts.At.IsEmpty)
                return Bad(first + i, $"has no time such as {LeafFacts.TimeExample}");
            if (facts.At.SequenceCompareTo(lastAt) < 0)
                return Bad(first + i, "is older than the entry before it");
            if (i == 0)
                firstAt = facts.At;
            lastAt = facts.At;
            if (facts.IsPurge)
                purged = Math.Max(purged, PurgeRecord.Read(entries[i], first + i));
            if (blobs?.Run(first + i, named!, absent) is { } fault)
                return Faulty(fault);
        }
        return new CheckedBundle
        {
            Hashes = hashes,
            Above = above,
            Entries = keep ? entries : [],
            FirstAt = firstAt.ToArray(),
            LastAt = lastAt.ToArray(),
            PurgedBelow = purged,
            Logs = logs,
            Absent = absent,
        };
    }

    private bool IsEarlierShard(ReadOnlySpan<byte> log) =>
        _name.Shard > 1 && _name.IsLaterThan(LogName.Of(Encoding.UTF8.GetString(log)));

    // Only an entry whose log may be another than the one before it is looked into.
    private NamedFrom NamedFrom(long index, LeafFacts facts, ReadOnlyMemory<byte> leaf) =>
        new(
            index,
            facts.IsOfLog ? origin : Encoding.UTF8.GetString(facts.Log),
            _name.Shard > 1 ? RestoreRecord.Read(leaf) : null
        );

    private static CheckedBundle Bad(long index, string words) => Faulty(new ArchiveFault(index, null, words));

    private static CheckedBundle Faulty(ArchiveFault fault) => new() { Fault = fault };
}
