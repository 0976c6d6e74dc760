using System.Collections.Frozen;

namespace Halyard.Core.Audit;

/// <summary>
/// Every entry type and action there is, with what it says in words. A draft with a name that is not here cannot be built, so
/// nothing reaches the log under a name that nobody declared.
/// </summary>
public static class Catalogue
{
    private static readonly FrozenDictionary<string, string> Types = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["access.denied"] = "an attempt was denied",
        ["audit.revealed"] = "personal values were looked at",
        ["environment.created"] = "an environment was created",
        ["environment.deleted"] = "an environment was deleted with every configuration in it",
        ["environment.disabled"] = "an environment was switched off",
        ["environment.enabled"] = "an environment was switched on",
        ["environment.updated"] = "what describes an environment was changed",
        ["flag.archived"] = "a flag was archived",
        ["flag.created"] = "a flag was created",
        ["flag.deleted"] = "a flag was deleted",
        ["flag.deprecated"] = "a flag was deprecated",
        ["flag.disabled"] = "a flag was switched off in an environment",
        ["flag.emergency_override"] = "an emergency override was set",
        ["flag.enabled"] = "a flag was switched on in an environment",
        ["flag.experiment_started"] = "an experiment was started",
        ["flag.experiment_stopped"] = "an experiment was stopped",
        ["flag.fallthrough_changed"] = "what is served when no rule matches was changed",
        ["flag.imported"] = "a past change was imported; it was not witnessed",
        ["flag.off_variant_changed"] = "the variant served while a flag is off was changed",
        ["flag.override_added"] = "an override was set",
        ["flag.override_removed"] = "an override was removed",
        ["flag.prerequisite_changed"] = "the flags that a flag needs were changed",
        ["flag.promoted"] = "a configuration was copied from one environment to another",
        ["flag.reverted"] = "an earlier revision was restored",
        ["flag.rollout_changed"] = "the split of users was changed",
        ["flag.rule_added"] = "a targeting rule was added",
        ["flag.rule_removed"] = "a targeting rule was removed",
        ["flag.rule_updated"] = "a targeting rule was changed",
        ["flag.rules_reordered"] = "targeting rules were reordered",
        ["flag.targeting_changed"] = "the conditions of a targeting rule were changed",
        ["flag.updated"] = "a flag was changed",
        ["flag.variant_added"] = "a variant was added",
        ["flag.variant_removed"] = "a variant was removed",
        ["flag.variant_updated"] = "a variant was changed in every environment",
        ["flag.viewed"] = "a flag was looked at",
        ["freeze.created"] = "a freeze was created: times in which nothing riskier may happen",
        ["freeze.deleted"] = "a freeze was deleted",
        ["freeze.updated"] = "a freeze was changed",
        ["hold.placed"] = "a legal hold was placed",
        ["hold.released"] = "a legal hold was released",
        ["job.cancelled"] = "a job was told to stop",
        ["job.finished"] = "a job finished",
        ["job.started"] = "a job was started",
        ["key.created"] = "a credential was created",
        ["key.revoked"] = "a credential was revoked",
        ["log.archived"] = "entries of the log were copied to the archive and read back",
        ["log.exported"] = "a part of the audit log was written to a file",
        ["log.key_rotated"] = "the key that signs the log's checkpoints was named or replaced",
        ["log.purged"] = "archived entries were removed from the store",
        ["log.restored"] = "the store was put back from a backup",
        ["log.verification_failed"] = "the log does not verify: something in it was changed or is missing",
        ["log.viewed"] = "the audit log was read",
        ["privacy.subject_erased"] = "the personal values of somebody were erased",
        ["project.created"] = "a project was created",
        ["project.updated"] = "what describes a project was changed",
        ["retention.changed"] = "how long the log is kept was changed",
        ["segment.created"] = "a segment was created",
        ["segment.deleted"] = "a segment was deleted",
        ["segment.updated"] = "a segment was changed, for every flag that uses it",
        ["sink.created"] = "a sink was created: a place outside follows the log",
        ["sink.dead_lettered"] = "entries that a sink's target refuses were set aside, and delivery went on",
        ["sink.deleted"] = "a sink was deleted",
        ["sink.disabled"] = "a sink was switched off",
        ["sink.enabled"] = "a sink was switched on",
        ["sink.retried"] = "entries that were set aside for a sink were sent again",
        ["sink.tested"] = "a test was sent to a sink's target",
        ["sink.updated"] = "a sink was changed",
        ["tenant.created"] = "a tenant was created; its log begins",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>All names, in ordinal order.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. Types.Keys.Order(StringComparer.Ordinal)];

    /// <summary>What a type or action says, in words.</summary>
    /// <exception cref="KeyNotFoundException">There is no such name: a bug.</exception>
    public static string Describe(string name) => Types[name];

    /// <summary>Whether the name is declared.</summary>
    public static bool Contains(string name) => Types.ContainsKey(name);

    /// <summary>The names a query means: an alias stands for several.</summary>
    public static IReadOnlyList<string> Expand(string name) =>
        name == "flag.toggled" ? ["flag.enabled", "flag.disabled"] : [name];
}
