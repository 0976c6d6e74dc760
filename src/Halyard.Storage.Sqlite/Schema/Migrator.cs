using Halyard.Ledger;
using Halyard.Storage.Sqlite.Native;

namespace Halyard.Storage.Sqlite.Schema;

/// <summary>Brings a database forward to the newest schema, never back.</summary>
internal static class Migrator
{
    /// <summary>"HALY": tells our files from others'.</summary>
    private const long ApplicationId = 0x48_41_4C_59;

    /// <summary>Checks what was applied and applies what is missing, each step in a transaction of its own.</summary>
    /// <exception cref="IOException">The file is not ours, is newer than this program, or had another migration applied.</exception>
    public static void Migrate(Database database, string path, IReadOnlyList<Migration> migrations, DateTimeOffset now)
    {
        RefuseForeign(database, path);
        database.Execute(
            $"""
            PRAGMA application_id = {ApplicationId};
            CREATE TABLE IF NOT EXISTS schema_migration (
              number INTEGER PRIMARY KEY, name TEXT NOT NULL, checksum BLOB NOT NULL, applied_at INTEGER NOT NULL
            ) STRICT;
            """
        );
        var applied = ReadApplied(database);
        CheckApplied(applied, path, migrations);
        foreach (var migration in migrations.Skip(applied.Count))
            Apply(database, migration, now);
    }

    private static void RefuseForeign(Database database, string path)
    {
        var application = database["PRAGMA application_id"].Number() ?? 0;
        var tables = database["SELECT count(*) FROM sqlite_schema"].Number() ?? 0;
        if (application != ApplicationId && (application != 0 || tables > 0))
            throw new IOException($"The file '{path}' is a SQLite database of another program; Halyard does not touch it.");
    }

    private static List<(int Number, string Name, Digest Checksum)> ReadApplied(Database database)
    {
        var applied = new List<(int, string, Digest)>();
        using var rows = database["SELECT number, name, checksum FROM schema_migration ORDER BY number"].Query();
        while (rows.Next())
            applied.Add(((int)rows.Int64(0), rows.Text(1), rows.Digest(2)));
        return applied;
    }

    private static void CheckApplied(
        List<(int Number, string Name, Digest Checksum)> applied,
        string path,
        IReadOnlyList<Migration> known
    )
    {
        if (applied.Count > known.Count)
        {
            throw new IOException(
                $"The database '{path}' has schema {applied[^1].Number}, this program knows {known.Count}: "
                    + "it was used by a newer Halyard, and there is no way back. Start that version, or restore a backup."
            );
        }
        foreach (var ((number, name, checksum), ours) in applied.Zip(known))
        {
            if (number != ours.Number || checksum != ours.Checksum)
            {
                throw new IOException(
                    $"The database '{path}' was made with another migration {number} ('{name}') than this program has "
                        + $"('{ours.Name}'): released migrations never change. Use the release that made it."
                );
            }
        }
    }

    private static void Apply(Database database, Migration migration, DateTimeOffset now)
    {
        database.Execute("BEGIN IMMEDIATE");
        try
        {
            database.Execute(migration.Script);
            database["INSERT INTO schema_migration (number, name, checksum, applied_at) VALUES (?, ?, ?, ?)"]
                .Run(migration.Number, migration.Name, migration.Checksum, now);
            database.Execute("COMMIT");
        }
        catch
        {
            if (database.InTransaction)
                database.Execute("ROLLBACK");
            throw;
        }
    }
}
