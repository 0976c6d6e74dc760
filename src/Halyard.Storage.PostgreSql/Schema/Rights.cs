using Halyard.Storage.PostgreSql.Native;
using Npgsql;

namespace Halyard.Storage.PostgreSql.Schema;

/// <summary>
/// Who may do what with the tables. The log is added to and read: changing it is revoked, from the owner too, who would have to grant
/// it to himself again.
/// </summary>
internal static class Rights
{
    private const string Log = "audit_entry, audit_leaf_hash, resource_version";

    private const string Added = "blob, schema_migration, audit_head, tenant";

    private const string Changed =
        "resource, fence, answer, audit_recent, audit_block, audit_block_posting, audit_block_word, entry_private, document_private, "
        + "subject, erased_subject, evaluation_total, evaluation_hour, mark, timer, copying";

    private const string Views = "report_entry, report_resource, report_evaluation";

    /// <summary>Gives the server's role and the one for reporting what they need, as the owner of the tables.</summary>
    public static async ValueTask GrantAsync(
        NpgsqlConnection owner,
        string schema,
        string role,
        string? reportingRole,
        CancellationToken cancellationToken
    )
    {
        var batch = owner.CreateBatch().Add(Statements.Begin).Add($"SET LOCAL search_path TO {schema}, pg_temp");
        // One after the other: two that grant the same at once make PostgreSQL fail.
        batch.Add(AdvisoryLocks.Take, AdvisoryLocks.Number(schema, "migrate"));
        batch.Add($"REVOKE UPDATE, TRUNCATE ON {Log} FROM CURRENT_USER");
        batch.Add("REVOKE DELETE ON audit_leaf_hash, resource_version FROM CURRENT_USER");
        var user = Quoted(role);
        if (role != await CurrentUserAsync(owner, cancellationToken))
        {
            batch.Add($"GRANT USAGE ON SCHEMA {schema} TO {user}");
            batch.Add($"GRANT SELECT, INSERT ON {Log}, {Added} TO {user}");
            batch.Add($"GRANT UPDATE ON audit_head TO {user}");
            batch.Add($"GRANT SELECT, INSERT, UPDATE, DELETE ON {Changed} TO {user}");
            batch.Add($"GRANT USAGE, UPDATE ON SEQUENCE timer_fence TO {user}");
            batch.Add($"GRANT EXECUTE ON FUNCTION add_entry_partition, purge_entries TO {user}");
        }
        if (reportingRole is not null)
        {
            batch.Add($"GRANT USAGE ON SCHEMA {schema} TO {Quoted(reportingRole)}");
            batch.Add($"GRANT SELECT ON {Views} TO {Quoted(reportingRole)}");
        }
        await batch.Add(Statements.Commit).RunAsync(cancellationToken);
    }

    /// <summary>Gives the server's role the tables of keys.</summary>
    public static async ValueTask GrantKeysAsync(
        NpgsqlConnection owner,
        string schema,
        string role,
        CancellationToken cancellationToken
    )
    {
        if (role == await CurrentUserAsync(owner, cancellationToken))
            return;
        await owner
            .CreateBatch()
            .Add(Statements.Begin)
            .Add($"SET LOCAL search_path TO {schema}, pg_temp")
            .Add(AdvisoryLocks.Take, AdvisoryLocks.Number(schema, "migrate"))
            .Add($"GRANT USAGE ON SCHEMA {schema} TO {Quoted(role)}")
            .Add($"GRANT SELECT, INSERT, UPDATE, DELETE ON secret, subject_key, subject_name, erased TO {Quoted(role)}")
            .Add(Statements.Commit)
            .RunAsync(cancellationToken);
    }

    /// <summary>The role of a connection.</summary>
    public static async ValueTask<string> CurrentUserAsync(NpgsqlConnection connection, CancellationToken cancellationToken) =>
        (await connection.Command("SELECT current_user::text").ListAsync(reader => reader.GetString(0), cancellationToken))[0];

    private static string Quoted(string name) => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
