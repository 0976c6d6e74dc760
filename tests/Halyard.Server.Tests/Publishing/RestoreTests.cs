using Halyard.Ledger;
using Halyard.Server.Tests.Hosting;

namespace Halyard.Server.Tests.Publishing;

/// <summary>An older copy of the database is put back under a published log, by the commands of operators and real servers.</summary>
public sealed class RestoreTests : IDisposable
{
    private const string Origin = "halyard.localhost/default/admin";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("halyard-restore-");

    private string Database => Path.Combine(_folder.FullName, "halyard.db");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task StoreRestored_AsANewShard_LetsAStrangerVerifyBothAndSeeTheGap()
    {
        await PublishAsync("", 3);
        BackUp("early");
        await RotateAsync();
        await PublishAsync("", 4);
        PutBack("early");

        (await RestoredAsync("early", "--new-shard", "false")).ShouldSatisfyAllConditions(
            refused => refused.ExitCode.ShouldBe(1),
            refused => refused.Error.ShouldContain("the entries 3 to 3 are lost"),
            refused => refused.Error.ShouldContain("--new-shard true")
        );
        var (exit, output, error) = await RestoredAsync("early", "--new-shard", "true");
        exit.ShouldBe(0, error);
        output.ShouldContain("goes on under another name from entry 3 on");
        // The restore and, as the copy does not know of it, the new key.
        await PublishAsync("2/", 5);

        var before = Verify(Origin).ShouldBeOfType<ArchiveVerdict.Verified>();
        before.Head.Size.ShouldBe(4);
        var after = Verify($"{Origin}/2", "2", Held("", 4)).ShouldBeOfType<ArchiveVerdict.Verified>();
        after.Head.Size.ShouldBe(5);
        var restore = after.Restores.ShouldHaveSingleItem();
        (restore.Index, restore.Log).ShouldBe((3, Origin));
        restore.Lost.ShouldHaveSingleItem().ShouldBe(new LostEntries(Origin, 3, 4, before.Head.Root));
        Verify($"{Origin}/2", "2", Held("", 3)).ShouldBeOfType<ArchiveVerdict.Verified>();
    }

    [Fact]
    public async Task StoreRestored_OnceMore_NeverUsesANameAgain()
    {
        await PublishAsync("", 3);
        BackUp("early");
        await RotateAsync();
        await PublishAsync("", 4);
        BackUp("late");
        PutBack("early");
        (await RestoredAsync("early", "--new-shard", "true")).Error.ShouldBeEmpty();
        await PublishAsync("2/", 5);

        // The store of the first shard, whole: what was given out of the second is lost all the same.
        PutBack("late");
        var (refused, _, words) = await RestoredAsync("late");
        refused.ShouldBe(1);
        words.ShouldContain($"'{Origin}/2' was given out with 5 entries, and the entries 3 to 4 are lost");
        (await RestoredAsync("late", "--new-shard", "true")).Error.ShouldBeEmpty();
        await PublishAsync("3/", 5);

        var third = Verify($"{Origin}/3", "3", Held("2", 5)).ShouldBeOfType<ArchiveVerdict.Verified>();
        third.Restores.ShouldHaveSingleItem().Index.ShouldBe(4);
        Verify($"{Origin}/3", "3", Held("", 4)).ShouldBeOfType<ArchiveVerdict.Verified>();
    }

    [Fact]
    public async Task Server_OnAStoreOfAnEarlierShard_RaisesTheAlarmAndIsNotSigned()
    {
        await PublishAsync("", 3);
        BackUp("early");
        await RotateAsync();
        await PublishAsync("", 4);
        BackUp("late");
        PutBack("early");
        (await RestoredAsync("early", "--new-shard", "true")).Error.ShouldBeEmpty();
        await PublishAsync("2/", 5);
        PutBack("late");

        var (server, address) = await ServerProcess.ListenAsync($"--Halyard:Database={Database}", "--Urls=http://127.0.0.1:0");
        try
        {
            using var http = new HttpClient { BaseAddress = address };
            await UntilAsync(async () =>
            {
                using var answer = await http.GetAsync(new Uri("/health/ledger", UriKind.Relative), Cancel);
                return (int)answer.StatusCode == 503;
            });
        }
        finally
        {
            await ServerProcess.StopAsync(server);
        }
        File.Exists(Path.Combine(Log(""), "checkpoints", $"{5:D20}")).ShouldBeFalse();
    }

