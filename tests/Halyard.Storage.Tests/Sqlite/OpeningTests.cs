using System.Diagnostics;
using Halyard.Core.Storage;
using Halyard.Storage.Conformance.Building;
using Halyard.Storage.Sqlite;
using Microsoft.Extensions.DependencyInjection;

namespace Halyard.Storage.Tests.Sqlite;

public sealed class OpeningTests : IDisposable
{
    private readonly TemporaryStore _opened = new();

    [Fact]
    public void SecondStore_OnTheSameFile_IsRefusedInWords()
    {
        var problem = Should.Throw<IOException>(() => SqliteStore.Open(_opened.Options));
        problem.Message.ShouldContain("in use by another Halyard server");
        problem.Message.ShouldContain(_opened.Path);
    }

    [Fact]
    public void SecondStore_ThroughASymbolicLink_IsRefusedToo()
    {
        var link = _opened.Path + ".link";
        File.CreateSymbolicLink(link, _opened.Path);
        Should.Throw<IOException>(() => SqliteStore.Open(new SqliteStoreOptions { Path = link })).Message.ShouldContain("in use");
    }

    [Fact]
    public void LockHeldByAnotherProcess_RefusesThisOne()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "flock is a Linux command");
        _opened.Close();
        var start = new ProcessStartInfo("flock")
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardInput = true,
        };
        foreach (var argument in new[] { _opened.Path + ".lock", "sh", "-c", "echo locked; read _" })
            start.ArgumentList.Add(argument);
        using var other = Process.Start(start)!;
        other.StandardOutput.ReadLine().ShouldBe("locked");
        try
        {
            Should
                .Throw<IOException>(() => SqliteStore.Open(_opened.Options))
                .Message.ShouldContain("in use by another Halyard server");
        }
        finally
        {
            other.StandardInput.Close();
            other.WaitForExit();
        }
        using var store = SqliteStore.Open(_opened.Options);
    }

    [Fact]
    public async Task StoreThatWasClosed_RefusesFurtherCommits()
    {
        var store = _opened.Store;
        _opened.Close();
        await Should.ThrowAsync<ObjectDisposedException>(async () =>
            await store.CommitAsync(new CommitBuilder().Build(), TestContext.Current.CancellationToken)
        );
        await Should.ThrowAsync<ObjectDisposedException>(async () =>
            await store.TenantsAsync(TestContext.Current.CancellationToken)
        );
    }

    [Fact]
    public async Task ReadingTool_BesideTheServer_SeesWhatIsCommitted()
    {
        await _opened.Store.CommitAsync(new CommitBuilder().Build(), TestContext.Current.CancellationToken);
        using var tool = Halyard.Storage.Sqlite.Native.Database.Open(_opened.Path);
        tool.Execute("PRAGMA query_only = ON");
        tool["SELECT count(*) FROM audit_entry"].Number().ShouldBe(1);
    }

    [Fact]
    public void NewDatabase_IsReadableByItsOwnerAlone()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("Windows has no Unix modes");
            return;
        }
        foreach (var file in new[] { _opened.Path, _opened.Path + "-wal" })
            File.GetUnixFileMode(file).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite, file);
    }

    [Fact]
    public void FolderThatDoesNotExist_IsMade()
    {
        var path = Path.Combine(Path.GetDirectoryName(_opened.Path)!, "deep", "er", "halyard.db");
        using var store = SqliteStore.Open(new SqliteStoreOptions { Path = path });
        File.Exists(path).ShouldBeTrue();
    }

    [Fact]
    public void Database_IsFlushedAtEachCommitOfAWriteAheadLog()
    {
        _opened.Close();
        using var database = Halyard.Storage.Sqlite.Schema.DatabaseFile.OpenForWriting(_opened.Path);
        using var rows = database["PRAGMA journal_mode"].Query();
        rows.Next().ShouldBeTrue();
        rows.Text(0).ShouldBe("wal");
        database["PRAGMA synchronous"].Number().ShouldBe(2);
    }

    [Theory]
    [InlineData("")]
    [InlineData("  ")]
    [InlineData(":memory:")]
    [InlineData("file:x?mode=memory")]
    public void PathThatIsNoFile_IsRefused(string path) =>
        Should
            .Throw<ArgumentException>(() => new ServiceCollection().AddHalyardSqlite(new SqliteStoreOptions { Path = path }))
            .Message.ShouldContain("Path must name a file");

    [Theory]
    [InlineData(0, 1, 1)]
    [InlineData(10_001, 1, 1)]
    [InlineData(1, 0, 1)]
    [InlineData(1, 1, 257)]
    public void OptionOutsideItsRange_IsRefused(int batch, int queue, int readers)
    {
        var options = _opened.Options with { MaxBatch = batch, MaxQueue = queue, MaxReaders = readers };
        Should.Throw<ArgumentException>(() => SqliteStore.Open(options)).Message.ShouldContain("must be between 1 and");
    }

    [Fact]
    public async Task RegisteredStore_IsOneAndClosesWithItsContainer()
    {
        var path = _opened.Path + ".second";
        var services = new ServiceCollection().AddHalyardSqlite(new SqliteStoreOptions { Path = path });
        await using (var provider = services.BuildServiceProvider())
        {
            var store = provider.GetRequiredService<IStore>();
            provider.GetRequiredService<IStore>().ShouldBeSameAs(store);
            await store.CommitAsync(new CommitBuilder().Build(), TestContext.Current.CancellationToken);
        }
        using var again = SqliteStore.Open(new SqliteStoreOptions { Path = path });
        (await again.TenantsAsync(TestContext.Current.CancellationToken)).ShouldBe([CommitBuilder.DefaultTenant]);
    }

    public void Dispose() => _opened.Dispose();
}
