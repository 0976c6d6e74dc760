using System.Text;
using Halyard.Core.Approvals;
using Halyard.Core.Policies;
using Halyard.Ledger;

namespace Halyard.Core.Changes.Approving;

/// <summary>Changes that are to take effect later.</summary>
internal static class Scheduling
{
    private static readonly TimeSpan Horizon = TimeSpan.FromDays(366);

    /// <summary>
    /// What is required of a change that waits for its time alone. Others may change other places meanwhile: nobody approved what
    /// surrounds it.
    /// </summary>
    public static Requirement NothingRequired { get; } =
        new([], [], null, VoteRules.Default with { KeepOnRebase = true }, [], Digest.Of(Encoding.UTF8.GetBytes("schedule")));

    /// <summary>What is wrong with when a change is to take effect.</summary>
    public static Error? Problem(Change change, DateTimeOffset now) =>
        Problem(change.Schedule, now)
        ?? (
            change.Schedule is null || RequestContents.CanWait(change.Steps[0].Operations)
                ? null
                : Error.Invalid.At("/schedule", "is not for this: it is nothing that can wait")
        );

    /// <summary>What is wrong with a window, whatever is to be changed in it.</summary>
    public static Error? Problem(ScheduleWindow? window, DateTimeOffset now) =>
        window?.From > now + Horizon ? Error.Invalid.At("/schedule/notBefore", "must be within a year") : null;
}
