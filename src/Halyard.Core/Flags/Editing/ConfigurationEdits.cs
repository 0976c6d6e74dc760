using Halyard.Evaluation.Definitions;

namespace Halyard.Core.Flags.Editing;

/// <summary>Edits of a flag's configuration in one environment.</summary>
internal static class ConfigurationEdits
{
    public static void Apply(EditStep step, ConfigurationOperation operation)
    {
        var workspace = step.Workspace;
        var flag = step.Existing<Flag>(operation.Target(workspace.Project), "flag");
        var environment = step.Existing<ProjectEnvironment>(
            ProjectEnvironment.NameOf(workspace.Project, operation.Environment),
            "environment"
        );
        if (flag is null || environment is null)
            return;

        var current = flag.In(environment);
        step.CheckBase(flag.Name, current.Revision);
        if (Edit(step, flag, current.Settings, operation) is not { } settings || settings == current.Settings)
            return;
        step.AddDefinitionProblems(
            DefinitionRules.Check(flag.Definition, settings),
            pointer => Locate(operation, settings, pointer)
        );
        if (
            settings.Prerequisites != current.Settings.Prerequisites
            || settings.Rules != current.Settings.Rules
        )
            CheckReferences(step, flag, environment, settings, "");
        var configuration = new FlagConfiguration(environment.Id, workspace.NextRevisionOf(flag.Name), settings);
        workspace.Put(flag with { Environments = flag.Environments.SetItem(environment.Key, configuration) });
    }

    /// <summary>That every segment and flag that a configuration refers to exists and that no flag needs itself.</summary>
    public static void CheckReferences(
        EditStep step,
        Flag flag,
        ProjectEnvironment environment,
        FlagEnvironment settings,
        string member
    )
    {
        foreach (var segment in References.Segments(settings))
        {
            if (step.Workspace.Get<Segment>(Segment.NameOf(flag.Project, segment)) is null)
                step.Problem(member, $"there is no segment '{segment}'");
        }
        foreach (var needed in settings.Prerequisites)
        {
            if (step.Workspace.Get<Flag>(Flag.NameOf(flag.Project, needed.Flag)) is not { } other)
            {
                step.Problem(member, $"there is no flag '{needed.Flag}' to need");
                continue;
            }
            foreach (var variant in needed.Variants)
            {
                if (other.Definition.Variants.All(known => known.Key != variant))
                    step.Problem(member, $"flag '{needed.Flag}' has no variant '{variant}'");
            }
            if (Needs(step.Workspace, environment, other, flag.Definition.Key, []))
                step.Problem(member, $"flag '{flag.Definition.Key}' would need itself through '{needed.Flag}'");
        }
    }

    private static bool Needs(
        Workspace workspace,
        ProjectEnvironment environment,
        Flag flag,
        string target,
        HashSet<string> seen
    ) =>
        flag.Definition.Key == target
        || seen.Add(flag.Definition.Key)
            && flag.In(environment)
                .Settings.Prerequisites.Select(needed => workspace.Get<Flag>(Flag.NameOf(flag.Project, needed.Flag)))
                .OfType<Flag>()
                .Any(needed => Needs(workspace, environment, needed, target, seen));

    private static FlagEnvironment? Edit(EditStep step, Flag flag, FlagEnvironment settings, ConfigurationOperation operation) =>
        operation switch
        {
            SetEnabled set => settings with { Enabled = set.Enabled },
            SetOffVariant set => settings with { OffVariant = set.Variant },
            SetFallbackVariant set => settings with { FallbackVariant = set.Variant },
            SetFallthrough set => settings with { Fallthrough = set.Serve },
            SetRules set => settings with { Rules = set.Rules },
            AddRule add => settings with { Rules = Insert(settings.Rules, add.Rule, add.Index ?? settings.Rules.Count) },
            UpdateRule update => WithRule(step, settings, update.Rule.Id, "rule/id", _ => update.Rule),
            RemoveRule remove => WithRule(step, settings, remove.Rule, "rule", _ => null),
            MoveRule move => Move(step, settings, move),
            SetRollout set => WithServe(step, settings, set.Rule, Serve.Split(set.Rollout)),
            StartExperiment start => Start(step, settings, start),
            StopExperiment stop => Stop(step, settings, stop),
            AddOverride add => settings with { Overrides = Replace(settings.Overrides, add.Override) },
            RemoveOverride remove => RemoveOverride(step, settings, remove),
            SetPrerequisites set => settings with { Prerequisites = set.Prerequisites },
            Promote promote => Copy(step, flag, settings, promote),
        };

    private static Sequence<TargetingRule> Insert(Sequence<TargetingRule> rules, TargetingRule rule, int index)
    {
        var list = rules.ToList();
        list.Insert(Math.Min(index, list.Count), rule);
        return list.ToSequence();
    }

