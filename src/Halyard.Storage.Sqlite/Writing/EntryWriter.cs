using Halyard.Core.Audit;
using Halyard.Core.Audit.Searching;
using Halyard.Ledger;
using Halyard.Storage.Sqlite.Native;

namespace Halyard.Storage.Sqlite.Writing;

/// <summary>Writes one sealed entry and all that is found through it.</summary>
internal sealed class EntryWriter(Database database, RecentTable recent, PrivateTable privates, VersionTable versions)
{
    /// <summary>Writes the entry inside the writer's transaction.</summary>
    /// <param name="tenant">The tenant's number.</param>
    /// <param name="draft">What the entry is found by and what belongs to it.</param>
    /// <param name="entry">The entry.</param>
    /// <param name="blobs">The blobs that this commit has written: the entries of an import share one decision's input.</param>
    public void Write(long tenant, EntryDraft draft, SealedEntry entry, HashSet<Digest> blobs)
    {
        var position = Position.Of(tenant, entry.Index);
        // OR FAIL: an insert of one row leaves nothing to undo, and SQLite need not keep a journal for it because of the triggers.
        database["INSERT OR FAIL INTO audit_entry (position, tenant, id, at, effective_at, leaf) VALUES (?, ?, ?, ?, ?, ?)"]
            .Run(position, tenant, draft.Id, entry.At, entry.EffectiveAt, entry.Leaf);
        database["INSERT INTO audit_leaf_hash (position, hash) VALUES (?, ?)"].Run(position, entry.LeafHash);
        WriteVersions(tenant, position, draft.Index.Resources, entry);
        recent.Add(tenant, position, Facets.Of(draft), draft.Index.Text, entry.EffectiveAt);
        foreach (var blob in draft.Blobs)
        {
            if (blobs.Add(blob.Digest))
                database["INSERT OR IGNORE INTO blob (tenant, digest, content) VALUES (?, ?, ?)"]
                    .Run(tenant, blob.Digest, blob.Content);
        }
        privates.Write(tenant, position, draft.Privates);
    }

    private void WriteVersions(long tenant, long position, IReadOnlyList<TouchedResource> resources, SealedEntry entry)
    {
        var changed = resources.Count(touched => touched.IsChanged);
        if (changed > Position.MaxPlaces)
            throw new ArgumentException(
                $"An entry touches {changed} resources; {Position.MaxPlaces} are possible.",
                nameof(resources)
            );
        var id = Position.FirstVersion(position);
        foreach (var touched in resources)
        {
            if (!touched.IsChanged)
                continue;
            versions.Write(tenant, id++, touched.Name, touched.Id, touched.RevisionTo, entry.EffectiveAt, touched.After);
        }
    }
}
