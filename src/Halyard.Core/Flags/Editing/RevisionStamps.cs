namespace Halyard.Core.Flags.Editing;

/// <summary>
/// Says which parts of a flag changed in which revision, by comparison with the flag as it was found. Operations that undo each
/// other leave no trace, and several operations on one part count as one.
/// </summary>
internal static class RevisionStamps
{
    /// <summary>The flag with the revision that the change will make on each part that differs, and the old ones elsewhere.</summary>
    public static Flag Stamp(Workspace workspace, Flag edited)
    {
        var found = workspace.Found<Flag>(edited.Name);
        var next = workspace.NextRevisionOf(edited.Name);
        var environments = edited.Environments;
        foreach (var (key, configuration) in edited.Environments)
        {
            if (StampOf(found, edited, key, configuration, next) is not { } stamped)
                environments = environments.Remove(key);
            else if (!ReferenceEquals(stamped, configuration))
                environments = environments.SetItem(key, stamped);
        }
        return edited with
        {
            Environments = environments,
            Revision = found is not null && OwnMembersEqual(found, edited) ? found.Revision : next,
        };
    }

    /// <summary>The stamped configuration; <see langword="null"/> where there was none and this one says no more than that.</summary>
    private static FlagConfiguration? StampOf(Flag? found, Flag edited, string key, FlagConfiguration now, long next)
    {
        if (found is null)
            return now with { Revision = next };
        var was = found.Environments.GetValueOrDefault(key);
        if (was is not null && was.EnvironmentId == now.EnvironmentId)
            return was.Settings == now.Settings ? was : now with { Revision = next };
        var isDefault = edited.Defaults == found.Defaults && now.Settings == edited.Defaults.Configuration();
        return isDefault ? was : now with { Revision = next };
    }

    private static bool OwnMembersEqual(Flag before, Flag after) =>
        before == after with { Revision = before.Revision, Environments = before.Environments };
}
