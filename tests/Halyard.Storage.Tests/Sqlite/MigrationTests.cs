using Halyard.Core.Flags;
using Halyard.Ledger;
using Halyard.Storage.Sqlite;
using Halyard.Storage.Sqlite.Native;
using Halyard.Storage.Sqlite.Reading;
using Halyard.Storage.Sqlite.Schema;

namespace Halyard.Storage.Tests.Sqlite;

public sealed class MigrationTests : IDisposable
{
    private static readonly DateTimeOffset Now = new(2026, 3, 2, 12, 0, 0, TimeSpan.Zero);
    private static readonly Migration First = new(1, "0001-first", "CREATE TABLE one (a INTEGER) STRICT;");
    private static readonly Migration Second = new(2, "0002-second", "CREATE TABLE two (a INTEGER) STRICT;");

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("halyard-migrations-");

    private string DatabasePath => Path.Combine(_folder.FullName, "test.db");

    [Fact]
    public void EmptyFile_IsBroughtToTheNewestSchema()
    {
        using var database = Database.Open(DatabasePath);
        Migrator.Migrate(database, DatabasePath, [First, Second], Now);
        Tables(database).ShouldBe(["one", "schema_migration", "two"]);
        using var rows = database["SELECT number, name, checksum, applied_at FROM schema_migration ORDER BY number"].Query();
        rows.Next().ShouldBeTrue();
        rows.Int64(0).ShouldBe(1);
        rows.Text(1).ShouldBe("0001-first");
        rows.Digest(2).ShouldBe(First.Checksum);
        rows.Time(3).ShouldBe(Now);
    }

    [Fact]
    public void OlderDatabase_GetsOnlyWhatIsMissing()
    {
        using var database = Database.Open(DatabasePath);
        Migrator.Migrate(database, DatabasePath, [First], Now);
        database.Execute("INSERT INTO one VALUES (7)");
        Migrator.Migrate(database, DatabasePath, [First, Second], Now);
        Migrator.Migrate(database, DatabasePath, [First, Second], Now);
        database["SELECT a FROM one"].Number().ShouldBe(7);
        Tables(database).ShouldContain("two");
    }

    [Fact]
    public void MigrationThatWasAltered_IsRefusedByName()
    {
        using var database = Database.Open(DatabasePath);
        Migrator.Migrate(database, DatabasePath, [First], Now);
        var altered = First with { Script = First.Script + " -- harmless" };
        var problem = Should.Throw<IOException>(() =>
            Migrator.Migrate(database, DatabasePath, [new Migration(1, altered.Name, altered.Script), Second], Now)
        );
        problem.Message.ShouldContain("0001-first");
        problem.Message.ShouldContain("released migrations never change");
        Tables(database).ShouldNotContain("two");
    }

    [Fact]
    public void DatabaseOfANewerVersion_IsRefused()
    {
        using var database = Database.Open(DatabasePath);
        Migrator.Migrate(database, DatabasePath, [First, Second], Now);
        var problem = Should.Throw<IOException>(() => Migrator.Migrate(database, DatabasePath, [First], Now));
        problem.Message.ShouldContain("has schema 2, this program knows 1");
        problem.Message.ShouldContain("newer Halyard");
    }

    [Fact]
    public void MigrationThatFails_LeavesTheSchemaBeforeIt()
    {
        using var database = Database.Open(DatabasePath);
        var broken = new Migration(2, "0002-broken", "CREATE TABLE two (a INTEGER) STRICT; INSERT INTO missing VALUES (1);");
        Should.Throw<IOException>(() => Migrator.Migrate(database, DatabasePath, [First, broken], Now));
        Tables(database).ShouldBe(["one", "schema_migration"]);
        Migrator.Migrate(database, DatabasePath, [First, Second], Now);
        Tables(database).ShouldContain("two");
    }

    [Fact]
    public void DatabaseOfAnotherProgram_IsLeftAlone()
    {
        using (var database = Database.Open(DatabasePath))
            database.Execute("CREATE TABLE theirs (a INTEGER)");
        var problem = Should.Throw<IOException>(() => SqliteStore.Open(new SqliteStoreOptions { Path = DatabasePath }));
        problem.Message.ShouldContain("another program");
        using var again = Database.Open(DatabasePath);
        Tables(again).ShouldBe(["theirs"]);
    }

