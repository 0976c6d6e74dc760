using System.Text;
using Halyard.Core.Changes;
using Halyard.Core.Storage;
using Halyard.Ledger;
using Halyard.Server.Jobs;
using Halyard.Server.Publishing;
using Halyard.Server.Retention;
using Halyard.Server.Tests.Jobs;
using Halyard.Server.Tests.Publishing;
using Halyard.Storage.Conformance.Objects;

namespace Halyard.Server.Tests.Retention;

/// <summary>What is old enough is archived, whole and verifiable by itself, however often the job is killed.</summary>
public sealed class ArchiveJobTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Archive_HoldsWhatIsOldEnough_AndVerifiesByItself()
    {
        using var world = await RetentionWorld.StartAsync(1_000);
        await world.SetAsync(archiveAfterDays: 3);

        var job = await world.RunAsync(ArchiveJob.Name);

        job.Status.ShouldBe(JobStatus.Finished, job.End?.Words);
        // The checkpoint of three days ago, and no later one.
        var head = (await world.VerifyAsync(world.Archive)).ShouldBeOfType<ArchiveVerdict.Verified>().Head;
        head.Size.ShouldBe(701);
        (await ArchiveMark.ReadAsync(world.Log.Store, World.Tenant, Cancel)).ShouldBe(701);
        var told = (await world.ToldAsync(ArchiveJob.ArchivedType)).ShouldHaveSingleItem();
        told.GetProperty("from").GetInt64().ShouldBe(0);
        told.GetProperty("to").GetInt64().ShouldBe(701);
        told.GetProperty("size").GetInt64().ShouldBe(701);
        told.GetProperty("root").GetString().ShouldBe(head.Root.ToString());
    }

    [Fact]
    public async Task Archive_GoesOnWhereItStood_AndKeepsEveryContentThatEntriesName()
    {
        using var world = await RetentionWorld.StartAsync(300);
        await world.SetAsync(archiveAfterDays: 0);
        await world.GrowAsync(400);
        await world.RunAsync(ArchiveJob.Name);
        var first = (await world.VerifyAsync(world.Archive)).ShouldBeOfType<ArchiveVerdict.Verified>();
        var held = (await world.Archive.ReadAsync(Path("checkpoint"), Cancel))!;
        first.Blobs.Absent.ShouldBe(0);
        first.Blobs.Checked.ShouldBeGreaterThan(0);

        await world.GrowAsync(900);
        await world.RunAsync(ArchiveJob.Name);

        var second = (await world.VerifyAsync(world.Archive, held)).ShouldBeOfType<ArchiveVerdict.Verified>();
        second.Head.Size.ShouldBeGreaterThanOrEqualTo(900);
        second.Blobs.Absent.ShouldBe(0);
        (await world.ToldAsync(ArchiveJob.ArchivedType))[1].GetProperty("from").GetInt64().ShouldBe(first.Head.Size);
    }

    [Fact]
    public async Task Archive_KilledAtAnyWrite_IsCarriedOnToTheSameFiles()
    {
        using var world = await RetentionWorld.StartAsync(600, entriesPerDay: 250);
        await world.SetAsync(archiveAfterDays: 0);
        await world.GrowAsync(700);
        var whole = new InMemoryObjects();
        await world.RunAsync(ArchiveJob.Name, whole);
        var expected = await FilesAsync(whole);
        for (var calls = 1; calls < 120; calls += 7)
        {
            var (archive, left) = (new InMemoryObjects(), calls);

            var job = await world.RunAsync(ArchiveJob.Name, new DyingObjects(archive, () => left-- <= 0), archive);

            if (job.Status == JobStatus.Failed)
            {
                // An archive that cannot be written ends its job; the next one goes on.
                job = await world.RunAsync(ArchiveJob.Name, archive);
            }
            job.Status.ShouldBe(JobStatus.Finished, job.End?.Words);
            (await world.VerifyAsync(archive)).ShouldBeOfType<ArchiveVerdict.Verified>($"{calls}");
            var files = await FilesAsync(archive);
            foreach (var (path, bytes) in expected.Where(file => file.Key.Contains("/tile/entries/0", StringComparison.Ordinal)))
                files[path].ShouldBe(bytes);
        }
    }

    [Fact]
    public async Task Archive_WhoseServerDies_IsCarriedOnByTheNext()
    {
        using var world = await RetentionWorld.StartAsync(600, entriesPerDay: 250);
        await world.SetAsync(archiveAfterDays: 0);
        await world.GrowAsync(700);
        for (var writes = 1; writes < 12; writes++)
        {
            var id = Halyard.Core.Entropy.System.NewUlid(world.Log.Time.Now);
            var started = JobStarter.Started(id, ArchiveJob.Name, "{}"u8, "a test began");
            await world.SubmitAsync(Change.Record("retention.run", "", started));
            var archive = new InMemoryObjects();

            await world.PassAsync(archive, DyingStore.After(writes, world.Log.Store).Store);
            await world.PassAsync(archive);

            var job = await world.JobAsync(id);
            job.Status.ShouldBe(JobStatus.Finished, job.End?.Words);
            (await world.VerifyAsync(archive)).ShouldBeOfType<ArchiveVerdict.Verified>();
        }
    }

    [Fact]
    public async Task CancelledArchive_IsCarriedOnByTheNextJob()
    {
        using var world = await RetentionWorld.StartAsync(600);
        await world.SetAsync(archiveAfterDays: 0);
        var id = Halyard.Core.Entropy.System.NewUlid(world.Log.Time.Now);
        await world.SubmitAsync(
            Change.Record("retention.run", "", JobStarter.Started(id, ArchiveJob.Name, "{}"u8, "a test began"))
        );
        await world.PassAsync(store: DyingStore.After(6, world.Log.Store).Store);
        await new JobTable(world.Log.Store).StopAsync(World.Tenant, id, Cancel);
        await world.PassAsync();
        (await world.JobAsync(id)).Status.ShouldBe(JobStatus.Cancelled);
        (await ArchiveMark.ReadAsync(world.Log.Store, World.Tenant, Cancel)).ShouldBe(0);

        (await world.RunAsync(ArchiveJob.Name)).Status.ShouldBe(JobStatus.Finished);

        (await world.VerifyAsync(world.Archive)).ShouldBeOfType<ArchiveVerdict.Verified>();
    }

    [Fact]
    public async Task Archive_ThatKeepsOtherBytes_IsNotCalledArchived()
    {
        using var world = await RetentionWorld.StartAsync(300);
        await world.SetAsync(archiveAfterDays: 0);

        var job = await world.RunAsync(ArchiveJob.Name, new ForgetfulObjects(world.Archive));

        job.Status.ShouldBe(JobStatus.Failed);
        job.End!.Code.ShouldBe("archive.contradiction");
        job.End.Words.ShouldContain("is not what is read back");
        (await ArchiveMark.ReadAsync(world.Log.Store, World.Tenant, Cancel)).ShouldBe(0);
        (await world.ToldAsync(ArchiveJob.ArchivedType)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Archive_WithoutASettingOrAnythingNew_ArchivesNothing()
    {
        using var world = await RetentionWorld.StartAsync(300);

        (await world.RunAsync(ArchiveJob.Name)).End!.Words.ShouldBe("nothing to archive");
        await world.SetAsync(archiveAfterDays: 30);
        (await world.RunAsync(ArchiveJob.Name)).End!.Words.ShouldBe("nothing to archive");

        (await world.ToldAsync(ArchiveJob.ArchivedType)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Archive_SaysWhoWasErased_AlsoWhereNothingIsNew()
    {
        using var world = await RetentionWorld.StartAsync(300);
        await world.SetAsync(archiveAfterDays: 0);
        await world.RunAsync(ArchiveJob.Name);
        await world.SetAsync(archiveAfterDays: 90);
        await world.Log.Vault.EraseAsync(World.Tenant, ["s_gone"], 7, Cancel);

        await world.RunAsync(ArchiveJob.Name);

        var erased = (await world.Archive.ReadAsync(Path("erased"), Cancel))!;
        Encoding.UTF8.GetString(erased).ShouldBe("{\"index\":7,\"sid\":\"s_gone\"}\n");
    }

    private static string Path(string file) => PublishedLog.FolderOf(World.Tenant) + file;

    private static async Task<Dictionary<string, byte[]>> FilesAsync(InMemoryObjects objects)
    {
        var files = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        await foreach (var path in objects.ListAsync("", Cancel))
            files[path] = (await objects.ReadAsync(path, Cancel))!;
        return files;
    }

    /// <summary>Breaks at a call, and at each after it.</summary>
    private sealed class DyingObjects(IObjectStore inner, Func<bool> dies) : IObjectStore
    {
        public ValueTask<byte[]?> ReadAsync(string path, CancellationToken cancellationToken) =>
            Alive().ReadAsync(path, cancellationToken);

        public ValueTask<Creation> CreateAsync(string path, ReadOnlyMemory<byte> content, CancellationToken cancellationToken) =>
            Alive().CreateAsync(path, content, cancellationToken);

        public ValueTask ReplaceAsync(string path, ReadOnlyMemory<byte> content, CancellationToken cancellationToken) =>
            Alive().ReplaceAsync(path, content, cancellationToken);

        public ValueTask DeleteAsync(string path, CancellationToken cancellationToken) =>
            Alive().DeleteAsync(path, cancellationToken);

        public IAsyncEnumerable<string> ListAsync(string prefix, CancellationToken cancellationToken) =>
            Alive().ListAsync(prefix, cancellationToken);

        private IObjectStore Alive() => dies() ? throw new IOException("The archive is away.") : inner;
    }

    /// <summary>Says that it keeps a bundle, and keeps something else.</summary>
    private sealed class ForgetfulObjects(IObjectStore inner) : IObjectStore
    {
        public ValueTask<byte[]?> ReadAsync(string path, CancellationToken cancellationToken) =>
            inner.ReadAsync(path, cancellationToken);

        public async ValueTask<Creation> CreateAsync(
            string path,
            ReadOnlyMemory<byte> content,
            CancellationToken cancellationToken
        )
        {
            var kept = path.Contains("/entries/", StringComparison.Ordinal) ? content[..^1] : content;
            await inner.CreateAsync(path, kept, cancellationToken);
            return Creation.Created;
        }

        public ValueTask ReplaceAsync(string path, ReadOnlyMemory<byte> content, CancellationToken cancellationToken) =>
            inner.ReplaceAsync(path, content, cancellationToken);

        public ValueTask DeleteAsync(string path, CancellationToken cancellationToken) =>
            inner.DeleteAsync(path, cancellationToken);

        public IAsyncEnumerable<string> ListAsync(string prefix, CancellationToken cancellationToken) =>
            inner.ListAsync(prefix, cancellationToken);
    }
}
