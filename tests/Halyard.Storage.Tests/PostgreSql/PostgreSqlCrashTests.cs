using Halyard.Crash;
using Halyard.Testing;
using Npgsql;

namespace Halyard.Storage.Tests.PostgreSql;

/// <summary>On a server of its own, for it is killed too.</summary>
public sealed class PostgreSqlCrashTests(Postgres postgres) : IClassFixture<Postgres>
{
    /// <summary>Kills in every run; <c>HALYARD_SOAK=1</c> does 220.</summary>
    private const int FastKills = 12;

    private const int SoakKills = 220;

    [Fact]
    public async Task ProcessServerOrConnectionsKilledAmidConcurrentWrites_LoseNothingAndLeaveNoHalves()
    {
        var soak = Environment.GetEnvironmentVariable("HALYARD_SOAK") == "1";
        using var stores = new PostgresCrashStores(postgres);
        var run = await new CrashRun(stores).RunAsync(soak ? SoakKills : FastKills, seed: 1);
        TestContext.Current.TestOutputHelper?.WriteLine($"{run}; {stores}");
        run.Kills.ShouldBe(soak ? SoakKills : FastKills);
        run.Acknowledged.ShouldBeGreaterThan(run.Kills, "a run that wrote next to nothing would prove nothing");
        stores.ServerKills.ShouldBeGreaterThan(0);
        stores.Drops.ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task ProcessKilledAmidTimers_LeavesEveryTimerWithItsResource()
    {
        var soak = Environment.GetEnvironmentVariable("HALYARD_SOAK") == "1";
        using var stores = new PostgresCrashStores(postgres);
        var run = await TimerCrashRun.RunAsync(stores, soak ? 60 : 4, seed: 1);
        TestContext.Current.TestOutputHelper?.WriteLine(run.ToString());
        run.Resources.ShouldBeGreaterThan(run.Kills, "a run that wrote next to nothing would prove nothing");
        run.Waiting.ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task ProcessKilledAmidVotesTimersAndBypasses_AppliesNothingTwiceOrInPart_AndKeepsEveryTimer()
    {
        var soak = Environment.GetEnvironmentVariable("HALYARD_SOAK") == "1";
        using var stores = new PostgresCrashStores(postgres);
        var run = await RequestCrashRun.RunAsync(stores, soak ? 200 : 6, seed: 1);
        TestContext.Current.TestOutputHelper?.WriteLine(run.ToString());
        run.Applied.ShouldBeGreaterThan(run.Kills, "a run in which next to nothing was applied would prove nothing");
        run.Voted.ShouldBeGreaterThan(0, "a run in which nobody voted would prove nothing");
        run.Timers.ShouldBeGreaterThan(0);
        run.Bypasses.ShouldBeGreaterThan(0, "a run without an emergency would prove nothing");
    }

    private sealed class PostgresCrashStores(Postgres postgres) : CrashStores
    {
        private readonly string _connectionString = postgres.RequireConnectionString();

        public int ServerKills { get; private set; }

        public int Drops { get; private set; }

        public override CrashTarget Next()
        {
            var schema = postgres.NewSchema();
            return new CrashTarget.Postgres(_connectionString, schema, Path.Combine(Folder.FullName, schema, "kek"));
        }

        /// <summary>One time in three the server is killed, one time in three every connection is dropped.</summary>
        public override Func<Task>? Break(int chance) =>
            (chance % 3) switch
            {
                0 => KillServerAsync,
                1 => DropConnectionsAsync,
                _ => null,
            };

        public override string ToString() => $"{ServerKills} times the server was killed, {Drops} times every connection dropped";

        private async Task KillServerAsync()
        {
            ServerKills++;
            await postgres.KillAndStartAsync();
        }

        private async Task DropConnectionsAsync()
        {
            Drops++;
            await using var source = NpgsqlDataSource.Create(_connectionString + ";Pooling=false");
            await using var command = source.CreateCommand(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'halyard'"
            );
            await command.ExecuteNonQueryAsync();
        }
    }
}
