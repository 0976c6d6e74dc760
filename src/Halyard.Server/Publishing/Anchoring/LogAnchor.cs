using System.Globalization;
using System.Text;
using Halyard.Core.Storage;

namespace Halyard.Server.Publishing.Anchoring;

/// <summary>Hands the checkpoints of a shard of a log to an anchor, one after the other, from a cursor that outlives the process.</summary>
internal sealed class LogAnchor(string tenant, int shard, IAnchor anchor, IMarks marks, IObjectStore published)
{
    private readonly string _cursorName =
        shard == 1
            ? $"ledger/anchor/{anchor.Name}"
            : string.Create(CultureInfo.InvariantCulture, $"ledger/anchor/{anchor.Name}/{shard}");

    /// <summary>Hands over every checkpoint that the anchor does not have. Gives the size of the last one there, 0 for none.</summary>
    /// <param name="reached">Told of each size that is there.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async ValueTask<long> CatchUpAsync(Action<long> reached, CancellationToken cancellationToken)
    {
        var folder = PublishedLog.FolderOf(tenant, shard);
        var mark = await marks.MarkAsync(tenant, _cursorName, cancellationToken);
        var (version, done) = (mark?.Version ?? 0, mark is null ? 0 : Read(mark.Value));
        if (await published.ReadAsync(folder + CheckpointFile.Newest, cancellationToken) is not { } newest)
            return done;
        var last = CheckpointFile.Read(newest).Checkpoint.Size;
        if (last <= done)
            return done;
        await foreach (var path in published.ListAsync(folder + Between(done, last), cancellationToken))
        {
            if (CheckpointFile.SizeOf(path) is not { } size || size <= done)
                continue;
            var bytes = await published.ReadAsync(path, cancellationToken);
            if (bytes is null)
                continue;
            await anchor.AnchorAsync(path, CheckpointFile.Read(bytes).Note, cancellationToken);
            var value = Encoding.ASCII.GetBytes(size.ToString(CultureInfo.InvariantCulture));
            // Another process anchors the same log: it goes on from there.
            if (!await marks.SetMarkAsync(tenant, _cursorName, version, value, cancellationToken))
                return done;
            (version, done) = (version + 1, size);
            reached(size);
        }
        return done;
    }

    /// <summary>What the names of all checkpoints between two sizes begin with, so that only these are listed.</summary>
    private static string Between(long from, long to)
    {
        var (first, last) = (CheckpointFile.PathOf(from + 1), CheckpointFile.PathOf(to));
        return first[..first.AsSpan().CommonPrefixLength(last)];
    }

    private long Read(byte[] value) =>
        long.TryParse(Encoding.ASCII.GetString(value), NumberStyles.None, CultureInfo.InvariantCulture, out var size)
            ? size
            : throw new InvalidDataException($"The mark '{_cursorName}' is not a size.");
}
