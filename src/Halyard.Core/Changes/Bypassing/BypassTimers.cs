using Halyard.Core.Approvals.Bypasses;
using Halyard.Core.Storage;
using Halyard.Evaluation.Definitions;

namespace Halyard.Core.Changes.Bypassing;

/// <summary>Timers of bypasses as rows. They are numbered by when they are due, which the bypass keeps.</summary>
public static class BypassTimers
{
    /// <summary>Who handles timers of a kind.</summary>
    public static string KindOf(BypassTimerKind kind) => $"bypass.{WireNames.Of(kind)}";

    /// <summary>When a timer was due, as the bypass has it.</summary>
    public static DateTimeOffset DueOf(DurableTimer timer) => new(timer.Attempt, TimeSpan.Zero);

    /// <summary>What the commit must do that makes one state of a bypass the next.</summary>
    internal static IEnumerable<TimerWrite> Writes(EmergencyBypass? before, EmergencyBypass next)
    {
        var (held, needed) = (before is null ? [] : BypassTimer.Of(before).ToList(), BypassTimer.Of(next).ToList());
        foreach (var gone in held.Where(timer => needed.TrueForAll(other => other.Kind != timer.Kind)))
            yield return new TimerWrite.Clear(IdOf(next, gone));
        foreach (var timer in needed.Except(held))
            yield return new TimerWrite.Set(
                new DurableTimer(IdOf(next, timer), timer.Due, KindOf(timer.Kind), next.Name, timer.Due.UtcTicks)
            );
    }

    private static string IdOf(EmergencyBypass bypass, BypassTimer timer) => $"bypass/{bypass.Id}/{WireNames.Of(timer.Kind)}";
}