    private static FlagEnvironment? WithRule(
        EditStep step,
        FlagEnvironment settings,
        string id,
        string member,
        Func<TargetingRule, TargetingRule?> edit
    )
    {
        if (settings.Rules.All(rule => rule.Id != id))
        {
            step.Problem(member, $"there is no rule '{id}'");
            return null;
        }
        return settings with
        {
            Rules = settings.Rules.Select(rule => rule.Id == id ? edit(rule) : rule).OfType<TargetingRule>().ToSequence(),
        };
    }

    private static FlagEnvironment? Move(EditStep step, FlagEnvironment settings, MoveRule move)
    {
        if (settings.Rules.FirstOrDefault(rule => rule.Id == move.Rule) is not { } moved)
        {
            step.Problem("rule", $"there is no rule '{move.Rule}'");
            return null;
        }
        if (move.Index >= settings.Rules.Count)
        {
            step.Problem("index", $"there are only {settings.Rules.Count} rules");
            return null;
        }
        var others = settings.Rules.Where(rule => rule.Id != move.Rule).ToSequence();
        return settings with { Rules = Insert(others, moved, move.Index) };
    }

    private static FlagEnvironment? WithServe(EditStep step, FlagEnvironment settings, string? rule, Serve serve) =>
        rule is null
            ? settings with { Fallthrough = serve }
            : WithRule(step, settings, rule, "rule", found => found with { Serve = serve });

    private static Serve? ServeOf(FlagEnvironment settings, string? rule) =>
        rule is null ? settings.Fallthrough : settings.Rules.FirstOrDefault(found => found.Id == rule)?.Serve;

    private static FlagEnvironment? Start(EditStep step, FlagEnvironment settings, StartExperiment start)
    {
        if (start.Rollout.Experiment is null)
            step.Problem("rollout/experiment", "is required");
        if (ServeOf(settings, start.Rule)?.Rollout?.Experiment is { } running)
            step.Problem("", $"experiment '{running.Key}' is running there already");
        return WithServe(step, settings, start.Rule, Serve.Split(start.Rollout));
    }

    private static FlagEnvironment? Stop(EditStep step, FlagEnvironment settings, StopExperiment stop)
    {
        if (ServeOf(settings, stop.Rule)?.Rollout?.Experiment is null)
            step.Problem("", "no experiment is running there");
        return WithServe(step, settings, stop.Rule, Serve.One(stop.Variant));
    }

    private static Sequence<Override> Replace(Sequence<Override> overrides, Override added) =>
        overrides.Any(pin => pin.Id == added.Id)
            ? overrides.Select(pin => pin.Id == added.Id ? added : pin).ToSequence()
            : [.. overrides, added];

    private static FlagEnvironment? RemoveOverride(EditStep step, FlagEnvironment settings, RemoveOverride remove)
    {
        if (settings.Overrides.All(pin => pin.Id != remove.Override))
        {
            step.Problem("override", $"there is no override '{remove.Override}'");
            return null;
        }
        return settings with { Overrides = settings.Overrides.Where(pin => pin.Id != remove.Override).ToSequence() };
    }

    private static FlagEnvironment? Copy(EditStep step, Flag flag, FlagEnvironment settings, Promote promote)
    {
        var name = ProjectEnvironment.NameOf(flag.Project, promote.From);
        if (step.Existing<ProjectEnvironment>(name, "from") is not { } source)
            return null;
        if (promote.From == promote.Environment)
        {
            step.Problem("from", "must be another environment");
            return null;
        }
        var from = flag.In(source).Settings;
        return settings with
        {
            Enabled = from.Enabled,
            Rules = from.Rules,
            Fallthrough = from.Fallthrough,
            Prerequisites = from.Prerequisites,
            OffVariant = from.OffVariant,
        };
    }

    /// <summary>Where in the operation stands what a pointer into the resulting configuration names.</summary>
    private static string Locate(ConfigurationOperation operation, FlagEnvironment settings, string pointer)
    {
        var (member, inner) = operation switch
        {
            SetRules => ("/rules", "/rules"),
            SetPrerequisites => ("/prerequisites", "/prerequisites"),
            SetFallthrough => ("/serve", "/fallthrough"),
            SetOffVariant => ("/variant", "/offVariant"),
            SetFallbackVariant => ("/variant", "/fallbackVariant"),
            AddRule add => ("/rule", $"/rules/{settings.Rules.ToList().IndexOf(add.Rule)}"),
            UpdateRule update => ("/rule", $"/rules/{settings.Rules.ToList().IndexOf(update.Rule)}"),
            AddOverride add => ("/override", $"/overrides/{settings.Overrides.ToList().IndexOf(add.Override)}"),
            SetRollout { Rule: null } or StartExperiment { Rule: null } => ("/rollout", "/fallthrough/rollout"),
            SetRollout or StartExperiment => ("/rollout", "/rollout"),
            StopExperiment => ("/variant", ""),
            _ => ("", ""),
        };
        var at = pointer.IndexOf(inner, StringComparison.Ordinal);
        return inner.Length == 0 || at < 0 ? member : member + pointer[(at + inner.Length)..];
    }
}
