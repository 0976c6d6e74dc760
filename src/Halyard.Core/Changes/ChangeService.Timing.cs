using Halyard.Core.Access;
using Halyard.Core.Approvals;
using Halyard.Core.Changes.Approving;

namespace Halyard.Core.Changes;

/// <content>What becomes of change requests as time goes by.</content>
public sealed partial class ChangeService
{
    /// <summary>Whether what is done can be the last thing that a request waits for; then it is applied in the same commit.</summary>
    private static bool CompletesRequest(RequestAct act) => act is RequestAct.Apply or RequestAct.Vote or RequestAct.Elapse;

    /// <summary>
    /// Lets a timer act; the error where it is not due, or where the request has gone on since it was set. That it may be applied is
    /// nothing by itself: everything is looked at again, as for anybody who asks for it.
    /// </summary>
    private static Error? Elapse(Actor actor, RequestWalk walk, RequestAct.Elapse elapse)
    {
        if (actor.Kind != ActorKind.System)
            return new Error.Denied("only the server knows when a change request's time is over");
        if (elapse.Kind != RequestTimerKind.Apply)
            return walk.Take(new RequestCommand.TimerFired(elapse.Kind, (int)elapse.Attempt));
        var stands = walk.Request.Timers.Any(held =>
            held.Kind == elapse.Kind && held.Attempt == elapse.Attempt && held.Due <= walk.Occasion.At
        );
        return stands && walk.IsDue
            ? null
            : new Error.WrongState("the timer is not due, or the request has gone on since it was set");
    }

    private static DateTimeOffset Later(DateTimeOffset? begin, DateTimeOffset now) => begin > now ? begin.Value : now;
}
