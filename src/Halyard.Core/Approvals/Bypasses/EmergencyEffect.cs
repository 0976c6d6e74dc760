using System.Text.Json.Serialization;
using Halyard.Evaluation.Definitions;

namespace Halyard.Core.Approvals.Bypasses;

/// <summary>What a bypass makes a flag serve. Wire names: off, last-known-good, fallback, temporary.</summary>
public enum BypassKind
{
    /// <summary>Switched off, and nothing else.</summary>
    Off,

    /// <summary>The newest configuration before the present one that no bypass made.</summary>
    [JsonStringEnumMemberName("last-known-good")]
    LastKnownGood,

    /// <summary>Switched off with the variant that was declared for emergencies.</summary>
    Fallback,

    /// <summary>Anything else: it is undone when its time is over, unless it is ratified before.</summary>
    Temporary,
}

/// <summary>Says of two configurations what leads from one to the other, by what they are and not by what it is called.</summary>
public static class EmergencyEffect
{
    /// <summary>The kind of an effect.</summary>
    /// <param name="before">The configuration found.</param>
    /// <param name="after">The configuration left.</param>
    /// <param name="lastGood">The last one known to be good, or <see langword="null"/> where none is known.</param>
    /// <param name="fallback">The variant declared for emergencies in the ordinary way, or <see langword="null"/>.</param>
    public static BypassKind Of(FlagEnvironment before, FlagEnvironment after, FlagEnvironment? lastGood, string? fallback) =>
        before.Enabled && after == before with { Enabled = false } ? BypassKind.Off
        : lastGood is not null && after == lastGood ? BypassKind.LastKnownGood
        : fallback is not null && after == before with { Enabled = false, OffVariant = fallback } ? BypassKind.Fallback
        : BypassKind.Temporary;

    /// <summary>Why the effect is none that an emergency can ask for, or <see langword="null"/>.</summary>
    public static string? Refusal(BypassKind kind, FlagEnvironment before, FlagEnvironment after) =>
        // Otherwise the variant that the next bypass may serve for good would be one that nobody approved.
        kind != BypassKind.LastKnownGood
        && before.FallbackVariant != after.FallbackVariant
            ? "which variant an emergency may serve is declared before it, in the ordinary way"
            : null;
}

/// <summary>How what a bypass did is undone.</summary>
public abstract record Restoration
{
    private Restoration() { }

    /// <summary>Nothing of it is left.</summary>
    public sealed record Settled : Restoration;

    /// <summary>Others changed the same meanwhile; a person must look.</summary>
    public sealed record Blocked : Restoration;

    /// <summary>Others changed something meanwhile, which stays; what can be undone without it is to be undone.</summary>
    /// <param name="Target">The configuration to be served.</param>
    /// <param name="IsAll">Whether nothing of the bypass is left then; else a person must look at the rest.</param>
    public sealed record Partly(FlagEnvironment Target, bool IsAll) : Restoration;

    /// <summary>To be done.</summary>
    /// <param name="Target">The configuration to be served.</param>
    /// <param name="StaysOff">Whether it was switched off since, and stays so.</param>
    public sealed record Due(FlagEnvironment Target, bool StaysOff) : Restoration;

    /// <summary>
    /// What is to be done, so that what was there before the bypass is served again. What was switched off since, in the emergency or
    /// after it, stays off: undoing one thing never switches on another.
    /// </summary>
    /// <param name="restored">The configuration to return to.</param>
    /// <param name="made">The configuration that the bypass made.</param>
    /// <param name="now">The configuration of now.</param>
    public static Restoration Of(FlagEnvironment restored, FlagEnvironment made, FlagEnvironment now)
    {
        if (now == restored)
            return new Settled();
        var wasSwitchedOff = made.Enabled && !now.Enabled;
        var rest = wasSwitchedOff ? now with { Enabled = made.Enabled, OffVariant = made.OffVariant } : now;
        if (rest != made)
            return Beside(restored, made, now);
        if (!wasSwitchedOff)
            return new Due(restored, StaysOff: false);
        var target = restored with
        {
            Enabled = false,
            OffVariant = now.OffVariant == made.OffVariant ? restored.OffVariant : now.OffVariant,
        };
        return target == now ? new Settled() : new Due(target, StaysOff: true);
    }

    /// <summary>
    /// Others changed the configuration that the bypass made. Of theirs nothing is undone; but what it switched on is switched off, and
    /// the variant that it had served to those for whom the flag is off is served to them no more: else any edit that needs no approval
    /// would make it permanent.
    /// </summary>
    private static Restoration Beside(FlagEnvironment restored, FlagEnvironment made, FlagEnvironment now)
    {
        var target = now with
        {
            Enabled = now.Enabled && (restored.Enabled || !made.Enabled),
            OffVariant = now.OffVariant == made.OffVariant ? restored.OffVariant : now.OffVariant,
        };
        var madeNothingElse = restored with { Enabled = made.Enabled, OffVariant = made.OffVariant } == made;
        var staysSwitchedOff = restored.Enabled && !made.Enabled && !now.Enabled;
        var isAll = madeNothingElse && !staysSwitchedOff;
        return target != now ? new Partly(target, isAll)
            : isAll ? new Settled()
            : new Blocked();
    }
}
