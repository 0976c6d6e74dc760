using Halyard.Core.Storage;

namespace Halyard.Server.Delivery;

/// <summary>How far a sink is behind the log.</summary>
/// <param name="Entries">Entries from its cursor to the end of the log.</param>
/// <param name="Age">How old the first of them is; zero where there is none.</param>
internal sealed record SinkLag(long Entries, TimeSpan Age)
{
    /// <summary>Measures it.</summary>
    public static async ValueTask<SinkLag> OfAsync(
        IStore store,
        string tenant,
        long next,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        var size = (await store.HeadAsync(tenant, cancellationToken))?.Range.Size ?? 0;
        if (size <= next || await store.EntryAsync(tenant, next, cancellationToken) is not { } oldest)
            return new SinkLag(0, TimeSpan.Zero);
        return new SinkLag(size - next, now > oldest.At ? now - oldest.At : TimeSpan.Zero);
    }
}
