using System.Threading.Channels;
using Halyard.Core.Audit.Searching;
using Halyard.Core.Storage;
using Halyard.Storage.PostgreSql.Native;
using Microsoft.Extensions.Logging;

namespace Halyard.Storage.PostgreSql.Writing;

/// <summary>
/// Writes one tenant's commits in this process: what waits in the queue goes into one transaction (group commit), so that one lock of
/// the head and one flush to disk serve many callers. Other processes do the same; the head's lock puts them in a row.
/// </summary>
internal sealed partial class TenantWriter : IAsyncDisposable
{
    /// <summary>A transaction takes no further commit beyond this many entries: an import does not hold up the others for long.</summary>
    private const int MaxEntries = 2_048;

    private readonly BatchTransaction _transaction;
    private readonly Func<ValueTask<long>> _fold;
    private readonly CommitSignal _signal;
    private readonly ILogger _logger;
    private readonly int _maxBatch;
    private readonly Channel<CommitRequest> _queue;
    private readonly Task _writing;
    private Task _folding = Task.CompletedTask;
    private long _unfolded;

    /// <summary>Begins to write.</summary>
    /// <param name="transaction">Does a batch.</param>
    /// <param name="fold">Folds every whole block of this tenant, and tells the first index that is then not folded.</param>
    /// <param name="signal">Woken at each commit.</param>
    /// <param name="options">How much is taken at once.</param>
    /// <param name="logger">Where it is said that blocks cannot be folded.</param>
    public TenantWriter(
        BatchTransaction transaction,
        Func<ValueTask<long>> fold,
        CommitSignal signal,
        PostgreSqlStoreOptions options,
        ILogger logger
    )
    {
        _transaction = transaction;
        _fold = fold;
        _signal = signal;
        _logger = logger;
        _maxBatch = options.MaxBatch;
        _queue = Channel.CreateBounded<CommitRequest>(new BoundedChannelOptions(options.MaxQueue) { SingleReader = true });
        _writing = Task.Run(RunAsync);
    }

    /// <summary>Queues a commit. From the moment that the writer begins with it, cancellation no longer counts: the outcome is told.</summary>
    public async ValueTask<CommitResult> CommitAsync(Commit commit, CancellationToken cancellationToken)
    {
        var request = new CommitRequest(commit, cancellationToken);
        try
        {
            await _queue.Writer.WriteAsync(request, cancellationToken);
        }
        catch (ChannelClosedException closed)
        {
            throw new ObjectDisposedException("The store is closed.", closed);
        }
        return await request.Answer;
    }

    /// <summary>Finishes what is queued.</summary>
    public async ValueTask DisposeAsync()
    {
        _queue.Writer.TryComplete();
        await _writing;
        await _folding;
    }

    private async Task RunAsync()
    {
        var batch = new List<CommitRequest>(_maxBatch);
        while (await _queue.Reader.WaitToReadAsync())
        {
            Take(batch);
            if (batch.Count > 0)
                await ProcessAsync(batch);
            batch.Clear();
        }
    }

    private void Take(List<CommitRequest> batch)
    {
        var entries = 0;
        while (batch.Count < _maxBatch && entries < MaxEntries && _queue.Reader.TryPeek(out var next))
        {
            // What does more than append is alone.
            if (next.Commit.Effect is not null && batch.Count > 0)
                return;
            _queue.Reader.TryRead(out _);
            if (next.IsAbandoned)
            {
                next.Abandon();
                continue;
            }
            batch.Add(next);
            entries += next.Commit.Entries.Count;
            if (next.Commit.Effect is not null)
                return;
        }
    }

    private async Task ProcessAsync(List<CommitRequest> batch)
    {
#pragma warning disable CA1031 // Whatever goes wrong is told to the callers, and the writer lives on.
        try
        {
            var (results, size) = await _transaction.RunAsync(batch.ConvertAll(request => request.Commit));
            foreach (var (request, result) in batch.Zip(results))
                request.Complete(result);
            _signal.Wake();
            FoldBehind(size);
        }
        // One that cannot be written must not fail the others: each by itself. Unless the database cannot be reached, for anybody.
        catch (Exception problem) when (batch.Count > 1 && !Database.IsAway(problem))
        {
            foreach (var request in batch)
                await ProcessAsync([request]);
        }
        catch (Exception problem)
        {
            batch.ForEach(request => request.Fail(problem));
        }
#pragma warning restore CA1031
    }

    private void FoldBehind(long size)
    {
        if (size - _unfolded >= EntrySet.BlockSize && _folding.IsCompleted)
            _folding = Task.Run(FoldAsync);
    }

    private async Task FoldAsync()
    {
#pragma warning disable CA1031 // What is not folded is found all the same; the next commit tries again.
        try
        {
            Volatile.Write(ref _unfolded, await _fold());
        }
        catch (Exception broken)
        {
            CannotFold(broken);
        }
#pragma warning restore CA1031
    }

    [LoggerMessage(LogLevel.Error, "The newest entries cannot be folded into blocks; they are found, if more slowly.")]
    private partial void CannotFold(Exception broken);
}
