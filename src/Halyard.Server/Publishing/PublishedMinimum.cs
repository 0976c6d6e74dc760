using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using Halyard.Core.Audit;
using Halyard.Core.Storage;
using Halyard.Ledger;

namespace Halyard.Server.Publishing;

/// <summary>
/// Takes purged bundles from what is published. First <c>minimum_index</c> says that they may be gone, then they go, the last one
/// last: where that is not there, nothing is left to do.
/// </summary>
internal sealed class PublishedMinimum(IObjectStore objects)
{
    private readonly ConcurrentDictionary<string, long> _done = new(StringComparer.Ordinal);

    /// <summary>Brings it up with a head whose every entry is published: among them is the one that says what was purged.</summary>
    public async ValueTask FollowAsync(LogHead head, CancellationToken cancellationToken)
    {
        if (head.Minimum == 0 || _done.GetValueOrDefault(head.Tenant) == head.Minimum)
            return;
        var folder = PublishedLog.FolderOf(head);
        var content = Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{head.Minimum}\n"));
        await objects.ReplaceAsync(folder + LedgerPaths.MinimumIndex, content, cancellationToken);
        var last = folder + TilePath.Entries((head.Minimum / TilePath.FullWidth) - 1);
        if (await objects.ReadAsync(last, cancellationToken) is not null)
        {
            var purged = new List<string>();
            await foreach (var path in objects.ListAsync($"{folder}tile/entries/", cancellationToken))
            {
                if (
                    path != last
                    && TilePath.TryParse(path[folder.Length..], out var bundle)
                    && bundle.Index < head.Minimum / TilePath.FullWidth
                )
                    purged.Add(path);
            }
            foreach (var path in purged)
                await objects.DeleteAsync(path, cancellationToken);
            await objects.DeleteAsync(last, cancellationToken);
        }
        _done[head.Tenant] = head.Minimum;
    }
}
