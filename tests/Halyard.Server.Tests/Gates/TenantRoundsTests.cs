using System.Collections.Concurrent;
using Halyard.Server.Gates;

namespace Halyard.Server.Tests.Gates;

/// <summary>Rounds of many tenants: none waits for another's.</summary>
public sealed class TenantRoundsTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Tenant_WhoseSourcesHang_KeepsNobodyElseWaiting_AndHasOneRoundAtATime()
    {
        var never = new TaskCompletionSource();
        var begun = new ConcurrentQueue<string>();
        using var rounds = new TenantRounds(
            async (tenant, _) =>
            {
                begun.Enqueue(tenant);
                if (tenant == "slow")
                    await never.Task;
            }
        );
        for (var round = 0; round < 3; round++)
        {
            while (new[] { "acme", "beta" }.Any(quick => begun.Count(tenant => tenant == quick) <= round))
            {
                Cancellation.ThrowIfCancellationRequested();
                rounds.Begin(["slow", "acme", "beta"], Cancellation);
                await Task.Yield();
            }
        }

        begun.Count(tenant => tenant == "slow").ShouldBe(1);
        never.SetResult();
        await rounds.EndAsync();
        rounds.Begin(["slow"], Cancellation);
        await rounds.EndAsync();
        begun.Count(tenant => tenant == "slow").ShouldBe(2);
    }

    [Fact]
    public async Task Rounds_AreBoundedAllTogether()
    {
        var (now, most) = (0, 0);
        var full = new TaskCompletionSource();
        var go = new TaskCompletionSource();
        using var rounds = new TenantRounds(
            async (_, _) =>
            {
                var count = Interlocked.Increment(ref now);
                InterlockedMax(ref most, count);
                if (count == TenantRounds.MaxAtOnce)
                    full.TrySetResult();
                await go.Task;
                Interlocked.Decrement(ref now);
            }
        );
        rounds.Begin(Enumerable.Range(0, TenantRounds.MaxAtOnce * 3).Select(number => $"t{number}"), Cancellation);
        await full.Task.WaitAsync(TimeSpan.FromSeconds(30), Cancellation);
        go.SetResult();
        await rounds.EndAsync();

        most.ShouldBe(TenantRounds.MaxAtOnce);
    }

    private static void InterlockedMax(ref int place, int value)
    {
        int seen;
        while ((seen = Volatile.Read(ref place)) < value && Interlocked.CompareExchange(ref place, value, seen) != seen) { }
    }
}
