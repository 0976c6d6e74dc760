using Halyard.Core.Audit.Privacy;
using Halyard.Storage.PostgreSql.Native;
using Npgsql;

namespace Halyard.Storage.PostgreSql.Writing;

/// <summary>The private values of a batch, by their place and by whom they belong to.</summary>
internal static class PrivateStatements
{
    public static void Add(NpgsqlBatch batch, BatchPlan plan)
    {
        (long Index, int Ordinal, SealedValue Value)[] values =
        [
            .. plan.Entries.SelectMany(entry =>
                entry
                    .Draft.Privates.Where(value => !value.InDocument)
                    .Select((value, ordinal) => (entry.Entry.Index, ordinal, value))
            ),
        ];
        if (values.Length > 0)
            batch.Add(
                """
                INSERT INTO entry_private (tenant, idx, ordinal, pointer, commitment, sealed, subject)
                SELECT $1, * FROM unnest($2::bigint[], $3::integer[], $4::text[], $5::text[], $6::bytea[], $7::text[])
                """,
                plan.Tenant,
                Array.ConvertAll(values, value => value.Index),
                Array.ConvertAll(values, value => value.Ordinal),
                Array.ConvertAll(values, value => value.Value.Pointer),
                Array.ConvertAll(values, value => value.Value.Commitment),
                Array.ConvertAll(values, value => value.Value.Ciphertext),
                Array.ConvertAll(values, value => value.Value.Subject)
            );
        AddInDocuments(batch, plan);
    }

    // The same commitment stands in every later revision of the document; its value is kept once.
    private static void AddInDocuments(NpgsqlBatch batch, BatchPlan plan)
    {
        (long Index, SealedValue Value)[] values =
        [
            .. plan
                .Entries.SelectMany(entry =>
                    entry.Draft.Privates.Where(value => value.InDocument).Select(value => (entry.Entry.Index, value))
                )
                .DistinctBy(value => value.value.Commitment, StringComparer.Ordinal),
        ];
        if (values.Length == 0)
            return;
        batch.Add(
            """
            INSERT INTO document_private (tenant, commitment, pointer, sealed, subject, idx)
            SELECT $1, * FROM unnest($2::text[], $3::text[], $4::bytea[], $5::text[], $6::bigint[])
            ON CONFLICT (tenant, commitment) DO NOTHING
            """,
            plan.Tenant,
            Array.ConvertAll(values, value => value.Value.Commitment),
            Array.ConvertAll(values, value => value.Value.Pointer),
            Array.ConvertAll(values, value => value.Value.Ciphertext),
            Array.ConvertAll(values, value => value.Value.Subject),
            Array.ConvertAll(values, value => value.Index)
        );
    }
}
