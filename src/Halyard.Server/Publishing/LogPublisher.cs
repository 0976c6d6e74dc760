using Halyard.Core;
using Halyard.Core.Reading;
using Halyard.Core.Storage;
using Halyard.Server.Publishing.Signing;

namespace Halyard.Server.Publishing;

/// <summary>Publishes one log up to its head, if it may and there is something new.</summary>
internal sealed class LogPublisher(
    IStore store,
    ProofReader proofs,
    PublishedObjects published,
    ISigner signer,
    KeyRecorder keys,
    LedgerStatus status,
    Entropy entropy,
    TimeProvider time
)
{
    private readonly Integrator _integrator = new(store, proofs, published.Objects, signer);
    private readonly PublishedMinimum _minimum = new(published.Objects);
    private readonly string _holder = entropy.NewId("node");

    /// <summary>Publishes a tenant's log. Returns false where another process is at it.</summary>
    /// <exception cref="LedgerAlarmException">What is published, signed and stored contradict each other.</exception>
    public async ValueTask<bool> PublishAsync(string tenant, CancellationToken cancellationToken)
    {
        await keys.RecordAsync(tenant, cancellationToken);
        var before = await PublishedLog.LoadAsync(tenant, published.Objects, store, proofs, cancellationToken);
        if (await store.HeadAsync(tenant, cancellationToken) is not { } head)
            return true;
        if (head.Range.Size == before.Size)
        {
            await _minimum.FollowAsync(head, cancellationToken);
            status.Published(tenant, before);
            return true;
        }
        var lease = new LogLease(store, tenant, _holder, time);
        if (!await lease.TryTakeAsync(cancellationToken))
            return false;
        try
        {
            var after = await _integrator.PublishAsync(
                before,
                head,
                () => lease.RenewAsync(cancellationToken),
                cancellationToken
            );
            if (after.Size == head.Range.Size)
                await _minimum.FollowAsync(head, cancellationToken);
            status.Published(tenant, after);
            return after.Size == head.Range.Size;
        }
        finally
        {
            await lease.ReleaseAsync(CancellationToken.None);
        }
    }
}

/// <summary>Where the ledger is published.</summary>
/// <param name="Objects">Its files, a folder a log.</param>
internal sealed record PublishedObjects(IObjectStore Objects);
