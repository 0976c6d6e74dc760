using Halyard.Core.Flags;

namespace Halyard.Core.Storage;

/// <summary>What a commit rests on beside what is there, inside the transaction: one rule for every store.</summary>
public static class Conflicts
{
    /// <summary>Compares.</summary>
    /// <param name="commit">The commit.</param>
    /// <param name="current">Revision and id of a live resource; revision 0 and no id where there is none.</param>
    /// <param name="fence">The value of a fence; 0 where it was never raised.</param>
    /// <param name="hasMoved">Whether something moved that the store alone can tell.</param>
    /// <returns>What moved, or <see langword="null"/> where the commit may be written.</returns>
    public static CommitResult.Conflict? Find(
        Commit commit,
        Func<ResourceName, (long Revision, string? Id)> current,
        Func<string, long> fence,
        bool hasMoved
    )
    {
        var mismatches = new List<RevisionMismatch>();
        var ids = TouchedIds(commit);
        foreach (var write in commit.Writes)
        {
            var (revision, id) = current(write.Name);
            if (revision != write.ExpectedRevision || (id is not null && id != ids[write.Name]))
                mismatches.Add(new RevisionMismatch(write.Name, write.ExpectedRevision, revision));
        }
        foreach (var precondition in commit.Preconditions)
        {
            switch (precondition)
            {
                case Precondition.Unchanged unchanged:
                    var (revision, found) = current(unchanged.Name);
                    var isAnother = found is not null && unchanged.Id is not null && found != unchanged.Id;
                    if (
                        (revision != unchanged.Revision || isAnother)
                        && mismatches.TrueForAll(known => known.Resource != unchanged.Name)
                    )
                        mismatches.Add(new RevisionMismatch(unchanged.Name, unchanged.Revision, revision));
                    break;
                case Precondition.Fence raised:
                    hasMoved |= fence(raised.Name) != raised.Value;
                    break;
                case Precondition.FenceStands stands:
                    hasMoved |= fence(stands.Name) != stands.Value;
                    break;
            }
        }
        return hasMoved || mismatches.Count > 0 ? new CommitResult.Conflict(mismatches) : null;
    }

    /// <summary>
    /// The ids that the caller read. One who read a resource that was since deleted and created anew under its key may hold the
    /// right revision of the wrong resource.
    /// </summary>
    private static Dictionary<ResourceName, string> TouchedIds(Commit commit)
    {
        var ids = new Dictionary<ResourceName, string>();
        foreach (var entry in commit.Entries)
        {
            foreach (var touched in entry.Index.Resources)
            {
                // The first touch counts: a later one may be of another resource that this commit creates under the key.
                if (touched.IsChanged)
                    ids.TryAdd(touched.Name, touched.Id);
            }
        }
        return ids;
    }
}
