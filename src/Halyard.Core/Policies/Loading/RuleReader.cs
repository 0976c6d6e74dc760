using Halyard.Core.Policies.Conditions;
using Halyard.Evaluation.Definitions;

namespace Halyard.Core.Policies.Loading;

/// <summary>Reads one rule of a policy.</summary>
internal static class RuleReader
{
    private const int MaxConditions = 50;
    private const int MaxChecks = 50;

    /// <summary>A request stays open for a year at most.</summary>
    private const int MaxHours = 365 * 24;

    private static readonly string[] Requirements =
    [
        "checks",
        "expiresAfterHours",
        "votes",
        "votesOnRebase",
        "anyRejectCloses",
        "distinctAcrossStages",
    ];

    /// <summary>The rule; <see langword="null"/> where nothing of it can be read.</summary>
    public static ApprovalRule? Read(YamlCursor place, PolicyVocabulary vocabulary)
    {
        if (!place.IsMap(["name", "description", "always", "conditions", "approval", "deny", .. Requirements]))
            return null;
        var name = Names.Read(place.Required("name"));
        var conditions = Conditions(place);
        var rule = new ApprovalRule(name, place["description"].Text() ?? "", conditions, new RuleEffect.Exempt());
        return rule with { Effect = Effect(place, vocabulary, rule) };
    }

    private static Sequence<PolicyCondition> Conditions(YamlCursor place)
    {
        var (list, always) = (place["conditions"], place["always"].Boolean() == true);
        var written = list.Items(MaxConditions);
        if (always && written.Count > 0)
            list.Problem("must be empty where the rule holds always");
        if (!always && written.Count == 0 && (!list.Exists || list.Node is YamlNode.List))
            (list.Exists ? list : place).Problem("has no conditions; write 'always: true' if it is to match every change");
        return written.Select(ConditionReader.Read).OfType<PolicyCondition>().ToSequence();
    }

    private static RuleEffect Effect(YamlCursor place, PolicyVocabulary vocabulary, ApprovalRule rule)
    {
        var (approval, deny, checks) = (place["approval"], place["deny"], place["checks"]);
        if (deny.Exists)
        {
            RefuseRequirements(place, "a rule that denies");
            if (approval.Exists)
                approval.Problem("is not possible beside 'deny'");
            return new RuleEffect.Deny(deny.Text() ?? "");
        }
        if (!approval.Exists && !checks.Exists)
            place.Problem("must have 'approval', 'deny' or 'checks'");
        var isRequired = approval.Exists && ApprovalReader.IsRequired(approval);
        if (approval.Exists && !isRequired)
        {
            RefuseRequirements(place, "a rule that requires no approval");
            RefuseNeverApplying(approval, rule);
            return new RuleEffect.Exempt();
        }
        return new RuleEffect.Require(
            approval.Exists ? ApprovalReader.Stages(approval, vocabulary, rule) : [],
            ApprovalReader.Distinct(checks, MaxChecks, vocabulary.Checks.Contains, "check"),
            place["expiresAfterHours"].Whole(1, MaxHours) is { } hours ? TimeSpan.FromHours(hours) : null,
            Votes(place)
        );
    }

    private static VoteRules Votes(YamlCursor place)
    {
        var (standard, votes, rebase) = (VoteRules.Default, place["votes"], place["votesOnRebase"]);
        return new VoteRules(
            place["anyRejectCloses"].Boolean() ?? standard.AnyRejectCloses,
            rebase.Choice(["dismiss", "keep"]) == "keep",
            votes.Choice(["live", "frozen"]) == "frozen",
            place["distinctAcrossStages"].Boolean() ?? standard.DistinctAcrossStages
        );
    }

    private static void RefuseRequirements(YamlCursor place, string who)
    {
        foreach (var member in Requirements.Select(name => place[name]).Where(member => member.Exists))
            member.Problem($"is not possible for {who}");
    }

    // Riskier changes pass without approval in environments of type development and nowhere else.
    private static void RefuseNeverApplying(YamlCursor approval, ApprovalRule rule)
    {
        var isForRiskierAlone = rule.Conditions.Any(condition =>
            condition is { Field: PolicyField.Direction, Test: ConditionTest.OneOf one }
            && !one.Values.Contains("safer", StringComparer.Ordinal)
        );
        if (isForRiskierAlone && !rule.IsForDevelopmentAlone)
            approval.Problem(
                "riskier changes are let pass only where a condition limits the rule to environment.type development"
            );
    }
}
