using Halyard.Core.Approvals;
using Halyard.Core.Approvals.Bypasses;
using Halyard.Core.Audit;
using Halyard.Core.Flags;
using Halyard.Core.Reading;
using Halyard.Core.Storage;
using Halyard.Core.Storage.Privacy;
using Halyard.Evaluation.Definitions;
using Microsoft.Extensions.DependencyInjection;

namespace Halyard.Crash;

/// <summary>Kills a process in which people vote, changes are applied and timers act, and looks at every change request after each.</summary>
/// <param name="Kills">How often the process was killed.</param>
/// <param name="Requests">How many change requests the stores held.</param>
/// <param name="Applied">How many of them were applied, each once.</param>
/// <param name="Voted">How many of these by people's votes, not by a timer.</param>
/// <param name="Timers">How many timers they had left, each the one that its request or bypass names.</param>
/// <param name="Bypasses">How many bypasses took effect, each once.</param>
/// <param name="Reverted">How many of these were undone by themselves.</param>
/// <param name="Ratified">How many were approved before that.</param>
public sealed record RequestCrashRun(
    int Kills,
    int Requests,
    int Applied,
    int Voted,
    int Timers,
    int Bypasses,
    int Reverted,
    int Ratified
)
{
    // Requests made and votes cast, before a kill.
    private const int MostSaid = 120;

    /// <summary>Runs so many kills, each on a store of its own.</summary>
    /// <exception cref="InvalidDataException">A request was applied twice or in part, or it and its timers disagree.</exception>
    internal static async Task<RequestCrashRun> RunAsync(CrashStores stores, int kills, int seed)
    {
        var random = new Random(seed);
        var total = new RequestCrashRun(0, 0, 0, 0, 0, 0, 0, 0);
        for (var kill = 0; kill < kills; kill++)
        {
            var target = stores.Next();
            var (patience, said) = (TimeSpan.FromMilliseconds(random.Next(50)), random.Next(1, MostSaid));
            await Victim.KillAsync("requests", target, seed + kill, patience, said);
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

    private static async Task<RequestCrashRun> CheckAsync(CrashTarget target, RequestCrashRun total)
    {
        await using var provider = target.AddTo(new ServiceCollection()).BuildServiceProvider();
        var store = provider.GetRequiredService<IStore>();
        // The log, its tree, the state and what may have been applied in part.
        await new StoreCheck(store, provider.GetRequiredService<PersonalVault>()).RunAsync([]);
        var requests = new List<ChangeRequest>();
        while (await PageAsync(store, requests) is { Count: > 0 } page)
            requests.AddRange(page.Select(stored => (ChangeRequest)ResourceDocuments.Read(stored.Name, stored.Document)));

        var bypasses = (await store.ListAsync(Workload.Tenant, ResourceKind.Bypass, "", null, int.MaxValue, default))
            .Select(stored => (EmergencyBypass)ResourceDocuments.Read(stored.Name, stored.Document))
            .ToList();
        await CheckEmergenciesAsync(store, bypasses, target);

        var late = TimeProvider.System.GetUtcNow() + TimeSpan.FromDays(400);
        var rows = (await store.TakeDueAsync(late, ITimers.MaxTaken, TimeSpan.FromDays(1), default))
            .Select(taken => $"{taken.Timer.Id} {taken.Timer.Attempt}")
            .ToHashSet(StringComparer.Ordinal);
        var named = requests
            .SelectMany(request => request.Timers.Select(timer => $"{request.Id}/{WireNames.Of(timer.Kind)} {timer.Attempt}"))
            .Concat(
                bypasses.SelectMany(bypass =>
                    BypassTimer.Of(bypass).Select(timer => $"bypass/{bypass.Id}/{WireNames.Of(timer.Kind)} {timer.Due.UtcTicks}")
                )
            )
            .ToHashSet(StringComparer.Ordinal);
        if (rows.Count < ITimers.MaxTaken && !rows.SetEquals(named))
            throw new InvalidDataException(
                $"Timers without a request: {string.Join(", ", rows.Except(named))}; without a row: {string.Join(", ", named.Except(rows))} ({target})."
            );

        var done = requests.FindAll(request => request.State == ChangeRequestState.Applied);
        var (applied, voted) = (done.Count, done.Count(request => request.Votes.Count > 0));
        var entries = await store.CountAsync(Workload.Tenant, new AuditQuery { Actions = ["change_request.applied"] }, default);
        if (entries != applied || requests.Exists(request => request.State == ChangeRequestState.Applying))
            throw new InvalidDataException($"{applied} requests are applied, {entries} entries say so ({target}).");
        return new(
            total.Kills + 1,
            total.Requests + requests.Count,
            total.Applied + applied,
            total.Voted + voted,
            total.Timers + named.Count,
            total.Bypasses + bypasses.Count(bypass => bypass.Times.Applied is not null),
            total.Reverted + bypasses.Count(bypass => bypass.State == BypassState.Reverted),
            total.Ratified + bypasses.Count(bypass => bypass.State == BypassState.Ratified)
        );
    }

    /// <summary>Each took effect once, and was undone or approved but never both; a flag is as the last bypass of it says.</summary>
    private static async Task CheckEmergenciesAsync(IStore store, List<EmergencyBypass> bypasses, CrashTarget target)
    {
        foreach (
            var (action, told) in new[]
            {
                ("bypass.applied", (BypassState?)null),
                ("bypass.reverted", BypassState.Reverted),
                ("bypass.ratified", BypassState.Ratified),
            }
        )
        {
            var entries = await store.CountAsync(Workload.Tenant, new AuditQuery { Actions = [action] }, default);
            var count = bypasses.Count(bypass => told is null ? bypass.Times.Applied is not null : bypass.State == told);
            // Of several who must ratify each one's word is an entry.
            if (entries < count || (told is not BypassState.Ratified && entries != count))
                throw new InvalidDataException($"{count} times {action}, {entries} entries say so ({target}).");
        }
        foreach (
            var last in bypasses.GroupBy(bypass => bypass.Effect.Flag).Select(same => same.MaxBy(bypass => bypass.Effect.Made)!)
        )
        {
            var name = Flag.NameOf(Workload.Project, last.Effect.Flag);
            var stored = (await store.LoadAsync(Workload.Tenant, [name], [], default)).Resources[name];
            var flag = (Flag)ResourceDocuments.Read(name, stored.Document);
            var isOn = flag.Environments.TryGetValue("production", out var there) && there.Settings.Enabled;
            var shouldBe = last.Kind == BypassKind.Temporary && last.State is BypassState.Applied or BypassState.Ratified;
            if (isOn != shouldBe)
                throw new InvalidDataException(
                    $"'{last.Effect.Flag}' is {(isOn ? "on" : "off")} after a bypass that is {last.State} ({target})."
                );
        }
    }

    private static ValueTask<IReadOnlyList<StoredResource>> PageAsync(IStore store, List<ChangeRequest> after) =>
        store.ListAsync(Workload.Tenant, ResourceKind.ChangeRequest, Workload.Project, after.LastOrDefault()?.Id, 500, default);
}
