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

        step.CheckBase(flag.Name, workspace.Found<Flag>(flag.Name)?.In(environment).Revision ?? 0);
        var current = flag.In(environment).Settings;
        if (Edit(step, flag, current, operation) is not { } settings || settings == current)
            return;
        // Every rule was asked about the rest when it was written; none is about being switched on.
        if (settings with { Enabled = current.Enabled } != current)
        {
            step.AddDefinitionProblems(
                [
                    .. DefinitionRules.Check(flag.Definition, settings),
                    .. CheckReferences(workspace, flag, environment, current, settings),
                ],
                pointer => Locate(operation, settings, pointer)
            );
        }
        var configuration = new FlagConfiguration(environment.Id, 0, settings);
        var edited = flag with { Environments = flag.Environments.SetItem(environment.Key, configuration) };
        workspace.Put(RevisionStamps.Stamp(workspace, edited));
    }

    /// <summary>
    /// That every segment and flag to which a configuration refers anew exists, and that no flag needs itself. What it referred to
    /// before exists, for what is used cannot be deleted; so an edit need not see the whole project.
    /// </summary>
    public static IReadOnlyList<DefinitionProblem> CheckReferences(
        Workspace workspace,
        Flag flag,
        ProjectEnvironment environment,
        FlagEnvironment? before,
        FlagEnvironment after
    )
    {
        var problems = new List<DefinitionProblem>();
        var known = before is null ? [] : References.Segments(before).ToHashSet(StringComparer.Ordinal);
        foreach (var (segment, pointer) in References.PlacesOfSegments(after))
        {
            if (!known.Contains(segment) && workspace.Get<Segment>(Segment.NameOf(flag.Project, segment)) is null)
                problems.Add(new DefinitionProblem(pointer, $"there is no segment '{segment}'"));
        }
        for (var i = 0; i < after.Prerequisites.Count; i++)
        {
            if (before?.Prerequisites.Contains(after.Prerequisites[i]) != true)
                PrerequisiteRules.Check(problems, workspace, flag, environment, after.Prerequisites[i], $"/prerequisites/{i}");
        }
        if (
            problems.Count == 0
            && after.Prerequisites.All(needed => needed.Flag != flag.Definition.Key)
            && before?.Prerequisites != after.Prerequisites
            && after.Prerequisites.Count > 0
        )
            problems.AddRange(PrerequisiteRules.CheckReach(workspace, flag, environment, after));
        return problems;
    }

    private static FlagEnvironment? Edit(EditStep step, Flag flag, FlagEnvironment settings, ConfigurationOperation operation) =>
        operation switch
        {
            SetEnabled set => settings with { Enabled = set.Enabled },
            SetOffVariant set => settings with { OffVariant = set.Variant },
            SetFallbackVariant set => settings with { FallbackVariant = set.Variant },
            SetFallthrough set => settings with { Fallthrough = set.Serve },
            SetRules set => settings with { Rules = set.Rules },
            AddRule add => AddRule(step, settings, add),
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

    private static FlagEnvironment? AddRule(EditStep step, FlagEnvironment settings, AddRule add)
    {
        if (settings.Rules.Any(rule => rule.Id == add.Rule.Id))
        {
            step.Problem("rule/id", $"there is a rule '{add.Rule.Id}' already");
            return null;
        }
        if (add.Index > settings.Rules.Count)
        {
            step.Problem("index", $"there are only {settings.Rules.Count} rules");
            return null;
        }
        return settings with { Rules = Insert(settings.Rules, add.Rule, add.Index ?? settings.Rules.Count) };
    }

    private static Sequence<TargetingRule> Insert(Sequence<TargetingRule> rules, TargetingRule rule, int index)
    {
        var list = rules.ToList();
        list.Insert(index, rule);
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
            ? settings with
            {
                Fallthrough = serve,
            }
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
            AddRule add => ("/rule", $"/rules/{settings.Rules.ToList().FindIndex(rule => rule.Id == add.Rule.Id)}"),
            UpdateRule update => ("/rule", $"/rules/{settings.Rules.ToList().FindIndex(rule => rule.Id == update.Rule.Id)}"),
            AddOverride add => (
                "/override",
                $"/overrides/{settings.Overrides.ToList().FindIndex(pin => pin.Id == add.Override.Id)}"
            ),
            SetRollout { Rule: null } or StartExperiment { Rule: null } => ("/rollout", "/fallthrough/rollout"),
            SetRollout or StartExperiment => ("/rollout", "/rollout"),
            StopExperiment => ("/variant", ""),
            _ => ("", ""),
        };
        // A whole token: what is wrong at /rules/10 is not inside /rules/1.
        var at = $"{pointer}/".IndexOf($"{inner}/", StringComparison.Ordinal);
        return inner.Length == 0 || at < 0 ? member : member + pointer[(at + inner.Length)..];
    }
}
