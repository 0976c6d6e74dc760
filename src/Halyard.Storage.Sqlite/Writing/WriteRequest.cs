namespace Halyard.Storage.Sqlite.Writing;

/// <summary>Something a caller waits for the writer to do. It is answered only after its transaction is durable.</summary>
internal abstract class WriteRequest
{
    /// <summary>What went wrong with this request alone, its savepoint rolled back.</summary>
    public Exception? Failure { get; set; }

    /// <summary>True where the caller gave up before the writer began.</summary>
    public abstract bool IsAbandoned { get; }

    /// <summary>How much it writes, in log entries.</summary>
    public abstract int Weight { get; }

    public abstract void Execute(WriterSession session);

    public abstract void Complete();

    public abstract void Fail(Exception problem);
}

/// <inheritdoc/>
internal sealed class WriteRequest<T>(Func<WriterSession, T> work, int weight, CancellationToken cancellationToken) : WriteRequest
{
    private readonly TaskCompletionSource<T> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private T? _result;

    public Task<T> Answer => _answer.Task;

    public override bool IsAbandoned => cancellationToken.IsCancellationRequested;

    public override int Weight => weight;

    public override void Execute(WriterSession session) => _result = work(session);

    public override void Complete()
    {
        if (Failure is null)
            _answer.SetResult(_result!);
        else
            _answer.SetException(Failure);
    }

    public override void Fail(Exception problem) => _answer.TrySetException(problem);
}
