using Halyard.Core.Access.Roles;
using Halyard.Core.Flags;
using Halyard.Core.Flags.Differences;
using Halyard.Core.Flags.Editing;

namespace Halyard.Core.Audit.Holds;

/// <summary>Places a hold on a subject or on a range of entries.</summary>
public sealed record PlaceHold(string Key, string Title, string? Subject, IndexRange? Range) : Operation
{
    /// <inheritdoc/>
    public override ResourceName Target(string project) => Hold.NameOf(Key);
}

/// <summary>Releases a hold.</summary>
public sealed record ReleaseHold(string Key) : Operation
{
    /// <inheritdoc/>
    public override ResourceName Target(string project) => Hold.NameOf(Key);
}

/// <summary>Applies operations on holds to a workspace. Pure.</summary>
public static class HoldEditor
{
    /// <summary>Applies one operation; false where it belongs to another domain.</summary>
    public static bool Apply(Workspace workspace, Operation operation, string pointer)
    {
        switch (operation)
        {
            case PlaceHold place:
                Place(workspace, place, pointer);
                return true;
            case ReleaseHold release:
                var name = Hold.NameOf(release.Key);
                if (workspace.Get<Hold>(name) is null)
                    workspace.Problems.Add(new FieldProblem(pointer, $"there is no {name}"));
                workspace.Delete(name);
                return true;
            default:
                return false;
        }
    }

    /// <summary>What a difference between two states of a hold means; <see langword="null"/> for other resources.</summary>
    public static SemanticChange? Compare(Resource? before, Resource? after) =>
        (before, after) switch
        {
            (null, Hold hold) => new("hold.placed", null, $"hold '{hold.Key}' placed on {Covered(hold)}"),
            (Hold hold, null) => new("hold.released", null, $"hold '{hold.Key}' on {Covered(hold)} released"),
            _ => null,
        };

    private static void Place(Workspace workspace, PlaceHold place, string pointer)
    {
        if (workspace.Get<Hold>(Hold.NameOf(place.Key)) is not null)
            workspace.Problems.Add(new FieldProblem($"{pointer}/key", $"there is a hold '{place.Key}' already"));
        if (place.Subject is null == place.Range is null)
            workspace.Problems.Add(new FieldProblem(pointer, "covers either a subject or a range of entries"));
        if (place.Subject is { } subject && !SubjectIds.IsId(subject))
            workspace.Problems.Add(
                new FieldProblem(
                    $"{pointer}/subject",
                    "must be an id such as s_… or p_…: the log keeps it for ever; give 'person' for a name"
                )
            );
        if (place.Range is { } range && (range.From < 0 || range.To <= range.From))
            workspace.Problems.Add(new FieldProblem($"{pointer}/to", "must be greater than from; the range is half-open"));
        workspace.Put(new Hold(workspace.NewId(), place.Key, place.Title, place.Subject, place.Range));
    }

    private static string Covered(Hold hold) =>
        hold.Range is { } range ? $"entries {range.From} to before {range.To}" : $"subject {hold.Subject}";
}
