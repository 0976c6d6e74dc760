using Halyard.Core.Flags;
using Halyard.Core.Flags.Differences;
using Halyard.Core.Flags.Editing;
using Halyard.Evaluation.Definitions;

namespace Halyard.Core.Audit.Sinks;

/// <summary>Creates a sink.</summary>
/// <param name="Key">Its key.</param>
/// <param name="Settings">What can be changed later.</param>
/// <param name="From">The index of the first entry it gets, or <see langword="null"/> for the one after its creation.</param>
public sealed record CreateSink(string Key, SinkSettings Settings, long? From) : Operation
{
    /// <inheritdoc/>
    public override ResourceName Target(string project) => Sink.NameOf(Key);
}

/// <summary>Replaces a sink's settings; the cursor stays where it is.</summary>
public sealed record UpdateSink(string Key, SinkSettings Settings) : Operation
{
    /// <inheritdoc/>
    public override ResourceName Target(string project) => Sink.NameOf(Key);
}

/// <summary>Deletes a sink.</summary>
public sealed record DeleteSink(string Key) : Operation
{
    /// <inheritdoc/>
    public override ResourceName Target(string project) => Sink.NameOf(Key);
}

/// <summary>Applies operations of sinks to a workspace. Pure.</summary>
public static class SinkEditor
{
    /// <summary>Applies one operation; false where it belongs to another domain.</summary>
    public static bool Apply(Workspace workspace, Operation operation, string pointer)
    {
        switch (operation)
        {
            case CreateSink create:
                if (workspace.Get<Sink>(Sink.NameOf(create.Key)) is not null)
                    workspace.Problems.Add(new FieldProblem("/key", $"there is a sink '{create.Key}' already"));
                else
                    workspace.Put(new Sink(workspace.NewId(), create.Key, create.From, create.Settings));
                return true;
            case UpdateSink update:
                if (Existing(workspace, update.Key, pointer) is not { } sink)
                    return true;
                if (sink.Settings.Kind != update.Settings.Kind)
                    workspace.Problems.Add(new FieldProblem("/kind", "cannot be changed; create another sink"));
                workspace.Put(sink with { Settings = update.Settings });
                return true;
            case DeleteSink delete:
                if (Existing(workspace, delete.Key, pointer) is not null)
                    workspace.Delete(Sink.NameOf(delete.Key));
                return true;
            default:
                return false;
        }
    }

    /// <summary>What a difference between two states of a sink means; empty for other resources.</summary>
    public static IReadOnlyList<SemanticChange> Compare(Resource? before, Resource? after)
    {
        if ((before ?? after) is not Sink sink)
            return [];
        var changes = new ChangeList();
        var name = $"{WireNames.Of(sink.Settings.Kind)} sink {ChangeList.Quote(sink.Key)}";
        if (before is null || after is null)
            changes.Add(before is null ? "sink.created" : "sink.deleted", $"{name} {(before is null ? "created" : "deleted")}");
        else
            Compare(changes, ((Sink)before).Settings, ((Sink)after).Settings);
        return changes.Changes;
    }

    private static void Compare(ChangeList changes, SinkSettings before, SinkSettings after)
    {
        if (before.Enabled != after.Enabled)
            changes.Add(after.Enabled ? "sink.enabled" : "sink.disabled", after.Enabled ? "enabled" : "disabled");
        changes.Replaced("sink.updated", "mode", WireNames.Of(before.Mode), WireNames.Of(after.Mode));
        changes.Replaced("sink.updated", "target", before.Target, after.Target);
        changes.Replaced("sink.updated", "secret of the target", before.TargetSecret ?? "", after.TargetSecret ?? "");
        changes.Replaced("sink.updated", "secret", before.Secret ?? "", after.Secret ?? "");
        changes.Replaced("sink.updated", "previous secret", before.PreviousSecret ?? "", after.PreviousSecret ?? "");
        changes.Replaced("sink.updated", "seconds to group", $"{before.GroupSeconds}", $"{after.GroupSeconds}");
        if (before.Filter != after.Filter)
            changes.Add("sink.updated", "filter changed");
    }

    private static Sink? Existing(Workspace workspace, string key, string pointer)
    {
        var sink = workspace.Get<Sink>(Sink.NameOf(key));
        if (sink is null)
            workspace.Problems.Add(new FieldProblem(pointer, $"there is no sink '{key}'"));
        return sink;
    }
}
