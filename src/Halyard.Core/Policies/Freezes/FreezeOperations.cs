using Halyard.Core.Flags;
using Halyard.Core.Flags.Differences;
using Halyard.Core.Flags.Editing;

namespace Halyard.Core.Policies.Freezes;

/// <summary>Creates a freeze.</summary>
public sealed record CreateFreeze(string Key, FreezeSettings Settings) : Operation
{
    /// <inheritdoc/>
    public override ResourceName Target(string project) => Freeze.NameOf(Key);
}

/// <summary>Replaces a freeze's settings.</summary>
public sealed record UpdateFreeze(string Key, FreezeSettings Settings) : Operation
{
    /// <inheritdoc/>
    public override ResourceName Target(string project) => Freeze.NameOf(Key);
}

/// <summary>Deletes a freeze.</summary>
public sealed record DeleteFreeze(string Key) : Operation
{
    /// <inheritdoc/>
    public override ResourceName Target(string project) => Freeze.NameOf(Key);
}

/// <summary>Ends what holds of a freeze until it is lifted: its incident is over. The server alone does that.</summary>
/// <param name="Key">Which.</param>
/// <param name="Incident">The incident; where the freeze is for another by now, nothing happens.</param>
/// <param name="At">When it ends.</param>
public sealed record LiftFreeze(string Key, string Incident, DateTimeOffset At) : Operation
{
    /// <inheritdoc/>
    public override ResourceName Target(string project) => Freeze.NameOf(Key);
}

/// <summary>Applies operations of freezes to a workspace. Pure.</summary>
public static class FreezeEditor
{
    /// <summary>Applies one operation; false where it belongs to another domain.</summary>
    public static bool Apply(Workspace workspace, Operation operation, string pointer)
    {
        switch (operation)
        {
            case CreateFreeze create:
                if (workspace.Get<Freeze>(Freeze.NameOf(create.Key)) is not null)
                    workspace.Problems.Add(new FieldProblem("/key", $"there is a freeze '{create.Key}' already"));
                else
                    workspace.Put(new Freeze(workspace.NewId(), create.Key, create.Settings));
                return true;
            case UpdateFreeze update:
                if (Existing(workspace, update.Key, pointer) is { } freeze)
                    workspace.Put(freeze with { Settings = update.Settings });
                return true;
            case LiftFreeze lift:
                if (Existing(workspace, lift.Key, pointer) is { } held && held.Settings.ForIncident == lift.Incident)
                    workspace.Put(held with { Settings = held.Settings.Lifted(lift.At) });
                return true;
            case DeleteFreeze delete:
                if (Existing(workspace, delete.Key, pointer) is not null)
                    workspace.Delete(Freeze.NameOf(delete.Key));
                return true;
            default:
                return false;
        }
    }

    /// <summary>What a difference between two states of a freeze means; empty for other resources.</summary>
    public static IReadOnlyList<SemanticChange> Compare(Resource? before, Resource? after)
    {
        if ((before ?? after) is not Freeze freeze)
            return [];
        var changes = new ChangeList();
        var name = $"freeze {ChangeList.Quote(freeze.Key)}";
        if (before is null || after is null)
            changes.Add(
                before is null ? "freeze.created" : "freeze.deleted",
                $"{name} {(before is null ? "created" : "deleted")}"
            );
        else
            Compare(changes, ((Freeze)before).Settings, ((Freeze)after).Settings);
        return changes.Changes;
    }

    private static void Compare(ChangeList changes, FreezeSettings before, FreezeSettings after)
    {
        const string Updated = "freeze.updated";
        if (before.Enabled != after.Enabled)
            changes.Add(Updated, after.Enabled ? "switched on" : "switched off");
        changes.Replaced(Updated, "name", before.Title, after.Title);
        changes.Replaced(Updated, "time zone", before.Zone, after.Zone);
        changes.Replaced(Updated, "approvers of exceptions", $"{before.Approvers}", $"{after.Approvers}");
        if (before.Scope != after.Scope)
            changes.Add(Updated, "what it covers changed");
        if (before.ForIncident != after.ForIncident)
            changes.Add(
                Updated,
                after.ForIncident is { } incident
                    ? $"is for incident {ChangeList.Quote(incident)}"
                    : "is for no incident any more"
            );
        if (before.IsOpen && !after.IsOpen)
            changes.Add("freeze.lifted", "lifted: it holds no longer than is said");
        else if (before.Intervals != after.Intervals || before.Recurring != after.Recurring)
            changes.Add(Updated, "when it freezes changed");
    }

    private static Freeze? Existing(Workspace workspace, string key, string pointer)
    {
        var freeze = workspace.Get<Freeze>(Freeze.NameOf(key));
        if (freeze is null)
            workspace.Problems.Add(new FieldProblem(pointer, $"there is no freeze '{key}'"));
        return freeze;
    }
}
