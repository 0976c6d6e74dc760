namespace Halyard.Core.Storage.Privacy;

/// <summary>Data keys in memory, a bounded number of them.</summary>
internal sealed class KeyCache
{
    /// <summary>About 4 MB; beyond it the cache starts anew.</summary>
    private const int MaxKeys = 16_384;

    private readonly Lock _gate = new();
    private readonly Dictionary<(string Tenant, SubjectRequest Request), SubjectKey> _ensured = [];
    private readonly Dictionary<(string Tenant, string Subject), byte[]> _keys = [];

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

    public void Keep(string tenant, SubjectRequest request, SubjectKey key)
    {
        if (key.Key is null)
            return;
        lock (_gate)
        {
            if (_ensured.Count >= MaxKeys)
                _ensured.Clear();
            _ensured[(tenant, request)] = key;
        }
        Keep(tenant, key.Subject, key.Key);
    }

    public void Keep(string tenant, string subject, byte[] key)
    {
        lock (_gate)
        {
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
            foreach (var subject in subjects)
                _keys.Remove((tenant, subject));
            var gone = _ensured.Where(item => item.Key.Tenant == tenant && subjects.Contains(item.Value.Subject)).ToList();
            foreach (var item in gone)
                _ensured.Remove(item.Key);
        }
    }
}
