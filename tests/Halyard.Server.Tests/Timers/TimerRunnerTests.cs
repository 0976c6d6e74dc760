using Halyard.Core.Flags;
using Halyard.Core.Storage;
using Halyard.Server.Timers;
using Halyard.Storage.Conformance.Building;
using Halyard.Storage.Conformance.InMemory;
using Microsoft.Extensions.Logging.Abstractions;

namespace Halyard.Server.Tests.Timers;

/// <summary>What is due is handled once, in order, whatever dies meanwhile.</summary>
public sealed class TimerRunnerTests
{
    private static readonly DateTimeOffset Noon = CommitBuilder.Noon;

    private readonly MovedTime _time = new() { Now = Noon };
    private readonly InMemoryStore _store = new();
    private readonly List<string> _handled = [];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Timers_OverdueAfterDowntime_AreHandledInDueOrderByTheHandlerOfTheirKind()
    {
        await SetAsync("late", Noon.AddHours(-1), "b");
        await SetAsync("latest", Noon.AddHours(-2), "a");
        await SetAsync("now", Noon, "a");
        await SetAsync("future", Noon.AddSeconds(3), "a");
        var runner = Runner(Handler("a"), Handler("b"));

        var next = await runner.PassAsync(Cancel);

        _handled.ShouldBe(["a latest", "b late", "a now"]);
        next.ShouldBe(Noon.AddSeconds(3));
        _time.Now = next;
        (await runner.PassAsync(Cancel)).ShouldBe(next.AddSeconds(5), "nothing is left, and others may set some");
        _handled.ShouldBe(["a latest", "b late", "a now", "a future"]);
    }

    [Fact]
    public async Task Timer_SetByAHandler_IsHandledInTheSamePass_BeforeWhatIsDueLater()
    {
        await SetAsync("first", Noon.AddHours(-3));
        await SetAsync("last", Noon.AddHours(-1));
        var runner = Runner(
            new Handler(
                "a",
                async taken =>
                {
                    _handled.Add(taken.Timer.Id);
                    if (taken.Timer.Id == "first")
                        await SetAsync("next", Noon.AddHours(-2));
                }
            )
        );

        await runner.PassAsync(Cancel);

        _handled.ShouldBe(["first", "next", "last"]);
    }

    [Fact]
    public async Task Timer_WhoseHandlerThrows_DoesNotHoldUpOthers_AndIsTriedAgainWhenItsLeaseIsOver()
    {
        await SetAsync("broken", Noon.AddHours(-1));
        await SetAsync("fine", Noon);
        var broken = true;
        var runner = Runner(
            new Handler(
                "a",
                taken =>
                {
                    _handled.Add(taken.Timer.Id);
                    return broken && taken.Timer.Id == "broken"
                        ? throw new InvalidOperationException("not foreseen")
                        : ValueTask.CompletedTask;
                }
            )
        );

        await runner.PassAsync(Cancel);
        await runner.PassAsync(Cancel);
        _handled.ShouldBe(["broken", "fine"]);

        _time.Now += TimerRunner.Lease;
        broken = false;
        await runner.PassAsync(Cancel);
        await runner.PassAsync(Cancel);
        _handled.ShouldBe(["broken", "fine", "broken"]);
        (await _store.NextTimerAsync(Cancel)).ShouldBeNull();
    }

    [Fact]
    public async Task Timer_OfAKindThatNobodyHandles_IsKeptForAServerThatDoes()
    {
        await SetAsync("x", Noon, "newer");
        await Runner(Handler("a")).PassAsync(Cancel);
        _handled.ShouldBeEmpty();

        _time.Now += TimerRunner.Lease;
        await Runner(Handler("newer")).PassAsync(Cancel);

        _handled.ShouldBe(["newer x"]);
    }

