using Halyard.Core.Audit.Searching;
using Halyard.Storage.PostgreSql.Native;
using Npgsql;

namespace Halyard.Storage.PostgreSql.Writing;

/// <summary>The words of reasons, which are personal: they go when the reason goes.</summary>
internal static class ReasonWords
{
    /// <summary>Forgets which words the reasons of these entries had; free text no longer finds the entries by them.</summary>
    public static async ValueTask EraseAsync(
        NpgsqlConnection connection,
        int tenant,
        IEnumerable<long> indexes,
        CancellationToken cancellationToken
    )
    {
        foreach (var block in indexes.GroupBy(index => index - (index % EntrySet.BlockSize)))
        {
            await connection
                .Command("UPDATE audit_recent SET reason = '' WHERE tenant = $1 AND idx = ANY($2)", tenant, block.ToArray())
                .RunAsync(cancellationToken);
            await EraseAsync(connection, (tenant, block.Key), block, cancellationToken);
        }
    }

    private static async ValueTask EraseAsync(
        NpgsqlConnection connection,
        (int Tenant, long First) block,
        IEnumerable<long> indexes,
        CancellationToken cancellationToken
    )
    {
        var erased = new EntrySet();
        foreach (var index in indexes)
            erased.Add((int)(index - block.First));
        var words = await connection
            .Command(
                "SELECT word, entries, places FROM audit_block_word WHERE tenant = $1 AND first = $2 AND source = $3",
                block.Tenant,
                block.First,
                (int)WordSource.Reason
            )
            .ListAsync(reader => (Word: reader.Text(0), Entries: reader.Bytes(1), Places: reader.Bytes(2)), cancellationToken);
        var (gone, changed) = (new List<string>(), new List<(string Word, byte[] Entries, byte[] Places)>());
        foreach (var (word, bytes, places) in words)
        {
            var (entries, kept) = (new EntrySet(), new EntrySet());
            entries.Add(bytes);
            kept.Add(bytes);
            kept.ExceptWith(erased);
            if (kept.IsEmpty)
                gone.Add(word);
            else if (kept.Count != entries.Count)
                changed.Add((word, kept.ToBytes(), WordPlaces.Without(places, entries, erased)));
        }
        await connection
            .CreateBatch()
            .Add(
                "DELETE FROM audit_block_word WHERE tenant = $1 AND first = $2 AND source = $3 AND word = ANY($4)",
                block.Tenant,
                block.First,
                (int)WordSource.Reason,
                gone.ToArray()
            )
            .Add(
                """
                UPDATE audit_block_word w SET entries = n.entries, places = n.places
                FROM unnest($4::text[], $5::bytea[], $6::bytea[]) AS n (word, entries, places)
                WHERE w.tenant = $1 AND w.first = $2 AND w.source = $3 AND w.word = n.word
                """,
                block.Tenant,
                block.First,
                (int)WordSource.Reason,
                changed.Select(word => word.Word).ToArray(),
                changed.Select(word => word.Entries).ToArray(),
                changed.Select(word => word.Places).ToArray()
            )
            .RunAsync(cancellationToken);
    }
}
