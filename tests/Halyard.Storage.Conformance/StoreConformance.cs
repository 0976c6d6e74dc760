using Halyard.Core.Storage;
using Halyard.Storage.Conformance.Building;

namespace Halyard.Storage.Conformance;

/// <summary>
/// What every store promises, one fact for each promise. A test class for an adapter derives from this and opens a store.
/// </summary>
public abstract partial class StoreConformance : IAsyncLifetime
{
    private IStore? _store;

    /// <summary>The store under test; empty when a test begins.</summary>
    protected IStore Store => _store ?? throw new InvalidOperationException("The store is not open yet.");

    protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    protected static string Tenant => CommitBuilder.DefaultTenant;

    protected static DateTimeOffset Noon => CommitBuilder.Noon;

    /// <summary>Opens a store without data. Called once a test, and more often by tests that need several.</summary>
    protected abstract ValueTask<IStore> OpenAsync();

    /// <summary>Closes a store that a test is done with before it ends.</summary>
    protected virtual ValueTask CloseAsync(IStore store)
    {
        (store as IDisposable)?.Dispose();
        return ValueTask.CompletedTask;
    }

    public async ValueTask InitializeAsync() => _store = await OpenAsync();

    public virtual ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    protected async Task<CommitResult> CommitAsync(CommitBuilder commit) => await Store.CommitAsync(commit.Build(), Cancellation);

    protected async Task<IReadOnlyList<Receipt>> CommittedAsync(CommitBuilder commit) =>
        (await CommitAsync(commit)).ShouldBeOfType<CommitResult.Committed>().Receipts;

    protected async Task<CommitResult.Conflict> ConflictAsync(CommitBuilder commit) =>
        (await CommitAsync(commit)).ShouldBeOfType<CommitResult.Conflict>();

    /// <summary>A commit in the default tenant.</summary>
    protected static CommitBuilder Commit() => new();
}
