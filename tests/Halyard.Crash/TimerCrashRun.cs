using System.Text;
using Halyard.Core.Flags;
using Halyard.Core.Storage;
using Halyard.Storage.Conformance.Building;
using Microsoft.Extensions.DependencyInjection;

namespace Halyard.Crash;

/// <summary>Kills a process that sets and handles timers, and compares timers with resources after each kill.</summary>
/// <param name="Kills">How often the process was killed.</param>
/// <param name="Resources">How many resources the stores held.</param>
/// <param name="Waiting">How many of them had a timer that must be there.</param>
/// <param name="Unfinished">How many had been acted on while their timer was still there: it is taken again, and finds nothing to do.</param>
public sealed record TimerCrashRun(int Kills, int Resources, int Waiting, int Unfinished)
{
    /// <summary>Runs so many kills, each on a store of its own.</summary>
    /// <exception cref="InvalidDataException">A timer is lost, or there without its resource saying so.</exception>
    internal static async Task<TimerCrashRun> RunAsync(CrashStores stores, int kills, int seed)
    {
        var random = new Random(seed);
        var total = new TimerCrashRun(0, 0, 0, 0);
        for (var kill = 0; kill < kills; kill++)
        {
            var target = stores.Next();
            await Victim.KillAsync("timers", target, seed + kill, TimeSpan.FromMilliseconds(random.Next(300)));
            try
            {
                total = await CheckAsync(target, total);
            }
            catch (InvalidDataException)
            {
                stores.IsKept = true;
                throw;
            }
        }
        return total;
    }

    private static async Task<TimerCrashRun> CheckAsync(CrashTarget target, TimerCrashRun total)
    {
        await using var provider = target.AddTo(new ServiceCollection()).BuildServiceProvider();
        var store = provider.GetRequiredService<IStore>();
        var resources = await store.ListAsync(
            CommitBuilder.DefaultTenant,
            ResourceKind.Flag,
            TimerWorkload.Project,
            null,
            1_000,
            default
        );
        var late = TimeProvider.System.GetUtcNow() + TimeSpan.FromDays(1);
        var timers = (await store.TakeDueAsync(late, ITimers.MaxTaken, TimeSpan.FromDays(1), default)).ToDictionary(
            taken => taken.Timer.Id,
            taken => taken.Timer
        );
        var (waiting, unfinished) = (0, 0);
        foreach (var resource in resources)
        {
            var says = Encoding.UTF8.GetString(resource.Document);
            var has = timers.Remove(TimerWorkload.IdOf(resource.Name), out var timer);
            var agrees = says.Split(' ') switch
            {
                ["idle"] => !has,
                ["waiting", var attempt] => has && $"{timer!.Attempt}" == attempt,
                ["acted", var attempt] => !has || $"{timer!.Attempt}" == attempt,
                _ => false,
            };
            if (!agrees)
                throw new InvalidDataException($"{resource.Name} says '{says}', its timer is {timer} ({target}).");
            waiting += says.StartsWith("waiting", StringComparison.Ordinal) ? 1 : 0;
            unfinished += has && says.StartsWith("acted", StringComparison.Ordinal) ? 1 : 0;
        }
        if (timers.Count > 0)
            throw new InvalidDataException($"{timers.Count} timers belong to no resource ({target}).");
        return new(total.Kills + 1, total.Resources + resources.Count, total.Waiting + waiting, total.Unfinished + unfinished);
    }
}