    [Fact]
    public void FileThatIsNoDatabase_IsRefusedAndKept()
    {
        File.WriteAllText(DatabasePath, new string('x', 5_000));
        Should
            .Throw<IOException>(() => SqliteStore.Open(new SqliteStoreOptions { Path = DatabasePath }))
            .Message.ShouldContain("not a database");
        File.ReadAllText(DatabasePath).ShouldBe(new string('x', 5_000));
    }

    [Fact]
    public void EmbeddedMigrations_AreNumberedWithoutGapsAndAsReleased()
    {
        Migration.Embedded.Select(migration => migration.Number).ShouldBe(Enumerable.Range(1, Migration.Embedded.Count));
        Migration
            .Embedded.Select(migration => migration.Name)
            .ShouldBe([
                "0001-initial",
                "0002-postings-in-blocks",
                "0003-evaluations",
                "0004-marks",
                "0005-words",
                "0006-sealed-values",
                "0007-minimum",
                "0008-cheaper-guard",
                "0009-timers",
                "0010-copying",
                "0011-numbered-versions",
            ]);
    }

    /// <summary>A flag changed twice, deleted and created anew under its key, and one of another tenant under the same key.</summary>
    [Fact]
    public void VersionsOfAnOlderFile_AreAllThereAfterTheyAreNumbered()
    {
        using var database = Database.Open(DatabasePath);
        Migrator.Migrate(database, DatabasePath, [.. Migration.Embedded.Take(10)], Now);
        (long Tenant, long Index, string Id, long Revision, bool IsThere)[] versions =
        [
            (1, 0, "f_old", 1, true),
            (2, 0, "f_theirs", 1, true),
            (1, 1, "f_old", 2, true),
            (1, 2, "f_old", 3, false),
            (1, 3, "f_new", 1, true),
        ];
        foreach (var (tenant, index, id, revision, isThere) in versions)
            database[
                """
                INSERT INTO resource_version (id, tenant, resource_id, revision, kind, project, key, effective_at, digest)
                VALUES (?, ?, ?, ?, 'flag', 'web', 'dark-mode', ?, ?)
                """
            ]
                .Run(VersionId(tenant, index), tenant, id, revision, Now.AddDays(index), isThere ? new Digest?(default) : null);

        Migrator.Migrate(database, DatabasePath, Migration.Embedded, Now);

        var flag = new ResourceName(ResourceKind.Flag, "web", "dark-mode");
        ResourceReader
            .VersionsOf(database, 1, flag, 9)
            .Select(version => (version.Index, version.Id, version.Revision, version.Document is not null))
            .ShouldBe([(0, "f_old", 1, true), (1, "f_old", 2, true), (2, "f_old", 3, false), (3, "f_new", 1, true)]);
        ResourceReader.Version(database, 1, "f_old", 2)!.EffectiveAt.ShouldBe(Now.AddDays(1));
        ResourceReader.Version(database, 1, "f_theirs", 1).ShouldBeNull();
        ResourceReader.VersionsOf(database, 2, flag, 9).ShouldHaveSingleItem().Id.ShouldBe("f_theirs");
        At(2.5).ShouldBeEmpty();
        At(1).ShouldBe([("f_old", 2)]);
        At(9).ShouldBe([("f_new", 1)]);
        ResourceReader.VersionsBelow(database, 1, 3).ShouldHaveSingleItem().Revision.ShouldBe(3);

        IEnumerable<(string, long)> At(double days) =>
            ResourceReader
                .VersionsAt(database, 1, (ResourceKind.Flag, "web"), Now.AddDays(days))
                .Select(version => (version.Id, version.Revision));
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private static long VersionId(long tenant, long index) => Position.FirstVersion(Position.Of(tenant, index));

    private static List<string> Tables(Database database)
    {
        var tables = new List<string>();
        using var rows = database["SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name"].Query();
        while (rows.Next())
            tables.Add(rows.Text(0));
        return tables;
    }
}
