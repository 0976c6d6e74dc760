using System.Text.Json;
using Halyard.Core.Audit;
using Halyard.Core.Audit.Privacy;
using Halyard.Core.Flags;
using Halyard.Core.Storage;
using Halyard.Core.Storage.Privacy;
using Halyard.Ledger;

namespace Halyard.Core.Reading;

/// <summary>Replays a log page by page, and compares each entry with what the store keeps of it.</summary>
internal sealed class LogComparison
{
    private const int HashesAtOnce = 4_096;
    private const int VersionsAtOnce = 500;

    private readonly IStore _store;
    private readonly PersonalVault _vault;
    private readonly string _tenant;
    private readonly Dictionary<Digest, byte[]> _blobs = [];
    private readonly List<StoreDifference> _differences = [];
    private readonly LedgerFold _fold;
    private readonly Dictionary<long, (DateTimeOffset At, DateTimeOffset EffectiveAt)> _times = [];
    private readonly HashSet<string> _kept = new(StringComparer.Ordinal);
    private CompactRange _range;
    private bool _hasGap;

    private LogComparison(
        IStore store,
        PersonalVault vault,
        string tenant,
        CompactRange purged,
        IEnumerable<FoldedResource> resources
    )
    {
        (_store, _vault, _tenant) = (store, vault, tenant);
        _range = purged;
        Start = purged.Size;
        _fold = LedgerFold.From(Start, resources, _blobs.GetValueOrDefault);
    }

    /// <summary>The first entry that is compared: those before it were purged, and what they left is taken as it is.</summary>
    public long Start { get; }

    /// <summary>A comparison from the first entry on that was not purged.</summary>
    public static async ValueTask<LogComparison> StartAsync(
        IStore store,
        PersonalVault vault,
        string tenant,
        long minimum,
        CancellationToken cancellationToken
    )
    {
        var range = CompactRange.Empty;
        while (range.Size < minimum)
        {
            var count = (int)Math.Min(HashesAtOnce, minimum - range.Size);
            var hashes = await store.LeafHashesAsync(tenant, range.Size, count, cancellationToken);
            if (hashes.Count == 0)
                break;
            range = hashes.Aggregate(range, (before, hash) => before.Append(hash));
        }
        var differences = new List<StoreDifference>();
        var resources = new List<FoldedResource>();
        foreach (var versions in (await store.VersionsBelowAsync(tenant, minimum, cancellationToken)).Chunk(VersionsAtOnce))
        {
            var named = versions.Select(version => version.Document).OfType<Digest>().Distinct().ToList();
            var blobs = await store.BlobsAsync(tenant, named, cancellationToken);
            foreach (var version in versions)
            {
                if (version.Document is not { } digest)
                    continue;
                if (blobs.TryGetValue(digest, out var document) && Digest.Of(document) == digest)
                    resources.Add(new FoldedResource(version.Name, version.Id, version.Revision, document));
                else
                    differences.Add(
                        new StoreDifference(version.Index, version.Name, $"has no snapshot, or another than {digest}")
                    );
            }
        }
        var comparison = new LogComparison(store, vault, tenant, range, resources);
        comparison._differences.AddRange(differences);
        if (range.Size < minimum)
        {
            comparison._hasGap = true;
            comparison._differences.Add(new StoreDifference(range.Size, null, "has lost its hash"));
        }
        return comparison;
    }

    /// <summary>How many entries were compared.</summary>
    public long Size => _range.Size;

    public Digest Root => _range.Root;

    public IReadOnlyDictionary<ResourceName, FoldedResource> Resources => _fold.Resources;

    public IReadOnlyList<StoreDifference> Differences => _differences;

    public LeafTally Tally { get; } = new();

    /// <summary>False once an entry is missing or contradicts the log: what comes after that says nothing.</summary>
    public bool CanGoOn => !_hasGap && _fold.Disagreement is null && _differences.Count < StoreDiff.MaxDifferences;

    public async ValueTask CompareNextAsync(LogHead head, int pageSize, CancellationToken cancellationToken)
    {
        var count = (int)Math.Min(pageSize, head.Range.Size - Size);
        var page = await _store.FeedAsync(_tenant, Size, count, cancellationToken);
        var hashes = await _store.LeafHashesAsync(_tenant, Size, count, cancellationToken);
        _times.Clear();
        if (page.Count == count && page[0].Index == Size && page[^1].Index == Size + count - 1)
        {
            var query = new AuditQuery { Before = Size + count, Limit = count };
            foreach (var entry in await _store.QueryAsync(_tenant, query, cancellationToken))
                _times[entry.Index] = (entry.At, entry.EffectiveAt);
        }
        await LoadBlobsAsync(page, cancellationToken);
        var privates = await _store.EntryPrivatesAsync(_tenant, [.. page.Select(entry => entry.Index)], cancellationToken);
        _kept.Clear();
        _kept.UnionWith(privates.Select(value => value.Commitment));
        await CompareValuesAsync(page, privates, cancellationToken);
        for (var i = 0; i < count && CanGoOn; i++)
        {
            if (i < page.Count && i < hashes.Count && page[i].Index == Size)
            {
                Compare(page[i], hashes[i]);
                continue;
            }
            // Without this entry the rest cannot be replayed.
            _hasGap = true;
            _differences.Add(new StoreDifference(Size, null, "is missing"));
        }
        _blobs.Clear();
    }

