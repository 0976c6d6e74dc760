using System.Globalization;
using Halyard.Evaluation.Definitions;

namespace Halyard.Core.Flags.Differences;

/// <summary>Names every semantic change of a flag's configuration in one environment.</summary>
internal static class ConfigurationDiffer
{
    public static void Compare(ChangeList changes, string environment, FlagEnvironment before, FlagEnvironment after)
    {
        if (before.Enabled != after.Enabled)
            changes.Add(after.Enabled ? "flag.enabled" : "flag.disabled", after.Enabled ? "enabled" : "disabled", environment);
        if (before.OffVariant != after.OffVariant)
            changes.Add(
                "flag.off_variant_changed",
                $"off variant {ChangeList.Quote(before.OffVariant)} → {ChangeList.Quote(after.OffVariant)}",
                environment
            );
        if (before.FallbackVariant != after.FallbackVariant)
            changes.Add(
                "flag.updated",
                $"fallback variant {Name(before.FallbackVariant)} → {Name(after.FallbackVariant)}",
                environment
            );
        CompareServe(changes, environment, "fallthrough", "flag.fallthrough_changed", before.Fallthrough, after.Fallthrough);
        if (before.Rules != after.Rules)
            CompareRules(changes, environment, before.Rules, after.Rules);
        if (before.Overrides != after.Overrides)
            CompareOverrides(changes, environment, before.Overrides, after.Overrides);
        ComparePrerequisites(changes, environment, before.Prerequisites, after.Prerequisites);
    }

    private static void CompareRules(
        ChangeList changes,
        string environment,
        Sequence<TargetingRule> before,
        Sequence<TargetingRule> after
    )
    {
        var was = before.ToDictionary(rule => rule.Id, StringComparer.Ordinal);
        var now = after.Select(rule => rule.Id).ToHashSet(StringComparer.Ordinal);
        foreach (var rule in after.Where(rule => !was.ContainsKey(rule.Id)))
            changes.Add(
                "flag.rule_added",
                $"rule {Name(rule)} added: {Conditions(rule.Conditions)}, serves {Describe(rule.Serve)}{(rule.Enabled ? "" : ", disabled")}",
                environment
            );
        foreach (var rule in before.Where(rule => !now.Contains(rule.Id)))
            changes.Add("flag.rule_removed", $"rule {Name(rule)} removed", environment);
        foreach (var rule in after)
        {
            if (was.TryGetValue(rule.Id, out var old))
                CompareRule(changes, environment, old, rule);
        }
        var kept = before.Select(rule => rule.Id).Where(now.Contains);
        if (!kept.SequenceEqual(after.Select(rule => rule.Id).Where(was.ContainsKey)))
            changes.Add("flag.rules_reordered", $"rules reordered: {string.Join(", ", after.Select(Name))}", environment);
    }

    private static void CompareRule(ChangeList changes, string environment, TargetingRule before, TargetingRule after)
    {
        if (before.Name != after.Name)
            changes.Add("flag.rule_updated", $"rule {Name(before)} renamed to {ChangeList.Quote(after.Name)}", environment);
        if (before.Enabled != after.Enabled)
            changes.Add("flag.rule_updated", $"rule {Name(after)} {(after.Enabled ? "enabled" : "disabled")}", environment);
        if (before.Conditions != after.Conditions)
            changes.Add(
                "flag.targeting_changed",
                $"rule {Name(after)} now asks: {Conditions(after.Conditions)} (before: {Conditions(before.Conditions)})",
                environment
            );
        CompareServe(changes, environment, $"rule {Name(after)}", "flag.rule_updated", before.Serve, after.Serve);
    }

    private static void CompareServe(
        ChangeList changes,
        string environment,
        string what,
        string action,
        Serve before,
        Serve after
    )
    {
        if (before == after)
            return;
        var was = before.Rollout?.Experiment;
        var now = after.Rollout?.Experiment;
        if (was?.Key != now?.Key || was is null != now is null)
        {
            if (was is not null)
                changes.Add("flag.experiment_stopped", $"experiment {ChangeList.Quote(was.Key)} stopped in {what}", environment);
            if (now is not null)
                changes.Add("flag.experiment_started", $"experiment {ChangeList.Quote(now.Key)} started in {what}", environment);
        }
        var name = before.Rollout is not null || after.Rollout is not null ? "flag.rollout_changed" : action;
        changes.Add(name, $"{what} {Describe(before)} → {Describe(after)}", environment);
    }

