using Halyard.Ledger;
using Halyard.Server.Tests.Hosting;
using Halyard.Testing;

namespace Halyard.Server.Tests.Publishing;

/// <summary>An older copy of the database is put back under a published log, by the commands of operators and real servers.</summary>
public sealed class RestoreTests : IDisposable
{
    /// <summary>How many entries a new server's log begins with: its tenant, its first credential and its first administrator.</summary>
    private const int First = 4;

    private const string Origin = "halyard.localhost/default/admin";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("halyard-restore-");

    private string Database => Path.Combine(_folder.FullName, "halyard.db");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task StoreRestored_AsANewShard_LetsAStrangerVerifyBothAndSeeTheGap()
    {
        await PublishAsync("", First);
        BackUp("early");
        await RotateAsync();
        await PublishAsync("", First + 1);
        PutBack("early");

        (await RestoredAsync("early", "--new-shard", "false")).ShouldSatisfyAllConditions(
            refused => refused.ExitCode.ShouldBe(1),
            refused => refused.Error.ShouldContain($"the entries {First} to {First} are lost"),
            refused => refused.Error.ShouldContain("--new-shard true")
        );
        var (exit, output, error) = await RestoredAsync("early", "--new-shard", "true");
        exit.ShouldBe(0, error);
        output.ShouldContain($"goes on under another name from entry {First} on");
        // The restore and, as the copy does not know of it, the new key.
        await PublishAsync("2/", First + 2);

        var before = Verify(Origin).ShouldBeOfType<ArchiveVerdict.Verified>();
        before.Head.Size.ShouldBe(First + 1);
        var after = Verify($"{Origin}/2", "2", Held("", First + 1)).ShouldBeOfType<ArchiveVerdict.Verified>();
        after.Head.Size.ShouldBe(First + 2);
        var restore = after.Restores.ShouldHaveSingleItem();
        (restore.Index, restore.Log).ShouldBe((First, Origin));
        restore.Lost.ShouldHaveSingleItem().ShouldBe(new LostEntries(Origin, First, First + 1, before.Head.Root));
        Verify($"{Origin}/2", "2", Held("", First)).ShouldBeOfType<ArchiveVerdict.Verified>();
    }

    [Fact]
    public async Task StoreRestored_OnceMore_NeverUsesANameAgain()
    {
        await PublishAsync("", First);
        BackUp("early");
        await RotateAsync();
        await PublishAsync("", First + 1);
        BackUp("late");
        PutBack("early");
        (await RestoredAsync("early", "--new-shard", "true")).Error.ShouldBeEmpty();
        await PublishAsync("2/", First + 2);

        // The store of the first shard, whole: what was given out of the second is lost all the same.
        PutBack("late");
        var (refused, _, words) = await RestoredAsync("late");
        refused.ShouldBe(1);
        words.ShouldContain(
            $"'{Origin}/2' was given out with {First + 2} entries, and the entries {First} to {First + 1} are lost"
        );
        (await RestoredAsync("late", "--new-shard", "true")).Error.ShouldBeEmpty();
        await PublishAsync("3/", First + 2);

        var third = Verify($"{Origin}/3", "3", Held("2", First + 2)).ShouldBeOfType<ArchiveVerdict.Verified>();
        third.Restores.ShouldHaveSingleItem().Index.ShouldBe(First + 1);
        Verify($"{Origin}/3", "3", Held("", First + 1)).ShouldBeOfType<ArchiveVerdict.Verified>();
    }

    [Fact]
    public async Task Server_OnAStoreOfAnEarlierShard_RaisesTheAlarmAndIsNotSigned()
    {
        await PublishAsync("", First);
        BackUp("early");
        await RotateAsync();
        await PublishAsync("", First + 1);
        BackUp("late");
        PutBack("early");
        (await RestoredAsync("early", "--new-shard", "true")).Error.ShouldBeEmpty();
        await PublishAsync("2/", First + 2);
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
        File.Exists(Path.Combine(Log(""), "checkpoints", $"{First + 2:D20}")).ShouldBeFalse();
    }

    [Fact]
    public async Task Server_AfterARestore_ServesBothShardsAndProvesWhatWasBefore()
    {
        await PublishAsync("", First);
        BackUp("early");
        await RotateAsync();
        await PublishAsync("", First + 1);
        PutBack("early");
        (await RestoredAsync("early", "--new-shard", "true")).Error.ShouldBeEmpty();
        await PublishAsync("2/", First + 2);

        var (server, address) = await ServerProcess.ListenAsync(
            $"--Halyard:Database={Database}",
            "--Urls=http://127.0.0.1:0",
            "--Halyard:Publishing:Open=true"
        );
        try
        {
            using var http = new HttpClient { BaseAddress = address };
            var first = await http.GetStringAsync(new Uri("/ledger/default/admin/checkpoint", UriKind.Relative), Cancel);
            first.ShouldStartWith($"{Origin}\n{First + 1}\n");
            var second = await http.GetStringAsync(new Uri("/ledger/default/admin/2/checkpoint", UriKind.Relative), Cancel);
            second.ShouldStartWith($"{Origin}/2\n{First + 2}\n");
            var tile = await http.GetByteArrayAsync(
                new Uri($"/ledger/default/admin/2/tile/0/000.p/{First + 2}", UriKind.Relative),
                Cancel
            );
            tile.Length.ShouldBe((First + 2) * Digest.Length);
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

    private async Task UntilAsync(Func<Task<bool>> holds)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        patience.CancelAfter(TimeSpan.FromMinutes(2));
        await WatchedFolder.UntilAsync(_folder.FullName, holds, patience.Token);
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
