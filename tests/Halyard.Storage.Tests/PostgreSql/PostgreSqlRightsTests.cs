using Halyard.Core;
using Halyard.Core.Audit.Privacy;
using Halyard.Core.Storage;
using Halyard.Storage.Conformance.Building;
using Halyard.Storage.PostgreSql;
using Halyard.Storage.PostgreSql.Privacy;
using Halyard.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace Halyard.Storage.Tests.PostgreSql;

/// <summary>Who may do what: the owner of the tables, the server, and whoever reports; none of them a superuser.</summary>
[Collection(PostgresCollection.Name)]
public sealed class PostgreSqlRightsTests(Postgres postgres)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("UPDATE audit_entry SET leaf = ''")]
    [InlineData("UPDATE audit_entry SET at = at + interval '1 second'")]
    [InlineData("DELETE FROM audit_entry")]
    [InlineData("TRUNCATE audit_entry")]
    [InlineData("TRUNCATE audit_entry_1_0")]
    [InlineData("DELETE FROM audit_entry_1_0")]
    [InlineData("UPDATE audit_entry_1_0 SET leaf = ''")]
    [InlineData("UPDATE audit_head SET minimum = 256")]
    [InlineData("UPDATE audit_head SET minimum = 1")]
    [InlineData("UPDATE audit_head SET minimum = -256")]
    [InlineData("UPDATE audit_head SET size = size - 1")]
    [InlineData("DELETE FROM audit_head")]
    [InlineData("UPDATE audit_leaf_hash SET hash = ''")]
    [InlineData("DELETE FROM audit_leaf_hash")]
    [InlineData("TRUNCATE audit_leaf_hash")]
    [InlineData("UPDATE resource_version SET digest = NULL")]
    [InlineData("DELETE FROM resource_version")]
    public async Task Defect143_ChangingOrDeletingWhatIsLogged_IsRefusedByTheDatabaseItself(string statement)
    {
        await using var opened = await PostgresStore.OpenAsync(postgres);
        await opened.Store.CommitAsync(new CommitBuilder().Put(Names.Flag("a"), "f_a", 0, "1").Build(), Cancel);
        (await Should.ThrowAsync<PostgresException>(() => opened.ExecuteAsync(statement))).MessageText.ShouldContain(
            "append-only"
        );
    }

    [Theory]
    [InlineData("DELETE FROM audit_entry WHERE idx = 256")]
    [InlineData("UPDATE audit_head SET minimum = 0")]
    [InlineData("DELETE FROM audit_leaf_hash WHERE idx = 0")]
    [InlineData("INSERT INTO audit_entry SELECT tenant, idx - 1, at, effective_at, leaf FROM audit_entry WHERE idx = 256")]
    public async Task PurgedLog_IsAppendOnlyAllTheSame(string statement)
    {
        await using var opened = await PostgresStore.OpenAsync(postgres);
        var drafts = Enumerable.Range(0, 300).Select(_ => new CommitBuilder().Draft()).ToList();
        await opened.Store.CommitAsync(new Commit("default", CommitBuilder.OriginOf("default"), [], [], drafts, null), Cancel);
        await opened.Store.CommitAsync(new CommitBuilder().Purging(0, 256).Build(), Cancel);
        (await Should.ThrowAsync<PostgresException>(() => opened.ExecuteAsync(statement))).MessageText.ShouldContain(
            "append-only"
        );
    }

    [Fact]
    public async Task Server_ThatIsNotTheOwner_DoesAllItHasTo_AndCannotTouchWhatIsLogged()
    {
        await using var world = await World.OpenAsync(postgres);
        await using (var store = await world.OpenStoreAsync())
        {
            var value = new SealedValue("/why/reason", "c_1", [1], "s_1", InDocument: false);
            await store.CommitAsync(
                new CommitBuilder().Put(Names.Flag("a"), "f_a", 0, "1").Hiding(value).Answer("k").Build(),
                Cancel
            );
            await store.CommitAsync(new CommitBuilder().Delete(Names.Flag("a"), "f_a", 1).Fence("f", 0).Build(), Cancel);
            var drafts = Enumerable.Range(0, 2_100).Select(_ => new CommitBuilder().Draft()).ToList();
            await store.CommitAsync(new Commit("default", CommitBuilder.OriginOf("default"), [], [], drafts, null), Cancel);
            await store.FoldAsync("default", Cancel);
            await store.CommitAsync(new CommitBuilder().Erasing(2_102, "s_1").Build(), Cancel);
            (
                await store.CommitAsync(new CommitBuilder().Purging(0, 256).Build(), Cancel)
            ).ShouldBeOfType<CommitResult.Committed>();
            (await store.SetMarkAsync("default", "m", 0, new byte[1], Cancel)).ShouldBeTrue();
            await store.SubjectsAsync("default", ["Ann"], () => "s_ann", Cancel);
            await store.AddEvaluationsAsync("default", [new("e_1", [new("f", "on", 1, CommitBuilder.Noon)])], Cancel);
        }
        await using (var keys = await PostgreSqlSubjectKeys.OpenAsync(world.Options, TimeProvider.System, Entropy.System, Cancel))
        {
            await keys.EnsureAsync("default", [new("s_2", "n")], Cancel);
            await keys.EraseAsync("default", ["s_2"], 1, Cancel);
        }
        foreach (
            var statement in new[]
            {
                "UPDATE audit_entry SET leaf = ''",
                "DELETE FROM audit_entry",
                "TRUNCATE audit_entry",
                "DELETE FROM audit_leaf_hash",
                "UPDATE resource_version SET digest = NULL",
                "DELETE FROM blob",
                "DROP TABLE audit_entry",
                "ALTER TABLE audit_entry DISABLE TRIGGER ALL",
                "DELETE FROM audit_entry_1_0",
            }
        )
        {
            var refused = await Should.ThrowAsync<PostgresException>(() => world.ExecuteAsync(World.Server, statement));
            refused.SqlState.ShouldBe(PostgresErrorCodes.InsufficientPrivilege, statement);
        }
    }

    [Fact]
    public async Task Reporting_ReadsTheViews_AndNothingElse()
    {
        await using var world = await World.OpenAsync(postgres);
        await using (var store = await world.OpenStoreAsync())
        {
            var commit = new CommitBuilder().Put(Names.Flag("a"), "f_a", 0, "{\"who\":\"ann\"}", "{\"who\":{\"$c\":\"x\"}}");
            await store.CommitAsync(commit.Build(), Cancel);
        }
        (await world.ReadAsync(World.Reporter, "SELECT type FROM report_entry")).ShouldBe("flag.updated");
        (await world.ReadAsync(World.Reporter, "SELECT document::text FROM report_resource WHERE kind = 'flag'")).ShouldBe(
            "{\"who\":{\"$c\":\"x\"}}"
        );
        foreach (
            var statement in new[]
            {
                "SELECT * FROM resource",
                "SELECT * FROM audit_recent",
                "SELECT * FROM entry_private",
                "SELECT * FROM audit_entry",
                "DELETE FROM evaluation_hour",
                "SELECT purge_entries(1, 256)",
            }
        )
            (await Should.ThrowAsync<PostgresException>(() => world.ExecuteAsync(World.Reporter, statement))).SqlState.ShouldBe(
                PostgresErrorCodes.InsufficientPrivilege,
                statement
            );
    }

    /// <summary>A database of its own, and three roles that may do nothing but log in, the first also make schemas there.</summary>
    private sealed class World : IAsyncDisposable
    {
        public const string Owner = "halyard_owner";
        public const string Server = "halyard_server";
        public const string Reporter = "halyard_reporter";

        private readonly string _superuser;
        private readonly string _database;
        private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("halyard-rights-");

        private World(string superuser, string database)
        {
            (_superuser, _database) = (superuser, database);
            Options = new PostgreSqlStoreOptions
            {
                ConnectionString = As(Server),
                OwnerConnectionString = As(Owner),
                ReportingRole = Reporter,
                KeyFile = Path.Combine(_folder.FullName, "kek"),
            };
        }

        public PostgreSqlStoreOptions Options { get; }

        public static async Task<World> OpenAsync(Postgres postgres)
        {
            var world = new World(postgres.RequireConnectionString(), postgres.NewSchema());
            foreach (var role in new[] { Owner, Server, Reporter })
                await RunAsync(
                    world._superuser,
                    $"DO $$ BEGIN CREATE ROLE {role} LOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$"
                );
            await RunAsync(world._superuser, $"CREATE DATABASE {world._database}");
            await RunAsync(world._superuser, $"GRANT CREATE ON DATABASE {world._database} TO {Owner}");
            return world;
        }

        public Task<PostgreSqlStore> OpenStoreAsync() =>
            PostgreSqlStore.OpenAsync(Options, TimeProvider.System, Entropy.System, NullLogger.Instance, Cancel);

        public Task ExecuteAsync(string role, string sql) => RunAsync(As(role), sql);

        public async Task<string> ReadAsync(string role, string sql)
        {
            await using var source = NpgsqlDataSource.Create(As(role));
            await using var command = source.CreateCommand(sql);
            return (string)(await command.ExecuteScalarAsync(Cancel))!;
        }

        public async ValueTask DisposeAsync()
        {
            _folder.Delete(recursive: true);
            await RunAsync(_superuser, $"DROP DATABASE {_database} WITH (FORCE)");
        }

        private static async Task RunAsync(string connectionString, string sql)
        {
            await using var source = NpgsqlDataSource.Create(connectionString);
            await using var command = source.CreateCommand(sql);
            await command.ExecuteNonQueryAsync(Cancel);
        }

        private string As(string role) =>
            new NpgsqlConnectionStringBuilder(_superuser)
            {
                Username = role,
                Database = _database,
                SearchPath = PostgreSqlStoreOptions.DefaultSchema,
                Pooling = false,
            }.ConnectionString;
    }
}
