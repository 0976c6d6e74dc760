using System.Globalization;
using Halyard.Core.Approvals;
using Halyard.Core.Approvals.Bypasses;
using Halyard.Core.Audit;
using Halyard.Core.Changes;
using Halyard.Core.Changes.Approving;
using Halyard.Core.Changes.Bypassing;
using Halyard.Core.Flags;
using Halyard.Core.Reading;
using Halyard.Core.Storage;
using Halyard.Core.Storage.Privacy;
using Halyard.Storage.Sqlite;
using Microsoft.Extensions.DependencyInjection;

namespace Halyard.Crash;

/// <summary>What may be the last thing that a process does on the way of a change that needs approval.</summary>
internal enum ApprovalStep
{
    /// <summary>Somebody asks.</summary>
    Ask,

    /// <summary>The last vote, which applies the change.</summary>
    Vote,

    /// <summary>The timer with which a window begins, which applies the change.</summary>
    Window,

    /// <summary>The timer of a stage that took too long.</summary>
    Stage,

    /// <summary>An emergency bypass begins.</summary>
    Bypass,

    /// <summary>The timer with which a bypass is undone.</summary>
    Revert,

    /// <summary>The last approval of a bypass afterwards.</summary>
    Ratify,
}

/// <summary>
/// Kills a process with SIGKILL at each call of the store on the way, one after the other: whatever it was at is done or is not, and
/// done again it is done once.
/// </summary>
internal sealed class AwaitCrashRun : IDisposable
{
    private const string Tried = "f";
    private const string Key = "the-same-key";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("halyard-awaits-");

    private AwaitCrashRun() { }

    /// <summary>Kills at each await of each step, or at every so-manieth of all: how many there are, and kills.</summary>
    /// <exception cref="InvalidDataException">Something was done in part, twice or never.</exception>
    public static async Task<(int Awaits, int Kills)> RunAsync(int stride)
    {
        using var run = new AwaitCrashRun();
        var (awaits, kills) = (0, 0);
        foreach (var step in Enum.GetValues<ApprovalStep>())
        {
            var ready = run._folder.CreateSubdirectory($"{step}");
            await OnAsync(FileIn(ready), TimeProvider.System, (store, vault) => MakeReadyAsync(step, store, vault));
            var count = await run.CountAsync(ready, step);
            for (var deadly = 1; deadly <= count; deadly++)
            {
                if (awaits++ % stride != 0)
                    continue;
                await run.KillAsync(ready, step, deadly);
                kills++;
            }
        }
        return (awaits, kills);
    }

    /// <summary>What gets killed: does the step on a file that was made ready for it.</summary>
    public static Task DieAsync(string file, ApprovalStep step, int deadly) =>
        OnAsync(file, TimeOf(step), (store, vault) => DoAsync(step, store, DeadlyStore.Around(store, deadly), vault));

    public void Dispose() => _folder.Delete(recursive: true);

    /// <summary>How many calls of the store a step has.</summary>
    private async Task<int> CountAsync(DirectoryInfo ready, ApprovalStep step)
    {
        var count = 0;
        await OnAsync(
            Copy(ready, step, 0),
            TimeOf(step),
            async (store, vault) =>
            {
                var counting = DeadlyStore.Around(store, int.MaxValue);
                await DoAsync(step, store, counting, vault);
                count = DeadlyStore.CallsOf(counting);
                await CheckWholeAsync(step, store, vault, least: 1);
            }
        );
        return count;
    }

    private async Task KillAsync(DirectoryInfo ready, ApprovalStep step, int deadly)
    {
        var file = Copy(ready, step, deadly);
        if (!await Victim.DieAsync(file, step, deadly))
            throw new InvalidDataException($"'{step}' was over before its call {deadly} of the store.");
        await OnAsync(file, TimeOf(step), (store, vault) => CheckAsync(step, store, vault));
    }

    private string Copy(DirectoryInfo ready, ApprovalStep step, int number)
    {
        var copy = _folder.CreateSubdirectory(string.Create(CultureInfo.InvariantCulture, $"{step}-{number}"));
        foreach (var file in ready.GetFiles())
            file.CopyTo(Path.Combine(copy.FullName, file.Name));
        return FileIn(copy);
    }

    private static string FileIn(DirectoryInfo folder) => Path.Combine(folder.FullName, "halyard.db");

    /// <summary>When the step comes, as against when it was made ready.</summary>
    private static ShiftedClock TimeOf(ApprovalStep step) =>
        new(
            step switch
            {
                ApprovalStep.Window or ApprovalStep.Revert => TimeSpan.FromHours(2),
                ApprovalStep.Stage => TimeSpan.FromHours(25),
                _ => TimeSpan.Zero,
            }
        );

