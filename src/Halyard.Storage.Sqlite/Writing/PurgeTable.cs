using Halyard.Core.Audit.Searching;
using Halyard.Core.Storage;
using Halyard.Storage.Sqlite.Native;

namespace Halyard.Storage.Sqlite.Writing;

/// <summary>
/// Removes the oldest entries with their private values and words. Hashes, versions and content stay; so does what blocks that are
/// purged in part are found by, which is numbers alone but for words.
/// </summary>
internal sealed class PurgeTable(Database database)
{
    private readonly ReasonWords _words = new(database);

    /// <summary>Purges inside the writer's transaction.</summary>
    public void Purge(long tenant, CommitEffect.PurgeEntries purge)
    {
        // First, so that the triggers let go what is below it, and nothing else.
        database["UPDATE audit_head SET minimum = ? WHERE tenant = ?"].Run(purge.Below, tenant);
        var (first, end) = (Position.Of(tenant, purge.From), Position.Of(tenant, purge.Below));
        database["DELETE FROM audit_entry WHERE position >= ? AND position < ?"].Run(first, end);
        database["DELETE FROM entry_private WHERE position >= ? AND position < ?"].Run(first, end);
        database["UPDATE audit_recent SET content = '', reason = '' WHERE position >= ? AND position < ?"].Run(first, end);

        // Blocks of which nothing is left go as a whole; of the one that is cut, the words of the reasons, which are personal.
        var (block, cut) = (FirstOfBlock(tenant, purge.From), FirstOfBlock(tenant, purge.Below));
        database["DELETE FROM audit_block_word WHERE first >= ? AND first < ?"].Run(block, cut);
        database["DELETE FROM audit_block_posting WHERE first >= ? AND first < ?"].Run(block, cut);
        database["DELETE FROM audit_block WHERE first >= ? AND first < ?"].Run(block, cut);
        var rest = Math.Max(first, cut);
        _words.Erase(Enumerable.Range(0, (int)(end - rest)).Select(place => rest + place));
    }

    private static long FirstOfBlock(long tenant, long index) => Position.Of(tenant, index - (index % EntrySet.BlockSize));
}
