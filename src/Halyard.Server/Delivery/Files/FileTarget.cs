using Halyard.Core.Audit.Sinks;
using Halyard.Server.Disk;
using Halyard.Server.Hosting;

namespace Halyard.Server.Delivery.Files;

/// <summary>
/// Appends leaves to <c>&lt;folder&gt;/&lt;tenant&gt;/&lt;sink&gt;/&lt;target&gt;</c>. Tenants and sinks have folders of their own, so no two write one
/// file; none of the names can leave its folder.
/// </summary>
internal sealed class FileTarget(string tenant, Sink sink, SinkOptions options) : ISinkTarget
{
    private const string NoFolder = "there is no folder for file sinks in the configuration (Halyard:Sinks:Folder)";

    /// <inheritdoc/>
    public int BatchSize => 500;

    private string Folder => Path.Combine(options.Folder, tenant, sink.Key);

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<DeliveryResult>> SendAsync(
        IReadOnlyList<SinkMessage> messages,
        CancellationToken cancellationToken
    )
    {
        var leaves = messages.Select(message => (message.First, message.Entries[0].Leaf));
        var result = await TryAsync(leaves, cancellationToken);
        return [.. messages.Select(_ => result)];
    }

    /// <inheritdoc/>
    public ValueTask<DeliveryResult> TestAsync(CancellationToken cancellationToken) => TryAsync([], cancellationToken);

    private async ValueTask<DeliveryResult> TryAsync(
        IEnumerable<(long Index, ReadOnlyMemory<byte> Leaf)> leaves,
        CancellationToken cancellationToken
    )
    {
        if (options.Folder.Length == 0)
            return DeliveryResult.Failed(NoFolder);
        try
        {
            Durable.CreateDirectory(Path.GetFullPath(Folder));
            await JsonlFile.AppendAsync(Path.Combine(Folder, sink.Settings.Target), leaves, cancellationToken);
            return new DeliveryResult(DeliveryVerdict.Accepted, "the file was written");
        }
        catch (InvalidDataException foreign)
        {
            return DeliveryResult.Failed(foreign.Message);
        }
        catch (Exception broken) when (broken is IOException or UnauthorizedAccessException)
        {
            return DeliveryResult.Failed($"the file cannot be written ({broken.GetType().Name})");
        }
    }
}
