using Halyard.Server.Delivery;

namespace Halyard.Server.Tests.Delivery;

/// <summary>Delivery under failure: nothing lost, nothing out of order, duplicates known by their id.</summary>
public sealed class SinkWorkerTests : IAsyncLifetime
{
    private DeliveryWorld _world = null!;
    private StandIn _target = null!;

    private IEnumerable<long> Indexes => _target.Requests.Select(request => request.Index);

    public async ValueTask InitializeAsync()
    {
        _world = await DeliveryWorld.StartAsync();
        _target = await StandIn.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _target.DisposeAsync();
        _world.Dispose();
    }

    [Fact]
    public async Task NewSink_StartsBehindItsOwnCreation()
    {
        var sink = await _world.WebhookAsync(_target);
        await _world.CatchUpAsync(_world.Worker(sink));
        _target.Requests.ShouldBeEmpty();

        var first = await _world.ViewAsync(3);
        await _world.CatchUpAsync(_world.Worker(sink));

        Indexes.ShouldBe([first, first + 1, first + 2]);
    }

    [Fact]
    public async Task SinkFromTheFirstEntry_GetsTheWholeLogInOrder()
    {
        await _world.ViewAsync(3);
        var sink = await _world.WebhookAsync(_target, from: 0);

        await _world.CatchUpAsync(_world.Worker(sink));

        Indexes.ShouldBe(Enumerable.Range(0, (int)await _world.SizeAsync()).Select(index => (long)index));
    }

    [Fact]
    public async Task RecreatedSink_DoesNotInheritTheCursorOfItsPredecessor()
    {
        var sink = await _world.WebhookAsync(_target, "hook", from: 0);
        await _world.CatchUpAsync(_world.Worker(sink));
        var again = await _world.WebhookAsync(_target, "other", from: 2);

        _target.Requests.Clear();
        await _world.CatchUpAsync(_world.Worker(again));

        again.Id.ShouldNotBe(sink.Id);
        Indexes.First().ShouldBe(2);
    }

    [Fact]
    public async Task TargetThatFailsForAnHour_LosesNothing_AndGetsEverythingInOrderAfterwards()
    {
        var sink = await _world.WebhookAsync(_target);
        var worker = _world.Worker(sink);
        var end = _world.Time.Now.AddHours(1);
        _target.Answers(_ => new Reply(_world.Time.Now < end ? 500 : 200));
        var first = await _world.ViewAsync(20);

        await _world.CatchUpAsync(worker);

        var attempts = Indexes.ToList();
        attempts.Distinct().ShouldBe(Enumerable.Range((int)first, 20).Select(index => (long)index));
        attempts.ShouldBeInOrder();
        // Doubling up to five minutes: a handful at first, then some dozen, not one a second.
        attempts.Count(index => index == first).ShouldBeInRange(15, 40);
        var report = await _world.ReportAsync(sink);
        report.DeadLetters.ShouldBeEmpty();
        report.State.Failures.ShouldBe(0);
        report.State.LastError.ShouldBe("the target answered 500");
        report.Lag.Entries.ShouldBe(0);
    }

    [Fact]
    public async Task TargetThatIsDown_ShowsItsLag()
    {
        var sink = await _world.WebhookAsync(_target);
        _target.Answers(_ => new Reply(503));
        await _world.ViewAsync(7);
        await DeliveryWorld.RunAsync(_world.Worker(sink));
        _world.Time.Now += TimeSpan.FromMinutes(2);

        var report = await _world.ReportAsync(sink);

        report.Lag.ShouldBe(new SinkLag(7, TimeSpan.FromMinutes(2)));
        report.State.Failures.ShouldBe(1);
    }

    [Fact]
    public async Task TargetDownFor10000Entries_CatchesUpInOrder()
    {
        var sink = await _world.WebhookAsync(_target);
        var worker = _world.Worker(sink);
        _target.Answers(_ => new Reply(503));
        var first = await _world.FillAsync(10_000);
        await DeliveryWorld.RunAsync(worker);
        _target.Requests.Clear();

        _target.Answers(_ => new Reply(204));
        await _world.CatchUpAsync(worker);

        Indexes.ShouldBe(Enumerable.Range((int)first, 10_000).Select(index => (long)index));
    }

    [Fact]
    public async Task PoisonEntry_IsSetAsideAfterSomeTries_AndTheRestGoesOn()
    {
        var sink = await _world.WebhookAsync(_target);
        var first = await _world.ViewAsync(3);
        _target.Answers(request => new Reply(request.Index == first + 1 ? 422 : 200));

        await _world.CatchUpAsync(_world.Worker(sink));

        Indexes.Count(index => index == first + 1).ShouldBe(SinkWorker.MaxRefusals);
        Indexes.Distinct().ShouldBe([first, first + 1, first + 2, first + 3]);
        var letter = (await _world.ReportAsync(sink)).DeadLetters.ShouldHaveSingleItem();
        (letter.First, letter.Last, letter.Reason).ShouldBe((first + 1, first + 1, "the target answered 422"));
        var said = _target.Requests.Last().Json;
        said.GetProperty("type").GetString().ShouldBe("dev.halyard.audit.sink.dead_lettered");
        said.GetProperty("subject").GetString().ShouldBe("sink/hook");
    }

