using System.Diagnostics;
using Halyard.Benchmarks.Commits;
using Halyard.Benchmarks.Measuring;
using Halyard.Core;
using Halyard.Core.Storage;
using Halyard.Core.Storage.Privacy;
using Halyard.Storage.Sqlite;
using Halyard.Storage.Sqlite.Privacy;

namespace Halyard.Benchmarks.Auditing;

/// <summary>A long log: how fast it fills, how fast each kind of question is answered, and how fast it goes on growing.</summary>
internal static class AuditScenario
{
    public const int DefaultEntries = 1_000_000;

    private const int CommitEntries = 500;
    private const int WarmUps = 10;
    private const int Questions = 300;
    private const int SampledIds = 10_000;
    private const int Rounds = 5;
    private const int Many = 8;

    private static readonly TimeSpan Turn = TimeSpan.FromSeconds(2);

    /// <summary>Uses the log in the file where one is named and has one, else fills it.</summary>
    /// <param name="entries">How many entries the log has at least.</param>
    /// <param name="file">Where it is, or <see langword="null"/>.</param>
    public static async Task RunAsync(int entries, string? file)
    {
        Machine.Describe();
        using var folder = new ScratchFolder();
        var path = file ?? folder.File("audit.db");
        var options = new SqliteStoreOptions { Path = path };
        using var keys = SqliteSubjectKeys.Open(options, Entropy.System, TimeProvider.System);
        using var store = SqliteStore.Open(options);
        var log = await GeneratedLog.OpenAsync(store, new PersonalVault(keys, Entropy.System));
        await FillAsync(store, log, entries);
        Console.WriteLine($"{await SizeAsync(store):N0} entries, {new FileInfo(path).Length / 1024.0 / 1024.0:N0} MiB");
        await AskAsync(store);
        await AppendAsync(store, log, folder);
    }

    internal static async Task<long> SizeAsync(IStore store) => (await store.HeadAsync(Tenancy.Tenant, default))?.Range.Size ?? 0;

    internal static async Task FillAsync(IStore store, GeneratedLog log, int entries)
    {
        var size = await SizeAsync(store);
        if (size >= entries)
            return;
        var (clock, busy) = (Stopwatch.StartNew(), Environment.CpuUsage.TotalTime);
        var committing = Task.CompletedTask;
        for (var at = size; at < entries; at += CommitEntries)
        {
            var next = await log.NextAsync((int)Math.Min(CommitEntries, entries - at));
            await committing;
            committing = CommitAsync(store, next);
        }
        await committing;
        Console.WriteLine(
            $"filled in {clock.Elapsed.TotalSeconds:N0} s, {(entries - size) / clock.Elapsed.TotalSeconds:N0} entries/s, "
                + $"{(Environment.CpuUsage.TotalTime - busy).TotalMicroseconds / (entries - size):N0} µs of processor time each"
        );
    }

    private static async Task CommitAsync(IStore store, Commit commit)
    {
        if (await store.CommitAsync(commit, default) is not CommitResult.Committed)
            throw new InvalidOperationException("The log did not take a commit.");
    }

    /// <summary>Asks each kind of question.</summary>
    /// <param name="store">Who is asked.</param>
    /// <param name="processor">Reads the processor time that answering takes; by default that of this thread.</param>
    internal static async Task AskAsync(IStore store, Func<TimeSpan>? processor = null)
    {
        // A store without a server answers on the thread that asks.
        processor ??= ProcessorClock.OfThisThread;
        var random = new Random(2);
        var size = await SizeAsync(store);
        var ids = new List<string>();
        for (var i = 0; i < SampledIds; i++)
        {
            var entry = await store.EntryAsync(Tenancy.Tenant, random.NextInt64(size), default);
            using var leaf = System.Text.Json.JsonDocument.Parse(entry!.Leaf);
            ids.Add(leaf.RootElement.GetProperty("id").GetString()!);
        }
        var kinds = new AuditQuestions(store, size, ids).All;
        var times = kinds.Select(_ => (Clock: new Spread(), Busy: new Spread())).ToList();
        // By turns, so that a neighbour's busy second does not fall upon one kind alone.
        for (var round = -WarmUps; round < Questions; round++)
        {
            for (var kind = 0; kind < kinds.Count; kind++)
            {
                var (start, busy) = (Stopwatch.GetTimestamp(), processor());
                await kinds[kind].AskAsync(random);
                if (round < 0)
                    continue;
                times[kind].Clock.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
                times[kind].Busy.Add((processor() - busy).TotalMilliseconds);
            }
        }
        Console.WriteLine($"{"", -30} {"p50 ms", 8} {"p99 ms", 8} {"processor p50", 14} {"p99", 8}");
        for (var kind = 0; kind < kinds.Count; kind++)
        {
            var (clock, busy) = times[kind];
            Console.WriteLine(
                $"{kinds[kind].Kind, -30} {clock.Median, 8:F2} {clock.At(0.99), 8:F2} {busy.Median, 14:F2} {busy.At(0.99), 8:F2}"
            );
        }
        Console.WriteLine($"{Questions} questions of each kind, one at a time, by turns; load average {Machine.Load}");
    }

    private static async Task AppendAsync(IStore store, GeneratedLog log, ScratchFolder folder)
    {
        using var bare = new BareCommits(folder.File("bare.db"), Many);
        foreach (var producers in new[] { 1, Many })
        {
            var (floor, appended) = (new Spread(), new Spread());
            for (var round = 0; round < Rounds; round++)
            {
                floor.Add((await Producers.RunAsync(producers, Turn, bare.UpdateAsync)).PerSecond);
                appended.Add(
                    (
                        await Producers.RunAsync(
                            producers,
                            Turn,
                            async producer => await CommitAsync(store, await log.NextOfAsync(producer))
                        )
                    ).PerSecond
                );
            }
            Console.WriteLine(
                $"{producers} producers: {appended.ToString("N0")} entries/s, bare transactions {floor.ToString("N0")}/s, "
                    + $"{appended.Median / floor.Median:P0}"
            );
        }
    }
}
