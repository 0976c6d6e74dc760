using Halyard.Server.Hosting;
using Halyard.Testing;
using Npgsql;

namespace Halyard.Server.Tests.Hosting;

/// <summary><c>store copy</c>, <c>backup</c> and <c>restore</c> as an operator gives them, between SQLite files, PostgreSQL and DynamoDB.</summary>
public sealed class StoreCopyCommandTests(Postgres postgres, Moto moto)
    : IClassFixture<Postgres>,
        IClassFixture<Moto>,
        IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("halyard-copies-");

    private string Database => InFolder("halyard.db");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Store_CopiedToPostgresAndBack_IsTheSame_AlsoWhereTheCopyWasKilled()
    {
        await MakeAsync();
        var settings = PostgresSettings();

        // Killed as soon as something is there; what is left cannot be served, and is finished by the next one.
        using (
            var killed = ServerProcess.Start(["store", "copy", "--from", $"sqlite:{Database}", "--to", "postgres", .. settings])
        )
        {
            (await killed.StandardOutput.ReadLineAsync(Cancel)).ShouldNotBeNull().ShouldContain("entries");
            killed.Kill();
            await killed.WaitForExitAsync(Cancel);
        }
        var (exit, output, error) = await RunAsync(["copy", "--from", $"sqlite:{Database}", "--to", "postgres", .. settings]);
        exit.ShouldBe(0, error);
        output.ShouldContain(" 0 differences");

        (exit, output, error) = await RunAsync([
            "copy",
            "--from",
            "postgres",
            "--to",
            $"sqlite:{InFolder("back.db")}",
            .. settings,
        ]);
        exit.ShouldBe(0, error);
        Lines(output, "copied").ShouldBe(Lines(await DiffedAsync(), "copied"));
    }

    [Fact]
    public async Task Backup_OfARunningServersFile_IsRestoredToAnother_AndComparedOnTheWay()
    {
        await MakeAsync();
        var backup = InFolder("backup.db");
        var (server, _) = await ServerProcess.ListenAsync($"--Halyard:Database={Database}", "--urls=http://127.0.0.1:0");
        try
        {
            var (exit, output, error) = await RunAsync(["backup", backup, $"--Halyard:Database={Database}"]);
            exit.ShouldBe(0, error);
            output.ShouldContain(" 0 differences");
        }
        finally
        {
            await ServerProcess.StopAsync(server);
            server.Dispose();
        }
        if (!OperatingSystem.IsWindows())
            File.GetUnixFileMode(backup).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        (await RunAsync(["backup", backup, $"--Halyard:Database={Database}"])).Exit.ShouldBe(2);

        string[] other = [$"--Halyard:Database={InFolder("restored.db")}", $"--Halyard:Privacy:KeyFile={Database}.kek"];
        var restored = await RunAsync(["restore", backup, .. other]);
        restored.Exit.ShouldBe(0, restored.Error);
        restored.Output.ShouldContain("store restored --from-backup");
        (await RunAsync(["restore", backup, .. other])).Error.ShouldContain("not empty");
        (await RunAsync(["restore", InFolder("nothing.db"), .. other])).Error.ShouldContain("There is no");
    }

    [Fact]
    public async Task Backup_OfPostgres_IsASqliteFile_FromWhichAnotherSchemaIsRestored()
    {
        await MakeAsync();
        string[] first = PostgresSettings();
        (await RunAsync(["copy", "--from", $"sqlite:{Database}", "--to", "postgres", .. first])).Exit.ShouldBe(0);
        var backup = InFolder("portable.db");

        var backedUp = await RunAsync(["backup", backup, .. first]);
        backedUp.Exit.ShouldBe(0, backedUp.Error);
        var restored = await RunAsync(["restore", backup, .. PostgresSettings()]);
        restored.Exit.ShouldBe(0, restored.Error);
        Lines(restored.Output, "copied").ShouldBe(Lines(backedUp.Output, "copied"));
    }

    [Fact(Timeout = 300_000)]
    public async Task Store_CopiedFromPostgresToDynamoDb_IsBackedUpFromThere_AndIsTheSame()
    {
        await MakeAsync();
        string[] settings = [.. PostgresSettings(), .. new DynamoDbSettings(moto).Settings];
        (await RunAsync(["copy", "--from", $"sqlite:{Database}", "--to", "postgres", .. settings])).Exit.ShouldBe(0);

        var (exit, output, error) = await RunAsync(["copy", "--from", "postgres", "--to", "dynamodb", .. settings]);
        exit.ShouldBe(0, error);
        output.ShouldContain(" 0 differences");
        (await RunAsync(["copy", "--from", "postgres", "--to", "dynamodb", .. settings])).Error.ShouldContain("not empty");

        var backedUp = await RunAsync(["backup", InFolder("portable.db"), .. settings]);
        backedUp.Exit.ShouldBe(0, backedUp.Error);
        var table = Core.Entropy.System.NewId("t");
        var restored = await RunAsync(["restore", InFolder("portable.db"), .. settings, $"--Halyard:DynamoDb:TableName={table}"]);
        restored.Exit.ShouldBe(0, restored.Error);
        var back = await RunAsync(["copy", "--from", $"dynamodb:{table}", "--to", $"sqlite:{InFolder("back.db")}", .. settings]);
        back.Exit.ShouldBe(0, back.Error);
        Lines(back.Output, "copied").ShouldBe(Lines(await DiffedAsync(), "copied"));
    }

    [Fact]
    public async Task PasswordFromAFileAndRoleForReporting_AreTakenFromTheConfiguration()
    {
        await MakeAsync();
        await using var database = NpgsqlDataSource.Create(postgres.RequireConnectionString() + ";Pooling=false");
        await using (
            var roles = database.CreateCommand(
                """
                DROP ROLE IF EXISTS halyard_by_password; DROP ROLE IF EXISTS analyst;
                CREATE ROLE halyard_by_password LOGIN PASSWORD 'right'; CREATE ROLE analyst LOGIN;
                GRANT CREATE ON DATABASE postgres TO halyard_by_password
                """
            )
        )
            await roles.ExecuteNonQueryAsync(Cancel);
        var file = InFolder("password");
        await File.WriteAllTextAsync(file, "wrong\n", Cancel);
        var schema = postgres.NewSchema();
        string[] settings =
        [
            $"--Halyard:PostgreSql:ConnectionString={postgres.RequireConnectionString().Replace("Username=postgres", "Username=halyard_by_password", StringComparison.Ordinal)}",
            $"--Halyard:PostgreSql:PasswordFile={file}",
            "--Halyard:PostgreSql:ReportingRole=analyst",
            "--Halyard:PostgreSql:RetrySeconds=0",
            $"--Halyard:PostgreSql:Schema={schema}",
            $"--Halyard:Database={Database}",
        ];
        string[] copy = ["copy", "--from", $"sqlite:{Database}", "--to", "postgres", .. settings];
        (await RunAsync(copy)).Error.ShouldContain("password authentication failed");

        await File.WriteAllTextAsync(file, "right\n", Cancel);
        (await RunAsync(copy)).Exit.ShouldBe(0);

        await using var asked = database.CreateCommand(
            $"SELECT has_table_privilege('analyst', '{schema}.report_entry', 'SELECT') AND NOT has_table_privilege('analyst', '{schema}.audit_entry', 'SELECT')"
        );
        (await asked.ExecuteScalarAsync(Cancel)).ShouldBe(true);
        await using var dropped = database.CreateCommand(
            """
            DROP OWNED BY halyard_by_password CASCADE; DROP OWNED BY analyst; DROP ROLE halyard_by_password; DROP ROLE analyst
            """
        );
        await dropped.ExecuteNonQueryAsync(Cancel);
    }

    [Theory]
    [InlineData("copy", "--from", "sqlite:a.db")]
    [InlineData("copy", "--from", "oracle", "--to", "postgres")]
    [InlineData("backup")]
    [InlineData("restore", "--Halyard:Database=a.db")]
    public async Task CommandThatSaysTooLittle_IsTold(params string[] args) => (await RunAsync(args)).Exit.ShouldBe(3);

    public void Dispose() => _folder.Delete(recursive: true);

    private static async Task<(int Exit, string Output, string Error)> RunAsync(string[] args)
    {
        var (output, error) = (new StringWriter(), new StringWriter());
        var exit = await StoreCopyCommand.RunAsync(["store", .. args], output, error);
        return (exit, output.ToString(), error.ToString());
    }

    private static List<string> Lines(string output, string word) =>
        [.. output.Split('\n').Where(line => line.Contains(word, StringComparison.Ordinal)).Order(StringComparer.Ordinal)];

    /// <summary>What copying the file itself says, with its roots.</summary>
    private async Task<string> DiffedAsync() =>
        (await RunAsync(["copy", "--from", $"sqlite:{Database}", "--to", $"sqlite:{InFolder("twin.db")}"])).Output;

    /// <summary>The sample project and two tenants, made by a server that then stops.</summary>
    private async Task MakeAsync()
    {
        string[] sample =
        [
            $"--Halyard:Database={Database}",
            $"--Halyard:Sample=openshift={Path.Combine(Suites.RepositoryRoot, "samples", "openshift", "history.jsonl")}",
            "--urls=http://127.0.0.1:0",
        ];
        var (exit, _, error) = await ServerProcess.RunAsync(["tenant", "create", "acme", sample[0]]);
        exit.ShouldBe(0, error);
        var (server, _) = await ServerProcess.ListenAsync(sample);
        await ServerProcess.StopAsync(server);
        server.Dispose();
    }

    private string[] PostgresSettings() =>
        [
            $"--Halyard:PostgreSql:ConnectionString={postgres.RequireConnectionString()}",
            $"--Halyard:PostgreSql:Schema={postgres.NewSchema()}",
            $"--Halyard:Database={Database}",
            "--Halyard:Store=postgres",
        ];

    private string InFolder(string name) => Path.Combine(_folder.FullName, name);
}
