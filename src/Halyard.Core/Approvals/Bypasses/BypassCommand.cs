using Halyard.Core.Flags.Differences;
using Halyard.Evaluation.Definitions;

namespace Halyard.Core.Approvals.Bypasses;

/// <summary>Something done to a bypass. Whether the actor may do it at all was decided before.</summary>
public abstract record BypassCommand
{
    private BypassCommand() { }

    /// <summary>Agrees before it takes effect.</summary>
    /// <param name="Holds">The roles held where it is wanted.</param>
    /// <param name="Report">What the source says of the incident now.</param>
    /// <param name="Effect">What it would do to the state of now.</param>
    /// <param name="Replaced">What it takes over from the bypass whose place it takes, or <see langword="null"/>.</param>
    public sealed record Confirm(Sequence<string> Holds, IncidentReport Report, BypassEffect Effect, Succession? Replaced = null)
        : BypassCommand;

    /// <summary>Approves it afterwards.</summary>
    /// <param name="Holds">The roles held where it took effect.</param>
    /// <param name="Comment">What is said; may be empty.</param>
    public sealed record Ratify(Sequence<string> Holds, string Comment) : BypassCommand;

    /// <summary>Refuses it afterwards.</summary>
    /// <param name="Comment">Why; required.</param>
    /// <param name="RevertRequest">The request that would undo it, or <see langword="null"/> where there is none.</param>
    /// <param name="WhyNone">Why there is no such request, in words; empty where there is one.</param>
    public sealed record Refuse(string Comment, string? RevertRequest, string WhyNone = "") : BypassCommand;

    /// <summary>Says what was found.</summary>
    public sealed record Review(string Findings, Sequence<ActionItem> ActionItems) : BypassCommand;

    /// <summary>A later bypass takes its place.</summary>
    /// <param name="By">The id of the later one.</param>
    /// <param name="Made">The revision of the flag that the later one makes.</param>
    public sealed record Supersede(string By, long Made) : BypassCommand;

    /// <summary>Something was due.</summary>
    /// <param name="Timer">What.</param>
    /// <param name="Restoration">How it is undone, where that is what was due.</param>
    /// <param name="Undone">The revision of the flag that has nothing of it any more, where there is one.</param>
    public sealed record Due(BypassTimer Timer, Restoration? Restoration = null, long Undone = 0) : BypassCommand;
}

/// <summary>What a command makes of a bypass: everything that is then written in one transaction.</summary>
/// <param name="Next">The bypass afterwards.</param>
/// <param name="Changes">What happened, for the log; never empty.</param>
public sealed record BypassTransition(EmergencyBypass Next, Sequence<SemanticChange> Changes)
{
    /// <summary>Whether it takes effect now: then the flag is edited in the same transaction.</summary>
    public bool TakesEffect { get; init; }
}

/// <summary>What a timer of a bypass is for. Wire names: lapse, revert, remind.</summary>
public enum BypassTimerKind
{
    /// <summary>Nobody agreed in time.</summary>
    Lapse,

    /// <summary>What it did is undone.</summary>
    Revert,

    /// <summary>People are reminded of what they owe.</summary>
    Remind,
}

/// <summary>Something due. It may act only while the bypass still has it.</summary>
public sealed record BypassTimer(BypassTimerKind Kind, DateTimeOffset Due)
{
    /// <summary>The timers that a bypass needs, by its state alone.</summary>
    public static IEnumerable<BypassTimer> Of(EmergencyBypass bypass)
    {
        var times = bypass.Times;
        if (bypass.State == BypassState.Waiting && times.LapsesAt is { } lapse)
            yield return new BypassTimer(BypassTimerKind.Lapse, lapse);
        // Refused or not: what may not stand for good is undone.
        if (times.RevertAt is { } revert)
            yield return new BypassTimer(BypassTimerKind.Revert, revert);
        if (bypass.IsOpen && times.RemindAt is { } remind)
            yield return new BypassTimer(BypassTimerKind.Remind, remind);
    }
}
