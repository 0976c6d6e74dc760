using Halyard.Core.Storage;

namespace Halyard.Storage.Conformance.Objects;

/// <summary>Objects in memory; passes the same suite as the real stores, so it may stand in for them.</summary>
public sealed class InMemoryObjects : IObjectStore
{
    private readonly Lock _gate = new();
    private readonly SortedDictionary<string, byte[]> _objects = new(StringComparer.Ordinal);

    public ValueTask<byte[]?> ReadAsync(string path, CancellationToken cancellationToken)
    {
        ObjectPath.Checked(path);
        lock (_gate)
            return ValueTask.FromResult(_objects.TryGetValue(path, out var content) ? content.ToArray() : null);
    }

    public ValueTask<Creation> CreateAsync(string path, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        ObjectPath.Checked(path);
        ObjectPath.CheckContent(content);
        lock (_gate)
        {
            if (_objects.TryGetValue(path, out var before))
                return ValueTask.FromResult(content.Span.SequenceEqual(before) ? Creation.Same : Creation.Different);
            _objects[path] = content.ToArray();
            return ValueTask.FromResult(Creation.Created);
        }
    }

    public ValueTask ReplaceAsync(string path, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        ObjectPath.Checked(path);
        ObjectPath.CheckContent(content);
        lock (_gate)
            _objects[path] = content.ToArray();
        return ValueTask.CompletedTask;
    }

    public ValueTask DeleteAsync(string path, CancellationToken cancellationToken)
    {
        ObjectPath.Checked(path);
        lock (_gate)
            _objects.Remove(path);
        return ValueTask.CompletedTask;
    }

    public async IAsyncEnumerable<string> ListAsync(
        string prefix,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        ObjectPath.CheckedPrefix(prefix);
        List<string> paths;
        lock (_gate)
            paths = [.. _objects.Keys.Where(path => path.StartsWith(prefix, StringComparison.Ordinal))];
        foreach (var path in paths)
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return path;
        }
        await Task.CompletedTask;
    }
}
