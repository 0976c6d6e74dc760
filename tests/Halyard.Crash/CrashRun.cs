using System.Globalization;
using Halyard.Core.Storage;
using Halyard.Core.Storage.Privacy;
using Microsoft.Extensions.DependencyInjection;

namespace Halyard.Crash;

/// <summary>Kills a writing process at random moments and proves the store after each, going on with the same store.</summary>
internal sealed class CrashRun(CrashStores stores)
{
    /// <summary>The log is checked whole after each kill, so stores start anew now and then.</summary>
    private const int KillsPerStore = 10;

    /// <summary>Runs so many kills.</summary>
    /// <exception cref="InvalidDataException">Something was lost; the message says what, and where the store is.</exception>
    public async Task<CrashReport> RunAsync(int kills, int seed)
    {
        var random = new Random(seed);
        var total = new CrashReport(0, 0, 0, 0);
        while (total.Kills < kills)
        {
            var target = stores.Next();
            var acknowledged = new List<Acknowledgement>();
            var entries = 0L;
            for (var kill = 0; kill < KillsPerStore && total.Kills < kills; kill++)
            {
                // One in five is not given time to start, so that creating, migrating and recovering are hit too.
                var fromStart = random.Next(5) == 0;
                var patience = TimeSpan.FromMilliseconds(random.Next(fromStart ? 600 : 900));
                var broken = stores.Break(random.Next());
                acknowledged.AddRange(await Victim.RunAsync(target, (seed * 10_000) + total.Kills, fromStart, patience, broken));
                entries = await CheckAsync(target, acknowledged);
                total = total with { Kills = total.Kills + 1 };
            }
            total = total with
            {
                Acknowledged = total.Acknowledged + acknowledged.Count,
                Entries = total.Entries + entries,
                Unacknowledged = total.Unacknowledged + entries - acknowledged.Count,
            };
        }
        return total;
    }

    private async Task<long> CheckAsync(CrashTarget target, List<Acknowledgement> acknowledged)
    {
        try
        {
            await using var provider = target.AddTo(new ServiceCollection()).BuildServiceProvider();
            return await new StoreCheck(
                provider.GetRequiredService<IStore>(),
                provider.GetRequiredService<PersonalVault>()
            ).RunAsync(acknowledged);
        }
        catch (InvalidDataException problem)
        {
            stores.IsKept = true;
            throw new InvalidDataException($"{problem.Message} ({target})", problem);
        }
    }
}

/// <summary>What a run came to.</summary>
/// <param name="Kills">How often the process was killed.</param>
/// <param name="Acknowledged">How many changes it had acknowledged.</param>
/// <param name="Entries">How many entries the stores hold.</param>
/// <param name="Unacknowledged">How many of them were durable but not yet acknowledged when the process died.</param>
internal sealed record CrashReport(int Kills, long Acknowledged, long Entries, long Unacknowledged)
{
    /// <inheritdoc/>
    public override string ToString() =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{Kills} kills, {Acknowledged} acknowledged changes, 0 lost; {Entries} entries, {Unacknowledged} of them not yet acknowledged"
        );
}
