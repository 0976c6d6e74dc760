using Halyard.Core.Changes;
using Halyard.Core.Reading;
using Halyard.Core.Tests.Fixtures;
using Halyard.Storage.Sqlite;
using SQLitePCL;

namespace Halyard.Core.Tests.Changes;

/// <summary>
/// A write that breaks in the middle leaves nothing behind: each table that a commit writes to is made to fail in turn, at each kind
/// of statement.
/// </summary>
public sealed class AtomicityTests : IAsyncLifetime
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("halyard-atomic-");
    private SqliteStore? _store;
    private Pipeline? _pipeline;

    private string Path => System.IO.Path.Combine(_folder.FullName, "halyard.db");

    private SqliteStore Store => _store!;

    public async ValueTask InitializeAsync()
    {
        _store = SqliteStore.Open(new SqliteStoreOptions { Path = Path });
        _pipeline = await Pipeline.StartAsync(Store, """{"op":"createFlag","flag":"f","name":"Flag f"}""");
    }

    public ValueTask DisposeAsync()
    {
        _store?.Dispose();
        _folder.Delete(recursive: true);
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task BrokenStatement_WhereverItIs_LeavesLogAndStateAsTheyWere()
    {
        var broke = new HashSet<string>(StringComparer.Ordinal);
        var change = 0;
        foreach (var table in Tables())
        {
            foreach (var statement in new[] { "INSERT", "UPDATE", "DELETE" })
            {
                var before = await Store.HeadAsync(Pipeline.Tenant, Cancellation);
                Sql($"CREATE TRIGGER broken BEFORE {statement} ON {table} BEGIN SELECT RAISE(ABORT, 'the disk is full'); END");
                var submission = Next(++change);
                try
                {
                    await _pipeline!.OutcomeAsync<Outcome.Applied>(submission);
                }
                catch (Exception failure) when (failure is not Shouldly.ShouldAssertException)
                {
                    failure.ToString().ShouldContain("the disk is full");
                    broke.Add(table);
                    (await Store.HeadAsync(Pipeline.Tenant, Cancellation))!.Range.Root.ShouldBe(before!.Range.Root, table);
                }
                Sql("DROP TRIGGER broken");

                var difference = await new StoreDiff(Store, _pipeline!.Vault).RunAsync(Pipeline.Tenant, null, Cancellation);
                difference.Differences.ShouldBeEmpty($"{statement} on {table}");
                // What failed may be sent again under its key, and now takes effect; what did not is answered as it was.
                await _pipeline!.OutcomeAsync<Outcome.Applied>(submission);
            }
        }

        // Every table that a change with everything in it writes to.
        broke.ShouldBeSubsetOf(Tables());
        broke.ShouldContain("audit_entry");
        broke.ShouldContain("audit_head");
        broke.ShouldContain("resource");
        broke.ShouldContain("resource_version");
        broke.ShouldContain("versioned_resource");
        broke.ShouldContain("blob");
        broke.ShouldContain("answer");
        broke.ShouldContain("entry_private");
        broke.ShouldContain("document_private");
        broke.ShouldContain("audit_recent");
        broke.ShouldContain("fence");
    }

    /// <summary>A change that touches two resources, with personal values, a fence and an idempotency key.</summary>
    private static Submission Next(int number)
    {
        string[] operations =
        [
            $$"""{"op":"createSegment","segment":"s{{number}}","includes":["ann-{{number}}@example.com"]}""",
            $$"""{"op":"createFlag","flag":"f{{number}}","name":"Flag {{number}}","tags":["t{{number}}"]}""",
        ];
        return Pipeline.Keyed($"k{number}", Pipeline.Admin, operations);
    }

    private List<string> Tables()
    {
        var tables = new List<string>();
        raw.sqlite3_open_v2(Path, out var database, raw.SQLITE_OPEN_READONLY, null).ShouldBe(raw.SQLITE_OK);
        using (database)
        {
            raw.sqlite3_prepare_v2(database, "SELECT name FROM sqlite_schema WHERE type = 'table'", out var rows);
            using (rows)
            {
                while (raw.sqlite3_step(rows) == raw.SQLITE_ROW)
                    tables.Add(raw.sqlite3_column_text(rows, 0).utf8_to_string());
            }
        }
        return tables;
    }

    private void Sql(string script)
    {
        raw.sqlite3_open(Path, out var database).ShouldBe(raw.SQLITE_OK);
        using (database)
        {
            raw.sqlite3_busy_timeout(database, 5_000);
            raw.sqlite3_exec(database, script, null, null, out var problem).ShouldBe(raw.SQLITE_OK, problem);
        }
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;
}
