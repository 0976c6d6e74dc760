using Halyard.Evaluation.Definitions;

namespace Halyard.Core.Approvals.Bypasses;

/// <summary>Who may pass approvals by, and what is owed for it. Set by the operator.</summary>
public sealed record BypassTerms
{
    /// <summary>The longest time that anything but a safe state may stand without being ratified.</summary>
    public static readonly TimeSpan MaxDuration = TimeSpan.FromHours(24);

    /// <summary>As it is where the operator says nothing.</summary>
    public static BypassTerms Default { get; } = new();

    /// <summary>Who may begin one, and be the second person.</summary>
    public Sequence<string> Roles { get; init; } = ["incident-commander", "on-call-engineer", "sre"];

    /// <summary>Who approves at SEV2.</summary>
    public Sequence<string> SeniorRoles { get; init; } = ["engineering-manager", "incident-commander"];

    /// <summary>How long it may wait for a second person.</summary>
    public TimeSpan ConfirmWithin { get; init; } = TimeSpan.FromHours(1);

    /// <summary>After how long the review is due, and with it the ratification.</summary>
    public TimeSpan ReviewWithin { get; init; } = TimeSpan.FromHours(48);

    /// <summary>How many bypasses of one person may await ratification or review before the next needs a second person.</summary>
    public int MaxOpen { get; init; } = 5;
}
