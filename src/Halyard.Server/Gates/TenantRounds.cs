namespace Halyard.Server.Gates;

/// <summary>
/// Goes round for many tenants at once, so that none waits for another's slow sources: a tenant has at most one round at a time, and all
/// together at most <see cref="MaxAtOnce"/>. Whoever is still at it when the next is due has it then.
/// </summary>
/// <param name="go">One round of a tenant; it reports by itself what goes wrong.</param>
internal sealed class TenantRounds(Func<string, CancellationToken, Task> go) : IDisposable
{
    /// <summary>The most rounds at a time.</summary>
    public const int MaxAtOnce = 16;

    private readonly Dictionary<string, Task> _rounds = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _free = new(MaxAtOnce);

    /// <summary>Begins a round for each tenant that is at none. One caller at a time.</summary>
    public void Begin(IEnumerable<string> tenants, CancellationToken cancellationToken)
    {
        foreach (var done in _rounds.Where(round => round.Value.IsCompleted).Select(round => round.Key).ToList())
            _rounds.Remove(done);
        foreach (var tenant in tenants.Where(tenant => !_rounds.ContainsKey(tenant)))
            _rounds[tenant] = Task.Run(() => GoAsync(tenant, cancellationToken), CancellationToken.None);
    }

    /// <summary>Waits for the rounds that have begun.</summary>
    public Task EndAsync() => Task.WhenAll(_rounds.Values);

    /// <inheritdoc/>
    public void Dispose() => _free.Dispose();

    private async Task GoAsync(string tenant, CancellationToken cancellationToken)
    {
        try
        {
            await _free.WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            return;
        }
        try
        {
            await go(tenant, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The server stops.
        }
        finally
        {
            _free.Release();
        }
    }
}
