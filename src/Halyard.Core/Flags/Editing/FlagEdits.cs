using Halyard.Evaluation.Definitions;

namespace Halyard.Core.Flags.Editing;

/// <summary>Edits of a flag as a whole.</summary>
internal static class FlagEdits
{
    public static void Create(EditStep step, CreateFlag create)
    {
        var workspace = step.Workspace;
        var name = Flag.NameOf(workspace.Project, create.Flag);
        if (!step.IsFree(name, "flag"))
            return;

        var variants = create.Variants;
        var defaults = create.Defaults ?? DefaultsFor(create);
        var definition = new FlagDefinition(create.Flag, create.Type, create.Status, variants, create.Salt, create.Hash);
        var flag = new Flag(
            workspace.NewId(),
            workspace.Project,
            definition,
            create.Title,
            create.Description,
            create.Kind,
            create.Owner,
            create.Tags,
            create.Sensitive,
            defaults,
            0,
            Flag.NoEnvironments
        );
        step.AddDefinitionProblems(DefinitionRules.CheckFlag(definition), pointer => pointer);
        CheckDefaults(step, flag);
        foreach (var (key, initial) in create.Environments)
            flag = WithInitial(step, flag, key, initial);
        workspace.Put(RevisionStamps.Stamp(workspace, flag));
    }

    public static void Apply(EditStep step, FlagOperation operation)
    {
        var name = operation.Target(step.Workspace.Project);
        if (step.Existing<Flag>(name, "flag") is not { } flag)
            return;
        step.CheckBase(name, ChangedIn(step.Workspace, operation));

        if (operation is DeleteFlag)
        {
            CheckUnused(step, flag);
            step.Workspace.Delete(name);
            return;
        }
        var edited = operation switch
        {
            UpdateFlag update => Update(step, flag, update),
            SetStatus status => flag with { Definition = flag.Definition with { Status = status.Status } },
            AddVariant add => Variants(flag, [.. flag.Definition.Variants, add.Variant]),
            UpdateVariant update => UpdateVariant(step, flag, update),
            RemoveVariant remove => RemoveVariant(step, flag, remove),
            RevertToRevision revert => Revert(step, flag, revert),
        };
        step.AddDefinitionProblems(DefinitionRules.CheckFlag(edited.Definition), pointer => Locate(operation, edited, pointer));
        step.Workspace.Put(RevisionStamps.Stamp(step.Workspace, edited));
    }

    /// <summary>The revision in which what the operation touches last changed, before this change.</summary>
    private static long ChangedIn(Workspace workspace, FlagOperation operation)
    {
        var name = operation.Target(workspace.Project);
        if (workspace.Found<Flag>(name) is not { } found)
            return 0;
        if (operation is RevertToRevision { Environment: { } key })
        {
            var environment = workspace.Found<ProjectEnvironment>(ProjectEnvironment.NameOf(workspace.Project, key));
            return environment is null ? 0 : found.In(environment).Revision;
        }
        return operation is DeleteFlag or RevertToRevision ? workspace.RevisionOf(name) : found.Revision;
    }

    /// <summary>Where in the operation stands what a pointer into the resulting flag names.</summary>
    private static string Locate(FlagOperation operation, Flag edited, string pointer)
    {
        var variants = edited.Definition.Variants;
        var (member, inner) = operation switch
        {
            AddVariant => ("/variant", $"/variants/{variants.Count - 1}/"),
            UpdateVariant update => ("", $"/variants/{variants.ToList().FindIndex(variant => variant.Key == update.Variant)}/"),
            _ => ("", pointer),
        };
        return pointer.StartsWith(inner, StringComparison.Ordinal) ? member + pointer[(inner.Length - 1)..] : member;
    }

    private static FlagDefaults DefaultsFor(CreateFlag create)
    {
        var first = create.Variants.Count > 0 ? create.Variants[0].Key : "";
        if (create.Type != FlagType.Boolean)
            return new FlagDefaults(first, create.Variants.Count > 0 ? create.Variants[^1].Key : "");
        var on = create.Variants.FirstOrDefault(variant => variant.Value == FlagValue.Of(true))?.Key ?? first;
        var off = create.Variants.FirstOrDefault(variant => variant.Value == FlagValue.Of(false))?.Key ?? first;
        return new FlagDefaults(on, off);
    }

    private static void CheckDefaults(EditStep step, Flag flag)
    {
        if (!HasVariant(flag, flag.Defaults.On))
            step.Problem("defaults/on", $"there is no variant '{flag.Defaults.On}'");
        if (!HasVariant(flag, flag.Defaults.Off))
            step.Problem("defaults/off", $"there is no variant '{flag.Defaults.Off}'");
    }

    private static Flag WithInitial(EditStep step, Flag flag, string key, InitialConfiguration initial)
    {
        var member = $"environments/{JsonCursor.EscapePointer(key)}";
        var name = ProjectEnvironment.NameOf(step.Workspace.Project, key);
        if (step.Existing<ProjectEnvironment>(name, member) is not { } environment)
            return flag;
        var settings = initial.Settings ?? flag.Defaults.Configuration() with { Enabled = initial.Enabled };
        step.AddDefinitionProblems(DefinitionRules.Check(flag.Definition, settings), pointer => $"/{member}{pointer}");
        step.AddDefinitionProblems(
            ConfigurationEdits.CheckReferences(step.Workspace, flag, environment, null, settings),
            pointer => $"/{member}{pointer}"
        );
        return flag with { Environments = flag.Environments.SetItem(key, new FlagConfiguration(environment.Id, 0, settings)) };
    }

