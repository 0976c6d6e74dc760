using System.Collections.Concurrent;
using Halyard.Core.Flags;
using Halyard.Core.Flags.Editing;
using Halyard.Core.Reading;
using Halyard.Core.Storage;

namespace Halyard.Core.Changes;

/// <summary>
/// Resources as they were read lately, so that what many changes look at (the project, its environments) need not be read from its
/// JSON each time. Nothing here is believed: what the store has counts, and is compared byte by byte. What holds personal values is
/// not kept.
/// </summary>
internal sealed class LoadedShelf
{
    /// <summary>Beyond so many bytes of documents it starts anew; what is made of them takes some times as much.</summary>
    private const int MaxBytes = 4 * 1024 * 1024;

    private readonly ConcurrentDictionary<(string Tenant, ResourceName Name), Loaded> _known = new();
    private int _bytes;

    /// <summary>The resource in what the store has.</summary>
    public Loaded Load(string tenant, StoredResource stored)
    {
        if (stored.Sealed is not null)
            return ResourceDocuments.Load(stored);
        if (
            _known.TryGetValue((tenant, stored.Name), out var known)
            && known.Revision == stored.Revision
            && known.Document.AsSpan().SequenceEqual(stored.Document)
        )
            return known;
        var loaded = ResourceDocuments.Load(stored);
        Keep(tenant, loaded);
        return loaded;
    }

    private void Keep(string tenant, Loaded loaded)
    {
        if (Interlocked.Add(ref _bytes, loaded.Document.Length) > MaxBytes)
        {
            _known.Clear();
            Volatile.Write(ref _bytes, loaded.Document.Length);
        }
        _known[(tenant, loaded.Resource.Name)] = loaded;
    }
}
