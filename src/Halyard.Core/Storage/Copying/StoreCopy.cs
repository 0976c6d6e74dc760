using System.Globalization;
using System.Text;
using Halyard.Core.Audit;
using Halyard.Core.Audit.Searching;
using Halyard.Ledger;

namespace Halyard.Core.Storage.Copying;

/// <summary>
/// Copies all of a store to an empty one of whatever kind. Leaves are copied as they are, and hashed on the way: each log must come to
/// the root that its head says. Interrupted, it goes on where it was; a source that was written meanwhile is refused, so that what is
/// there at the end is what was there at one moment.
/// </summary>
public sealed class StoreCopy(IStoreCopies from, IStoreCopies to)
{
    private const int RowsAtOnce = 500;
    private const int BlobsAtOnce = 100;

    /// <summary>Copies, or goes on.</summary>
    /// <param name="progress">Told now and then how far it is.</param>
    /// <param name="cancellationToken">Interrupts it.</param>
    /// <returns>The heads of the logs copied.</returns>
    /// <exception cref="IOException">
    /// The source is damaged or was written meanwhile, or the target holds something else; the message says which.
    /// </exception>
    public async ValueTask<IReadOnlyList<LogHead>> RunAsync(Action<CopyProgress>? progress, CancellationToken cancellationToken)
    {
        await using var source = await from.OpenSourceAsync(cancellationToken);
        var tenants = await source.TenantsAsync(cancellationToken);
        var heads = new List<LogHead>();
        foreach (var tenant in tenants)
        {
            if (await source.HeadAsync(tenant, cancellationToken) is { } head)
                heads.Add(head);
        }
        if (heads.Count == 0)
            throw new IOException("There is nothing to copy: the source has no log.");
        await using var target = await to.OpenTargetAsync(NameOf(heads), cancellationToken);
        foreach (var head in heads)
            await CopyLogAsync(source, target, head, progress, cancellationToken);
        foreach (var tenant in tenants)
        {
            await CopyBlobsAsync(source, target, tenant, progress, cancellationToken);
            foreach (var section in Section.OfTenants)
                await CopyAsync(source, target, tenant, section, progress, cancellationToken);
        }
        foreach (var section in Section.OfKeys)
            await CopyAsync(source, target, "", section, progress, cancellationToken);
        await target.LiftTimerFenceAsync(await source.TimerFenceAsync(cancellationToken), cancellationToken);
        if (await source.WasWrittenAsync(cancellationToken))
            throw new IOException(
                "The source was written while it was copied. Stop the servers on it, empty the target, and copy again."
            );
        await target.FinishAsync(cancellationToken);
        return heads;
    }

    /// <summary>The same for the same source as long as nobody writes to a log of it.</summary>
    private static string NameOf(IEnumerable<LogHead> heads)
    {
        var words = new StringBuilder();
        foreach (var head in heads)
            words.Append(
                CultureInfo.InvariantCulture,
                $"{head.Tenant}\n{head.Origin}\n{head.Range.Size} {head.Range.Root} {head.Minimum}\n"
            );
        return Digest.Of(Encoding.UTF8.GetBytes(words.ToString())).ToString();
    }

    private static async ValueTask CopyLogAsync(
        IStoreSource source,
        IStoreTarget target,
        LogHead head,
        Action<CopyProgress>? progress,
        CancellationToken cancellationToken
    )
    {
        var range = (await target.HeadAsync(head.Tenant, cancellationToken))?.Range ?? CompactRange.Empty;
        var at = DateTimeOffset.UnixEpoch;
        while (range.Size < head.Range.Size)
        {
            var entries = await source.BlockAsync(head.Tenant, range.Size, cancellationToken);
            if (entries.Count == 0 || entries[0].Index != range.Size)
                throw Damaged(head, $"entry {range.Size} is missing");
            var faceted = new List<CopiedEntry>(entries.Count);
            foreach (var entry in entries)
            {
                if (entry.Stored is null ? entry.Index >= head.Minimum : MerkleTree.HashLeaf(entry.Stored.Leaf) != entry.Hash)
                    throw Damaged(head, $"entry {entry.Index} is missing, or not what its hash says");
                range = range.Append(entry.Hash);
                at = entry.Stored?.At ?? at;
                faceted.Add(await WithFacetsAsync(source, head.Tenant, entry, cancellationToken));
            }
            var isLast = range.Size == head.Range.Size;
            if (isLast && range.Root != head.Range.Root)
                throw Damaged(head, "its entries have another root than its head says");
            var minimum = Math.Min(head.Minimum, range.Size - (range.Size % TilePath.FullWidth));
            await target.AddAsync(
                isLast ? head : head with { Range = range, LastAt = at, Minimum = minimum },
                faceted,
                cancellationToken
            );
            progress?.Invoke(new CopyProgress(head.Tenant, "entries", range.Size, head.Range.Size));
        }
        if (range.Root != head.Range.Root)
            throw new IOException($"The target's log of '{head.Tenant}' is another one.");
    }