    [Fact]
    public async Task PoisonEntry_ThatTheTargetTakesLater_IsDeliveredByARetry()
    {
        var sink = await _world.WebhookAsync(_target);
        var first = await _world.ViewAsync();
        _target.Answers(request => new Reply(request.Index == first ? 400 : 200));
        await _world.CatchUpAsync(_world.Worker(sink));
        (await _world.Desk.RetryAsync(DeliveryWorld.Tenant, sink, TestContext.Current.CancellationToken)).ShouldBe(
            new SinkRetry(0, 1, "the target answered 400")
        );

        _target.Answers(_ => new Reply(200));
        _target.Requests.Clear();
        var retry = await _world.Desk.RetryAsync(DeliveryWorld.Tenant, sink, TestContext.Current.CancellationToken);

        retry.ShouldBe(new SinkRetry(1, 0, null));
        Indexes.ShouldBe([first]);
        (await _world.ReportAsync(sink)).DeadLetters.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(401)]
    [InlineData(403)]
    [InlineData(404)]
    [InlineData(408)]
    [InlineData(410)]
    [InlineData(429)]
    [InlineData(301)]
    [InlineData(503)]
    public async Task StatusThatSaysNothingOfTheMessage_NeverSetsItAside(int status)
    {
        var sink = await _world.WebhookAsync(_target);
        var worker = _world.Worker(sink);
        var first = await _world.ViewAsync();
        _target.Answers(_ => new Reply(status));
        for (var tries = 0; tries < SinkWorker.MaxRefusals * 2; tries++)
            _world.Time.Now += await DeliveryWorld.RunAsync(worker);

        (await _world.ReportAsync(sink)).DeadLetters.ShouldBeEmpty();
        _target.Answers(_ => new Reply(200));
        await _world.CatchUpAsync(worker);

        Indexes.ShouldAllBe(index => index == first);
        (await _world.StateAsync(sink)).Next.ShouldBe(first + 1);
    }

    [Fact]
    public async Task TooManyRequests_WithRetryAfter_IsWaitedForAsLongAsAsked()
    {
        var sink = await _world.WebhookAsync(_target);
        var worker = _world.Worker(sink);
        await _world.ViewAsync();
        _target.Answers(_ => new Reply(429, "", ("Retry-After", "120")));

        (await DeliveryWorld.RunAsync(worker)).ShouldBe(TimeSpan.FromSeconds(120));
        _world.Time.Now += TimeSpan.FromSeconds(119);
        await DeliveryWorld.RunAsync(worker);
        _target.Requests.Count.ShouldBe(1);

        _world.Time.Now += TimeSpan.FromSeconds(1);
        await DeliveryWorld.RunAsync(worker);
        _target.Requests.Count.ShouldBe(2);
    }

    [Fact]
    public async Task RetryAfter_OfYears_IsCutToAnHour()
    {
        var sink = await _world.WebhookAsync(_target);
        await _world.ViewAsync();
        _target.Answers(_ => new Reply(503, "", ("Retry-After", "999999999")));

        (await DeliveryWorld.RunAsync(_world.Worker(sink))).ShouldBe(TimeSpan.FromHours(1));
    }

    [Fact]
    public async Task KilledBetweenSendingAndTheCursor_SendsTheSameIdAgain()
    {
        var sink = await _world.WebhookAsync(_target);
        var first = await _world.ViewAsync(2);
        var killed = _world.Worker(sink);
        _target.Answers(_ =>
        {
            _world.Marks.IsBroken = true;
            return new Reply(200);
        });
        await Should.ThrowAsync<IOException>(() => DeliveryWorld.RunAsync(killed));

        _world.Marks.IsBroken = false;
        _target.Answers(_ => new Reply(200));
        await _world.CatchUpAsync(_world.Worker(sink, "node-2"));

        Indexes.ShouldBe([first, first, first + 1]);
        var (one, two) = (_target.Requests.First(), _target.Requests.Skip(1).First());
        two.Json.GetProperty("id").GetString().ShouldBe(one.Json.GetProperty("id").GetString());
        two.Json.GetProperty("source").GetString().ShouldBe(one.Json.GetProperty("source").GetString());
        two.Headers["webhook-id"].ShouldBe(one.Headers["webhook-id"]);
    }

