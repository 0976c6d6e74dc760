using Halyard.Core.Access.Roles;
using Halyard.Core.Approvals.Bypasses;
using Halyard.Core.Flags;
using Halyard.Evaluation.Definitions;

namespace Halyard.Core.Changes.Bypassing;

/// <summary>Something that somebody does to pass approvals by, or about what did.</summary>
/// <param name="Action">What the authorizer is asked about.</param>
public abstract record BypassAct(string Action)
{
    /// <summary>Begins one.</summary>
    /// <param name="Operation">What is wanted.</param>
    /// <param name="Incident">The incident's name.</param>
    /// <param name="Severity">How bad it is, says whoever asks.</param>
    /// <param name="Justification">Why.</param>
    /// <param name="Duration">How long it is wanted, where it may not stand for good; <see langword="null"/> for as long as may be.</param>
    public sealed record Begin(
        BypassOperation Operation,
        string Incident,
        Severity Severity,
        string Justification,
        TimeSpan? Duration
    ) : BypassAct(Actions.Bypass);

    /// <summary>Something done to one that there is.</summary>
    public abstract record OnOne(ResourceName Bypass, string Action) : BypassAct(Action);

    /// <summary>Agrees before it takes effect.</summary>
    public sealed record Confirm(ResourceName Bypass) : OnOne(Bypass, Actions.ConfirmBypass);

    /// <summary>Approves it afterwards.</summary>
    public sealed record Ratify(ResourceName Bypass, string Comment) : OnOne(Bypass, Actions.RatifyBypass);

    /// <summary>Refuses it afterwards; a request to undo it follows.</summary>
    public sealed record Refuse(ResourceName Bypass, string Comment) : OnOne(Bypass, Actions.RatifyBypass);

    /// <summary>Reviews it.</summary>
    public sealed record Review(ResourceName Bypass, string Findings, Sequence<ActionItem> ActionItems)
        : OnOne(Bypass, Actions.ReviewBypass);

    /// <summary>Something was due; the server alone says so.</summary>
    public sealed record Due(ResourceName Bypass, BypassTimer Timer) : OnOne(Bypass, Actions.RevertBypass);

    /// <summary>Whether a denial of the action is one of passing approvals by.</summary>
    internal static bool IsBypass(string action) => action is Actions.Bypass or Actions.ConfirmBypass;
}
