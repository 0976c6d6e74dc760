using Halyard.Core.Storage;
using Halyard.Ledger;

namespace Halyard.Server.Publishing.Anchoring;

/// <summary>A folder or a bucket: each checkpoint is created once, so that a fork is noticed where it is to be anchored.</summary>
internal sealed class ObjectAnchor(string name, IObjectStore objects) : IAnchor
{
    public string Name => name;

    /// <summary>The objects.</summary>
    public IObjectStore Objects => objects;

    public ValueTask AnchorAsync(string path, Note note, CancellationToken cancellationToken) =>
        CheckpointFile.CreateAsync(objects, path, note, cancellationToken);
}
