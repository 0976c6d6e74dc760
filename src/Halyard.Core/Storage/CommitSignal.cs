namespace Halyard.Core.Storage;

/// <summary>Wakes those who follow the logs in this process. A commit that nobody waited for wakes the next one who waits.</summary>
public sealed class CommitSignal(TimeProvider time)
{
    private readonly Lock _gate = new();
    private TaskCompletionSource _next = NewSource();
    private bool _raised;

    /// <summary>Something was committed.</summary>
    public void Wake()
    {
        TaskCompletionSource waiting;
        lock (_gate)
        {
            waiting = _next;
            _next = NewSource();
            _raised = true;
        }
        waiting.SetResult();
    }

    /// <summary>Completes at the next commit, at one since the last wait, or when patience ends.</summary>
    public async ValueTask WaitAsync(TimeSpan patience, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Task next;
        lock (_gate)
        {
            if (_raised)
            {
                _raised = false;
                return;
            }
            next = _next.Task;
        }
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var first = await Task.WhenAny(next, Task.Delay(patience, time, end.Token));
        await end.CancelAsync();
        if (first == next)
        {
            lock (_gate)
                _raised = false;
        }
        cancellationToken.ThrowIfCancellationRequested();
    }

    private static TaskCompletionSource NewSource() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
