using Halyard.Core.Approvals;
using Halyard.Core.Audit;
using Halyard.Core.Flags;
using Halyard.Core.Reading;
using Halyard.Core.Storage;
using Halyard.Core.Storage.Privacy;
using Halyard.Evaluation.Definitions;
using Halyard.Storage.Sqlite;
using Microsoft.Extensions.DependencyInjection;

namespace Halyard.Crash;

/// <summary>Kills a process in which people vote, changes are applied and timers act, and looks at every change request after each.</summary>
/// <param name="Kills">How often the process was killed.</param>
/// <param name="Requests">How many change requests the files held.</param>
/// <param name="Applied">How many of them were applied, each once.</param>
/// <param name="Voted">How many of these by people's votes, not by a timer.</param>
/// <param name="Timers">How many timers they had left, each the one that its request names.</param>
public sealed record RequestCrashRun(int Kills, int Requests, int Applied, int Voted, int Timers)
{
    // Requests made and votes cast, before a kill.
    private const int MostSaid = 120;

    /// <summary>Runs so many kills, each on a file of its own.</summary>
    /// <exception cref="InvalidDataException">A request was applied twice or in part, or it and its timers disagree.</exception>
    public static async Task<RequestCrashRun> RunAsync(int kills, int seed)
    {
        var random = new Random(seed);
        var total = new RequestCrashRun(0, 0, 0, 0, 0);
        for (var kill = 0; kill < kills; kill++)
        {
            var folder = Directory.CreateTempSubdirectory("halyard-requests-");
            var path = Path.Combine(folder.FullName, "halyard.db");
            var (patience, said) = (TimeSpan.FromMilliseconds(random.Next(50)), random.Next(1, MostSaid));
            await Victim.KillAsync("requests", path, seed + kill, patience, said);
            total = await CheckAsync(path, total);
            folder.Delete(recursive: true);
        }
        return total;
    }

    private static async Task<RequestCrashRun> CheckAsync(string path, RequestCrashRun total)
    {
        await using var provider = new ServiceCollection()
            .AddHalyardSqlite(new SqliteStoreOptions { Path = path })
            .BuildServiceProvider();
        var store = provider.GetRequiredService<IStore>();
        // The log, its tree, the state and what may have been applied in part.
        await new StoreCheck(store, provider.GetRequiredService<PersonalVault>()).RunAsync([]);
        var requests = new List<ChangeRequest>();
        while (await PageAsync(store, requests) is { Count: > 0 } page)
            requests.AddRange(page.Select(stored => (ChangeRequest)ResourceDocuments.Read(stored.Name, stored.Document)));

        var late = TimeProvider.System.GetUtcNow() + TimeSpan.FromDays(400);
        var rows = (await store.TakeDueAsync(late, ITimers.MaxTaken, TimeSpan.FromDays(1), default))
            .Select(taken => $"{taken.Timer.Id} {taken.Timer.Attempt}")
            .ToHashSet(StringComparer.Ordinal);
        var named = requests
            .SelectMany(request => request.Timers.Select(timer => $"{request.Id}/{WireNames.Of(timer.Kind)} {timer.Attempt}"))
            .ToHashSet(StringComparer.Ordinal);
        if (rows.Count < ITimers.MaxTaken && !rows.SetEquals(named))
            throw new InvalidDataException(
                $"Timers without a request: {string.Join(", ", rows.Except(named))}; without a row: {string.Join(", ", named.Except(rows))} ({path})."
            );

        var done = requests.FindAll(request => request.State == ChangeRequestState.Applied);
        var (applied, voted) = (done.Count, done.Count(request => request.Votes.Count > 0));
        var entries = await store.CountAsync(Workload.Tenant, new AuditQuery { Actions = ["change_request.applied"] }, default);
        if (entries != applied || requests.Exists(request => request.State == ChangeRequestState.Applying))
            throw new InvalidDataException($"{applied} requests are applied, {entries} entries say so ({path}).");
        return new(
            total.Kills + 1,
            total.Requests + requests.Count,
            total.Applied + applied,
            total.Voted + voted,
            total.Timers + named.Count
        );
    }

    private static ValueTask<IReadOnlyList<StoredResource>> PageAsync(IStore store, List<ChangeRequest> after) =>
        store.ListAsync(Workload.Tenant, ResourceKind.ChangeRequest, Workload.Project, after.LastOrDefault()?.Id, 500, default);
}
