using Halyard.Core.Audit;
using Halyard.Core.Audit.Privacy;
using Halyard.Core.Storage.Privacy;
using Halyard.Storage.Sqlite.Native;
using Halyard.Storage.Sqlite.Schema;
using Halyard.Storage.Sqlite.Writing;

namespace Halyard.Storage.Sqlite.Privacy;

/// <summary>
/// Encrypts the values that an older version stored in clear, before anybody writes: a part at a time, each in a transaction of its
/// own, so that a start that is broken off goes on where it stopped. At the end nothing in clear is left in the file.
/// </summary>
internal sealed class PlaintextSealer(Database database, PersonalVault? vault)
{
    private const int Rows = 1_000;
    private const string InEntries = "entry_private_clear";
    private const string InDocuments = "document_private_clear";

    private readonly TermTable _terms = new(database);

    /// <summary>Encrypts what there is, if anything.</summary>
    /// <exception cref="IOException">There is something, and no vault.</exception>
    public void Run(string path)
    {
        if (!Exists(InEntries) && !Exists(InDocuments))
            return;
        var wasAny = IsAny(InEntries) || IsAny(InDocuments);
        if (wasAny && vault is null)
            throw new IOException(
                $"The database '{path}' holds personal values in clear, and there are no keys to encrypt them."
            );
        if (wasAny)
        {
            var privates = new PrivateTable(database, _terms);
            while (SealSome(privates, ReadEntries(), inDocument: false)) { }
            while (SealSome(privates, ReadDocuments(), inDocument: true)) { }
        }
        // Before the tables go: they are what a start after a death in between sees, and compacts again.
        DatabaseFile.Compact(path);
        database.Execute($"DROP TABLE IF EXISTS {InEntries}; DROP TABLE IF EXISTS {InDocuments}");
    }

    private bool SealSome(PrivateTable privates, List<Clear> rows, bool inDocument)
    {
        if (rows.Count == 0)
            return false;
        database.Execute("BEGIN IMMEDIATE");
        try
        {
            foreach (var ofTenant in rows.GroupBy(row => row.Tenant))
            {
                var name = Name(ofTenant.Key);
                var erased = Erased(name);
                var kept = ofTenant.ToLookup(row => row.Value.Subject is null || !erased.Contains(row.Value.Subject));
                // A copy of before an erasure that the keys know of: erased is erased.
                foreach (var row in kept[false])
                    Remove(row, inDocument);
                List<PrivateValue> values = [.. kept[true].Select(row => row.Value)];
                foreach (var (row, value) in kept[true].Zip(Seal(name, values)))
                {
                    if (inDocument)
                        privates.WriteInDocument(row.Tenant, row.Position, value);
                    else
                        privates.WriteInEntry(row.Tenant, row.Position, row.Ordinal, value);
                    Remove(row, inDocument);
                }
            }
            database.Execute("COMMIT");
            return true;
        }
        catch
        {
            _terms.Forget();
            if (database.InTransaction)
                database.Execute("ROLLBACK");
            throw;
        }
    }

    // The file is being opened: there is nobody who could wait for it asynchronously.
    private SealedValue[] Seal(string tenant, List<PrivateValue> values) =>
        vault!.SealAsync(tenant, values, CancellationToken.None).AsTask().GetAwaiter().GetResult()
        ?? throw new IOException("Somebody was erased while the database was encrypted.");

    private HashSet<string> Erased(string tenant) =>
        vault!
            .ErasedAsync(tenant, CancellationToken.None)
            .AsTask()
            .GetAwaiter()
            .GetResult()
            .Select(erased => erased.Subject)
            .ToHashSet(StringComparer.Ordinal);

    private List<Clear> ReadEntries()
    {
        var found = new List<Clear>();
        using var rows = database[
            $"SELECT position, ordinal, pointer, commitment, key, value, subject FROM {InEntries} ORDER BY position LIMIT {Rows}"
        ]
            .Query();
        while (rows.Next())
        {
            var value = new PrivateValue(
                rows.Text(2),
                rows.Text(3),
                rows.Bytes(4),
                rows.Text(5),
                rows.TextOrNull(6),
                InDocument: false
            );
            found.Add(new Clear(Position.Tenant(rows.Int64(0)), rows.Int64(0), rows.Int64(1), value));
        }
        return found;
    }

    private List<Clear> ReadDocuments()
    {
        var found = new List<Clear>();
        using var rows = database[
            $"SELECT tenant, pointer, commitment, key, value, subject FROM {InDocuments} ORDER BY tenant LIMIT {Rows}"
        ]
            .Query();
        while (rows.Next())
        {
            var value = new PrivateValue(
                rows.Text(1),
                rows.Text(2),
                rows.Bytes(3),
                rows.Text(4),
                rows.TextOrNull(5),
                InDocument: true
            );
            // Which entry brought it was not written down: it was there before whatever comes.
            found.Add(new Clear(rows.Int64(0), Position.First(rows.Int64(0)), 0, value));
        }
        return found;
    }

    private void Remove(Clear row, bool inDocument)
    {
        if (inDocument)
            database[$"DELETE FROM {InDocuments} WHERE tenant = ? AND commitment = ?"].Run(row.Tenant, row.Value.Commitment);
        else
            database[$"DELETE FROM {InEntries} WHERE position = ? AND ordinal = ?"].Run(row.Position, row.Ordinal);
    }

    private string Name(long tenant)
    {
        using var rows = database["SELECT name FROM tenant WHERE number = ?"].Query(tenant);
        return rows.Next() ? rows.Text(0) : throw new IOException($"The database is damaged: it has no tenant {tenant}.");
    }

    private bool Exists(string table) =>
        database["SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?"].Number(table) is not null;

    private bool IsAny(string table) => Exists(table) && database[$"SELECT 1 FROM {table} LIMIT 1"].Number() is not null;

    /// <summary>A value in clear with its place.</summary>
    private sealed record Clear(long Tenant, long Position, long Ordinal, PrivateValue Value);
}
