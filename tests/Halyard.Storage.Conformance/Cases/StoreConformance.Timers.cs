using Halyard.Core.Storage;
using Halyard.Storage.Conformance.Building;
using static Halyard.Storage.Conformance.Building.Names;

namespace Halyard.Storage.Conformance;

public abstract partial class StoreConformance
{
    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task Timer_ThatIsDue_IsTakenAsItWasSet_AndNotBefore()
    {
        var timer = new DurableTimer("request/cr_1/stage", Noon.AddMinutes(5), "request.stage", Flag("a"), 7);
        await CommittedAsync(Commit().Timing(new TimerWrite.Set(timer)));

        (await Store.NextTimerAsync(Cancellation)).ShouldBe(Noon.AddMinutes(5));
        (await TakeAsync(Noon.AddMinutes(5).AddMicroseconds(-1))).ShouldBeEmpty();
        var taken = (await TakeAsync(Noon.AddMinutes(5))).ShouldHaveSingleItem();

        taken.Timer.ShouldBe(timer);
        taken.Tenant.ShouldBe(Tenant);
        taken.Until.ShouldBe(Noon.AddMinutes(6));
        (await Store.NextTimerAsync(Cancellation)).ShouldBe(taken.Until, "nobody gets it before its lease is over");
        (await Store.FinishTimerAsync(taken, Cancellation)).ShouldBeTrue();
        (await Store.NextTimerAsync(Cancellation)).ShouldBeNull();
        (await TakeAsync(DateTimeOffset.MaxValue - Lease)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Timer_DueBetweenTwoMicroseconds_IsNotTakenBeforeIt()
    {
        await CommittedAsync(Commit().Timing(Set("a", Noon.AddTicks(1))));

        (await TakeAsync(Noon)).ShouldBeEmpty();
        (await TakeAsync(Noon.AddMicroseconds(1))).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Timers_OverdueAfterDowntime_AreTakenInDueOrder_WhateverTheirTenant()
    {
        await CommittedAsync(Commit().Timing(Set("c", Noon), Set("a", Noon.AddHours(2)), Set("b", Noon)));
        await CommitAsync(new CommitBuilder("another").Timing(Set("z", Noon), Set("y", Noon.AddHours(-1))));

        var first = await TakeAsync(Noon.AddDays(9), limit: 3);
        var second = await TakeAsync(Noon.AddDays(9), limit: 3);

        Told(first).ShouldBe(["another/y", "another/z", "default/b"]);
        Told(second).ShouldBe(["default/c", "default/a"]);
        first.Concat(second).Select(taken => taken.Fence).ShouldBeInOrder();
        first.Concat(second).Select(taken => taken.Fence).ShouldBeUnique();
    }

    [Fact]
    public async Task Timer_WhoseTakerDied_IsTakenByTheNextWhenItsLeaseIsOver_AndFinishedByThatOneAlone()
    {
        await CommittedAsync(Commit().Timing(Set("a", Noon)));
        var dead = (await TakeAsync(Noon)).ShouldHaveSingleItem();

        (await TakeAsync(Noon + Lease - TimeSpan.FromMicroseconds(1))).ShouldBeEmpty();
        var next = (await TakeAsync(Noon + Lease)).ShouldHaveSingleItem();

        next.Timer.ShouldBe(dead.Timer);
        next.Fence.ShouldBeGreaterThan(dead.Fence);
        (await Store.FinishTimerAsync(dead, Cancellation)).ShouldBeFalse();
        (await Store.FinishTimerAsync(next, Cancellation)).ShouldBeTrue();
        (await Store.FinishTimerAsync(next, Cancellation)).ShouldBeFalse();
    }

    [Fact]
    public async Task Timer_FinishedAfterItsLeaseWhileNobodyElseTookIt_IsFinished()
    {
        await CommittedAsync(Commit().Timing(Set("a", Noon)));
        var taken = (await TakeAsync(Noon)).ShouldHaveSingleItem();

        (await Store.FinishTimerAsync(taken, Cancellation)).ShouldBeTrue();

        (await TakeAsync(Noon.AddDays(1))).ShouldBeEmpty();
    }

    [Fact]
    public async Task Timers_TakenByManyAtOnce_AreTakenByOneEach()
    {
        for (var i = 0; i < 4; i++)
            await CommittedAsync(Commit().Timing([.. Enumerable.Range(0, 20).Select(n => Set($"{i}-{n}", Noon))]));

        var taken = await Task.WhenAll(
            Enumerable.Range(0, 16).Select(_ => Task.Run(() => TakeAsync(Noon, limit: 7), Cancellation))
        );

        var all = taken.SelectMany(timers => timers).ToList();
        all.Count.ShouldBe(80);
        all.Select(timer => timer.Timer.Id).ShouldBeUnique();
        all.Select(timer => timer.Fence).ShouldBeUnique();
    }

    [Fact]
    public async Task Timer_SetAnewWhileSomebodyHoldsIt_IsNotFinishedByWhomeverHeldTheOldOne()
    {
        await CommittedAsync(Commit().Timing(Set("a", Noon, attempt: 1)));
        var old = (await TakeAsync(Noon)).ShouldHaveSingleItem();

        await CommittedAsync(Commit().Timing(Set("a", Noon.AddSeconds(1), attempt: 2)));

        (await Store.FinishTimerAsync(old, Cancellation)).ShouldBeFalse();
        (await TakeAsync(Noon.AddSeconds(1))).ShouldHaveSingleItem().Timer.Attempt.ShouldBe(2);
    }

    [Fact]
    public async Task Timer_ClearedAndSetAnew_HasAFenceThatNobodyHolds()
    {
        await CommittedAsync(Commit().Timing(Set("a", Noon)));
        var old = (await TakeAsync(Noon)).ShouldHaveSingleItem();
        await CommittedAsync(Commit().Timing(new TimerWrite.Clear("a")));
        (await Store.NextTimerAsync(Cancellation)).ShouldBeNull();
        (await Store.FinishTimerAsync(old, Cancellation)).ShouldBeFalse();

        await CommittedAsync(Commit().Timing(Set("a", Noon)));
        (await Store.FinishTimerAsync(old, Cancellation)).ShouldBeFalse();
        (await TakeAsync(Noon)).ShouldHaveSingleItem().Fence.ShouldBeGreaterThan(old.Fence);
        (await Store.FinishTimerAsync(old, Cancellation)).ShouldBeFalse();
    }

    [Fact]
    public async Task Timers_SetClearedAndSetInOneCommit_AreAsTheLastLeavesThem()
    {
        await CommittedAsync(
            Commit()
                .Timing(
                    Set("a", Noon, attempt: 1),
                    new TimerWrite.Clear("a"),
                    Set("a", Noon.AddHours(1), attempt: 2),
                    Set("b", Noon),
                    new TimerWrite.Clear("b"),
                    new TimerWrite.Clear("never set")
                )
        );

        var only = (await TakeAsync(Noon.AddDays(1))).ShouldHaveSingleItem();
        (only.Timer.Id, only.Timer.Attempt, only.Timer.DueAt).ShouldBe(("a", 2L, Noon.AddHours(1)));
    }

    [Fact]
    public async Task Timers_OfACommitThatDoesNotTakeEffect_AreNeitherSetNorCleared()
    {
        await CommittedAsync(Commit().Put(Flag("a"), "f_a", 0, "1").Answer("key").Timing(Set("stays", Noon)));
        TimerWrite[] timers = [new TimerWrite.Clear("stays"), Set("new", Noon)];

        await ConflictAsync(Commit().Put(Flag("a"), "f_a", 0, "2").Timing(timers));
        (await CommitAsync(Commit().Answer("key").Timing(timers))).ShouldBeOfType<CommitResult.Duplicate>();
        // The id of an entry that is there: the transaction breaks after it began to write.
        await CommittedAsync(Commit().Id("01TAKEN"));
        await Should.ThrowAsync<Exception>(() => CommitAsync(Commit().Id("01TAKEN").Timing(timers)));

        (await TakeAsync(Noon)).ShouldHaveSingleItem().Timer.Id.ShouldBe("stays");
    }

    [Fact]
    public async Task Timers_OfOneTenant_AreNotClearedByAnother()
    {
        await CommittedAsync(Commit().Timing(Set("a", Noon)));
        await CommitAsync(new CommitBuilder("other").Timing(new TimerWrite.Clear("a"), Set("a", Noon, attempt: 2)));

        var taken = await TakeAsync(Noon);
        Told(taken).ShouldBe(["default/a", "other/a"]);
        (await Store.FinishTimerAsync(taken[0] with { Tenant = "other" }, Cancellation)).ShouldBeFalse();
        (await Store.FinishTimerAsync(taken[0] with { Tenant = "nobody" }, Cancellation)).ShouldBeFalse();
    }

    [Fact]
    public async Task Timers_BeyondTheirBounds_AreRefused()
    {
        var many = Enumerable.Range(0, TimerWrite.MaxPerCommit + 1).Select(i => Set($"{i}", Noon)).ToArray();
        Should.Throw<ArgumentException>(() => Commit().Timing(many).Build());
        Should.Throw<ArgumentException>(() => Commit().Timing(Set(new string('a', DurableTimer.MaxId + 1), Noon)).Build());
        Should.Throw<ArgumentException>(() => Commit().Timing(new TimerWrite.Clear("")).Build());
        var nameless = new DurableTimer("a", Noon, "", Flag("a"), 1);
        Should.Throw<ArgumentException>(() => Commit().Timing(new TimerWrite.Set(nameless)).Build());
        await Should.ThrowAsync<ArgumentOutOfRangeException>(() => TakeAsync(Noon, limit: 0));
        await Should.ThrowAsync<ArgumentOutOfRangeException>(() => TakeAsync(Noon, limit: ITimers.MaxTaken + 1));
        await Should.ThrowAsync<ArgumentOutOfRangeException>(async () =>
            await Store.TakeDueAsync(Noon, 1, TimeSpan.Zero, Cancellation)
        );
    }

    private async Task<IReadOnlyList<TakenTimer>> TakeAsync(DateTimeOffset now, int limit = 100) =>
        await Store.TakeDueAsync(now, limit, Lease, Cancellation);

    private static TimerWrite.Set Set(string id, DateTimeOffset due, long attempt = 1) =>
        new(new DurableTimer(id, due, "request.stage", Flag("a"), attempt));

    private static IEnumerable<string> Told(IEnumerable<TakenTimer> taken) =>
        taken.Select(timer => $"{timer.Tenant}/{timer.Timer.Id}");
}
