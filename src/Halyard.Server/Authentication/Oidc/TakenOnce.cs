namespace Halyard.Server.Authentication.Oidc;

/// <summary>
/// Remembers which tokens were taken for as long as they could be taken again. In memory, bounded: what is forgotten early, or was taken
/// by another server, has nothing left to do, for what it ended is over.
/// </summary>
internal sealed class TakenOnce(TimeProvider time)
{
    /// <summary>The most tokens that are remembered.</summary>
    public const int MaxKept = 10_000;

    private readonly Lock _lock = new();
    private readonly Dictionary<(string Issuer, string Id), DateTimeOffset> _taken = [];

    /// <summary>Whether a token was taken already.</summary>
    public bool Contains(string issuer, string id)
    {
        lock (_lock)
            return _taken.TryGetValue((issuer, id), out var until) && time.GetUtcNow() < until;
    }

    /// <summary>Remembers a token.</summary>
    /// <param name="issuer">Who issued it.</param>
    /// <param name="id">Its <c>jti</c>.</param>
    /// <param name="until">From when on it is worth nothing by itself.</param>
    public void Add(string issuer, string id, DateTimeOffset until)
    {
        lock (_lock)
        {
            if (_taken.Count >= MaxKept)
                Forget();
            _taken[(issuer, id)] = until;
        }
    }

    /// <summary>Those that are worth nothing go, and then whoever would have gone next, a tenth of all.</summary>
    private void Forget()
    {
        var now = time.GetUtcNow();
        foreach (
            var item in _taken
                .Where(item => item.Value <= now)
                .Concat(_taken.OrderBy(item => item.Value).Take(MaxKept / 10))
                .ToList()
        )
            _taken.Remove(item.Key);
    }
}
