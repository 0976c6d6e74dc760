using Halyard.Core.Audit;
using Halyard.Core.Flags;
using Halyard.Storage.PostgreSql.Native;
using Npgsql;

namespace Halyard.Storage.PostgreSql.Writing;

/// <summary>The entries of a batch, and all that is found through them.</summary>
internal static class EntryStatements
{
    public static void Add(NpgsqlBatch batch, BatchPlan plan)
    {
        (EntryDraft Draft, SealedEntry Entry)[] entries = [.. plan.Entries];
        var indexes = Array.ConvertAll(entries, entry => entry.Entry.Index);
        var effective = Array.ConvertAll(entries, entry => entry.Entry.EffectiveAt);
        batch.Add(
            """
            INSERT INTO audit_entry (tenant, idx, at, effective_at, leaf)
            SELECT $1, * FROM unnest($2::bigint[], $3::timestamptz[], $4::timestamptz[], $5::bytea[])
            """,
            plan.Tenant,
            indexes,
            Array.ConvertAll(entries, entry => entry.Entry.At),
            effective,
            Array.ConvertAll(entries, entry => entry.Entry.Leaf)
        );
        batch.Add(
            "INSERT INTO audit_leaf_hash (tenant, idx, id, hash) SELECT $1, * FROM unnest($2::bigint[], $3::text[], $4::bytea[])",
            plan.Tenant,
            indexes,
            Array.ConvertAll(entries, entry => entry.Draft.Id),
            Array.ConvertAll(entries, entry => entry.Entry.LeafHash.ToArray())
        );
        batch.Add(
            """
            INSERT INTO audit_recent (tenant, idx, effective_at, terms, content, reason)
            SELECT $1, n.idx, n.effective_at, n.terms::uuid[], n.content, n.reason
            FROM unnest($2::bigint[], $3::timestamptz[], $4::text[], $5::text[], $6::text[])
              AS n (idx, effective_at, terms, content, reason)
            """,
            plan.Tenant,
            indexes,
            effective,
            Array.ConvertAll(entries, entry => Terms.Literal(entry.Draft)),
            Array.ConvertAll(entries, entry => entry.Draft.Index.Text.Content),
            Array.ConvertAll(entries, entry => entry.Draft.Index.Text.Reason)
        );
        AddVersions(batch, plan);
        AddBlobs(batch, plan);
    }

    private static void AddVersions(NpgsqlBatch batch, BatchPlan plan)
    {
        (int Place, TouchedResource Touched, SealedEntry Entry)[] versions =
        [
            .. plan.Entries.SelectMany(entry =>
                entry
                    .Draft.Index.Resources.Where(touched => touched.IsChanged)
                    .Select((touched, place) => (place, touched, entry.Entry))
            ),
        ];
        if (versions.Length == 0)
            return;
        batch.Add(
            """
            INSERT INTO resource_version (tenant, idx, place, resource_id, revision, kind, project, key, effective_at, digest)
            SELECT $1, * FROM unnest(
              $2::bigint[], $3::integer[], $4::text[], $5::bigint[], $6::text[], $7::text[], $8::text[], $9::timestamptz[],
              $10::bytea[])
            """,
            plan.Tenant,
            Array.ConvertAll(versions, version => version.Entry.Index),
            Array.ConvertAll(versions, version => version.Place),
            Array.ConvertAll(versions, version => version.Touched.Id),
            Array.ConvertAll(versions, version => version.Touched.RevisionTo),
            Array.ConvertAll(versions, version => version.Touched.Name.Kind.Name()),
            Array.ConvertAll(versions, version => version.Touched.Name.Project),
            Array.ConvertAll(versions, version => version.Touched.Name.Key),
            Array.ConvertAll(versions, version => version.Entry.EffectiveAt),
            Array.ConvertAll(versions, version => version.Touched.After?.ToArray())
        );
    }

    private static void AddBlobs(NpgsqlBatch batch, BatchPlan plan)
    {
        Blob[] blobs = [.. plan.Entries.SelectMany(entry => entry.Draft.Blobs).DistinctBy(blob => blob.Digest)];
        if (blobs.Length == 0)
            return;
        batch.Add(
            """
            INSERT INTO blob (tenant, digest, content) SELECT $1, * FROM unnest($2::bytea[], $3::bytea[])
            ON CONFLICT (tenant, digest) DO NOTHING
            """,
            plan.Tenant,
            Array.ConvertAll(blobs, blob => blob.Digest.ToArray()),
            Array.ConvertAll(blobs, blob => blob.Content.ToArray())
        );
    }
}
