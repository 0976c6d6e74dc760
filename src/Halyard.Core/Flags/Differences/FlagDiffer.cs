using Halyard.Evaluation.Definitions;

namespace Halyard.Core.Flags.Differences;

/// <summary>Names every semantic change of a flag.</summary>
internal static class FlagDiffer
{
    public static void Compare(ChangeList changes, Flag? before, Flag? after)
    {
        if (before is null)
        {
            var type = after!.Definition.Type.WireName();
            var hash = after.Definition.Hash == BucketingHash.Flagd ? "" : $" with hash '{after.Definition.Hash.WireName()}'";
            changes.Add("flag.created", $"{type} flag {ChangeList.Quote(after.Definition.Key)} created{hash}");
            foreach (var (environment, configuration) in after.Environments)
                ConfigurationDiffer.Compare(changes, environment, after.Defaults.Configuration(), configuration.Settings);
            return;
        }
        if (after is null)
        {
            changes.Add("flag.deleted", $"flag {ChangeList.Quote(before.Definition.Key)} deleted");
            return;
        }
        CompareOwnMembers(changes, before, after);
        CompareVariants(changes, before, after);
        if (before.Defaults == after.Defaults && ReferenceEquals(before.Environments, after.Environments))
            return;
        if (HaveSameEnvironments(before, after))
        {
            foreach (var (environment, now) in after.Environments)
                CompareIn(changes, environment, before, after, (before.Environments[environment], now));
            return;
        }
        foreach (var environment in before.Environments.Keys.Union(after.Environments.Keys).Order(StringComparer.Ordinal))
        {
            var was = before.Environments.GetValueOrDefault(environment);
            CompareIn(changes, environment, before, after, (was, after.Environments.GetValueOrDefault(environment)));
        }
    }

    private static bool HaveSameEnvironments(Flag before, Flag after)
    {
        if (before.Environments.Count != after.Environments.Count)
            return false;
        foreach (var (environment, _) in after.Environments)
        {
            if (!before.Environments.ContainsKey(environment))
                return false;
        }
        return true;
    }

    private static void CompareIn(
        ChangeList changes,
        string environment,
        Flag before,
        Flag after,
        (FlagConfiguration? Was, FlagConfiguration? Now) configurations
    )
    {
        var (was, now) = configurations;
        if (was is not null && ReferenceEquals(was, now))
            return;
        if (was is not null && now is not null && was.EnvironmentId != now.EnvironmentId)
            was = null;
        ConfigurationDiffer.Compare(
            changes,
            environment,
            was?.Settings ?? before.Defaults.Configuration(),
            now?.Settings ?? after.Defaults.Configuration()
        );
    }

    private static void CompareOwnMembers(ChangeList changes, Flag before, Flag after)
    {
        if (before.Definition.Status != after.Definition.Status)
        {
            var action = after.Definition.Status switch
            {
                FlagStatus.Archived => "flag.archived",
                FlagStatus.Deprecated => "flag.deprecated",
                _ => "flag.updated",
            };
            changes.Replaced(action, "status", before.Definition.Status.WireName(), after.Definition.Status.WireName());
        }
        changes.Replaced("flag.updated", "name", before.Title, after.Title);
        changes.Replaced("flag.updated", "description", before.Description, after.Description);
        changes.Replaced("flag.updated", "kind", WireNames.Of(before.Kind), WireNames.Of(after.Kind));
        changes.Replaced("flag.updated", "owner", before.Owner, after.Owner);
        if (before.Definition.Salt != after.Definition.Salt)
            changes.Add("flag.updated", $"salt {Salt(before)} → {Salt(after)}");
        if (before.Definition.Hash != after.Definition.Hash)
            changes.Add(
                "flag.updated",
                $"hash '{before.Definition.Hash.WireName()}' → '{after.Definition.Hash.WireName()}': rollouts place users anew"
            );
        changes.Replaced("flag.updated", "default on variant", before.Defaults.On, after.Defaults.On);
        changes.Replaced("flag.updated", "default off variant", before.Defaults.Off, after.Defaults.Off);
        if (before.Tags != after.Tags)
            CompareTags(changes, before, after);
        if (before.Sensitive != after.Sensitive)
            changes.Add("flag.updated", after.Sensitive ? "marked sensitive" : "no longer marked sensitive");
    }

    private static void CompareTags(ChangeList changes, Flag before, Flag after)
    {
        foreach (var tag in after.Tags.Except(before.Tags))
            changes.Add("flag.updated", $"tag {ChangeList.Quote(tag)} added");
        foreach (var tag in before.Tags.Except(after.Tags))
            changes.Add("flag.updated", $"tag {ChangeList.Quote(tag)} removed");
    }

    private static void CompareVariants(ChangeList changes, Flag before, Flag after)
    {
        if (before.Definition.Variants == after.Definition.Variants)
            return;
        var was = before.Definition.Variants.ToDictionary(variant => variant.Key, StringComparer.Ordinal);
        var now = after.Definition.Variants.ToDictionary(variant => variant.Key, StringComparer.Ordinal);
        foreach (var variant in after.Definition.Variants.Where(variant => !was.ContainsKey(variant.Key)))
            changes.Add("flag.variant_added", $"variant {ChangeList.Quote(variant.Key)} added{Value(variant, after)}");
        foreach (var variant in before.Definition.Variants.Where(variant => !now.ContainsKey(variant.Key)))
            changes.Add("flag.variant_removed", $"variant {ChangeList.Quote(variant.Key)} removed");
        foreach (var variant in after.Definition.Variants)
        {
            if (!was.TryGetValue(variant.Key, out var old))
                continue;
            if (old.Value != variant.Value)
                changes.Add(
                    "flag.variant_updated",
                    $"variant {ChangeList.Quote(variant.Key)} has another value{Value(variant, after)}"
                );
            if (old.Description != variant.Description)
                changes.Add("flag.variant_updated", $"variant {ChangeList.Quote(variant.Key)} has another description");
        }
        var kept = before.Definition.Variants.Select(variant => variant.Key).Where(now.ContainsKey);
        if (!kept.SequenceEqual(after.Definition.Variants.Select(variant => variant.Key).Where(was.ContainsKey)))
            changes.Add("flag.variant_updated", "variants reordered");
    }

    private static string Salt(Flag flag) => flag.Definition.Salt is { } salt ? ChangeList.Quote(salt) : "of the key";

    private static string Value(Variant variant, Flag flag) =>
        flag.Sensitive ? "" : $": {ChangeList.Quote(variant.Value.ToString())}";
}
