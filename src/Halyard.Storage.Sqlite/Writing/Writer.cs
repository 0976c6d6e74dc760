using System.Threading.Channels;
using Halyard.Core.Storage;
using Halyard.Storage.Sqlite.Native;

namespace Halyard.Storage.Sqlite.Writing;

/// <summary>
/// The one writer: a thread with a connection of its own that takes what waits in the queue into one transaction (group commit),
/// a savepoint for each request, so that one flush to disk serves many callers.
/// </summary>
internal sealed class Writer : IDisposable
{
    /// <summary>A transaction takes no further request beyond this many entries: an import does not hold up the others for long.</summary>
    private const int MaxEntries = 2_048;

    private readonly Database _database;
    private readonly WriterSession _session;
    private readonly Checkpointer _checkpointer;
    private readonly CommitSignal _signal;
    private readonly int _maxBatch;
    private readonly Channel<WriteRequest> _queue;
    private readonly Thread _thread;

    public Writer(Database database, Checkpointer checkpointer, CommitSignal signal, SqliteStoreOptions options)
    {
        _database = database;
        _checkpointer = checkpointer;
        _session = new WriterSession(database);
        _signal = signal;
        _maxBatch = options.MaxBatch;
        _queue = Channel.CreateBounded<WriteRequest>(new BoundedChannelOptions(options.MaxQueue) { SingleReader = true });
        _thread = new Thread(Run) { Name = "Halyard SQLite writer", IsBackground = true };
        _thread.Start();
    }

    /// <summary>Queues the work. From the moment that the writer begins with it, cancellation no longer counts: the outcome is told.</summary>
    public Task<T> DoAsync<T>(Func<WriterSession, T> work, int weight, CancellationToken cancellationToken)
    {
        var request = new WriteRequest<T>(work, weight, cancellationToken);
        // There is room nearly always, and then nobody need wait for it.
        return !cancellationToken.IsCancellationRequested && _queue.Writer.TryWrite(request)
            ? request.Answer
            : QueueAsync(request, cancellationToken);
    }

    private async Task<T> QueueAsync<T>(WriteRequest<T> request, CancellationToken cancellationToken)
    {
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

    /// <summary>Finishes what is queued, then closes the connection.</summary>
    public void Dispose()
    {
        _queue.Writer.TryComplete();
        _thread.Join();
        _checkpointer.Dispose();
        _database.Dispose();
    }

    private void Run()
    {
        var batch = new List<WriteRequest>(_maxBatch);
        while (Take(batch))
        {
            Process(batch);
            batch.Clear();
        }
    }

    private bool Take(List<WriteRequest> batch)
    {
        // A thread of its own may block; the queue's other end stays asynchronous.
        if (!_queue.Reader.WaitToReadAsync().AsTask().GetAwaiter().GetResult())
            return false;
        var entries = 0;
        while (batch.Count < _maxBatch && entries < MaxEntries && _queue.Reader.TryRead(out var request))
        {
            if (request.IsAbandoned)
            {
                request.Fail(new OperationCanceledException());
                continue;
            }
            batch.Add(request);
            entries += request.Weight;
        }
        return true;
    }

    private void Process(List<WriteRequest> batch)
    {
        if (batch.Count == 0)
            return;
#pragma warning disable CA1031 // Whatever goes wrong is told to every caller in the batch, and the writer lives on.
        try
        {
            _checkpointer.Finish(_database);
            _database["BEGIN IMMEDIATE"].Run();
            foreach (var request in batch)
                ExecuteInSavepoint(request);
            _session.Flush();
            _database["COMMIT"].Run();
        }
        catch (Exception problem)
        {
            Abandon(batch, problem);
            return;
        }
#pragma warning restore CA1031
        _session.Accept();
        foreach (var request in batch)
            request.Complete();
        _signal.Wake();
        _checkpointer.Written(_database);
    }

    private void ExecuteInSavepoint(WriteRequest request)
    {
        _database["SAVEPOINT request"].Run();
        _session.Begin();
#pragma warning disable CA1031 // The caller whose request it is gets the exception; the others in the batch are not concerned.
        try
        {
            request.Execute(_session);
        }
        catch (Exception problem) when (_database.InTransaction)
        {
            _session.Undo();
            _database["ROLLBACK TO request"].Run();
            request.Failure = problem;
        }
#pragma warning restore CA1031
        _database["RELEASE request"].Run();
    }

    private void Abandon(List<WriteRequest> batch, Exception problem)
    {
        _session.ForgetAll();
#pragma warning disable CA1031 // The callers are told why the transaction failed, which is the problem that matters.
        try
        {
            if (_database.InTransaction)
                _database["ROLLBACK"].Run();
        }
        catch (Exception second)
        {
            problem = new AggregateException(problem, second);
        }
#pragma warning restore CA1031
        foreach (var request in batch)
            request.Fail(new IOException($"The transaction failed and nothing of it is stored: {problem.Message}", problem));
    }
}
