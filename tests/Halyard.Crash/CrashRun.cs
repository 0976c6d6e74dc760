using System.Globalization;
using Halyard.Core.Storage;
using Halyard.Core.Storage.Privacy;
using Halyard.Storage.Sqlite;
using Microsoft.Extensions.DependencyInjection;

namespace Halyard.Crash;

/// <summary>Kills a writing process at random moments and proves the file after each, going on with the same file.</summary>
/// <param name="Kills">How often the process was killed.</param>
/// <param name="Acknowledged">How many changes it had acknowledged.</param>
/// <param name="Entries">How many entries the files hold.</param>
/// <param name="Unacknowledged">How many of them were durable but not yet acknowledged when the process died.</param>
public sealed record CrashRun(int Kills, long Acknowledged, long Entries, long Unacknowledged)
{
    /// <summary>The log is checked whole after each kill, so files start anew now and then.</summary>
    private const int KillsPerFile = 10;

    /// <summary>Runs so many kills.</summary>
    /// <exception cref="InvalidDataException">Something was lost; the message says what, and where the file is.</exception>
    public static async Task<CrashRun> RunAsync(int kills, int seed)
    {
        var random = new Random(seed);
        var total = new CrashRun(0, 0, 0, 0);
        for (var file = 0; total.Kills < kills; file++)
        {
            var folder = Directory.CreateTempSubdirectory("halyard-crash-");
            var path = Path.Combine(folder.FullName, "halyard.db");
            var acknowledged = new List<Acknowledgement>();
            var entries = 0L;
            for (var kill = 0; kill < KillsPerFile && total.Kills < kills; kill++)
            {
                // One in five is not given time to start, so that creating, migrating and recovering are hit too.
                var fromStart = random.Next(5) == 0;
                var patience = TimeSpan.FromMilliseconds(random.Next(fromStart ? 600 : 900));
                acknowledged.AddRange(await Victim.RunAsync(path, (seed * 10_000) + total.Kills, fromStart, patience));
                entries = await CheckAsync(path, acknowledged);
                total = total with { Kills = total.Kills + 1 };
            }
            total = total with
            {
                Acknowledged = total.Acknowledged + acknowledged.Count,
                Entries = total.Entries + entries,
                Unacknowledged = total.Unacknowledged + entries - acknowledged.Count,
            };
            folder.Delete(recursive: true);
        }
        return total;
    }

    /// <inheritdoc/>
    public override string ToString() =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{Kills} kills, {Acknowledged} acknowledged changes, 0 lost; {Entries} entries, {Unacknowledged} of them not yet acknowledged"
        );

    private static async Task<long> CheckAsync(string path, List<Acknowledgement> acknowledged)
    {
        try
        {
            await using var provider = new ServiceCollection()
                .AddHalyardSqlite(new SqliteStoreOptions { Path = path })
                .BuildServiceProvider();
            return await new StoreCheck(
                provider.GetRequiredService<IStore>(),
                provider.GetRequiredService<PersonalVault>()
            ).RunAsync(acknowledged);
        }
        catch (InvalidDataException problem)
        {
            throw new InvalidDataException($"{problem.Message} ({path})", problem);
        }
    }
}
