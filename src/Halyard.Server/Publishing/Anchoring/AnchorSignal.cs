namespace Halyard.Server.Publishing.Anchoring;

/// <summary>Tells the anchors that something may have been published.</summary>
internal sealed class AnchorSignal
{
    private TaskCompletionSource _published = New();

    /// <summary>Completes at the next publication.</summary>
    public Task Next => Volatile.Read(ref _published).Task;

    /// <summary>Something may have been published.</summary>
    public void Publish() => Interlocked.Exchange(ref _published, New()).SetResult();

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