    private static void CompareOverrides(
        ChangeList changes,
        string environment,
        Sequence<Override> before,
        Sequence<Override> after
    )
    {
        var was = before.ToDictionary(pin => pin.Id, StringComparer.Ordinal);
        var now = after.Select(pin => pin.Id).ToHashSet(StringComparer.Ordinal);
        foreach (var pin in after)
        {
            var replaced = was.TryGetValue(pin.Id, out var old);
            if (replaced && old == pin)
                continue;
            changes.Add(
                pin.Emergency ? "flag.emergency_override" : "flag.override_added",
                $"{(pin.Emergency ? "emergency override" : "override")} {ChangeList.Quote(pin.Id)} {(replaced ? "replaced" : "added")}: "
                    + $"{Target(pin)} gets {ChangeList.Quote(pin.Variant)}{Expiry(pin)}"
                    + (replaced ? $" (before: {Target(old!)} got {ChangeList.Quote(old!.Variant)}{Expiry(old)})" : ""),
                environment
            );
        }
        foreach (var pin in before.Where(pin => !now.Contains(pin.Id)))
            changes.Add("flag.override_removed", $"override {ChangeList.Quote(pin.Id)} removed", environment);
        var kept = before.Select(pin => pin.Id).Where(now.Contains);
        if (!kept.SequenceEqual(after.Select(pin => pin.Id).Where(was.ContainsKey)))
            changes.Add("flag.override_added", "overrides reordered", environment);
    }

    private static void ComparePrerequisites(
        ChangeList changes,
        string environment,
        Sequence<Prerequisite> before,
        Sequence<Prerequisite> after
    )
    {
        if (before != after)
            changes.Add("flag.prerequisite_changed", $"prerequisites {Describe(before)} → {Describe(after)}", environment);
    }

    private static string Describe(Sequence<Prerequisite> prerequisites) =>
        prerequisites.Count == 0
            ? "none"
            : string.Join(
                " and ",
                prerequisites.Select(needed =>
                    $"{ChangeList.Quote(needed.Flag)} is {string.Join(" or ", needed.Variants.Select(ChangeList.Quote))}"
                )
            );

    private static string Describe(Serve serve) =>
        serve.Rollout is { } rollout ? Describe(rollout) : ChangeList.Quote(serve.Variant ?? "");

    private static string Describe(Rollout rollout)
    {
        var total = rollout.Weights.Sum(share => (long)share.Weight) + rollout.Remainder;
        var shares = rollout.Weights.Select(share => $"{Percent(share.Weight, total)} {ChangeList.Quote(share.Variant)}");
        if (rollout.Remainder > 0)
            shares = shares.Append($"{Percent(rollout.Remainder, total)} go on");
        var words = string.Join(", ", shares);
        if (rollout.BucketBy is not null)
            words += $" by {ChangeList.Quote(rollout.BucketBy)}";
        if (rollout.Salt is not null)
            words += $" with salt {ChangeList.Quote(rollout.Salt)}";
        if (rollout.Gate is { } gate)
            words += Describe(gate);
        if (rollout.Experiment is { } experiment)
            words +=
                $" as experiment {ChangeList.Quote(experiment.Key)} with {Percent(experiment.Traffic, Limits.Traffic)} of the traffic, control {ChangeList.Quote(experiment.Control)}";
        return words;
    }

    private static string Describe(Gate gate)
    {
        var words = $" for the {Percent(gate.Share, Limits.Traffic)} that a gate lets in";
        if (gate.BucketBy is not null)
            words += $" by {ChangeList.Quote(gate.BucketBy)}";
        return gate.Salt is null ? words : $"{words} with salt {ChangeList.Quote(gate.Salt)}";
    }

    private static string Percent(long weight, long total) =>
        total == 0 ? "0 %" : (100m * weight / total).ToString("0.###", CultureInfo.InvariantCulture) + " %";

    /// <summary>Values are left out: lists of users are personal, and the patch holds the rest.</summary>
    internal static string Conditions(Sequence<Condition> conditions) =>
        conditions.Count == 0
            ? "everyone"
            : string.Join(
                " and ",
                conditions.Select(condition =>
                {
                    var not = condition.Negate ? "not " : "";
                    var count = condition.Values.Count == 1 ? "1 value" : $"{condition.Values.Count} values";
                    return condition.Operator == ConditionOperator.Segment
                        ? $"{not}in segment {string.Join(" or ", condition.Values.Select(value => ChangeList.Quote(value.ToString().Trim('"'))))}"
                        : $"{ChangeList.Quote(condition.Attribute)} {not}{condition.Operator.WireName()} {count}"
                            + (condition.WhenMissing == WhenMissing.Match ? " or missing" : "");
                })
            );

    private static string Target(Override pin) =>
        pin.Attribute is null ? "one user" : $"one value of {ChangeList.Quote(pin.Attribute)}";

    private static string Expiry(Override pin) => pin.ExpiresAt is { } at ? $" until {Rfc3339.Format(at)}" : "";

    private static string Name(TargetingRule rule) => ChangeList.Quote(rule.Name.Length > 0 ? rule.Name : rule.Id);

    private static string Name(string? variant) => variant is null ? "none" : ChangeList.Quote(variant);
}
