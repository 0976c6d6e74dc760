using Halyard.Core.Access.Roles;
using Halyard.Core.Approvals;
using Halyard.Core.Flags;
using Halyard.Core.Storage;
using Halyard.Evaluation.Definitions;

namespace Halyard.Core.Changes.Approving;

/// <summary>The timers that change requests hold, as rows: whatever writes a request writes them, in the same commit.</summary>
public static class RequestClock
{
    /// <summary>The kind of every such row.</summary>
    public const string Kind = Actions.Elapse;

    /// <summary>What is done to the request when a row is due.</summary>
    /// <exception cref="ArgumentException">The row is of another kind, or names none of a request's timers.</exception>
    public static RequestAct ActOf(DurableTimer timer)
    {
        var name = timer.Id[(timer.Id.LastIndexOf('/') + 1)..];
        foreach (var kind in Enum.GetValues<RequestTimerKind>())
        {
            if (timer.Kind == Kind && WireNames.Of(kind) == name)
                return new RequestAct.Elapse(timer.Resource, kind, timer.Attempt);
        }
        throw new ArgumentException($"'{timer.Id}' is no timer of a change request.", nameof(timer));
    }

    /// <summary>What a commit does to the rows of a request that was one thing before it and is another afterwards.</summary>
    internal static IEnumerable<TimerWrite> Writes(ChangeRequest? before, ChangeRequest? after)
    {
        var (held, next) = (before?.Timers ?? [], after?.Timers ?? []);
        foreach (var timer in held.Where(timer => next.All(other => other.Kind != timer.Kind)))
            yield return new TimerWrite.Clear(IdOf(before!.Name, timer.Kind));
        foreach (var timer in next.Where(timer => !held.Contains(timer)))
            yield return new TimerWrite.Set(
                new DurableTimer(IdOf(after!.Name, timer.Kind), timer.Due, Kind, after.Name, timer.Attempt)
            );
    }

    // One row for each kind: setting a timer replaces the one that it follows.
    private static string IdOf(ResourceName request, RequestTimerKind kind) => $"{request.Key}/{WireNames.Of(kind)}";
}