    private static async ValueTask<CopiedEntry> WithFacetsAsync(
        IStoreSource source,
        string tenant,
        CopiedEntry entry,
        CancellationToken cancellationToken
    )
    {
        if (entry.Stored is not { } stored)
            return entry;
        var blobs = new Dictionary<Digest, byte[]>();
        if (stored.Leaf.AsSpan().IndexOf("\"$blob\""u8) >= 0)
        {
            foreach (var digest in LeafFacets.BlobsIn(stored.Leaf))
            {
                if (await source.BlobAsync(tenant, digest, cancellationToken) is { } content)
                    blobs[digest] = content;
            }
        }
        var facets = LeafFacets.Of(
            stored.Leaf,
            digest =>
                blobs.TryGetValue(digest, out var content)
                    ? content
                    : throw new IOException($"The source is damaged: the blob {digest} of '{tenant}' is missing.")
        );
        return entry with { Stored = stored with { Facets = facets } };
    }

    private static async ValueTask CopyBlobsAsync(
        IStoreSource source,
        IStoreTarget target,
        string tenant,
        Action<CopyProgress>? progress,
        CancellationToken cancellationToken
    )
    {
        object?[]? after = await target.LastBlobAsync(tenant, cancellationToken) is { } last ? [last.ToArray()] : null;
        for (var done = 0L; ; )
        {
            var rows = await source.RowsAsync(tenant, Section.Blobs, after, BlobsAtOnce, cancellationToken);
            if (rows.Count == 0)
                return;
            foreach (var row in rows)
            {
                if (Digest.Of((byte[])row[1]!) != Digest.FromBytes((byte[])row[0]!))
                    throw new IOException($"The source is damaged: a blob of '{tenant}' is not what its digest says.");
            }
            await target.WriteAsync(tenant, Section.Blobs, rows, cancellationToken);
            after = rows[^1];
            progress?.Invoke(new CopyProgress(tenant, "blobs", done += rows.Count, null));
        }
    }

    /// <summary>What changes without the log is copied whole each time: it is little, and what came before may be older.</summary>
    private static async ValueTask CopyAsync(
        IStoreSource source,
        IStoreTarget target,
        string tenant,
        Section section,
        Action<CopyProgress>? progress,
        CancellationToken cancellationToken
    )
    {
        await target.ClearAsync(tenant, section, cancellationToken);
        object?[]? after = null;
        for (var done = 0L; ; )
        {
            var rows = await source.RowsAsync(tenant, section, after, RowsAtOnce, cancellationToken);
            if (rows.Count == 0)
                return;
            await target.WriteAsync(tenant, section, rows, cancellationToken);
            after = rows[^1];
            progress?.Invoke(new CopyProgress(tenant, section.Name, done += rows.Count, null));
        }
    }

    private static IOException Damaged(LogHead head, string how) =>
        new($"The source is damaged: in the log of '{head.Tenant}' {how}.");
}

/// <summary>How far a copy is.</summary>
/// <param name="Tenant">Whose; empty for keys.</param>
/// <param name="What">Entries, blobs, or the name of a section.</param>
/// <param name="Done">How many are copied.</param>
/// <param name="Of">How many there are, where that is known.</param>
public sealed record CopyProgress(string Tenant, string What, long Done, long? Of);
