using Halyard.Core.Storage;
using Halyard.Evaluation;
using Halyard.Evaluation.Definitions;
using Halyard.Server.Hosting;
using Halyard.Server.Snapshots;
using Halyard.Server.Tests.Hosting;
using Halyard.Server.Tracking;
using Halyard.Storage.Conformance.InMemory;
using Halyard.Storage.Sqlite.Native;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;

namespace Halyard.Server.Tests.Tracking;

public sealed class EvaluationTrackingTests(HalyardServer server) : IClassFixture<HalyardServer>
{
    private const string Context = """{"context":{"targetingKey":"user-1"}}""";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task OfrepEvaluations_SingleAndBulk_AreCountedByFlagAndVariant()
    {
        await server.ProjectAsync("counted");
        await server.FlagAsync("counted", "asked");
        await server.FlagAsync("counted", "other");
        var (_, key) = await server.SdkKeyAsync("counted", "staging");
        for (var i = 0; i < 3; i++)
            (await server.PostAsync("/ofrep/v1/evaluate/flags/asked", Context, key)).Expect(200);
        (await server.PostAsync("/ofrep/v1/evaluate/flags/missing", Context, key)).Expect(404);
        (await server.PostAsync("/ofrep/v1/evaluate/flags", Context, key)).Expect(200);
        // The change replaces the snapshot: what was counted in the old one is not lost, and counting goes on in the new.
        (
            await server.PostAsync("/api/v1/projects/counted/flags/asked/environments/staging/enable", """{"reason":"test"}""")
        ).Expect(200);
        (await server.PostAsync("/ofrep/v1/evaluate/flags/asked", Context, key)).Expect(200);
        await FlushAsync();

        var answer = (await server.GetAsync("/api/v1/projects/counted/evaluations?environment=staging")).Expect(200);
        var flags = answer.GetProperty("flags").EnumerateArray().ToList();
        flags
            .Select(flag => (flag.GetProperty("flag").GetString(), flag.GetProperty("count").GetInt64()))
            .ShouldBe([("asked", 5L), ("other", 1L)]);
        flags[0]
            .GetProperty("variants")
            .EnumerateArray()
            .Select(variant => (variant.GetProperty("variant").GetString(), variant.GetProperty("count").GetInt64()))
            .ShouldBe([("off", 4L), ("on", 1L)]);

        var hours = (await server.GetAsync("/api/v1/projects/counted/flags/asked/evaluations?environment=staging"))
            .Expect(200)
            .GetProperty("hours")
            .EnumerateArray()
            .Sum(hour => hour.GetProperty("count").GetInt64());
        hours.ShouldBe(5);
        (await server.GetAsync("/api/v1/projects/counted/evaluations?environment=production"))
            .Expect(200)
            .GetProperty("flags")
            .GetArrayLength()
            .ShouldBe(0);
    }

    [Fact]
    public async Task Explaining_IsNoEvaluationOfAProgram_AndIsNotCounted()
    {
        await server.ProjectAsync("explained");
        await server.FlagAsync("explained", "asked");
        (await server.PostAsync("/api/v1/projects/explained/evaluate?environment=staging", Context)).Expect(200);
        await FlushAsync();
        (await server.GetAsync("/api/v1/projects/explained/evaluations?environment=staging"))
            .Expect(200)
            .GetProperty("flags")
            .GetArrayLength()
            .ShouldBe(0);
    }

    [Fact]
    public void ReplacedSnapshots_AreLetGo_AndTheirCountsKept()
    {
        var holder = new SnapshotHolder();
        var replaced = SwapOften(holder, times: 50);
        GC.Collect();
        replaced.Count(snapshot => snapshot.IsAlive).ShouldBeLessThanOrEqualTo(2);
        holder.TakeCounts().ShouldHaveSingleItem().Count.ShouldBe(50);
        holder.TakeCounts().ShouldBeEmpty();
    }

    [Theory]
    [InlineData("2026-03-01T12:34:56Z", "2026-03-01T12:40:00Z")]
    [InlineData("0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z")]
    public async Task Range_InsideAnHour_MeansThatHour_InBothAnswers(string from, string to)
    {
        var project = $"ranged-{from[0]}";
        await server.ProjectAsync(project);
        await server.FlagAsync(project, "asked");
        var environment = (await server.GetAsync($"/api/v1/projects/{project}/environments/staging")).Expect(200).Text("id");
        var count = new EvaluationCount("asked", "off", 7, new DateTimeOffset(2026, 3, 1, 12, 1, 0, TimeSpan.Zero));
        var store = server.Services.GetRequiredService<IStore>();
        await store.AddEvaluationsAsync("default", [new EvaluationDelta(environment, [count])], Cancel);

        (await CountAsync(project, $"&from={from}&to={to}")).ShouldBe(7);
        var asked = $"/api/v1/projects/{project}/flags/asked/evaluations?environment=staging";
        (await server.GetAsync($"{asked}&from={from}&to={to}"))
            .Expect(200)
            .GetProperty("hours")
            .EnumerateArray()
            .Sum(hour => hour.GetProperty("count").GetInt64())
            .ShouldBe(7);
        (await server.GetAsync($"{asked}&to=0001-01-01T00:00:00Z")).Expect(200);
    }

    [Fact]
    public async Task DeletedFlag_IsNoLongerAmongTheEvaluated()
    {
        await server.ProjectAsync("deleted");
        await server.FlagAsync("deleted", "asked");
        var (_, key) = await server.SdkKeyAsync("deleted", "staging");
        (await server.PostAsync("/ofrep/v1/evaluate/flags/asked", Context, key)).Expect(200);
        await FlushAsync();
        (await CountAsync("deleted")).ShouldBe(1);
        (await server.SendAsync("DELETE", "/api/v1/projects/deleted/flags/asked?reason=done", null, server.Admin)).Expect(200);
        (await CountAsync("deleted")).ShouldBe(0);
    }

