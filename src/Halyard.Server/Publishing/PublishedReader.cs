using Halyard.Core.Storage;
using Halyard.Ledger;

namespace Halyard.Server.Publishing;

/// <summary>Reads what is published of a log.</summary>
internal sealed class PublishedReader(PublishedObjects published, IStore store)
{
    /// <summary>The bytes of a file of a shard of a log, or <see langword="null"/>.</summary>
    public ValueTask<byte[]?> FileAsync(string tenant, int shard, string path, CancellationToken cancellationToken) =>
        published.Objects.ReadAsync(PublishedLog.FolderOf(tenant, shard) + path, cancellationToken);

    /// <summary>The newest checkpoint of the log as it is named now, or <see langword="null"/> before the first.</summary>
    public async ValueTask<(long Size, string Note)?> NewestAsync(string tenant, CancellationToken cancellationToken) =>
        await store.HeadAsync(tenant, cancellationToken) is { } head
            ? await CheckpointAsync(tenant, head.Shard, CheckpointFile.Newest, cancellationToken)
            : null;

    /// <summary>The checkpoint of a size of a log by its name, or <see langword="null"/> where none was published.</summary>
    public async ValueTask<string?> OfSizeAsync(string tenant, string log, long size, CancellationToken cancellationToken) =>
        (await CheckpointAsync(tenant, LogName.Of(log).Shard, CheckpointFile.PathOf(size), cancellationToken))?.Note;

    private async ValueTask<(long Size, string Note)?> CheckpointAsync(
        string tenant,
        int shard,
        string path,
        CancellationToken cancellationToken
    )
    {
        if (await FileAsync(tenant, shard, path, cancellationToken) is not { } bytes)
            return null;
        var (note, checkpoint) = CheckpointFile.Read(bytes);
        return (checkpoint.Size, note.ToString());
    }
}
