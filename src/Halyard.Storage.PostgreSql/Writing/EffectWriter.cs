using Halyard.Core.Audit.Searching;
using Halyard.Core.Storage;
using Halyard.Storage.PostgreSql.Native;
using Npgsql;

namespace Halyard.Storage.PostgreSql.Writing;

/// <summary>What erasures and purges remove. Their transactions have the lock that keeps entries from being folded meanwhile.</summary>
internal static class EffectWriter
{
    public static async ValueTask WriteAsync(NpgsqlConnection connection, BatchPlan plan, CancellationToken cancellationToken)
    {
        switch (plan.Effect)
        {
            case CommitEffect.EraseSubjects erase:
                await EraseAsync(connection, plan, erase, cancellationToken);
                break;
            case CommitEffect.PurgeEntries purge:
                await PurgeAsync(connection, plan.Tenant, purge, cancellationToken);
                break;
        }
    }

    /// <summary>Removes every value of the subjects, and their names.</summary>
    private static async ValueTask EraseAsync(
        NpgsqlConnection connection,
        BatchPlan plan,
        CommitEffect.EraseSubjects erase,
        CancellationToken cancellationToken
    )
    {
        string[] subjects = [.. erase.Subjects.Distinct(StringComparer.Ordinal)];
        var reasons = await connection
            .Command(
                "SELECT DISTINCT idx FROM entry_private WHERE tenant = $1 AND subject = ANY($2) AND pointer = ANY($3) ORDER BY idx",
                plan.Tenant,
                subjects,
                LeafText.ReasonPointers.ToArray()
            )
            .ListAsync(reader => reader.GetInt64(0), cancellationToken);
        await ReasonWords.EraseAsync(connection, plan.Tenant, reasons, cancellationToken);
        await connection
            .CreateBatch()
            .Add("DELETE FROM entry_private WHERE tenant = $1 AND subject = ANY($2)", plan.Tenant, subjects)
            .Add("DELETE FROM document_private WHERE tenant = $1 AND subject = ANY($2)", plan.Tenant, subjects)
            .Add("DELETE FROM subject WHERE tenant = $1 AND sid = ANY($2)", plan.Tenant, subjects)
            .Add(
                """
                INSERT INTO erased_subject (tenant, sid, idx) SELECT $1, s, $3 FROM unnest($2::text[]) AS s
                ON CONFLICT (tenant, sid) DO UPDATE SET idx = excluded.idx
                """,
                plan.Tenant,
                subjects,
                plan.Entries[0].Entry.Index
            )
            .RunAsync(cancellationToken);
    }

    /// <summary>
    /// Removes the oldest entries with their private values and words. Hashes, versions and content stay; so does what blocks that
    /// are purged in part are found by, which is numbers alone but for words.
    /// </summary>
    private static async ValueTask PurgeAsync(
        NpgsqlConnection connection,
        int tenant,
        CommitEffect.PurgeEntries purge,
        CancellationToken cancellationToken
    )
    {
        // Blocks of which nothing is left go as a whole; of the one that is cut, the words of the reasons, which are personal.
        var cut = purge.Below - (purge.Below % EntrySet.BlockSize);
        await connection
            .CreateBatch()
            .Add("SELECT purge_entries($1, $2)", tenant, purge.Below)
            .Add("DELETE FROM entry_private WHERE tenant = $1 AND idx < $2", tenant, purge.Below)
            .Add("UPDATE audit_recent SET content = '', reason = '' WHERE tenant = $1 AND idx < $2", tenant, purge.Below)
            .Add("DELETE FROM audit_block_word WHERE tenant = $1 AND first < $2", tenant, cut)
            .Add("DELETE FROM audit_block_posting WHERE tenant = $1 AND first < $2", tenant, cut)
            .Add("DELETE FROM audit_block WHERE tenant = $1 AND first < $2", tenant, cut)
            .RunAsync(cancellationToken);
        var rest = Math.Max(purge.From, cut);
        await ReasonWords.EraseAsync(
            connection,
            tenant,
            Enumerable.Range(0, (int)(purge.Below - rest)).Select(place => rest + place),
            cancellationToken
        );
    }
}
