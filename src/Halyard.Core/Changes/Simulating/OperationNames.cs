using System.Collections.Frozen;
using Halyard.Core.Flags;
using Halyard.Evaluation.Definitions;

namespace Halyard.Core.Changes.Simulating;

/// <summary>Which operation does what an entry says happened, for entries that do not name theirs.</summary>
internal static class OperationNames
{
    private static readonly FrozenDictionary<string, string> ByAction = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["environment.created"] = "createEnvironment",
        ["environment.deleted"] = "deleteEnvironment",
        ["environment.disabled"] = "setEnvironmentEnabled",
        ["environment.enabled"] = "setEnvironmentEnabled",
        ["environment.updated"] = "updateEnvironment",
        ["flag.archived"] = "setStatus",
        ["flag.created"] = "createFlag",
        ["flag.deleted"] = "deleteFlag",
        ["flag.deprecated"] = "setStatus",
        ["flag.disabled"] = "setEnabled",
        ["flag.emergency_override"] = "addOverride",
        ["flag.enabled"] = "setEnabled",
        ["flag.experiment_started"] = "startExperiment",
        ["flag.experiment_stopped"] = "stopExperiment",
        ["flag.fallthrough_changed"] = "setFallthrough",
        ["flag.off_variant_changed"] = "setOffVariant",
        ["flag.override_added"] = "addOverride",
        ["flag.override_removed"] = "removeOverride",
        ["flag.prerequisite_changed"] = "setPrerequisites",
        ["flag.promoted"] = "promote",
        ["flag.reverted"] = "revertToRevision",
        ["flag.rollout_changed"] = "setRollout",
        ["flag.rule_added"] = "addRule",
        ["flag.rule_removed"] = "removeRule",
        ["flag.rule_updated"] = "updateRule",
        ["flag.rules_reordered"] = "moveRule",
        ["flag.targeting_changed"] = "updateRule",
        ["flag.updated"] = "updateFlag",
        ["flag.variant_added"] = "addVariant",
        ["flag.variant_removed"] = "removeVariant",
        ["flag.variant_updated"] = "updateVariant",
        ["project.created"] = "createProject",
        ["project.updated"] = "updateProject",
        ["segment.created"] = "createSegment",
        ["segment.deleted"] = "deleteSegment",
        ["segment.updated"] = "updateSegment",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>The operations on a resource of a kind that mean these actions, in ordinal order.</summary>
    public static Sequence<string> Meaning(ResourceKind kind, IEnumerable<string> actions) =>
        actions
            .Where(action => action.StartsWith($"{kind.Name()}.", StringComparison.Ordinal))
            .Select(action => ByAction.GetValueOrDefault(action))
            .OfType<string>()
            .Distinct(StringComparer.Ordinal)
            .Order(StringComparer.Ordinal)
            .ToSequence();
}
