using Halyard.Core;
using Halyard.Core.Audit.Sinks;
using Halyard.Core.Storage;

namespace Halyard.Server.Delivery;

/// <summary>
/// Delivers one sink's entries, in order, at least once. The cursor moves only after the target has a message or the message is set
/// aside; a target that is away, or takes nothing from us, moves nothing, however long.
/// </summary>
/// <remarks>
/// State, lease and cursor are one mark, written by compare-and-set. A node that lost the lease unawares can still send a
/// message a second time, but cannot move the cursor; a receiver knows the duplicate by its id.
/// </remarks>
internal sealed class SinkWorker(
    string tenant,
    Sink sink,
    string node,
    ISinkTarget target,
    IStore store,
    SinkMarks marks,
    DeadLetters deadLetters,
    DeliveryMeter meter,
    TimeProvider time,
    Entropy entropy
)
{
    /// <summary>How long a quiet sink waits before it looks again.</summary>
    public static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(500);

    /// <summary>How often a message is sent that the target refuses, before it is set aside.</summary>
    public const int MaxRefusals = 5;

    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(30);

    // Longer than a target is waited for, so that a lease does not end under a request. Only a batch that is refused and sent in
    // halves can take longer, and may then be sent a second time by another node.
    private static readonly TimeSpan RenewBelow = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan RememberEvery = TimeSpan.FromSeconds(10);

    private readonly SinkReader _reader = new(tenant, sink, store);

    // What is remembered, and what has come since: entries that the filter keeps back are not worth a write each.
    private SinkState? _state;
    private long _version;
    private long _remembered;
    private DateTimeOffset _rememberedAt;

    /// <summary>The cursor, as far as this node knows; <see langword="null"/> before the first step.</summary>
    public long? Next => _state?.Next;

    /// <summary>Does what there is to do now. Returns how long to wait before the next step.</summary>
    public async ValueTask<TimeSpan> StepAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var state = _state ?? await LoadAsync(cancellationToken);
        if (state.Node != node && state.LeaseUntil > now)
        {
            // Looked at anew when that lease ends: the cursor will be elsewhere.
            _state = null;
            return state.LeaseUntil - now;
        }
        if (Later(state.RetryAt, state.GroupUntil) is { } until && until > now)
            return until - now;

        var (messages, end) = await _reader.ReadAsync(state.Next, state.GroupEnd, cancellationToken);
        long? groupEnd = sink.Settings.Mode == SinkMode.Alert ? end : null;
        foreach (var batch in messages.Chunk(target.BatchSize))
        {
            if (!await HoldAsync(groupEnd, cancellationToken))
                return TimeSpan.Zero;
            var results = await target.SendAsync(batch, cancellationToken);
            // What follows the first message that was not settled was not sent, or is sent again: the next step reads it anew.
            if (!await SettleAsync(batch, results, cancellationToken) || _state!.Next < batch[^1].End)
                return TimeSpan.Zero;
        }
        var moved = await PassAsync(end, cancellationToken);
        return moved || messages.Count > 0 ? TimeSpan.Zero : Poll;
    }

    /// <summary>Lets another node go on at once.</summary>
    public async ValueTask ReleaseAsync(CancellationToken cancellationToken)
    {
        if (_state is { } state && state.Node == node && state.LeaseUntil > time.GetUtcNow())
            await RememberAsync(state with { LeaseUntil = time.GetUtcNow() }, cancellationToken);
    }

    private async ValueTask<SinkState> LoadAsync(CancellationToken cancellationToken)
    {
        (var known, _version) = await marks.FindAsync(tenant, sink, cancellationToken);
        _state = known ?? new SinkState { Next = await SinkCursor.StartAsync(store, tenant, sink, cancellationToken) };
        _remembered = _state.Next;
        _rememberedAt = time.GetUtcNow();
        return _state;
    }

    /// <summary>Makes sure of the lease, and of where a group ends that is about to be sent.</summary>
    private async ValueTask<bool> HoldAsync(long? groupEnd, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        if (_state!.Node == node && _state.LeaseUntil - now > RenewBelow && _state.GroupEnd == groupEnd)
            return true;
        var held = _state with { Node = node, LeaseUntil = now + Lease, GroupEnd = groupEnd };
        return await RememberAsync(held, cancellationToken);
    }

    /// <summary>Takes note of what became of a batch, as far as the first message that waits; false where the lease was lost.</summary>
    private async ValueTask<bool> SettleAsync(
        SinkMessage[] batch,
        IReadOnlyList<DeliveryResult> results,
        CancellationToken cancellationToken
    )
    {
        var state = _state!;
        var now = time.GetUtcNow();
        foreach (var (message, result) in batch.Zip(results))
        {
            if (result.Verdict == DeliveryVerdict.Accepted)
            {
                meter.Delivered(tenant, sink.Key);
                state = Past(state, message) with
                {
                    LastSuccessAt = now,
                    GroupUntil = sink.Settings.Mode == SinkMode.Alert ? now.AddSeconds(sink.Settings.GroupSeconds) : null,
                };
                continue;
            }
            meter.Failed(tenant, sink.Key);
            state = state with
            {
                LastError = result.Words,
                LastErrorAt = now,
                Failures = state.Failures + 1,
                Refusals = state.Refusals + (result.Verdict == DeliveryVerdict.Refused ? 1 : 0),
            };
            if (result.Verdict == DeliveryVerdict.RefusedForGood || state.Refusals >= MaxRefusals)
            {
                meter.SetAside(tenant, sink.Key);
                await deadLetters.AddAsync(tenant, sink, message, result.Words, cancellationToken);
                state = Past(state, message);
                continue;
            }
            state = state with { RetryAt = now + Backoff.After(state.Failures, result.RetryAfter, entropy) };
            break;
        }
        return await RememberAsync(state, cancellationToken);
    }

    private static SinkState Past(SinkState state, SinkMessage message) =>
        state with
        {
            Next = message.End,
            Failures = 0,
            Refusals = 0,
            RetryAt = null,
            GroupEnd = null,
        };

    /// <summary>Moves past entries that the filter kept back; false where there was nothing to pass.</summary>
    private async ValueTask<bool> PassAsync(long end, CancellationToken cancellationToken)
    {
        var moved = end > _state!.Next;
        if (moved)
            _state = _state with { Next = end, GroupEnd = null };
        if (_state.Next > _remembered && time.GetUtcNow() - _rememberedAt >= RememberEvery)
            await RememberAsync(_state, cancellationToken);
        return moved;
    }

    /// <summary>Writes the state; false where another node was faster: what this one knew is forgotten.</summary>
    private async ValueTask<bool> RememberAsync(SinkState state, CancellationToken cancellationToken)
    {
        if (!await marks.TrySetAsync(tenant, sink, _version, state, cancellationToken))
        {
            _state = null;
            return false;
        }
        (_state, _remembered, _rememberedAt) = (state, state.Next, time.GetUtcNow());
        _version++;
        return true;
    }

    private static DateTimeOffset? Later(DateTimeOffset? one, DateTimeOffset? other) =>
        one > other || other is null ? one : other;
}
