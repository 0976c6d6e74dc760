using Halyard.Core.Access;

namespace Halyard.Core.Policies;

/// <summary>The one verdict on a change. Closed; combined by <see cref="Combine"/>: deny wins over allow, and no answer is deny.</summary>
public abstract record Decision(string Policy, string Reason)
{
    /// <summary>The change does not happen; the attempt is audited.</summary>
    public sealed record Deny(string Policy, string Reason) : Decision(Policy, Reason);

    /// <summary>The change is applied.</summary>
    public sealed record Allow(string Policy, string Reason) : Decision(Policy, Reason);

    /// <summary>The state of roles that it rests on, or <see langword="null"/> where it rests on none: it stands as long as they do.</summary>
    public long? AccessVersion { get; init; }

    /// <summary>The name in the ledger: deny, allow.</summary>
    public string Verdict =>
        this switch
        {
            Deny => "deny",
            Allow => "allow",
        };

    /// <summary>The strictest of the answers; a list without answers, or with a missing one, denies.</summary>
    public static Decision Combine(params IReadOnlyList<Decision?> decisions)
    {
        if (decisions.Count == 0 || decisions.Contains(null))
            return new Deny("none", "no policy answered");
        return decisions.FirstOrDefault(decision => decision is Deny) ?? decisions[0]!;
    }

    /// <summary>What an authorizer's answer means for the change.</summary>
    public static Decision From(AuthorizationDecision answer) =>
        answer.Allowed
            ? new Allow(answer.Policy, answer.Reason) { AccessVersion = answer.AccessVersion }
            : new Deny(answer.Policy, answer.Reason) { AccessVersion = answer.AccessVersion };
}
