namespace Halyard.Core.Policies.Loading;

/// <summary>Says of rules what their author may not expect.</summary>
internal static class RuleNotes
{
    public static IReadOnlyList<PolicyNote> On(ApprovalPolicy policy)
    {
        var notes = new List<PolicyNote>();
        foreach (var rule in policy.Rules)
        {
            if (rule is { Effect: RuleEffect.Exempt, IsForDevelopmentAlone: false, IsForSaferAlone: false })
                notes.Add(
                    new PolicyNote(
                        rule.Name,
                        "exempts only safer changes, those that give each user what they got or the off variant; riskier ones pass it by, except in environments of type development"
                    )
                );
            if (HiddenBy(policy, rule) is { } hiding)
                notes.Add(
                    new PolicyNote(rule.Name, $"is never asked: rule '{hiding.Name}' before it matches whatever it matches")
                );
        }
        return notes;
    }

    private static ApprovalRule? HiddenBy(ApprovalPolicy policy, ApprovalRule rule) =>
        policy.Match == RuleMatch.First && rule.Effect is not RuleEffect.Deny
            ? policy.Rules.TakeWhile(other => other != rule).FirstOrDefault(other => Hides(other, rule))
            : null;

    // An exemption has no say about riskier changes outside development, so that they go on to the rules after it.
    private static bool Hides(ApprovalRule earlier, ApprovalRule later) =>
        (earlier.Effect is not RuleEffect.Exempt || earlier.IsForDevelopmentAlone || later.IsForSaferAlone)
        && earlier.Conditions.All(condition => later.Conditions.Any(condition.Covers));
}
