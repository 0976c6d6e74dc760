using Halyard.Core.Access;

namespace Halyard.Core.Policies;

/// <summary>
/// The one verdict on a change. Closed; combined by <see cref="Combine"/>: deny wins over require approval, that over allow, and no
/// answer is deny.
/// </summary>
public abstract record Decision(string Policy, string Reason)
{
    /// <summary>The change does not happen; the attempt is audited.</summary>
    public sealed record Deny(string Policy, string Reason) : Decision(Policy, Reason);

    /// <summary>The change is applied once it is approved as required.</summary>
    public sealed record RequireApproval(string Policy, string Reason, Requirement Requirement) : Decision(Policy, Reason);

    /// <summary>The change is applied.</summary>
    public sealed record Allow(string Policy, string Reason) : Decision(Policy, Reason);

    /// <summary>The state of roles that it rests on, or <see langword="null"/> where it rests on none: it stands as long as they do.</summary>
    public long? AccessVersion { get; init; }

    /// <summary>The name in the ledger: deny, require-approval, allow.</summary>
    public string Verdict =>
        this switch
        {
            Deny => "deny",
            RequireApproval => "require-approval",
            Allow => "allow",
        };

    /// <summary>
    /// The strictest of the answers; a list without answers, or with a missing one, denies. What several require is united.
    /// </summary>
    public static Decision Combine(params IReadOnlyList<Decision?> decisions)
    {
        if (decisions.Count == 0 || decisions.Contains(null))
            return new Deny("none", "no policy answered");
        if (decisions.FirstOrDefault(decision => decision is Deny) is { } denial)
            return denial;
        var required = decisions.OfType<RequireApproval>().ToList();
        return required.Count switch
        {
            0 => decisions[0]!,
            1 => required[0],
            _ => new RequireApproval(
                Join(required.Select(decision => decision.Policy)),
                Join(required.Select(decision => decision.Reason)),
                RequirementUnion.Of([.. required.Select(decision => decision.Requirement)])
            ),
        };
    }

    /// <summary>What an authorizer's answer means for the change.</summary>
    public static Decision From(AuthorizationDecision answer) =>
        answer.Allowed
            ? new Allow(answer.Policy, answer.Reason) { AccessVersion = answer.AccessVersion }
            : new Deny(answer.Policy, answer.Reason) { AccessVersion = answer.AccessVersion };

    private static string Join(IEnumerable<string> words) => string.Join("; ", words.Distinct(StringComparer.Ordinal));
}
