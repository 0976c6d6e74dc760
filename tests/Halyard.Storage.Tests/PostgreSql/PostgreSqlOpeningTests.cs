using Halyard.Core;
using Halyard.Core.Storage;
using Halyard.Storage.Conformance.Building;
using Halyard.Storage.Conformance.Model;
using Halyard.Storage.PostgreSql;
using Halyard.Storage.PostgreSql.Native;
using Halyard.Storage.PostgreSql.Schema;
using Halyard.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace Halyard.Storage.Tests.PostgreSql;

[Collection(PostgresCollection.Name)]
public sealed class PostgreSqlOpeningTests(Postgres postgres)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Servers_ThatStartAtOnce_MigrateOnce()
    {
        await using var opened = await PostgresStore.OpenAsync(postgres);
        await opened.ExecuteAsync($"DROP SCHEMA {opened.Options.Schema} CASCADE");

        var stores = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => opened.OpenAnotherAsync()));

        (await opened.ScalarAsync<long>("SELECT count(*) FROM schema_migration")).ShouldBe(Migration.Embedded.Count);
        foreach (var store in stores)
        {
            var commit = new CommitBuilder().Build();
            (await store.CommitAsync(commit, Cancel)).ShouldBeOfType<CommitResult.Committed>();
            await store.DisposeAsync();
        }
    }

    [Theory]
    [InlineData(
        "UPDATE schema_migration SET checksum = '\\x00' || substr(checksum, 2) WHERE number = 2",
        "released migrations never change"
    )]
    [InlineData(
        "INSERT INTO schema_migration SELECT max(number) + 1, 'later', decode(repeat('00', 32), 'hex'), now() FROM schema_migration",
        "newer"
    )]
    [InlineData("DROP TABLE schema_migration", "another program")]
    public async Task Schema_ThatIsNotOurs_IsRefusedAndLeftAlone(string statement, string complaint)
    {
        await using var opened = await PostgresStore.OpenAsync(postgres);
        await opened.ExecuteAsync(statement);
        (await Should.ThrowAsync<IOException>(() => opened.OpenAnotherAsync())).Message.ShouldContain(complaint);
    }

    [Fact]
    public async Task Database_ThatAnswersBeforeItKeeps_IsRefused()
    {
        await using var opened = await PostgresStore.OpenAsync(postgres);
        var options = opened.Options with
        {
            ConnectionString = opened.Options.ConnectionString + ";Options=-c synchronous_commit=off",
        };
        (await Should.ThrowAsync<IOException>(() => OpenAsync(options))).Message.ShouldContain("synchronous_commit");
    }

    [Fact]
    public async Task Database_ThatIsAway_IsOneSentence()
    {
        await using var opened = await PostgresStore.OpenAsync(postgres);
        var options = opened.Options with
        {
            ConnectionString = "Host=127.0.0.1;Port=1;Username=a",
            RetryFor = TimeSpan.FromMilliseconds(50),
        };
        (await Should.ThrowAsync<IOException>(() => OpenAsync(options))).Message.ShouldContain("PostgreSQL: ");
    }

    [Theory]
    [InlineData("", "halyard", "kek", "ConnectionString")]
    [InlineData("nonsense", "halyard", "kek", "ConnectionString")]
    [InlineData("Username=a", "halyard", "kek", "ConnectionString")]
    [InlineData("Host=a", "", "kek", "Schema")]
    [InlineData("Host=a", "a; DROP TABLE b", "kek", "Schema")]
    [InlineData("Host=a", "Halyard", "kek", "Schema")]
    [InlineData("Host=a", "halyard", " ", "KeyFile")]
    public async Task Option_OutsideItsRange_IsRefusedByName(string connectionString, string schema, string keyFile, string name)
    {
        var options = new PostgreSqlStoreOptions
        {
            ConnectionString = connectionString,
            Schema = schema,
            KeyFile = keyFile,
        };
        (await Should.ThrowAsync<ArgumentException>(() => OpenAsync(options))).Message.ShouldStartWith(name);
    }

    [Theory]
    [InlineData("", 200)]
    [InlineData(";Max Auto Prepare=20", 20)]
    [InlineData(";MaxAutoPrepare=0", 0)]
    public async Task Statements_StayPreparedWithOnePlan_UnlessTheOperatorPreparesNone(string setting, int expected)
    {
        await using var opened = await PostgresStore.OpenAsync(postgres);
        var connectionString = opened.Options.ConnectionString + setting;
        await using var source = Connections.ForLookups(connectionString, opened.Options.Schema, opened.Options);
        new NpgsqlConnectionStringBuilder(source.ConnectionString).MaxAutoPrepare.ShouldBe(expected);
        await using var connection = await source.OpenConnectionAsync(Cancel);
        for (var time = 0; time < 9; time++)
            await connection
                .Command("SELECT value FROM fence WHERE tenant = $1 AND name = ANY($2)", 1, (string[])["a"])
                .RunAsync(Cancel);

        var plans = await connection
            .Command("SELECT generic_plans, custom_plans FROM pg_prepared_statements WHERE statement LIKE '%FROM fence%'")
            .ListAsync(row => (Generic: row.GetInt64(0), Custom: row.GetInt64(1)), Cancel);
        if (expected == 0)
        {
            plans.ShouldBeEmpty();
            return;
        }
        plans.ShouldHaveSingleItem().Custom.ShouldBe(0);
        plans[0].Generic.ShouldBeGreaterThan(6);
    }

    [Fact]
    public async Task Password_ThatChanges_IsAskedForAtEachNewConnection()
    {
        const string role = "halyard_by_password";
        await using var opened = await PostgresStore.OpenAsync(postgres);
        await opened.ExecuteAsync($"CREATE ROLE {role} LOGIN SUPERUSER PASSWORD 'first'");
        var password = "first";
        var connection = new NpgsqlConnectionStringBuilder(opened.Options.ConnectionString) { Username = role };
        var options = opened.Options with
        {
            ConnectionString = connection.ConnectionString,
            Password = _ => ValueTask.FromResult(Volatile.Read(ref password)),
            RetryFor = TimeSpan.Zero,
        };
        await using var store = await OpenAsync(options);

        await opened.ExecuteAsync($"ALTER ROLE {role} PASSWORD 'second'");
        (await Should.ThrowAsync<IOException>(() => OpenAsync(options))).Message.ShouldContain("password");
        Volatile.Write(ref password, "second");
        await using var second = await OpenAsync(options);
        await opened.ExecuteAsync($"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = '{role}'");

        await Should.NotThrowAsync(async () =>
        {
            await using var third = await OpenAsync(options);
            await third.HeadAsync("default", Cancel);
        });
    }

    [Fact]
    public async Task StoreReopenedBetweenRandomOperations_GoesOnAsIfItHadNotBeenClosed()
    {
        for (var seed = 1_000; seed < 1_004; seed++)
        {
            await using var opened = await PostgresStore.OpenAsync(postgres);
            var run = new ModelRun(seed);
            for (var step = 0; step < 60; step++)
            {
                if (step % 10 == 9)
                    await opened.ReopenAsync();
                await run.StepAsync(opened.Store);
            }
            await run.CompareAllAsync(await opened.ReopenAsync());
        }
    }

    private static Task<PostgreSqlStore> OpenAsync(PostgreSqlStoreOptions options) =>
        PostgreSqlStore.OpenAsync(options, TimeProvider.System, Entropy.System, NullLogger.Instance, Cancel);
}