    /// <summary>Everything that comes before the step.</summary>
    private static async Task MakeReadyAsync(ApprovalStep step, IStore store, PersonalVault vault)
    {
        var world = new Governed(store, vault, TimeProvider.System);
        await world.SetUpAsync([Tried]);
        var soon = TimeProvider.System.GetUtcNow().AddHours(1);
        switch (step)
        {
            case ApprovalStep.Vote:
                await world.SubmitAsync("s_dev", Governed.Switch(Tried, "production", on: true));
                await world.SubmitAsync("s_lead", await VoteAsync(store));
                break;
            case ApprovalStep.Stage:
                await world.SubmitAsync("s_dev", Governed.Switch(Tried, "production", on: true));
                break;
            case ApprovalStep.Window:
                var window = new ScheduleWindow(soon, soon.AddDays(1));
                await world.SubmitAsync("s_dev", Governed.Switch(Tried, "development", on: true, window));
                break;
            case ApprovalStep.Revert or ApprovalStep.Ratify:
                await world.SubmitAsync("s_oncall", Governed.Emergency(Tried, on: true, TimeSpan.FromHours(1)));
                if (step == ApprovalStep.Ratify)
                    await world.SubmitAsync("s_lead", await RatificationAsync(store));
                break;
        }
    }

    /// <summary>The step itself, always sent under the same key.</summary>
    private static async Task DoAsync(ApprovalStep step, IStore store, IStore deadly, PersonalVault vault)
    {
        var time = TimeOf(step);
        var world = new Governed(deadly, vault, time);
        switch (step)
        {
            case ApprovalStep.Ask:
                await world.SubmitAsync("s_dev", Governed.Switch(Tried, "production", on: true), Key);
                break;
            case ApprovalStep.Vote:
                await world.SubmitAsync("s_owner", await VoteAsync(store), Key);
                break;
            case ApprovalStep.Bypass:
                await world.SubmitAsync("s_oncall", Governed.Emergency(Tried, on: true, TimeSpan.FromHours(1)), Key);
                break;
            case ApprovalStep.Ratify:
                await world.SubmitAsync("s_owner", await RatificationAsync(store), Key);
                break;
            default:
                while (await deadly.TakeDueAsync(time.GetUtcNow(), 1, TimeSpan.FromTicks(1), default) is [var taken])
                    await world.HandleAsync(taken);
                break;
        }
    }

    /// <summary>All or nothing happened; sent again, all did, once.</summary>
    private static async Task CheckAsync(ApprovalStep step, IStore store, PersonalVault vault)
    {
        await CheckWholeAsync(step, store, vault, least: 0);
        await DoAsync(step, store, store, vault);
        await CheckWholeAsync(step, store, vault, least: 1);
    }

    private static async Task CheckWholeAsync(ApprovalStep step, IStore store, PersonalVault vault, int least)
    {
        await new StoreCheck(store, vault).RunAsync([]);
        var (action, environment, isOnBefore, isOnAfter) = step switch
        {
            ApprovalStep.Ask => ("change_request.created", "production", false, false),
            ApprovalStep.Vote => ("change_request.applied", "production", false, true),
            ApprovalStep.Window => ("change_request.applied", "development", false, true),
            ApprovalStep.Stage => ("change_request.rejected", "production", false, false),
            ApprovalStep.Bypass => ("bypass.applied", "production", false, true),
            ApprovalStep.Revert => ("bypass.reverted", "production", true, false),
            ApprovalStep.Ratify => ("bypass.ratified", "production", true, true),
            _ => throw new InvalidOperationException($"{step} is no step."),
        };
        var entries = await store.CountAsync(Workload.Tenant, new AuditQuery { Actions = [action] }, default);
        if (entries < least || entries > 1)
            throw new InvalidDataException($"{step}: {entries} entries say {action}.");
        var name = Flag.NameOf(Workload.Project, Tried);
        var stored = (await store.LoadAsync(Workload.Tenant, [name], [], default)).Resources[name];
        var flag = (Flag)ResourceDocuments.Read(name, stored.Document);
        var isOn = flag.Environments.TryGetValue(environment, out var there) && there.Settings.Enabled;
        if (isOn != (entries == 0 ? isOnBefore : isOnAfter))
            throw new InvalidDataException($"{step}: {entries} entries say {action}, and the flag is {(isOn ? "on" : "off")}.");
    }

    private static async Task<Change> VoteAsync(IStore store)
    {
        var request = (ChangeRequest)await OnlyAsync(store, ResourceKind.ChangeRequest, Workload.Project);
        return Change.On(new RequestAct.Vote(request.Name, VoteKind.Approve, request.Hash, ""));
    }

    private static async Task<Change> RatificationAsync(IStore store)
    {
        var bypass = (EmergencyBypass)await OnlyAsync(store, ResourceKind.Bypass, "");
        return Change.On(new BypassAct.Ratify(bypass.Name, ""), bypass);
    }

    private static async Task<Resource> OnlyAsync(IStore store, ResourceKind kind, string project)
    {
        var stored = (await store.ListAsync(Workload.Tenant, kind, project, null, 2, default)).Single();
        return ResourceDocuments.Read(stored.Name, stored.Document);
    }

    private static async Task OnAsync(string file, TimeProvider time, Func<IStore, PersonalVault, Task> act)
    {
        await using var provider = new ServiceCollection()
            .AddSingleton(time)
            .AddHalyardSqlite(new SqliteStoreOptions { Path = file })
            .BuildServiceProvider();
        await act(provider.GetRequiredService<IStore>(), provider.GetRequiredService<PersonalVault>());
    }

    private sealed class ShiftedClock(TimeSpan by) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + by;
    }
}
