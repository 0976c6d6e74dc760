using System.Threading.Channels;
using Halyard.Core.Audit.Searching;
using Halyard.Core.Storage;
using Halyard.Storage.DynamoDb.Logs;
using Microsoft.Extensions.Logging;

namespace Halyard.Storage.DynamoDb.Writing;

/// <summary>
/// Writes one tenant's commits in this process: what waits in the queue goes into one transaction (group commit), as far as it fits.
/// Other processes do the same; the condition on the head puts them in a row.
/// </summary>
internal sealed partial class TenantWriter : IAsyncDisposable
{
    private const int MaxQueue = 1_024;

    /// <summary>A transaction of 100 items takes that many, with the head and the entries.</summary>
    private const int MaxWeight = 80;

    /// <summary>As many entries of the usual size fit into it.</summary>
    private const int MaxEntries = 500;

    private readonly BatchTransaction _transaction;
    private readonly Sweeper _sweeper;
    private readonly TenantLog _log;
    private readonly CommitSignal _signal;
    private readonly ILogger _logger;
    private readonly Channel<CommitRequest> _queue;
    private readonly Task _writing;
    private Task _sweeping = Task.CompletedTask;
    private Task _folding = Task.CompletedTask;

    /// <summary>Whether something may be left to sweep; at first, what a server left that was ended amid it.</summary>
    private bool _isWanted = true;

    /// <summary>Begins to write.</summary>
    public TenantWriter(BatchTransaction transaction, Sweeper sweeper, TenantLog log, CommitSignal signal, ILogger logger)
    {
        (_transaction, _sweeper, _log, _signal, _logger) = (transaction, sweeper, log, signal, logger);
        _queue = Channel.CreateBounded<CommitRequest>(new BoundedChannelOptions(MaxQueue) { SingleReader = true });
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
        await _sweeping;
        await _folding;
    }

    private async Task RunAsync()
    {
        var batch = new List<CommitRequest>();
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
        var (weight, entries) = (0, 0);
        while (_queue.Reader.TryPeek(out var next))
        {
            weight += WeightOf(next.Commit);
            entries += next.Commit.Entries.Count;
            // What does more than append is alone.
            if (batch.Count > 0 && (weight > MaxWeight || entries > MaxEntries || next.Commit.Effect is not null))
                return;
            _queue.Reader.TryRead(out _);
            if (next.IsAbandoned)
            {
                next.Abandon();
                continue;
            }
            batch.Add(next);
            if (next.Commit.Effect is not null)
                return;
        }
    }

    /// <summary>How many items it writes beside its entries.</summary>
    private static int WeightOf(Commit commit) =>
        1
        + commit.Writes.Count
        + commit.Timers.Count
        + commit.Preconditions.OfType<Precondition.Fence>().Count()
        + (commit.Answer is null ? 0 : 1);

    private async Task ProcessAsync(List<CommitRequest> batch)
    {
#pragma warning disable CA1031 // Whatever goes wrong is told to the callers, and the writer lives on.
        try
        {
            var outcomes = await _transaction.RunAsync(batch.ConvertAll(request => request.Commit));
            // Nothing of whom it erases is left when it is answered; what is purged may be much, and nobody waits for that.
            var erases = batch[0].Commit.Effect is CommitEffect.EraseSubjects;
            if (erases)
                await SweepAsync();
            foreach (var (request, outcome) in batch.Zip(outcomes))
            {
                if (outcome.Result is { } result)
                    request.Complete(result);
                else
                    request.Fail(outcome.Failure!);
            }
            _signal.Wake();
            if (!erases)
                SweepBehind(batch);
            FoldBehind();
        }
        // Together too much may be little enough one by one.
        catch (BatchTooLargeException) when (batch.Count > 1)
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

    private void SweepBehind(List<CommitRequest> batch)
    {
        if (batch[0].Commit.Effect is CommitEffect.PurgeEntries)
            Volatile.Write(ref _isWanted, true);
        if (_sweeping.IsCompleted && Interlocked.Exchange(ref _isWanted, false))
            _sweeping = Task.Run(SweepAsync);
    }

    /// <summary>Removes what erasures and purges only hide so far.</summary>
    private async Task SweepAsync()
    {
        try
        {
            // What is purged while it sweeps is swept in another round.
            do await _sweeper.SweepAsync(CancellationToken.None);
            while (Interlocked.Exchange(ref _isWanted, false));
        }
        catch (IOException broken)
        {
            // It took effect and nobody sees it any more; the next commit tries again.
            Volatile.Write(ref _isWanted, true);
            CannotSweep(broken);
        }
    }

    private void FoldBehind()
    {
        if (_folding.IsCompleted && _log.Index.Size - _log.Index.Folded >= EntrySet.BlockSize)
            _folding = Task.Run(FoldAsync);
    }

    private async Task FoldAsync()
    {
        try
        {
            await _log.FoldAsync(CancellationToken.None);
        }
        catch (IOException broken)
        {
            // What is in no block is found in memory; the next commit tries again.
            CannotFold(broken);
        }
    }

    [LoggerMessage(LogLevel.Error, "The newest entries cannot be put into blocks; until they can, they are kept in memory.")]
    private partial void CannotFold(Exception broken);

    [LoggerMessage(LogLevel.Error, "What was erased or purged is hidden, but cannot be removed from the table yet.")]
    private partial void CannotSweep(Exception broken);
}