    private void Compare(FeedEntry entry, Digest stored)
    {
        var index = Size;
        var hash = MerkleTree.HashLeaf(entry.Leaf);
        _range = _range.Append(hash);
        if (hash != stored)
            _differences.Add(new StoreDifference(index, null, "has another hash than the one kept beside it"));
        if (!_fold.Append(entry.Leaf))
        {
            _differences.Add(new StoreDifference(index, _fold.Disagreement!.Resource, _fold.Disagreement.Message));
            return;
        }
        var times = Tally.Add(index, entry.Leaf, _kept);
        // A page with a gap is told of by the gap.
        if (_times.Count > 0 && (!_times.TryGetValue(index, out var kept) || kept != times))
            _differences.Add(new StoreDifference(index, null, "is kept with another time than it has"));
        if (entry.Resources.Any(version => version.EffectiveAt != times.EffectiveAt))
            _differences.Add(new StoreDifference(index, null, "has a version that takes effect at another time"));
        if (!entry.Resources.Select(version => version.Name).SequenceEqual(_fold.Changed))
            _differences.Add(new StoreDifference(index, null, "is found by other resources than those it changed"));
        foreach (var version in entry.Resources)
            Compare(index, version);
    }

    private void Compare(long index, ResourceVersion version)
    {
        var now = _fold.Resources.GetValueOrDefault(version.Name);
        var digest = now is null ? default(Digest?) : Digest.Of(now.Document);
        if (version.Document != digest || (now is not null && (now.Revision, now.Id) != (version.Revision, version.Id)))
            _differences.Add(new StoreDifference(index, version.Name, "has another version in the history than in the log"));
        else if (digest is { } named && (!_blobs.TryGetValue(named, out var snapshot) || Digest.Of(snapshot) != named))
            _differences.Add(new StoreDifference(index, version.Name, $"has no snapshot, or another than {named}"));
    }

    private async ValueTask CompareValuesAsync(
        IReadOnlyList<FeedEntry> page,
        IReadOnlyList<SealedValue> privates,
        CancellationToken cancellationToken
    )
    {
        if (privates.Count == 0)
            return;
        var standing = page.SelectMany(entry => Committed(entry.Leaf)).ToHashSet(StringComparer.Ordinal);
        foreach (var value in privates)
        {
            if (!standing.Contains(value.Commitment))
                _differences.Add(
                    new StoreDifference(page[0].Index, null, $"to {page[^1].Index}: none has the commitment of a value kept")
                );
        }
        try
        {
            var opened = await _vault.OpenStrictlyAsync(_tenant, privates, cancellationToken);
            if (opened.Count < privates.Count)
                _differences.Add(
                    new StoreDifference(page[0].Index, null, $"to {page[^1].Index}: there are values whose keys are missing")
                );
        }
        catch (InvalidDataException other)
        {
            _differences.Add(
                new StoreDifference(
                    page[0].Index,
                    null,
                    $"to {page[^1].Index}: there is another value than was committed to: {other.Message}"
                )
            );
        }
    }

    private async ValueTask LoadBlobsAsync(IReadOnlyList<FeedEntry> page, CancellationToken cancellationToken)
    {
        var named = page.SelectMany(entry => Named(entry.Leaf))
            .Concat(page.SelectMany(entry => entry.Resources).Select(version => version.Document).OfType<Digest>());
        foreach (var (digest, content) in await _store.BlobsAsync(_tenant, [.. named.Distinct()], cancellationToken))
            _blobs[digest] = content;
        // Lists of further resources stand in blobs themselves, and name more.
        var further = _blobs.Values.Where(content => content is [(byte)'[', ..]).SelectMany(Named).Distinct().ToList();
        foreach (var (digest, content) in await _store.BlobsAsync(_tenant, further, cancellationToken))
            _blobs[digest] = content;
    }

    private static IReadOnlyList<string> Committed(byte[] leaf)
    {
        try
        {
            return PersonalValues.CommitmentsIn(leaf);
        }
        catch (JsonException)
        {
            // The replay says so.
            return [];
        }
    }

    /// <summary>What is not ours names nothing; the replay says what is wrong with it.</summary>
    private static IReadOnlyList<Digest> Named(byte[] content)
    {
        try
        {
            return LedgerFold.BlobsNamedIn(content);
        }
        catch (Exception unreadable) when (unreadable is JsonException or InvalidOperationException)
        {
            return [];
        }
    }
}
