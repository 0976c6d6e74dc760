using Halyard.Core.Storage;

namespace Halyard.Storage.DynamoDb.Writing;

/// <summary>A commit that a caller waits for. It is answered only after its transaction is durable.</summary>
internal sealed class CommitRequest(Commit commit, CancellationToken cancellationToken)
{
    private readonly TaskCompletionSource<CommitResult> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Commit Commit => commit;

    public Task<CommitResult> Answer => _answer.Task;

    /// <summary>True where the caller gave up before the writer began.</summary>
    public bool IsAbandoned => cancellationToken.IsCancellationRequested;

    public void Abandon() => _answer.TrySetCanceled(cancellationToken);

    public void Complete(CommitResult result) => _answer.TrySetResult(result);

    public void Fail(Exception problem) => _answer.TrySetException(problem);
}
