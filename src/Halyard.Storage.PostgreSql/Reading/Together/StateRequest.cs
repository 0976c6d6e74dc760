using Halyard.Core.Flags;
using Halyard.Core.Storage;

namespace Halyard.Storage.PostgreSql.Reading.Together;

/// <summary>What a caller wants to see of one tenant's state, and waits for.</summary>
/// <param name="tenant">The tenant's number.</param>
/// <param name="cancellationToken">Whoever gave up before the trip began is left out of it.</param>
internal sealed class StateRequest(int tenant, CancellationToken cancellationToken)
{
    private readonly TaskCompletionSource<StateView> _view = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public int Tenant => tenant;

    /// <summary>Resources by name.</summary>
    public IReadOnlyCollection<ResourceName> Names { get; init; } = [];

    /// <summary>Fences by name.</summary>
    public IReadOnlyCollection<string> Fences { get; init; } = [];

    /// <summary>The project of which every environment is wanted, or <see langword="null"/>.</summary>
    public string? EnvironmentsOf { get; init; }

    /// <summary>The idempotency key whose answer is wanted, or <see langword="null"/>.</summary>
    public (string Credential, string Key)? Answer { get; init; }

    public Task<StateView> View => _view.Task;

    /// <summary>True where the caller gave up before the trip began.</summary>
    public bool IsAbandoned => cancellationToken.IsCancellationRequested;

    public void Abandon() => _view.TrySetCanceled(cancellationToken);

    public void Complete(StateView view) => _view.TrySetResult(view);

    public void Fail(Exception problem) => _view.TrySetException(problem);
}

/// <summary>What one trip to the server saw, as of one moment: at least what each of its requests asked for.</summary>
internal sealed class StateView
{
    public Dictionary<(int Tenant, ResourceName Name), StoredResource> Resources { get; } = [];

    /// <summary>Those that were ever raised.</summary>
    public Dictionary<(int Tenant, string Name), long> Fences { get; } = [];

    /// <summary>In key order.</summary>
    public Dictionary<(int Tenant, string Project), List<StoredResource>> Environments { get; } = [];

    public Dictionary<
        (int Tenant, string Credential, string Key),
        (StoredAnswer Answer, DateTimeOffset ExpiresAt)
    > Answers { get; } = [];
}
