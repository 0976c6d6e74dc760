using System.Text;
using Halyard.Core;
using Halyard.Core.Storage.Privacy;
using Halyard.Ledger;
using Halyard.Storage.Conformance.Building;
using Halyard.Storage.Conformance.InMemory;
using Halyard.Storage.Sqlite;
using Halyard.Storage.Sqlite.Native;

namespace Halyard.Storage.Tests.Sqlite;

/// <summary>A database in which an older version stored personal values in clear.</summary>
public sealed class PlaintextSealerTests : IDisposable
{
    private const int Values = 2_345;

    private readonly TemporaryStore _opened = new();
    private readonly PersonalVault _vault = new(new InMemorySubjectKeys(), Entropy.System);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task OlderDatabase_IsEncryptedWhenOpened_AndHoldsNothingInClearAnyMore()
    {
        await PrepareAsync();
        BytesOf(_opened.Path).ShouldContain("ann-17@example.com");

        using (var store = SqliteStore.Open(_opened.Options, vault: _vault))
        {
            var reasons = await store.EntryPrivatesAsync("default", [0], Cancel);
            reasons.Count.ShouldBe(Values);
            (await _vault.OpenAsync("default", reasons, Cancel))
                .Select(value => value.Value)
                .ShouldBe(Enumerable.Range(0, Values).Select(i => Text(i)));
            var member = await store.DocumentPrivatesAsync("default", [Commit("/includes/-", Text(1)).Commitment], Cancel);
            (await _vault.OpenAsync("default", member, Cancel)).ShouldHaveSingleItem().Value.ShouldBe(Text(1));
            (await _vault.NamedAsync("default", "ann-1@example.com", Cancel)).ShouldBe([member[0].Subject]);
            (await store.SubjectExtentAsync("default", ["s_ann"], Cancel)).Values.ShouldBe(Values);
        }

        BytesOf(_opened.Path).ShouldNotContain("ann-17@example.com");
        BytesOf(_opened.Path).ShouldNotContain("ann-1@example.com");
        using var database = Database.Open(_opened.Path);
        database["SELECT count(*) FROM sqlite_schema WHERE name LIKE '%clear%'"].Number().ShouldBe(0);
    }

    [Fact]
    public async Task EncryptionThatWasBrokenOff_GoesOnWhereItStopped()
    {
        await PrepareAsync();
        using (var database = Database.Open(_opened.Path))
        {
            database.Execute(
                "CREATE TRIGGER broken BEFORE INSERT ON entry_private WHEN NEW.ordinal = 1500 BEGIN SELECT RAISE(ABORT, 'power'); END"
            );
        }
        Should.Throw<IOException>(() => SqliteStore.Open(_opened.Options, vault: _vault)).Message.ShouldContain("power");
        using (var database = Database.Open(_opened.Path))
        {
            database["SELECT count(*) FROM entry_private"].Number().ShouldBe(1_000);
            database.Execute("DROP TRIGGER broken");
        }

        using var store = SqliteStore.Open(_opened.Options, vault: _vault);
        (await store.EntryPrivatesAsync("default", [0], Cancel)).Count.ShouldBe(Values);
    }

    [Fact]
    public async Task OlderDatabase_BesideKeysThatKnowALaterErasure_LosesWhatWasErasedAndOpens()
    {
        await PrepareAsync();
        await _vault.EraseAsync("default", ["s_ann"], 99, Cancel);

        using (var store = SqliteStore.Open(_opened.Options, vault: _vault))
        {
            (await store.EntryPrivatesAsync("default", [0], Cancel)).ShouldBeEmpty();
            (await store.DocumentPrivatesAsync("default", [Commit("/includes/-", Text(1)).Commitment], Cancel)).Count.ShouldBe(1);
        }

        BytesOf(_opened.Path).ShouldNotContain("ann-17@example.com");
    }

    [Fact]
    public async Task DeathBetweenEncryptingAndCompacting_CompactsAtTheNextStart()
    {
        await PrepareAsync();
        using (var database = Database.Open(_opened.Path))
            database.Execute(
                "PRAGMA secure_delete = OFF; DELETE FROM entry_private_clear; DELETE FROM document_private_clear; PRAGMA wal_checkpoint(TRUNCATE)"
            );
        BytesOf(_opened.Path).ShouldContain("ann-17@example.com");

        SqliteStore.Open(_opened.Options, vault: _vault).Dispose();

        BytesOf(_opened.Path).ShouldNotContain("ann-17@example.com");
    }

    [Fact]
    public async Task OlderDatabase_WithoutKeys_IsRefusedAndKept()
    {
        await PrepareAsync();

        Should.Throw<IOException>(() => SqliteStore.Open(_opened.Options)).Message.ShouldContain("in clear");

        BytesOf(_opened.Path).ShouldContain("ann-17@example.com");
    }

    public void Dispose() => _opened.Dispose();

    private static string Text(int i) => $"\"ann-{i}@example.com\"";

    private static (string Commitment, byte[] Key) Commit(string pointer, string value)
    {
        var key = Digest.Of(Encoding.UTF8.GetBytes(pointer + value)).ToArray();
        return (Commitment.Compute(key, pointer, Encoding.UTF8.GetBytes(value)), key);
    }

    /// <summary>What migration 5 finds in a database of before, as it leaves it for the next step.</summary>
    private async Task PrepareAsync()
    {
        await _opened.Store.CommitAsync(new CommitBuilder().Build(), Cancel);
        _opened.Close();
        using var database = Database.Open(_opened.Path);
        database.Execute(
            """
            CREATE TABLE entry_private_clear (
              position INTEGER NOT NULL, ordinal INTEGER NOT NULL, pointer TEXT NOT NULL, commitment TEXT NOT NULL, key BLOB NOT NULL,
              value TEXT NOT NULL, subject TEXT, PRIMARY KEY (position, ordinal)) STRICT, WITHOUT ROWID;
            CREATE TABLE document_private_clear (
              tenant INTEGER NOT NULL, commitment TEXT NOT NULL, pointer TEXT NOT NULL, key BLOB NOT NULL, value TEXT NOT NULL,
              subject TEXT, PRIMARY KEY (tenant, commitment)) STRICT, WITHOUT ROWID;
            BEGIN;
            """
        );
        for (var i = 0; i < Values; i++)
        {
            var (commitment, key) = Commit("/why/reason", Text(i));
            database["INSERT INTO entry_private_clear VALUES (?, ?, ?, ?, ?, ?, ?)"]
                .Run(1L << 36, i, "/why/reason", commitment, key, Text(i), "s_ann");
        }
        var (member, memberKey) = Commit("/includes/-", Text(1));
        database["INSERT INTO document_private_clear VALUES (?, ?, ?, ?, ?, ?)"]
            .Run(1, member, "/includes/-", memberKey, Text(1), default(SqlValue));
        database.Execute("COMMIT");
    }

    private static string BytesOf(string path) =>
        string.Concat(
            new[] { path, path + "-wal" }.Where(File.Exists).Select(file => Encoding.Latin1.GetString(File.ReadAllBytes(file)))
        );
}