    [Fact]
    public async Task Server_AfterARestore_ServesBothShardsAndProvesWhatWasBefore()
    {
        await PublishAsync("", 3);
        BackUp("early");
        await RotateAsync();
        await PublishAsync("", 4);
        PutBack("early");
        (await RestoredAsync("early", "--new-shard", "true")).Error.ShouldBeEmpty();
        await PublishAsync("2/", 5);

        var (server, address) = await ServerProcess.ListenAsync(
            $"--Halyard:Database={Database}",
            "--Urls=http://127.0.0.1:0",
            "--Halyard:Publishing:Open=true"
        );
        try
        {
            using var http = new HttpClient { BaseAddress = address };
            var first = await http.GetStringAsync(new Uri("/ledger/default/admin/checkpoint", UriKind.Relative), Cancel);
            first.ShouldStartWith($"{Origin}\n4\n");
            var second = await http.GetStringAsync(new Uri("/ledger/default/admin/2/checkpoint", UriKind.Relative), Cancel);
            second.ShouldStartWith($"{Origin}/2\n5\n");
            var tile = await http.GetByteArrayAsync(new Uri("/ledger/default/admin/2/tile/0/000.p/5", UriKind.Relative), Cancel);
            tile.Length.ShouldBe(5 * Digest.Length);
        }
        finally
        {
            await ServerProcess.StopAsync(server);
        }
    }

    private string Log(string shard) => Path.Combine(_folder.FullName, "ledger", "default", "admin", shard);

    private byte[] Held(string shard, long size) => File.ReadAllBytes(Path.Combine(Log(shard), "checkpoints", $"{size:D20}"));

    private ArchiveVerdict Verify(string origin, string shard = "", byte[]? since = null)
    {
        LogKeys.TryParse(File.ReadAllText(Path.Combine(Log(shard), "keys")), out var keys, out var problem).ShouldBeTrue(problem);
        return ArchiveVerifier.Run(new Files(Log(shard)), new ArchiveQuestion(origin, keys) { Since = since }, Cancel);
    }

    private void BackUp(string name)
    {
        var backup = Directory.CreateDirectory(Path.Combine(_folder.FullName, name)).FullName;
        foreach (var file in _folder.GetFiles("halyard.db*"))
            file.CopyTo(Path.Combine(backup, file.Name));
    }

    private void PutBack(string name)
    {
        foreach (var file in _folder.GetFiles("halyard.db*"))
            file.Delete();
        foreach (var file in Directory.GetFiles(Path.Combine(_folder.FullName, name)))
            File.Copy(file, Path.Combine(_folder.FullName, Path.GetFileName(file)));
    }

    private Task<(int ExitCode, string Output, string Error)> RestoredAsync(string backup, params string[] further) =>
        ServerProcess.RunAsync(["store", "restored", "--from-backup", backup, $"--Halyard:Database={Database}", .. further]);

    private async Task RotateAsync() =>
        (await ServerProcess.RunAsync("key", "rotate", $"--Halyard:Database={Database}")).ExitCode.ShouldBe(0);

    /// <summary>Runs a server until it has published that many entries.</summary>
    private async Task PublishAsync(string shard, long size)
    {
        var (server, _) = await ServerProcess.ListenAsync(
            $"--Halyard:Database={Database}",
            "--Urls=http://127.0.0.1:0",
            "--Halyard:Anchoring:IntervalSeconds=10"
        );
        try
        {
            var file = Path.Combine(Log(shard), "checkpoint");
            await UntilAsync(async () =>
            {
                server.HasExited.ShouldBeFalse();
                return File.Exists(file)
                    && (await File.ReadAllTextAsync(file, Cancel)).Split('\n')[1]
                        == size.ToString(System.Globalization.CultureInfo.InvariantCulture);
            });
        }
        finally
        {
            await ServerProcess.StopAsync(server);
        }
    }

    private static async Task UntilAsync(Func<Task<bool>> holds)
    {
        while (!await holds())
            await Task.Delay(TimeSpan.FromMilliseconds(20), Cancel);
    }

    private sealed class Files(string folder) : ILedgerFiles
    {
        public byte[]? Read(string path, int maxLength) =>
            File.Exists(Path.Combine(folder, path)) ? File.ReadAllBytes(Path.Combine(folder, path)) : null;

        public IReadOnlyList<string>? List(string under) =>
            [
                .. Directory
                    .GetFiles(Path.Combine(folder, under))
                    .Select(Path.GetFileName)
                    .OfType<string>()
                    .Order(StringComparer.Ordinal),
            ];
    }
}