    [Fact]
    public async Task Timer_HandledByAServerThatDiesBeforeItFinishes_IsHandledAgainByTheNext()
    {
        await SetAsync("x", Noon);
        var dead = (await _store.TakeDueAsync(Noon, 1, TimerRunner.Lease, Cancel)).ShouldHaveSingleItem();
        var runner = Runner(Handler("a"));
        await runner.PassAsync(Cancel);
        _handled.ShouldBeEmpty("the other may still be at it");

        _time.Now += TimerRunner.Lease;
        await runner.PassAsync(Cancel);

        _handled.ShouldBe(["a x"]);
        (await _store.FinishTimerAsync(dead, Cancel)).ShouldBeFalse();
    }

    [Fact]
    public async Task Timers_OnManyServersAtOnce_AreHandledOnceEach()
    {
        for (var i = 0; i < 40; i++)
            await SetAsync($"t{i}", Noon);
        var gate = new Lock();
        Handler Counting() =>
            new(
                "a",
                async taken =>
                {
                    await Task.Yield();
                    lock (gate)
                        _handled.Add(taken.Timer.Id);
                }
            );

        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => Runner(Counting()).PassAsync(Cancel), Cancel)));

        _handled.Count.ShouldBe(40);
        _handled.ShouldBeUnique();
    }

    [Fact]
    public async Task Timer_SetAnewWhileItIsHandled_StaysForItsNewTime()
    {
        await SetAsync("x", Noon);
        var runner = Runner(new Handler("a", async taken => await SetAsync("x", Noon.AddHours(1), attempt: 2)));

        await runner.PassAsync(Cancel);

        (await _store.NextTimerAsync(Cancel)).ShouldBe(Noon.AddHours(1));
    }

    [Fact]
    public async Task HostedRunner_WakesWhenTheNextTimerIsDue_AndStopsWhenTold()
    {
        await SetAsync("x", Noon.AddSeconds(2));
        var handled = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        var runner = Runner(
            new Handler(
                "a",
                taken =>
                {
                    handled.SetResult(taken.Timer.Id);
                    return ValueTask.CompletedTask;
                }
            )
        );
        await runner.StartAsync(Cancel);
        (await _time.Asked.ReadAsync(Cancel)).ShouldBe(TimeSpan.FromSeconds(2));
        handled.Task.IsCompleted.ShouldBeFalse();

        _time.Elapse(TimeSpan.FromSeconds(2));

        (await handled.Task.WaitAsync(Cancel)).ShouldBe("x");
        await runner.StopAsync(Cancel);
    }

    [Fact]
    public async Task Defect052_TimerFarAway_IsNotHandledBeforeItIsDue()
    {
        await SetAsync("x", Noon.AddDays(400));
        var runner = Runner(Handler("a"));

        (await runner.PassAsync(Cancel)).ShouldBe(Noon.AddSeconds(5), "nobody waits for longer than a wait can be");
        _handled.ShouldBeEmpty();

        _time.Now = Noon.AddDays(400);
        await runner.PassAsync(Cancel);
        _handled.ShouldBe(["a x"]);
    }

    [Fact]
    public void TwoHandlersOfOneKind_AreRefusedAtTheStart() =>
        Should.Throw<ArgumentException>(() => Runner(Handler("a"), Handler("a")));

    private TimerRunner Runner(params ITimerHandler[] handlers) => new(_store, handlers, _time, NullLogger<TimerRunner>.Instance);

    private Handler Handler(string kind) =>
        new(
            kind,
            taken =>
            {
                _handled.Add($"{kind} {taken.Timer.Id}");
                return ValueTask.CompletedTask;
            }
        );

    private async Task SetAsync(string id, DateTimeOffset due, string kind = "a", long attempt = 1)
    {
        var timer = new DurableTimer(id, due, kind, new ResourceName(ResourceKind.Flag, "web", "f"), attempt);
        var commit = new CommitBuilder().At(_time.Now).Timing(new TimerWrite.Set(timer)).Build();
        (await _store.CommitAsync(commit, Cancel)).ShouldBeOfType<CommitResult.Committed>();
    }
}

/// <summary>Handles as a test says.</summary>
internal sealed class Handler(string kind, Func<TakenTimer, ValueTask> handle) : ITimerHandler
{
    public string Kind => kind;

    public ValueTask HandleAsync(TakenTimer taken, CancellationToken cancellationToken) => handle(taken);
}