    [Fact]
    public async Task TwoWorkers_DeliverEachEntryOnce_OneAfterTheOther()
    {
        var sink = await _world.WebhookAsync(_target);
        var (one, other) = (_world.Worker(sink, "node-1"), _world.Worker(sink, "node-2"));
        var first = await _world.ViewAsync(5);

        await DeliveryWorld.RunAsync(one);
        (await DeliveryWorld.RunAsync(other)).ShouldBe(TimeSpan.FromSeconds(30), "the other holds the lease");
        await _world.ViewAsync(5);
        await DeliveryWorld.RunAsync(one);
        await one.ReleaseAsync(TestContext.Current.CancellationToken);
        await _world.ViewAsync(5);
        await _world.CatchUpAsync(other);
        await DeliveryWorld.RunAsync(one);

        Indexes.ShouldBe(Enumerable.Range((int)first, 15).Select(index => (long)index));
    }

    [Fact]
    public async Task TwoWorkersAtOnce_LeaveNoGapAndNoDisorder()
    {
        var sink = await _world.WebhookAsync(_target);
        var first = await _world.ViewAsync(200);

        await Task.WhenAll(
            Task.Run(() => _world.CatchUpAsync(_world.Worker(sink, "node-1")), TestContext.Current.CancellationToken),
            Task.Run(() => _world.CatchUpAsync(_world.Worker(sink, "node-2")), TestContext.Current.CancellationToken)
        );

        Indexes.Distinct().ShouldBe(Enumerable.Range((int)first, 200).Select(index => (long)index));
        (await _world.StateAsync(sink)).Next.ShouldBe(first + 200);
    }

    [Fact]
    public async Task WorkerThatLostItsLeaseUnawares_CannotMoveTheCursorBack()
    {
        var sink = await _world.WebhookAsync(_target);
        var (slow, quick) = (_world.Worker(sink, "slow"), _world.Worker(sink, "quick"));
        var first = await _world.ViewAsync(3);
        var overtaken = false;
        _target.Answer = async _ =>
        {
            if (!overtaken)
            {
                overtaken = true;
                _world.Time.Now += TimeSpan.FromSeconds(31);
                await DeliveryWorld.RunAsync(quick);
            }
            return new Reply(200);
        };

        await slow.StepAsync(TestContext.Current.CancellationToken);

        (await _world.StateAsync(sink)).Next.ShouldBe(first + 3);
        Indexes.ShouldBe([first, first, first + 1, first + 2]);
        (await DeliveryWorld.RunAsync(slow)).ShouldBeGreaterThan(SinkWorker.Poll);
    }

    [Fact]
    public async Task Restart_GoesOnAtTheCursor()
    {
        var sink = await _world.WebhookAsync(_target);
        var first = await _world.ViewAsync(2);
        var before = _world.Worker(sink, "before");
        await DeliveryWorld.RunAsync(before);
        await before.ReleaseAsync(TestContext.Current.CancellationToken);

        await _world.ViewAsync(2);
        await _world.CatchUpAsync(_world.Worker(sink, "after"));

        Indexes.ShouldBe([first, first + 1, first + 2, first + 3]);
    }

    [Fact]
    public async Task SinksThatRefuseEverything_DoNotKeepEachOtherBusyForEver()
    {
        var sinks = new[] { await _world.WebhookAsync(_target, "one"), await _world.WebhookAsync(_target, "two") };
        _target.Answers(_ => new Reply(422));
        var workers = sinks.Select(sink => _world.Worker(sink)).ToList();
        var size = await _world.ViewAsync(2) + 2;

        // Each time round delivers what the time before made.
        for (var round = 0; round < 5; round++)
        {
            foreach (var worker in workers)
                await _world.CatchUpAsync(worker);
        }

        // One creation of a sink and two views refused by the one, two views by the other.
        (await _world.SizeAsync()).ShouldBe(size + 5);
        workers.ShouldAllBe(worker => worker.Next == size + 5);
        (await _world.ReportAsync(sinks[1])).DeadLetters.Count.ShouldBe(7);
    }

    [Fact]
    public async Task ChangeOfASinksSettings_KeepsItsCursor()
    {
        var sink = await _world.WebhookAsync(_target);
        await _world.ViewAsync(2);
        await _world.CatchUpAsync(_world.Worker(sink));
        var next = await _world.SizeAsync();

        var changed = await _world.UpdateAsync(
            "hook",
            $$"""{"kind":"webhook","target":"{{_target.Address}}/other","secret":"hooks"}"""
        );
        _target.Requests.Clear();
        await _world.CatchUpAsync(_world.Worker(changed));

        _target.Requests.ShouldHaveSingleItem().Path.ShouldBe("/other");
        Indexes.ShouldBe([next]);
    }

    [Fact]
    public async Task MissingSecret_IsSaidByItsName_AndNothingIsSent()
    {
        var sink = await _world.WebhookAsync(_target);
        _world.Secret("hooks", "");
        await _world.ViewAsync();

        await DeliveryWorld.RunAsync(_world.Worker(sink));

        _target.Requests.ShouldBeEmpty();
        var error = (await _world.StateAsync(sink)).LastError;
        error.ShouldBe(
            "there is no secret 'hooks' for tenant 'acme' in the configuration (Halyard:Secrets:hooks, Halyard:Secrets:hooks:Tenants)"
        );
    }
}
