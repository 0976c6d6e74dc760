using System.Collections.Frozen;

namespace Halyard.Core.Access.Roles;

/// <summary>
/// Every action that a policy can be asked about. What a change of a project means is asked about under the names that its entry in
/// the log will have (<c>flag.enabled</c>); everything else under what was asked for (<c>sink.create</c>, <c>flag.read</c>). A name that
/// is not here is granted to nobody.
/// </summary>
public static class Actions
{
    /// <summary>Evaluating flags.</summary>
    public const string Evaluate = "flag.evaluate";

    /// <summary>Some change of a project whose effects are not known, because it was refused before.</summary>
    public const string Submit = "change.submit";

    /// <summary>Giving somebody a role: with <see cref="ChangePolicy"/> what an administrator must be able to do.</summary>
    public const string Assign = "assignment.create";

    /// <summary>Replacing the authorization policy.</summary>
    public const string ChangePolicy = "policy.change";

    /// <summary>Asking for a change that policies let happen once others approve it, by those who may not make it themselves.</summary>
    public const string Propose = "change-request.create";

    /// <summary>What becomes of a change request as time goes by; asked for by the server alone.</summary>
    public const string Elapse = "change-request.elapse";

    /// <summary>Replacing the approval policies.</summary>
    public const string ChangeApprovals = "approval-policy.change";

    /// <summary>Passing approvals by in an emergency, in one environment.</summary>
    public const string Bypass = "flag.bypass";

    /// <summary>Agreeing to a bypass before it takes effect.</summary>
    public const string ConfirmBypass = "bypass.confirm";

    /// <summary>Approving or refusing a bypass afterwards.</summary>
    public const string RatifyBypass = "bypass.ratify";

    /// <summary>Reviewing a bypass after the incident.</summary>
    public const string ReviewBypass = "bypass.review";

    /// <summary>Undoing a bypass whose time is over, and reminding of it: the server's own.</summary>
    public const string RevertBypass = "bypass.revert";

    private const string Everything = "*";
    private const string Wildcard = ".*";

    /// <summary>What changes of a project can mean.</summary>
    public static IReadOnlyList<string> OfChanges { get; } =
    [
        "environment.created",
        "environment.deleted",
        "environment.disabled",
        "environment.enabled",
        "environment.updated",
        "flag.archived",
        "flag.created",
        "flag.deleted",
        "flag.deprecated",
        "flag.disabled",
        "flag.emergency_override",
        "flag.enabled",
        "flag.experiment_started",
        "flag.experiment_stopped",
        "flag.fallthrough_changed",
        "flag.off_variant_changed",
        "flag.override_added",
        "flag.override_removed",
        "flag.prerequisite_changed",
        "flag.rollout_changed",
        "flag.rule_added",
        "flag.rule_removed",
        "flag.rule_updated",
        "flag.rules_reordered",
        "flag.targeting_changed",
        "flag.updated",
        "flag.variant_added",
        "flag.variant_removed",
        "flag.variant_updated",
        "project.created",
        "project.updated",
        "segment.created",
        "segment.deleted",
        "segment.updated",
    ];

    /// <summary>Everything else that can be asked for.</summary>
    public static IReadOnlyList<string> OfRequests { get; } =
    [
        ChangeApprovals,
        "approval-policy.read",
        "approval-policy.simulate",
        Assign,
        "assignment.delete",
        "assignment.read",
        "audit.check",
        "audit.export",
        "audit.read",
        "audit.reveal",
        ConfirmBypass,
        RatifyBypass,
        "bypass.read",
        RevertBypass,
        ReviewBypass,
        "change-request.apply",
        "change-request.cancel",
        "change-request.comment",
        Propose,
        "change-request.edit",
        Elapse,
        "change-request.read",
        "change-request.vote",
        "check.create",
        "check.delete",
        "check.read",
        "check.report",
        "check.run",
        "check.update",
        "delegation.create",
        "delegation.read",
        "delegation.revoke",
        "environment.read",
        Bypass,
        Evaluate,
        "flag.read",
        "freeze.create",
        "freeze.delete",
        "freeze.read",
        "freeze.update",
        "history.import",
        "hold.place",
        "hold.read",
        "hold.release",
        "job.cancel",
        "job.read",
        "log.purge",
        "me.read",
        "password.change",
        ChangePolicy,
        "policy.read",
        "policy.simulate",
        "privacy.erase",
        "project.read",
        "promotion-gates.change",
        "promotion-gates.read",
        "retention.change",
        "retention.read",
        "retention.run",
        "role.create",
        "role.delete",
        "role.read",
        "role.update",
        "sdk-key.create",
        "sdk-key.read",
        "sdk-key.revoke",
        "sdk-key.rotate",
        "segment.read",
        "service-account.create",
        "service-account.delete",
        "service-account.read",
        "service-account.update",
        "session.end",
        "session.fail",
        "session.start",
        "sink.create",
        "sink.delete",
        "sink.read",
        "sink.retry",
        "sink.test",
        "sink.update",
        "token.create",
        "token.read",
        "token.revoke",
        "token.rotate",
        "user.create",
        "user.delete",
        "user.disable",
        "user.enable",
        "user.end-sessions",
        "user.read",
        "user.read-sessions",
        "user.reset-password",
        "user.update",
    ];

    private static readonly FrozenSet<string> Known = FrozenSet.Create(
        StringComparer.Ordinal,
        [.. OfChanges, .. OfRequests, Submit]
    );

    /// <summary>All names but <see cref="Submit"/>, which is never granted by itself, in ordinal order.</summary>
    public static IReadOnlyList<string> All { get; } = [.. OfChanges.Concat(OfRequests).Order(StringComparer.Ordinal)];

    /// <summary>Whether a policy can be asked about it.</summary>
    public static bool Exists(string action) => Known.Contains(action);

    /// <summary>
    /// The names that a pattern stands for: the name itself, all that begin alike (<c>flag.*</c>), or all (<c>*</c>); none where
    /// nothing matches.
    /// </summary>
    /// <remarks>What a grant allows is less: see <see cref="Allowed"/>.</remarks>
    public static IReadOnlyList<string> Matching(string pattern) =>
        pattern == Everything ? All
        : pattern.EndsWith(Wildcard, StringComparison.Ordinal)
            ? [.. All.Where(name => name.StartsWith(pattern.AsSpan(0, pattern.Length - 1), StringComparison.Ordinal))]
        : pattern != Submit && Exists(pattern) ? [pattern]
        : [];

    /// <summary>
    /// The names that a pattern allows where a role has it. Whoever may do whatever becomes of flags may not pass approvals by: that is
    /// granted by its own name, or with everything.
    /// </summary>
    public static IEnumerable<string> Allowed(string pattern) =>
        Matching(pattern).Where(name => name != Bypass || pattern is Bypass or Everything);
}