    [Theory]
    [InlineData("evaluations", "/environment")]
    [InlineData("evaluations?environment=staging&from=yesterday", "/from")]
    [InlineData("evaluations?environment=staging&from=2026-01-02T00:00:00Z&to=2026-01-01T00:00:00Z", "/to")]
    [InlineData("evaluations?environment=staging&hours=3", "/hours")]
    public async Task Question_ThatCannotBeRead_IsRefusedWithItsPlace(string path, string pointer)
    {
        var answer = (await server.GetAsync($"/api/v1/projects/any/{path}")).Expect(422);
        answer.GetProperty("errors").EnumerateArray().ShouldContain(error => error.GetProperty("pointer").GetString() == pointer);
    }

    [Fact]
    public async Task UnknownEnvironmentOrFlag_IsNotFound()
    {
        await server.ProjectAsync("found");
        (await server.GetAsync("/api/v1/projects/found/evaluations?environment=moon")).Expect(404);
        (await server.GetAsync("/api/v1/projects/found/flags/moon/evaluations?environment=staging")).Expect(404);
    }

    [Fact]
    public async Task Store_ThatIsAway_GetsTheCountsWhenItIsBack()
    {
        await server.ProjectAsync("away");
        await server.FlagAsync("away", "asked");
        var (_, key) = await server.SdkKeyAsync("away", "staging");
        (await server.PostAsync("/ofrep/v1/evaluate/flags/asked", Context, key)).Expect(200);
        using (var database = Database.Open(server.DatabaseFile))
        {
            // Somebody else holds the file: the writer gives up after its busy timeout.
            database.Execute("BEGIN IMMEDIATE");
            await FlushAsync();
            database.Execute("ROLLBACK");
        }
        (await CountAsync("away")).ShouldBe(0);

        (await server.PostAsync("/ofrep/v1/evaluate/flags/asked", Context, key)).Expect(200);
        await FlushAsync();
        (await CountAsync("away")).ShouldBe(2);
        await FlushAsync();
        (await CountAsync("away")).ShouldBe(2);
    }

    [Fact]
    public async Task Request_ThatStillEvaluatesInAReplacedSnapshot_IsCounted()
    {
        var snapshots = new SnapshotTable();
        var store = new InMemoryStore(TimeProvider.System);
        using var flusher = Flusher(snapshots, store);
        var holder = snapshots.GetOrAdd("t", "e_1");
        var old = holder.Current = Snapshot();
        var tally = holder.Ofrep.Tally;
        holder.Current = Snapshot();
        await flusher.FlushAsync(Cancel);
        tally.Record(Evaluator.Evaluate(old, "flag", EvaluationContext.Empty, default), 0);
        await flusher.FlushAsync(Cancel);
        (await store.EvaluationTotalsAsync("t", "e_1", Cancel)).ShouldHaveSingleItem().Count.ShouldBe(1);
    }

    [Fact]
    public async Task ServerThatStops_StoresWhatItCounted()
    {
        var snapshots = new SnapshotTable();
        var store = new InMemoryStore(TimeProvider.System);
        using var flusher = Flusher(snapshots, store);
        await flusher.StartAsync(Cancel);
        var holder = snapshots.GetOrAdd("t", "e_1");
        holder.Current = Snapshot();
        holder.Ofrep.Tally.Record(Evaluator.Evaluate(holder.Current, "flag", EvaluationContext.Empty, default), 0);
        await flusher.StopAsync(Cancel);
        (await store.EvaluationTotalsAsync("t", "e_1", Cancel)).ShouldHaveSingleItem().Count.ShouldBe(1);
    }

    // Apart, so that no local keeps a snapshot alive.
    [System.Runtime.CompilerServices.MethodImpl(System.Runtime.CompilerServices.MethodImplOptions.NoInlining)]
    private static List<WeakReference> SwapOften(SnapshotHolder holder, int times)
    {
        var replaced = new List<WeakReference>();
        for (var i = 0; i < times; i++)
        {
            holder.Current = Snapshot();
            replaced.Add(new WeakReference(holder.Current));
            holder.Ofrep.Tally.Record(Evaluator.Evaluate(holder.Current, "flag", EvaluationContext.Empty, default), i);
        }
        holder.Current = Snapshot();
        return replaced;
    }

    private async Task<long> CountAsync(string project, string range = "") =>
        (await server.GetAsync($"/api/v1/projects/{project}/evaluations?environment=staging{range}"))
            .Expect(200)
            .GetProperty("flags")
            .EnumerateArray()
            .Sum(flag => flag.GetProperty("count").GetInt64());

    private Task FlushAsync() =>
        server.Services.GetServices<IHostedService>().OfType<EvaluationFlusher>().Single().FlushAsync(Cancel);

    private static EvaluationFlusher Flusher(SnapshotTable snapshots, IStore store) =>
        new(snapshots, store, new HalyardOptions(), TimeProvider.System, NullLogger<EvaluationFlusher>.Instance);

    private static CompiledSnapshot Snapshot()
    {
        var flag = new FlagDefinition(
            "flag",
            FlagType.Boolean,
            FlagStatus.Active,
            [new("on", FlagValue.Of(true)), new("off", FlagValue.Of(false))]
        );
        var served = new FlagEnvironment(true, "off", [], [], [], Serve.One("on"));
        return SnapshotCompiler.Compile(new("p", "e", 1, [new(flag, served, 1)], [])).Snapshot;
    }
}
