using System.Globalization;
using System.Text;
using Halyard.Core.Flags;
using Halyard.Core.Storage;
using Halyard.Storage.Conformance.Building;
using Microsoft.Extensions.DependencyInjection;

namespace Halyard.Crash;

/// <summary>
/// Sets, clears, takes and finishes timers until it is killed. Each resource says in its document which timer it has, so that the
/// two can be compared: <c>waiting N</c> (there is one of attempt N), <c>acted N</c> (there may be) or <c>idle</c>.
/// </summary>
internal static class TimerWorkload
{
    public const string Project = "web";

    private const int PerProducer = 3;
    private static readonly Stream Output = Console.OpenStandardOutput();
    private static readonly TimeSpan Lease = TimeSpan.FromMilliseconds(50);

    public static string IdOf(ResourceName name) => $"test/{name.Key}";

    public static async Task RunAsync(CrashTarget target, int seed, int producers)
    {
        await using var provider = target.AddTo(new ServiceCollection()).BuildServiceProvider();
        var store = provider.GetRequiredService<IStore>();
        var work = Enumerable
            .Range(0, producers)
            .Select(producer => Task.Run(() => ProduceAsync(store, new Random((seed * 1_000) + producer), producer)))
            .Append(Task.Run(() => HandleAsync(store)))
            .Append(Task.Run(() => HandleAsync(store)));
        await Task.WhenAll(work);
    }

    /// <summary>Each on resources of its own; it loses races against those who handle, and goes on.</summary>
    private static async Task ProduceAsync(IStore store, Random random, int producer)
    {
        for (var attempt = 1L; ; attempt++)
        {
            var name = Names.Flag($"f{producer}-{random.Next(PerProducer)}", Project);
            var set = new TimerWrite.Set(
                new DurableTimer(IdOf(name), TimeProvider.System.GetUtcNow(), "test.due", name, attempt)
            );
            var clear = new TimerWrite.Clear(IdOf(name));
            var (document, timers) = random.Next(4) switch
            {
                0 => ("idle", new TimerWrite[] { clear }),
                1 => ($"waiting {attempt}", [set, clear, set]),
                _ => ($"waiting {attempt}", [set]),
            };
            if (await WriteAsync(store, name, _ => (document, timers)))
                Output.Write("."u8);
        }
    }

    /// <summary>Acts where the resource still waits for this attempt, then finishes: what lies between is where a kill may come.</summary>
    private static async Task HandleAsync(IStore store)
    {
        while (true)
        {
            foreach (var taken in await store.TakeDueAsync(TimeProvider.System.GetUtcNow(), 4, Lease, default))
            {
                var waiting = $"waiting {taken.Timer.Attempt}";
                var acted = $"acted {taken.Timer.Attempt}";
                var done = await WriteAsync(store, taken.Timer.Resource, now => now == waiting ? (acted, []) : null);
                if (done)
                    await store.FinishTimerAsync(taken, default);
            }
        }
    }

    /// <summary>False where another was faster.</summary>
    private static async Task<bool> WriteAsync(
        IStore store,
        ResourceName name,
        Func<string, (string Document, TimerWrite[] Timers)?> decide
    )
    {
        var slice = await store.LoadAsync(CommitBuilder.DefaultTenant, [name], [], default);
        var found = slice.Resources.GetValueOrDefault(name);
        if (decide(found is null ? "" : Encoding.UTF8.GetString(found.Document)) is not { } wanted)
            return true;
        var revision = found?.Revision ?? 0;
        var commit = new CommitBuilder()
            .At(TimeProvider.System.GetUtcNow())
            .Put(name, string.Create(CultureInfo.InvariantCulture, $"id_{name.Key}"), revision, wanted.Document)
            .Timing(wanted.Timers);
        return await store.CommitAsync(commit.Build(), default) is CommitResult.Committed;
    }
}
