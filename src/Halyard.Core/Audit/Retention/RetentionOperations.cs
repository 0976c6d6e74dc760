using Halyard.Core.Flags;
using Halyard.Core.Flags.Differences;
using Halyard.Core.Flags.Editing;

namespace Halyard.Core.Audit.Retention;

/// <summary>Says how long the log is kept; replaces what was said before.</summary>
public sealed record SetRetention(RetentionPolicy Policy) : Operation
{
    /// <inheritdoc/>
    public override ResourceName Target(string project) => LogRetention.Place;
}

/// <summary>Applies operations on retention to a workspace. Pure.</summary>
public static class RetentionEditor
{
    /// <summary>The type of the entry of a change.</summary>
    public const string ChangedType = "retention.changed";

    /// <summary>Applies one operation; false where it belongs to another domain.</summary>
    public static bool Apply(Workspace workspace, Operation operation)
    {
        if (operation is not SetRetention set)
            return false;
        var id = workspace.Get<LogRetention>(LogRetention.Place)?.Id ?? workspace.NewId();
        workspace.Put(new LogRetention(id, set.Policy));
        return true;
    }

    /// <summary>What a difference between two states means; <see langword="null"/> for other resources.</summary>
    public static IReadOnlyList<SemanticChange>? Compare(Resource? before, Resource? after)
    {
        if (after is not LogRetention { Policy: var now })
            return null;
        var past = (before as LogRetention)?.Policy ?? RetentionPolicy.KeepForEver;
        if (before is not null && now == past)
            return [];
        var words = new List<string>();
        if (now.ArchiveAfterDays != past.ArchiveAfterDays)
            words.Add(now.ArchiveAfterDays is { } archive ? $"archived after {Days(archive)}" : "not archived any more");
        if (now.RetentionDays != past.RetentionDays)
            words.Add(now.RetentionDays is { } retention ? $"purged after {Days(retention)}" : "kept for ever");
        if (now.MinimumDays != past.MinimumDays)
            words.Add(
                now.MinimumDays.Count == 0
                    ? "no type longer than others"
                    : string.Join(", ", now.MinimumDays.Select(minimum => $"'{minimum.Prefix}' at least {Days(minimum.Days)}"))
            );
        var told = words.Count == 0 ? "kept for ever" : string.Join("; ", words);
        return [new SemanticChange(ChangedType, null, $"the log's entries: {told}")];
    }

    private static string Days(int days) => days == 1 ? "1 day" : $"{days} days";
}
