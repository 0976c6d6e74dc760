using Halyard.Core.Audit.Sinks;
using Halyard.Core.Flags;
using Halyard.Core.Storage;

namespace Halyard.Server.Delivery;

/// <summary>Reads from the log what a sink gets.</summary>
internal sealed class SinkReader(string tenant, Sink sink, IStore store)
{
    private const int PageSize = 500;

    private readonly SinkSettings _settings = sink.Settings;

    private bool NeedsGround =>
        _settings.Mode == SinkMode.Alert
        || _settings.Kind == SinkKind.OpenSearch
        || _settings.Filter.EnvironmentTypes.Count + _settings.Filter.Tags.Count + _settings.Filter.Classes.Count > 0;

    /// <summary>The messages from an index on, and where the cursor stands once they are settled: the index itself at the end of the log.</summary>
    /// <param name="from">The index.</param>
    /// <param name="groupEnd">Where the group of an alert ends, not including it; <see langword="null"/> for the end of the log.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async ValueTask<(IReadOnlyList<SinkMessage> Messages, long End)> ReadAsync(
        long from,
        long? groupEnd,
        CancellationToken cancellationToken
    )
    {
        if (_settings.Mode == SinkMode.Alert)
            return await GroupAsync(from, groupEnd - 1 ?? long.MaxValue, cancellationToken);
        var (entries, end) = await PageAsync(from, long.MaxValue, cancellationToken);
        return ([.. entries.Where(entry => entry.Passes(_settings.Filter)).Select(SinkMessage.Of)], end);
    }

    /// <summary>The message that was refused, read again; <see langword="null"/> where nothing of it passes the filter any more.</summary>
    public async ValueTask<SinkMessage?> ReadAsync(DeadLetter letter, CancellationToken cancellationToken) =>
        (await GroupAsync(letter.First, letter.Last, cancellationToken)).Messages.SingleOrDefault();

    /// <summary>Everything up to an index in one message.</summary>
    private async ValueTask<(IReadOnlyList<SinkMessage> Messages, long End)> GroupAsync(
        long from,
        long last,
        CancellationToken cancellationToken
    )
    {
        var told = new List<SinkEntry>();
        var count = 0L;
        SinkEntry? latest = null;
        var onlyDeadLetters = true;
        while (from <= last)
        {
            var (entries, end) = await PageAsync(from, last, cancellationToken);
            foreach (var entry in entries.Where(entry => entry.Passes(_settings.Filter)))
            {
                count++;
                latest = entry;
                onlyDeadLetters &= entry.Type == DeadLetters.SetAside;
                if (told.Count < SinkMessage.MaxTold)
                    told.Add(entry);
            }
            if (end == from)
                break;
            from = end;
        }
        return latest is null
            ? ([], from)
            : ([new SinkMessage(told, count, latest.Index, latest.Id, from, onlyDeadLetters)], from);
    }

    private async ValueTask<(IReadOnlyList<SinkEntry> Entries, long End)> PageAsync(
        long from,
        long last,
        CancellationToken cancellationToken
    )
    {
        var limit = last - from < PageSize ? (int)(last - from) + 1 : PageSize;
        var feed = await store.FeedAsync(tenant, from, limit, cancellationToken);
        if (feed.Count == 0)
            return ([], from);
        List<(SinkEntry Entry, FeedEntry Fed)> page = [.. feed.Select(fed => (new SinkEntry(fed.Leaf), fed))];
        if (NeedsGround)
        {
            var digests = page.SelectMany(item => item.Entry.Blobs.Concat(Flags(item.Fed))).Distinct().ToList();
            var blobs = await store.BlobsAsync(tenant, digests, cancellationToken);
            foreach (var (entry, fed) in page)
                entry.Ground(blobs, Flags(fed));
        }
        return ([.. page.Select(item => item.Entry)], feed[^1].Index + 1);
    }

    private static IEnumerable<Ledger.Digest> Flags(FeedEntry fed) =>
        fed
            .Resources.Where(version => version.Name.Kind == ResourceKind.Flag)
            .Select(version => version.Document)
            .OfType<Ledger.Digest>();
}
