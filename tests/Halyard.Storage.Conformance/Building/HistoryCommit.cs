using Halyard.Core.Audit;
using Halyard.Core.Storage;

namespace Halyard.Storage.Conformance.Building;

/// <summary>Commits that leave no resource behind, whatever their entries touched on the way.</summary>
public static class HistoryCommit
{
    /// <summary>Entries whose last touch of each resource is its deletion.</summary>
    public static Commit Of(string tenant, params EntryDraft[] drafts)
    {
        var names = drafts.SelectMany(draft => draft.Index.Resources).Select(touched => touched.Name).Distinct();
        return new Commit(
            tenant,
            CommitBuilder.OriginOf(tenant),
            [.. names.Select(name => new ResourceWrite.Delete(name, 0))],
            [],
            drafts,
            null
        );
    }
}
