using Halyard.Core.Flags;
using Halyard.Core.Flags.Differences;
using Halyard.Core.Flags.Editing;
using Halyard.Core.Policies.Installing;

namespace Halyard.Core.Policies.Checks;

/// <summary>Defines a check, or says where the evidence of one that ships comes from.</summary>
public sealed record CreateCheck(string Key, CheckSettings Settings) : Operation
{
    /// <summary>Its name where it waits for approval.</summary>
    public const string WireName = "createCheck";

    /// <inheritdoc/>
    public override ResourceName Target(string project) => CheckDefinition.NameOf(Key);
}

/// <summary>Replaces a check's settings; evidence from before says nothing any more.</summary>
public sealed record UpdateCheck(string Key, CheckSettings Settings) : Operation
{
    /// <summary>Its name where it waits for approval.</summary>
    public const string WireName = "updateCheck";

    /// <inheritdoc/>
    public override ResourceName Target(string project) => CheckDefinition.NameOf(Key);
}

/// <summary>Deletes a check that nothing names.</summary>
public sealed record DeleteCheck(string Key) : Operation
{
    /// <summary>Its name where it waits for approval.</summary>
    public const string WireName = "deleteCheck";

    /// <inheritdoc/>
    public override ResourceName Target(string project) => CheckDefinition.NameOf(Key);
}

/// <summary>Applies operations on checks to a workspace. Pure.</summary>
public static class CheckEditor
{
    /// <summary>Applies one operation; false where it belongs to another domain.</summary>
    public static bool Apply(Workspace workspace, Operation operation, string pointer)
    {
        switch (operation)
        {
            case CreateCheck create:
                if (Existing(workspace, create.Key) is not null)
                    workspace.Problems.Add(new FieldProblem($"{pointer}/key", $"there is a check '{create.Key}' already"));
                CheckShipped(workspace, create.Key, create.Settings, pointer);
                workspace.Put(new CheckDefinition(workspace.NewId(), create.Key, create.Settings));
                return true;
            case UpdateCheck update:
                CheckShipped(workspace, update.Key, update.Settings, pointer);
                if (Existing(workspace, update.Key) is { } check)
                    workspace.Put(check with { Settings = update.Settings });
                else
                    workspace.Problems.Add(new FieldProblem(pointer, $"there is no check '{update.Key}'"));
                return true;
            case DeleteCheck delete:
                Delete(workspace, delete.Key, pointer);
                return true;
            default:
                return false;
        }
    }

    /// <summary>What a difference between two states of a check means; <see langword="null"/> for other resources.</summary>
    public static SemanticChange? Compare(Resource? before, Resource? after) =>
        (before, after) switch
        {
            (null, CheckDefinition now) => new("check.created", null, $"check '{now.Key}' defined"),
            (CheckDefinition was, null) => new("check.deleted", null, $"check '{was.Key}' deleted"),
            (CheckDefinition was, CheckDefinition now) when was != now => new(
                "check.updated",
                null,
                $"check '{now.Key}' changed; its evidence from before says nothing any more"
            ),
            _ => null,
        };

    private static CheckDefinition? Existing(Workspace workspace, string key) =>
        workspace.Get<CheckDefinition>(CheckDefinition.NameOf(key));

    /// <summary>What a name promises everywhere, nobody makes easier.</summary>
    private static void CheckShipped(Workspace workspace, string key, CheckSettings settings, string pointer)
    {
        if (key == BuiltInChecks.StagingSoak)
            workspace.Problems.Add(
                new FieldProblem($"{pointer}/key", $"is '{key}', which needs no source: it is read from the ledger")
            );
        if (!BuiltInChecks.Thresholds.TryGetValue(key, out var thresholds))
            return;
        if (settings.Source == CheckSource.Soak)
            workspace.Problems.Add(new FieldProblem($"{pointer}/source", $"cannot be soak: '{key}' judges numbers"));
        if (settings.Thresholds.Count > 0)
            workspace.Problems.Add(new FieldProblem($"{pointer}/thresholds", $"of '{key}' are fixed; leave them out"));
        if (settings.Measures.Count == 0)
            return;
        foreach (var field in thresholds.Select(item => item.Field).Where(field => settings.Measures.All(at => at.Name != field)))
            workspace.Problems.Add(new FieldProblem($"{pointer}/measures", $"must say where '{field}' is found"));
    }

    private static void Delete(Workspace workspace, string key, string pointer)
    {
        if (Existing(workspace, key) is null)
            workspace.Problems.Add(new FieldProblem(pointer, $"there is no check '{key}'"));
        var isNamed =
            !ShippedPolicies.Checks.Contains(key)
            && workspace.Get<InstalledPolicies>(InstalledPolicies.Place)?.NamesCheck(key) == true;
        if (isNamed)
            workspace.Problems.Add(new FieldProblem(pointer, $"an approval policy asks for check '{key}'"));
        if (workspace.Get<PromotionGates>(PromotionGates.Place)?.Metrics == key)
            workspace.Problems.Add(new FieldProblem(pointer, $"promotion gates take their numbers from check '{key}'"));
        workspace.Delete(CheckDefinition.NameOf(key));
    }
}