    private static bool HasVariant(Flag flag, string key) => flag.Definition.Variants.Any(variant => variant.Key == key);

    private static Flag Variants(Flag flag, Sequence<Variant> variants) =>
        flag with
        {
            Definition = flag.Definition with { Variants = variants },
        };

    private static Flag Update(EditStep step, Flag flag, UpdateFlag update)
    {
        var edited = flag with
        {
            Title = update.Title ?? flag.Title,
            Description = update.Description ?? flag.Description,
            Owner = update.Owner ?? flag.Owner,
            Tags = update.Tags ?? flag.Tags,
            Kind = update.Kind ?? flag.Kind,
            Definition = flag.Definition with { Hash = update.Hash ?? flag.Definition.Hash },
        };
        if (edited.Definition.Hash == flag.Definition.Hash)
            return edited;
        foreach (var environment in step.Workspace.Environments)
        {
            foreach (var problem in DefinitionRules.Check(edited.Definition, edited.In(environment).Settings))
                step.Problem("hash", $"does not suit environment '{environment.Key}': {problem.Pointer} {problem.Message}");
        }
        return edited;
    }

    private static Flag UpdateVariant(EditStep step, Flag flag, UpdateVariant update)
    {
        if (!HasVariant(flag, update.Variant))
            step.Problem("variant", $"there is no variant '{update.Variant}'");
        return Variants(
            flag,
            flag.Definition.Variants.Select(variant =>
                    variant.Key == update.Variant
                        ? variant with
                        {
                            Value = update.Value ?? variant.Value,
                            Description = update.Description ?? variant.Description,
                        }
                        : variant
                )
                .ToSequence()
        );
    }

    private static Flag RemoveVariant(EditStep step, Flag flag, RemoveVariant remove)
    {
        if (!HasVariant(flag, remove.Variant))
            step.Problem("variant", $"there is no variant '{remove.Variant}'");
        var edited = Variants(flag, flag.Definition.Variants.Where(variant => variant.Key != remove.Variant).ToSequence());
        if (flag.Defaults.On == remove.Variant || flag.Defaults.Off == remove.Variant)
            step.Problem("variant", $"the flag's defaults serve '{remove.Variant}'");
        foreach (var environment in step.Workspace.Environments)
        {
            var settings = edited.In(environment).Settings;
            if (DefinitionRules.Check(edited.Definition, settings).Any())
                step.Problem("variant", $"environment '{environment.Key}' serves '{remove.Variant}'");
            foreach (var other in AskingFor(step.Workspace, remove.Flag, remove.Variant, environment))
                step.Problem("variant", $"flag '{other}' asks for it in environment '{environment.Key}'");
        }
        return edited;
    }

    /// <summary>The keys of the flags that have a variant of a flag as a prerequisite in an environment.</summary>
    private static IEnumerable<string> AskingFor(
        Workspace workspace,
        string flag,
        string variant,
        ProjectEnvironment environment
    ) =>
        workspace
            .Flags.Where(other =>
                other
                    .In(environment)
                    .Settings.Prerequisites.Any(needed => needed.Flag == flag && needed.Variants.Contains(variant))
            )
            .Select(other => other.Definition.Key);

    private static Flag Revert(EditStep step, Flag flag, RevertToRevision revert)
    {
        if (step.Workspace.IsErased(revert.Flag, revert.Revision))
        {
            step.Problem("revision", $"revision {revert.Revision} of flag '{revert.Flag}' holds values that were erased");
            return flag;
        }
        if (step.Workspace.Past(revert.Flag, revert.Revision) is not { } past || past.Id != flag.Id)
        {
            step.Problem("revision", $"flag '{revert.Flag}' has no revision {revert.Revision} to return to");
            return flag;
        }
        var restored = revert.Environment is null ? past with { Environments = flag.Environments } : flag;
        foreach (var variant in flag.Definition.Variants.Where(variant => !HasVariant(restored, variant.Key)))
        {
            foreach (var environment in step.Workspace.Environments)
            {
                foreach (var other in AskingFor(step.Workspace, revert.Flag, variant.Key, environment))
                    step.Problem(
                        "revision",
                        $"variant '{variant.Key}' would go, and flag '{other}' asks for it in environment '{environment.Key}'"
                    );
            }
        }
        foreach (var environment in step.Workspace.Environments)
        {
            if (revert.Environment is not null && revert.Environment != environment.Key)
                continue;
            var settings = past.In(environment).Settings;
            var current = restored.In(environment).Settings;
            if (current == settings)
                continue;
            step.AddDefinitionProblems(DefinitionRules.Check(restored.Definition, settings), _ => "/revision");
            step.AddDefinitionProblems(
                ConfigurationEdits.CheckReferences(step.Workspace, restored, environment, current, settings),
                _ => "/revision"
            );
            restored = restored with
            {
                Environments = restored.Environments.SetItem(environment.Key, new FlagConfiguration(environment.Id, 0, settings)),
            };
        }
        return restored;
    }

    private static void CheckUnused(EditStep step, Flag flag)
    {
        foreach (var other in step.Workspace.Flags.Where(other => other.Id != flag.Id))
        {
            foreach (var environment in step.Workspace.Environments)
            {
                if (other.In(environment).Settings.Prerequisites.Any(needed => needed.Flag == flag.Definition.Key))
                    step.Problem("flag", $"flag '{other.Definition.Key}' needs it in environment '{environment.Key}'");
            }
        }
    }
}
