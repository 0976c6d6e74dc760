using System.Text.Json;
using System.Threading.Channels;
using Halyard.Server.Jobs;

namespace Halyard.Server.Tests.Jobs;

/// <summary>Work that outlives processes: done by one at a time, ended once, and the log knows.</summary>
public sealed class JobRunnerTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Job_RunsToItsEnd_AndTheLogIsToldOnce()
    {
        var world = await JobWorld.StartAsync();
        var kind = new Steps("count");
        var runner = world.Server(null, kind);
        var id = await world.StartJobAsync("count");
        kind.Go(10);

        await PassAsync(runner);
        await PassAsync(runner);

        var job = await world.JobAsync(id);
        (job.Status, job.Done, job.Total, job.Attempts).ShouldBe((JobStatus.Finished, 3, 3, 1));
        kind.Done.ShouldBe([0, 1, 2]);
        var end = (await world.ToldAsync("job.finished")).ShouldHaveSingleItem();
        end.GetProperty("outcome").GetProperty("ok").GetBoolean().ShouldBeTrue();
        end.GetProperty("actor").GetProperty("sid").GetString().ShouldBe("system");
        end.GetProperty("actor").GetProperty("obo").GetString().ShouldBe("s_1");
        var told = (await world.ToldAsync("log.exported")).ShouldHaveSingleItem();
        told.GetProperty("idx").GetInt64().ShouldBeLessThan(end.GetProperty("idx").GetInt64());
        kind.Abandoned.ShouldBe(0);
    }

    [Fact]
    public async Task Job_OfAProcessThatDies_IsFinishedByTheNext_WhereverItDied()
    {
        for (var writes = 0; ; writes++)
        {
            var world = await JobWorld.StartAsync();
            var kind = new Steps("count");
            kind.Go(100);
            var id = await world.StartJobAsync("count");
            var (store, control) = DyingStore.After(writes, world.Store);
            await Should.NotThrowAsync(async () => await PassAsync(world.Server(store, kind), mayDie: true));

            world.Time.Now += Job.Lease;
            var next = world.Server(null, kind);
            await PassAsync(next);
            await PassAsync(next);

            (await world.JobAsync(id)).Status.ShouldBe(JobStatus.Finished, $"{writes}");
            (await world.ToldAsync("job.finished")).Count.ShouldBe(1, $"{writes}");
            (await world.ToldAsync("log.exported")).Count.ShouldBe(1, $"{writes}");
            kind.Done.Distinct().ShouldBe([0, 1, 2]);
            if (!control.IsDead)
            {
                writes.ShouldBeGreaterThan(8, "there were as many moments to die at");
                return;
            }
        }
    }

    [Fact]
    public async Task Job_OfALivingProcess_IsLeftAlone_UntilItsLeaseIsOver()
    {
        var world = await JobWorld.StartAsync();
        var (first, second) = (new Steps("count"), new Steps("count"));
        var id = await world.StartJobAsync("count");
        var (one, two) = (world.Server(null, first), world.Server(null, second));
        second.Go(100);
        first.Go(1);
        await one.PassAsync(Cancel);
        await first.Reached(1);

        await PassAsync(two);
        second.Done.ShouldBeEmpty();

        // The first says nothing for the length of a lease; when it speaks again it has lost, and leaves the job alone.
        world.Time.Now += Job.Lease;
        await PassAsync(two);
        first.Go(100);
        await one.IdleAsync();

        second.Done.ShouldBe([1, 2]);
        first.Done.ShouldBe([0, 1]);
        (await world.JobAsync(id)).Attempts.ShouldBe(2);
        (await world.ToldAsync("job.finished")).Count.ShouldBe(1);
        (first.Abandoned, second.Abandoned).ShouldBe((0, 0));
    }

    [Fact]
    public async Task Server_ThatStops_HandsItsJobsOverAtOnce()
    {
        var world = await JobWorld.StartAsync();
        var (first, second) = (new Steps("count"), new Steps("count"));
        var id = await world.StartJobAsync("count");
        using var stop = new CancellationTokenSource();
        var one = world.Server(null, first);
        first.Go(1);
        await one.PassAsync(stop.Token);
        await first.Reached(1);
        await stop.CancelAsync();
        await one.IdleAsync();
        (await world.JobAsync(id)).Status.ShouldBe(JobStatus.Running);

        second.Go(100);
        await PassAsync(world.Server(null, second));

        second.Done.ShouldBe([1, 2]);
        (await world.JobAsync(id)).Status.ShouldBe(JobStatus.Finished);
    }

    [Fact]
    public async Task Cancel_StopsARunningJobAtItsNextStep_AndOneThatWaitsBeforeItsFirst()
    {
        var world = await JobWorld.StartAsync();
        var kind = new Steps("count");
        var runner = world.Server(null, kind);
        var running = await world.StartJobAsync("count");
        var waiting = await world.StartJobAsync("count");
        kind.Go(1);
        await runner.PassAsync(Cancel);
        await kind.Reached(1);
        var table = new JobTable(world.Store);
        await table.StopAsync(JobWorld.Tenant, running, Cancel);
        await table.StopAsync(JobWorld.Tenant, waiting, Cancel);
        kind.Go(100);

        await runner.IdleAsync();
        await PassAsync(runner);

        foreach (var id in new[] { running, waiting })
            (await world.JobAsync(id)).Status.ShouldBe(JobStatus.Cancelled);
        kind.Done.ShouldBe([0, 1]);
        kind.Abandoned.ShouldBe(2);
        var ends = await world.ToldAsync("job.finished");
        ends.Count.ShouldBe(2);
        ends.ShouldAllBe(end => end.GetProperty("outcome").GetProperty("code").GetString() == "cancelled");
        (await world.ToldAsync("log.exported")).ShouldBeEmpty();
        // Too late: what has ended stays as it ended.
        await table.StopAsync(JobWorld.Tenant, running, Cancel);
        (await world.JobAsync(running)).Status.ShouldBe(JobStatus.Cancelled);
    }

    [Fact]
    public async Task Jobs_RunOneOfAKindAtATime_AndNoMoreThanAFew()
    {
        var world = await JobWorld.StartAsync();
        Steps[] kinds = [new("a"), new("b"), new("c")];
        var runner = world.Server(null, [.. kinds]);
        var ids = new List<string>();
        foreach (var kind in new[] { "a", "a", "b", "c" })
            ids.Add(await world.StartJobAsync(kind));

        await runner.PassAsync(Cancel);
        await runner.PassAsync(Cancel);
        var begun = new List<JobStatus>();
        foreach (var id in ids)
            begun.Add((await world.JobAsync(id)).Status);
        begun.ShouldBe([JobStatus.Running, JobStatus.Waiting, JobStatus.Running, JobStatus.Waiting]);
        JobRunner.AtOnce.ShouldBe(2);

        foreach (var kind in kinds)
            kind.Go(100);
        for (var pass = 0; pass < 3; pass++)
            await PassAsync(runner);
        kinds.Select(kind => kind.Begun).ShouldBe([2, 1, 1]);
        (await world.ToldAsync("job.finished")).Count.ShouldBe(4);
    }

    [Fact]
    public async Task Job_ThatBreaks_FailsInTheLogToo()
    {
        var world = await JobWorld.StartAsync();
        var id = await world.StartJobAsync("broken");

        await PassAsync(world.Server(null, new Broken()));

        var job = await world.JobAsync(id);
        (job.Status, job.End!.Code).ShouldBe((JobStatus.Failed, "internal"));
        var outcome = (await world.ToldAsync("job.finished")).ShouldHaveSingleItem().GetProperty("outcome");
        outcome.GetProperty("ok").GetBoolean().ShouldBeFalse();
        outcome.GetProperty("message").GetString()!.ShouldNotContain("/secret/path");
    }

    [Fact]
    public async Task Job_WhoseProcessesAllDie_IsGivenUp()
    {
        var world = await JobWorld.StartAsync();
        var kind = new Steps("count");
        kind.Go(1_000);
        var id = await world.StartJobAsync("count");
        for (var attempt = 0; attempt < JobRunner.MaxAttempts; attempt++)
        {
            // Enough for the job to begin, and no more.
            var (store, _) = DyingStore.After(attempt == 0 ? 3 : 1, world.Store);
            await PassAsync(world.Server(store, kind), mayDie: true);
            world.Time.Now += Job.Lease;
        }

        await PassAsync(world.Server(null, kind));

        var job = await world.JobAsync(id);
        (job.Status, job.End!.Code).ShouldBe((JobStatus.Failed, "attempts"));
    }

    private static async Task PassAsync(JobRunner runner, bool mayDie = false)
    {
        try
        {
            await runner.PassAsync(Cancel);
        }
        catch (Exception dead) when (mayDie && (dead is IOException || dead.InnerException is IOException))
        {
            // The process died while it looked for work.
        }
        await runner.IdleAsync();
    }

    /// <summary>Three steps, each waiting until it may; it tells the log what an export would.</summary>
    private sealed class Steps(string name) : IJobKind
    {
        private readonly Channel<bool> _go = Channel.CreateUnbounded<bool>();
        private readonly Channel<bool> _done = Channel.CreateUnbounded<bool>();

        public string Kind => name;

        public List<int> Done { get; } = [];

        public int Begun { get; private set; }

        public int Abandoned { get; private set; }

        public void Go(int steps)
        {
            for (var i = 0; i < steps; i++)
                _go.Writer.TryWrite(true).ShouldBeTrue();
        }

        public async Task Reached(int steps)
        {
            for (var i = 0; i < steps; i++)
                await _done.Reader.ReadAsync(Cancel);
        }

        public async ValueTask<JobEnd> RunAsync(Job job, CancellationToken cancellationToken)
        {
            Begun++;
            for (var step = job.Cursor?.GetInt32() ?? 0; step < 3; step++)
            {
                await _go.Reader.ReadAsync(cancellationToken);
                Done.Add(step);
                await job.SaveAsync(step + 1, 3, JsonSerializer.SerializeToElement(step + 1), cancellationToken);
                _done.Writer.TryWrite(true).ShouldBeTrue();
            }
            var details = JsonSerializer.SerializeToElement(new { count = 3 });
            return new JobEnd(JobStatus.Finished, "3 steps", Events: [new JobEvent("log.exported", "3 steps", details)]);
        }

        public void Abandon(Job job) => Abandoned++;
    }

    private sealed class Broken : IJobKind
    {
        public string Kind => "broken";

        public ValueTask<JobEnd> RunAsync(Job job, CancellationToken cancellationToken) =>
            throw new InvalidOperationException("at /secret/path");

        public void Abandon(Job job) { }
    }
}
