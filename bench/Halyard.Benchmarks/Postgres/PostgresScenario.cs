using Halyard.Benchmarks.Auditing;
using Halyard.Benchmarks.Commits;
using Halyard.Benchmarks.Measuring;
using Halyard.Core;
using Halyard.Core.Audit;
using Halyard.Core.Storage.Privacy;
using Halyard.Storage.PostgreSql;
using Halyard.Storage.PostgreSql.Privacy;
using Microsoft.Extensions.Logging.Abstractions;

namespace Halyard.Benchmarks.Postgres;

/// <summary>The PostgreSQL store on a server that <c>eng/run-postgres.sh</c> starts, or that the environment names.</summary>
internal static class PostgresScenario
{
    private const int Rounds = 3;
    private const string KeptSchema = "bench_kept";

    public static readonly int[] DefaultClients = [1, 8, 32];

    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Turn = TimeSpan.FromSeconds(2);

    /// <summary>Where PostgreSQL is.</summary>
    public static string ConnectionString =>
        Environment.GetEnvironmentVariable("Halyard__PostgreSql__ConnectionString")
        ?? throw new InvalidOperationException(
            "Start this with eng/run-postgres.sh FOLDER, or name a server as the product's option does."
        );

    /// <summary>
    /// Governed commits per second beside a bare compare-and-set of one row for each client, and one that takes a number without gaps
    /// besides, the three by turns.
    /// </summary>
    public static async Task CommitsAsync(int[] clients)
    {
        Machine.Describe();
        using var folder = new ScratchFolder();
        var options = Options(folder);
        await using var bare = await CompareAndSet.OpenAsync(ConnectionString, clients[^1]);
        using var governed = await GovernedCommits.OpenAsync(await OpenAsync(options), clients[^1]);
        var contenders = new List<CommitScenario.Contender>();
        foreach (var count in clients)
        {
            contenders.Add(new("bare compare-and-set", count, bare.UpdateAsync));
            contenders.Add(new("and a gapless number", count, bare.NumberAsync));
            contenders.Add(new("governed commit", count, governed.ToggleAsync));
        }
        await using var server = await ServerProcessor.OpenAsync(ConnectionString);
        foreach (var contender in contenders)
            await Producers.RunAsync(contender.Producers, WarmUp, contender.CommitAsync);
        for (var round = 0; round < Rounds; round++)
        {
            foreach (var contender in contenders)
                contender.Add(await Producers.RunAsync(contender.Producers, Turn, contender.CommitAsync, server.Read));
        }
        Console.WriteLine(CommitScenario.Contender.Heading("clients"));
        for (var i = 0; i < contenders.Count; i++)
            contenders[i].Print(contenders[i - (i % 3)]);
        Console.WriteLine($"median (least–most) of {Rounds} rounds of {Turn.TotalSeconds} s each; load average {Machine.Load}");
    }

    /// <summary>A long log: how fast it fills, and how fast each kind of question is answered.</summary>
    /// <param name="entries">How many entries the log has at least.</param>
    /// <param name="keyFile">The key of a log that is kept for the next run and used again, or <see langword="null"/>.</param>
    public static async Task AuditAsync(int entries, string? keyFile)
    {
        Machine.Describe();
        using var folder = new ScratchFolder();
        var options = keyFile is null ? Options(folder) : Options(folder) with { Schema = KeptSchema, KeyFile = keyFile };
        using var keys = await KeysAsync(options);
        using var store = await StoreAsync(options);
        var log = await GeneratedLog.OpenAsync(store, new PersonalVault(keys, Entropy.System));
        await AuditScenario.FillAsync(store, log, entries);
        await store.FoldAsync(Tenancy.Tenant, default);
        Console.WriteLine($"{await AuditScenario.SizeAsync(store):N0} entries");
        await store.CountAsync(Tenancy.Tenant, new AuditQuery(), default);
        await using var server = await ServerProcessor.OpenAsync(ConnectionString);
        server.Read();
        await AuditScenario.AskAsync(store, () => Environment.CpuUsage.TotalTime + server.ReadAgain());
    }

    private static async Task<Tenancy> OpenAsync(PostgreSqlStoreOptions options) =>
        await Tenancy.FoundAsync(await StoreAsync(options), await KeysAsync(options));

    private static Task<PostgreSqlStore> StoreAsync(PostgreSqlStoreOptions options) =>
        PostgreSqlStore.OpenAsync(options, TimeProvider.System, Entropy.System, NullLogger.Instance, default);

    private static Task<PostgreSqlSubjectKeys> KeysAsync(PostgreSqlStoreOptions options) =>
        PostgreSqlSubjectKeys.OpenAsync(options, TimeProvider.System, Entropy.System, default);

    private static PostgreSqlStoreOptions Options(ScratchFolder folder) =>
        new()
        {
            ConnectionString = ConnectionString,
            Schema = $"bench_{Environment.ProcessId}",
            KeyFile = folder.File("kek"),
        };
}
