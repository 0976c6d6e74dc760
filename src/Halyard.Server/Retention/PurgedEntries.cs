using Halyard.Core;
using Halyard.Core.Storage;

namespace Halyard.Server.Retention;

/// <summary>Says of entries that are not in the store any more where they are.</summary>
internal sealed class PurgedEntries(IStore store, ArchiveObjects archive)
{
    /// <summary>That an entry was purged, and where it is; <see langword="null"/> for one that was not.</summary>
    public async ValueTask<Error.Gone?> FindAsync(string tenant, long index, CancellationToken cancellationToken)
    {
        var head = await store.HeadAsync(tenant, cancellationToken);
        return index >= 0 && index < head?.Minimum
            ? new Error.Gone($"Entries below {head.Minimum} were purged; they are in the archive{At}.")
            : null;
    }

    private string At => archive.Place is { } place ? $", {place}" : "";
}
