using Halyard.Core;
using Halyard.Core.Access;
using Halyard.Core.Changes;
using Halyard.Core.Changes.Approving;
using Halyard.Core.Storage;

namespace Halyard.Server.Timers;

/// <summary>Sends what change requests wait for through the pipeline, in the name of the system.</summary>
internal sealed class ChangeRequestTimers(ChangeService changes) : ITimerHandler
{
    /// <inheritdoc/>
    public string Kind => RequestClock.Kind;

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">It could not be done now: it is tried again.</exception>
    public async ValueTask HandleAsync(TakenTimer taken, CancellationToken cancellationToken)
    {
        var submission = new Submission(
            Actor.System(taken.Tenant),
            RequestContext.Internal(taken.Timer.Occasion),
            Change.On(RequestClock.ActOf(taken.Timer)),
            taken.Timer.Occasion
        );
        var result = await changes.SubmitAsync(submission, cancellationToken);
        if (result.TryGet(out var outcome, out var error))
        {
            // The tenant's policy keeps the system from it: that is in the log, and no reason to forget what is due.
            if (outcome is Outcome.Denied denied)
                throw new InvalidOperationException($"Timer {taken.Timer.Id} was denied: {denied.Reason}");
            return;
        }
        // The request went on meanwhile, or is gone: there is nothing left to do for this timer.
        if (error is not (Error.WrongState or Error.NotFound))
            throw new InvalidOperationException($"Timer {taken.Timer.Id} was refused: {error}");
    }
}
