using Halyard.Ledger;

namespace Halyard.Server.Publishing;

/// <summary>Reads what is published of a log.</summary>
internal sealed class PublishedReader(PublishedObjects published)
{
    /// <summary>The bytes of a file of a log, or <see langword="null"/>.</summary>
    public ValueTask<byte[]?> FileAsync(string tenant, string path, CancellationToken cancellationToken) =>
        published.Objects.ReadAsync(PublishedLog.FolderOf(tenant) + path, cancellationToken);

    /// <summary>The newest checkpoint, or <see langword="null"/> before the first.</summary>
    public ValueTask<(long Size, string Note)?> NewestAsync(string tenant, CancellationToken cancellationToken) =>
        CheckpointAsync(tenant, CheckpointFile.Newest, cancellationToken);

    /// <summary>The checkpoint of a size, or <see langword="null"/> where none was published.</summary>
    public async ValueTask<string?> OfSizeAsync(string tenant, long size, CancellationToken cancellationToken) =>
        (await CheckpointAsync(tenant, CheckpointFile.PathOf(size), cancellationToken))?.Note;

    private async ValueTask<(long Size, string Note)?> CheckpointAsync(
        string tenant,
        string path,
        CancellationToken cancellationToken
    )
    {
        if (await FileAsync(tenant, path, cancellationToken) is not { } bytes)
            return null;
        var (note, checkpoint) = CheckpointFile.Read(bytes);
        return (checkpoint.Size, note.ToString());
    }
}
