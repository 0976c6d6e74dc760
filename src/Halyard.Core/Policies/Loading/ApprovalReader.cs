using Halyard.Evaluation.Definitions;

namespace Halyard.Core.Policies.Loading;

/// <summary>Reads who must approve, and in which stages.</summary>
internal static class ApprovalReader
{
    /// <summary>How long the one stage of a rule without stages may take.</summary>
    public static readonly TimeSpan DefaultTimeout = TimeSpan.FromDays(7);

    private const int MaxApprovers = 20;
    private const int MaxRoles = 50;
    private const int MaxStages = 20;
    private const int MaxOrder = 100;
    private const int MaxTimeoutHours = 90 * 24;

    private static readonly string[] ForOneStage = ["minApprovers", "approverRoles"];

    /// <summary>Whether approval is required; where that cannot be read, it is.</summary>
    public static bool IsRequired(YamlCursor approval)
    {
        approval.IsMap(["required", "stages", .. ForOneStage]);
        if (approval.Required("required").Boolean() != false)
            return true;
        foreach (var member in ForOneStage.Append("stages").Select(name => approval[name]).Where(member => member.Exists))
            member.Problem("is not possible where no approval is required");
        return false;
    }

    /// <summary>The stages by their order; a rule that names none is one stage of order 0.</summary>
    public static Sequence<RequiredStage> Stages(YamlCursor approval, PolicyVocabulary vocabulary, ApprovalRule rule)
    {
        var list = approval["stages"];
        if (!list.Exists)
        {
            var group = Group(approval, "minApprovers", vocabulary);
            return [new RequiredStage(rule.Name, 0, [group], DefaultTimeout, TimeoutAction.Reject, [])];
        }
        foreach (var member in ForOneStage.Select(name => approval[name]).Where(member => member.Exists))
            member.Problem("is not possible beside 'stages'; each stage has its own");
        var stages = new List<RequiredStage>();
        foreach (var item in list.Items(MaxStages))
        {
            if (!item.IsMap("name", "order", "requiredApprovers", "approverRoles", "timeoutHours", "onTimeout", "escalateTo"))
                continue;
            var stage = Stage(item, vocabulary, rule);
            if (stages.Any(other => other.Name.Length > 0 && other.Name == stage.Name))
                item["name"].Problem($"'{stage.Name}' is the name of another stage too");
            if (stages.Any(other => other.Order == stage.Order))
                item["order"].Problem($"{stage.Order} is the order of another stage too");
            stages.Add(stage);
        }
        if (list.Node is YamlNode.List { Items.Count: 0 })
            list.Problem("must have at least one stage");
        return stages.OrderBy(stage => stage.Order).ToSequence();
    }

    /// <summary>Names that are known, each once.</summary>
    public static Sequence<string> Distinct(YamlCursor list, int most, Predicate<string> known, string what)
    {
        var names = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var item in list.Items(most))
        {
            if (item.Text() is not { } name)
                continue;
            if (!known(name))
                item.Problem($"there is no {what} '{Words.Short(name)}'");
            else if (!names.Add(name))
                item.Problem($"'{name}' stands here more than once");
        }
        if (list.Node is YamlNode.List { Items.Count: 0 })
            list.Problem($"must name at least one {what}");
        return names.ToSequence();
    }

    private static RequiredStage Stage(YamlCursor place, PolicyVocabulary vocabulary, ApprovalRule rule)
    {
        var onTimeout = place.Required("onTimeout");
        var action =
            onTimeout.Choice(WireNames.All<TimeoutAction>()) is { } name
            && WireNames.TryParse<TimeoutAction>(name, out var parsed)
                ? parsed
                : TimeoutAction.Reject;
        if (action == TimeoutAction.AutoApprove && !rule.IsForDevelopmentAlone)
            onTimeout.Problem(
                "'auto-approve' is possible only where a condition limits the rule to environment.type development: silence approves nothing else"
            );
        var escalateTo = place["escalateTo"];
        if (action != TimeoutAction.Escalate && escalateTo.Exists)
            escalateTo.Problem("is possible only with 'onTimeout: escalate'");
        if (action == TimeoutAction.Escalate && !escalateTo.Exists)
            place.Problem("'escalateTo' is missing: an escalation must have somebody to go to");
        return new RequiredStage(
            Names.Read(place.Required("name")),
            place.Required("order").Whole(0, MaxOrder) ?? -1 - place.Nearest.Line,
            [Group(place, "requiredApprovers", vocabulary)],
            TimeSpan.FromHours(place.Required("timeoutHours").Whole(1, MaxTimeoutHours) ?? 1),
            action,
            Approvers(escalateTo, vocabulary)
        );
    }

    private static QuorumGroup Group(YamlCursor place, string count, PolicyVocabulary vocabulary) =>
        new(place.Required(count).Whole(1, MaxApprovers) ?? 1, Approvers(place.Required("approverRoles"), vocabulary));

    private static Sequence<string> Approvers(YamlCursor list, PolicyVocabulary vocabulary) =>
        Distinct(
            list,
            MaxRoles,
            name => ApproverNames.IsGroup(name) || name == ApproverNames.Owners || vocabulary.Roles.Contains(name),
            "role"
        );
}
