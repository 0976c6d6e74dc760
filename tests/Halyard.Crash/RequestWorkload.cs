using Halyard.Core.Approvals;
using Halyard.Core.Approvals.Bypasses;
using Halyard.Core.Changes;
using Halyard.Core.Changes.Approving;
using Halyard.Core.Changes.Bypassing;
using Halyard.Core.Flags;
using Halyard.Core.Storage;
using Halyard.Core.Storage.Privacy;
using Microsoft.Extensions.DependencyInjection;

namespace Halyard.Crash;

/// <summary>
/// Asks for changes, votes on them, passes approvals by and has timers act, through the real pipeline, until it is killed: in production
/// with two people's votes or in an emergency, in development at a time that has just come.
/// </summary>
internal sealed class RequestWorkload(IStore store, Governed world)
{
    private static readonly TimeSpan Lease = TimeSpan.FromMilliseconds(50);
    private static readonly Stream Output = Console.OpenStandardOutput();

    public static async Task RunAsync(CrashTarget target, int seed, int producers)
    {
        await using var provider = target.AddTo(new ServiceCollection()).BuildServiceProvider();
        var store = provider.GetRequiredService<IStore>();
        var world = new Governed(store, provider.GetRequiredService<PersonalVault>(), TimeProvider.System);
        var workload = new RequestWorkload(store, world);
        var each = Enumerable.Range(0, producers).ToList();
        await world.SetUpAsync([.. each.Select(producer => $"f{producer}"), .. each.Select(EmergencyFlag)]);
        var work = each.Select(producer => Task.Run(() => workload.ProduceAsync(new Random((seed * 1_000) + producer), producer)))
            .Append(Task.Run(workload.ElapseAsync))
            .Append(Task.Run(workload.ElapseAsync));
        await Task.WhenAll(work);
    }

    /// <summary>The flag that a producer changes by bypasses alone.</summary>
    private static string EmergencyFlag(int producer) => $"e{producer}";

    private async Task ProduceAsync(Random random, int producer)
    {
        while (true)
        {
            if (random.Next(4) == 0)
            {
                await BurnAsync(random, EmergencyFlag(producer));
                continue;
            }
            var isProduction = random.Next(3) > 0;
            var environment = isProduction ? "production" : "development";
            var now = TimeProvider.System.GetUtcNow();
            var window = isProduction ? null : new ScheduleWindow(now, now.AddHours(1));
            var change = Governed.Switch($"f{producer}", environment, random.Next(2) == 0, window);
            if (await world.SubmitAsync("s_dev", change) is not Outcome.Pending { Request: var request })
                continue;
            Output.Write("."u8);
            // Some are left alone, so that timers are there that must be.
            if (!isProduction || random.Next(4) == 0)
                continue;
            foreach (var voter in new[] { "s_lead", "s_owner" })
            {
                var vote = new RequestAct.Vote(request.Name, VoteKind.Approve, request.Hash, "");
                if (await world.SubmitAsync(voter, Change.On(vote)) is Outcome.Applied)
                    Output.Write("."u8);
            }
        }
    }

    /// <summary>Switches a flag on for a moment; at times both approvers approve it, perhaps when it is being undone.</summary>
    private async Task BurnAsync(Random random, string flag)
    {
        var on = Governed.Emergency(flag, on: true, TimeSpan.FromMilliseconds(random.Next(1, 60)));
        if (await world.SubmitAsync("s_oncall", on) is not Outcome.Applied applied)
            return;
        Output.Write("."u8);
        var name = applied.Revisions.Select(revision => revision.Name).Single(name => name.Kind == ResourceKind.Bypass);
        if (random.Next(2) == 0)
        {
            foreach (var approver in new[] { "s_lead", "s_owner" })
            {
                var bypass = await new BypassReader(store).FindAsync(Workload.Tenant, name.Key, default);
                await world.SubmitAsync(approver, Change.On(new BypassAct.Ratify(name, ""), bypass));
            }
        }
        // What was approved stays on until somebody switches it off for good.
        if (random.Next(2) == 0)
            await world.SubmitAsync("s_oncall", Governed.Emergency(flag, on: false, BypassTerms.MaxDuration));
    }

    /// <summary>Does what is due, then finishes: what lies between is where a kill may come.</summary>
    private async Task ElapseAsync()
    {
        while (true)
        {
            foreach (var taken in await store.TakeDueAsync(TimeProvider.System.GetUtcNow(), 4, Lease, default))
                await world.HandleAsync(taken);
        }
    }
}
