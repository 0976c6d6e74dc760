namespace Halyard.Core.Storage.Privacy;

/// <summary>Data keys in memory, a bounded number of them.</summary>
internal sealed class KeyCache
{
    /// <summary>About 4 MB; beyond it the cache starts anew.</summary>
    private const int MaxKeys = 16_384;

    private readonly Lock _gate = new();
    private readonly Dictionary<(string Tenant, SubjectRequest Request), SubjectKey> _ensured = [];
    private readonly Dictionary<(string Tenant, string Subject), byte[]> _keys = [];
    private long _generation;

    /// <summary>Rises whenever keys are removed; to be read before the keys to be kept are asked for.</summary>
    public long Generation
    {
        get
        {
            lock (_gate)
                return _generation;
        }
    }

    /// <summary>The key that a request was answered with.</summary>
    public SubjectKey? Find(string tenant, SubjectRequest request)
    {
        lock (_gate)
            return _ensured.GetValueOrDefault((tenant, request));
    }

    /// <summary>A subject's key.</summary>
    public byte[]? Find(string tenant, string subject)
    {
        lock (_gate)
            return _keys.GetValueOrDefault((tenant, subject));
    }

    /// <summary>Keeps a key, unless some were removed since the generation: it may be one of them, read before.</summary>
    public void Keep(long generation, string tenant, SubjectRequest request, SubjectKey key)
    {
        if (key.Key is null)
            return;
        lock (_gate)
        {
            if (generation != _generation)
                return;
            if (_ensured.Count >= MaxKeys)
                _ensured.Clear();
            _ensured[(tenant, request)] = key;
        }
        Keep(generation, tenant, key.Subject, key.Key);
    }

    /// <inheritdoc cref="Keep(long, string, SubjectRequest, SubjectKey)"/>
    public void Keep(long generation, string tenant, string subject, byte[] key)
    {
        lock (_gate)
        {
            if (generation != _generation)
                return;
            if (_keys.Count >= MaxKeys)
                _keys.Clear();
            _keys[(tenant, subject)] = key;
        }
    }

    /// <summary>Forgets the keys of subjects.</summary>
    public void Remove(string tenant, IReadOnlyCollection<string> subjects)
    {
        lock (_gate)
        {
            _generation++;
            foreach (var subject in subjects)
                _keys.Remove((tenant, subject));
            var gone = _ensured.Where(item => item.Key.Tenant == tenant && subjects.Contains(item.Value.Subject)).ToList();
            foreach (var item in gone)
                _ensured.Remove(item.Key);
        }
    }
}
