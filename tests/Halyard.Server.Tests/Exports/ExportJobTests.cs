using System.Text;
using Halyard.Core.Audit;
using Halyard.Core.Changes;
using Halyard.Core.Reading;
using Halyard.Core.Reading.Exporting;
using Halyard.Core.Storage;
using Halyard.Server.Exports;
using Halyard.Server.Jobs;
using Halyard.Server.Publishing;
using Halyard.Server.Tests.Jobs;
using Halyard.Storage.Conformance.Building;
using Halyard.Storage.Conformance.Objects;

namespace Halyard.Server.Tests.Exports;

/// <summary>An export that is killed makes the same file as one that is not.</summary>
public sealed class ExportJobTests : IDisposable
{
    // More than are written between two saves.
    private const int Entries = 1_300;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("halyard-export-");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData(ExportFormat.Csv)]
    [InlineData(ExportFormat.Jsonl)]
    public async Task Export_KilledAtAnyWrite_IsCarriedOnToTheSameBytes(ExportFormat format)
    {
        var world = await FilledAsync();
        var plan = await PlanAsync(world, format, new AuditQuery());
        var whole = await RunAsync(world, plan, () => null, kills: 0);
        for (var writes = 1; ; writes++)
        {
            DyingStore? control = null;
            var carried = await RunAsync(
                world,
                plan,
                () =>
                {
                    (var store, control) = DyingStore.After(writes, world.Store);
                    return store;
                },
                kills: 1
            );
            carried.ShouldBe(whole, $"{writes}");
            if (!control!.IsDead)
            {
                writes.ShouldBeGreaterThan(6);
                return;
            }
        }
    }

    [Fact]
    public async Task Export_WhoseFileWasLost_IsWrittenAnew()
    {
        var world = await FilledAsync();
        var plan = await PlanAsync(world, ExportFormat.Csv, new AuditQuery());
        var whole = await RunAsync(world, plan, () => null, kills: 0);

        var carried = await RunAsync(
            world,
            plan,
            () => DyingStore.After(4, world.Store).Store,
            kills: 1,
            between: part => File.WriteAllText(part, "short")
        );

        carried.ShouldBe(whole);
    }

    [Fact]
    public async Task Export_WhileTheLogGrows_HoldsWhatItWasAskedFor()
    {
        var world = await FilledAsync();
        var plan = await PlanAsync(world, ExportFormat.Jsonl, new AuditQuery { Actions = ["flag.viewed"] });
        var whole = await RunAsync(world, plan, () => null, kills: 0);
        for (var i = 0; i < 300; i++)
            await world.SubmitAsync(Change.Record("test", "", new ChangeEvent("flag.viewed", "later")));

        (await RunAsync(world, plan, () => null, kills: 0)).ShouldBe(whole);
        Encoding.UTF8.GetString(whole).Count(letter => letter == '\n').ShouldBe(Entries / 2);
    }

    [Fact]
    public async Task Export_OfWhatIsPurgedMeanwhile_FailsInWordsAndLeavesNoFile()
    {
        var world = await FilledAsync();
        var plan = await PlanAsync(world, ExportFormat.Csv, new AuditQuery());
        var id = await world.StartJobAsync(ExportJob.Name, plan.ToJson());
        var purge = new CommitBuilder(JobWorld.Tenant).Purging(0, 256).Build();
        (await world.Store.CommitAsync(purge, Cancel)).ShouldBeOfType<CommitResult.Committed>();

        var server = world.Server(null, Kind(world));
        await server.PassAsync(Cancel);
        await server.IdleAsync();

        var job = await world.JobAsync(id);
        (job.Status, job.End!.Code).ShouldBe((JobStatus.Failed, "purged"));
        Directory.EnumerateFiles(_folder.FullName, "*", SearchOption.AllDirectories).ShouldBeEmpty();
    }

    [Fact]
    public async Task CancelledExport_LeavesNoFile()
    {
        var world = await FilledAsync();
        var plan = await PlanAsync(world, ExportFormat.Csv, new AuditQuery());
        var id = await world.StartJobAsync(ExportJob.Name, plan.ToJson());
        // Killed half-way, then told to stop before the next takes it up.
        var dying = world.Server(DyingStore.After(4, world.Store).Store, Kind(world));
        await dying.PassAsync(Cancel);
        await dying.IdleAsync();
        Directory.EnumerateFiles(_folder.FullName, "*.part", SearchOption.AllDirectories).ShouldHaveSingleItem();
        await new JobTable(world.Store).StopAsync(JobWorld.Tenant, id, Cancel);
        world.Time.Now += Job.Lease;

        var next = world.Server(null, Kind(world));
        await next.PassAsync(Cancel);
        await next.IdleAsync();

        (await world.JobAsync(id)).Status.ShouldBe(JobStatus.Cancelled);
        Directory.EnumerateFiles(_folder.FullName, "*", SearchOption.AllDirectories).ShouldBeEmpty();
    }

    [Fact]
    public void Files_OlderThanTheyAreKept_AreRemoved()
    {
        var time = new JobWorld.Clock();
        var folder = new ExportFolder(new ExportOptions { Folder = _folder.FullName, KeepDays = 7 }, time);
        foreach (var (name, days) in new[] { ("old.csv", 8), ("young.csv", 6) })
        {
            using (folder.Continue("acme", name, 0))
            {
                // Only made.
            }
            folder.Complete("acme", name);
            var path = Path.Combine(_folder.FullName, "acme", name);
            File.Move(path, path.Replace(name, $"audit-{name}", StringComparison.Ordinal));
            File.SetLastWriteTimeUtc(
                Path.Combine(_folder.FullName, "acme", $"audit-{name}"),
                time.Now.AddDays(-days).UtcDateTime
            );
        }
        File.WriteAllText(Path.Combine(_folder.FullName, "somebody-elses"), "");
        File.SetLastWriteTimeUtc(Path.Combine(_folder.FullName, "somebody-elses"), time.Now.AddDays(-99).UtcDateTime);

        folder.RemoveExpired();

        Directory
            .EnumerateFiles(_folder.FullName, "*", SearchOption.AllDirectories)
            .Select(Path.GetFileName)
            .ShouldBe(["audit-young.csv", "somebody-elses"], ignoreOrder: true);
    }

    private static async Task<JobWorld> FilledAsync()
    {
        var world = await JobWorld.StartAsync();
        for (var i = 0; i < Entries; i++)
        {
            var type = i % 2 == 0 ? "flag.viewed" : "log.viewed";
            await world.SubmitAsync(Change.Record("test", "", new ChangeEvent(type, $"entry \"{i}\", \r\n=and so on")));
        }
        return world;
    }

    private static async Task<ExportPlan> PlanAsync(JobWorld world, ExportFormat format, AuditQuery filter)
    {
        var head = (await world.Store.HeadAsync(JobWorld.Tenant, Cancel)).ShouldNotBeNull();
        return new ExportPlan(head.Origin, format, 0, head.Range.Size, head.Range.Size, head.Range.Root, false, filter);
    }

    /// <summary>Carries a plan out, killed so often, and gives the file's bytes.</summary>
    private async Task<byte[]> RunAsync(
        JobWorld world,
        ExportPlan plan,
        Func<IStore?> store,
        int kills,
        Action<string>? between = null
    )
    {
        var id = await world.StartJobAsync(ExportJob.Name, plan.ToJson());
        for (var run = 0; run <= kills; run++)
        {
            var runner = world.Server(run < kills ? store() : null, Kind(world));
            try
            {
                await runner.PassAsync(Cancel);
            }
            catch (Exception dead) when (run < kills && (dead is IOException || dead.InnerException is IOException))
            {
                // The process died while it looked for work.
            }
            await runner.IdleAsync();
            world.Time.Now += Job.Lease;
            if (run < kills && between is not null)
                between(Directory.EnumerateFiles(_folder.FullName, "*.part", SearchOption.AllDirectories).Single());
        }
        var job = await world.JobAsync(id);
        job.Status.ShouldBe(JobStatus.Finished, job.End?.Words);
        var name = ExportJob.FileName(job);
        await using var file = Folder(world).Open(JobWorld.Tenant, name).ShouldNotBeNull();
        using var bytes = new MemoryStream();
        await file.CopyToAsync(bytes, Cancel);
        return bytes.ToArray();
    }

    private ExportFolder Folder(JobWorld world) => new(new ExportOptions { Folder = _folder.FullName }, world.Time);

    private ExportJob Kind(JobWorld world) =>
        new(
            new ExportReader(world.Store, new ProofReader(world.Store)),
            Folder(world),
            new PublishedReader(new PublishedObjects(new InMemoryObjects()), world.Store),
            world.Time
        );
}
