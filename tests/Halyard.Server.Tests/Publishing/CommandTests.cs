using System.Diagnostics;
using Halyard.Server.Tests.Hosting;
using Halyard.Testing;

namespace Halyard.Server.Tests.Publishing;

/// <summary>The commands of operators, as processes of their own on a store that a server has published.</summary>
public sealed class CommandTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("halyard-commands-");

    private string Database => Path.Combine(_folder.FullName, "halyard.db");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task KeyRotate_NamesBothKeysAndRecordsTheNewOne()
    {
        var first = await ServerProcess.StartAndStopAsync(Database);
        var old = Line(first, "Signing key: ");

        var (exit, output, error) = await ServerProcess.RunAsync("key", "rotate", $"--Halyard:Database={Database}");
        exit.ShouldBe(0, error);
        Line(output, "Old key: ").ShouldBe(old);
        var current = Line(output, "New key: ");

        var next = await ServerProcess.StartAndStopAsync(Database);
        next.Split('\n')
            .Where(line => line.StartsWith("Signing key: ", StringComparison.Ordinal))
            .ShouldBe([$"Signing key: {current}", $"Signing key: {old}"]);
    }

    [Fact]
    public async Task StoreRestored_OfAStoreThatLostNothing_IsRecorded()
    {
        await ServerProcess.StartAndStopAsync(Database);

        var (exit, output, error) = await ServerProcess.RunAsync(
            "store",
            "restored",
            "--from-backup",
            "nightly of 2 March",
            $"--Halyard:Database={Database}"
        );

        exit.ShouldBe(0, error);
        output.ShouldContain("default: recorded as entry 4");
    }

    [Fact]
    public async Task StoreRestored_OfAStoreThatLostEntries_IsRefusedAndNamesThem()
    {
        await ServerProcess.StartAndStopAsync(Database);
        var backup = Directory.CreateDirectory(Path.Combine(_folder.FullName, "backup")).FullName;
        foreach (var file in _folder.GetFiles("halyard.db*"))
            file.CopyTo(Path.Combine(backup, file.Name));
        (await ServerProcess.RunAsync("key", "rotate", $"--Halyard:Database={Database}")).ExitCode.ShouldBe(0);
        var folder = Path.Combine(_folder.FullName, "ledger", "default", "admin", "checkpoints");
        var (server, _) = await ServerProcess.ListenAsync($"--Halyard:Database={Database}", "--Urls=http://127.0.0.1:0");
        await WrittenAsync(Path.Combine(folder, $"{5:D20}"), server);
        server.Kill();
        await server.WaitForExitAsync(TestContext.Current.CancellationToken);
        foreach (var file in _folder.GetFiles("halyard.db*"))
            file.Delete();
        foreach (var file in Directory.GetFiles(backup))
            File.Copy(file, Path.Combine(_folder.FullName, Path.GetFileName(file)));

        var (exit, _, error) = await ServerProcess.RunAsync(
            "store",
            "restored",
            "--from-backup",
            "too old",
            $"--Halyard:Database={Database}"
        );

        exit.ShouldBe(1);
        error.ShouldContain("was given out with 5 entries, and the entries 4 to 4 are lost");
        error.ShouldNotContain(" at Halyard.");
    }

    [Fact]
    public async Task LedgerThatIsOpen_IsReadByEverybody_AndNothingElseIs()
    {
        var (server, address) = await ServerProcess.ListenAsync(
            $"--Halyard:Database={Database}",
            "--Urls=http://127.0.0.1:0",
            "--Halyard:Publishing:Open=true"
        );
        try
        {
            var checkpoint = Path.Combine(_folder.FullName, "ledger", "default", "admin", "checkpoint");
            await WrittenAsync(checkpoint, server);
            using var http = new HttpClient { BaseAddress = address };

            (await StatusAsync(http, "/ledger/default/admin/checkpoint")).ShouldBe(200);
            (await StatusAsync(http, "/ledger/default/admin/keys")).ShouldBe(200);
            (await StatusAsync(http, "/ledger/keys")).ShouldBe(200);
            (await StatusAsync(http, "/ledger/nobody/admin/checkpoint")).ShouldBe(404);
            (await StatusAsync(http, "/ledger/..%2fdefault/admin/checkpoint")).ShouldBe(404);
            (await StatusAsync(http, "/api/v1/ledger/status")).ShouldBe(401);
            (await StatusAsync(http, "/api/v1/audit")).ShouldBe(401);
        }
        finally
        {
            server.Kill();
            await server.WaitForExitAsync(CancellationToken.None);
        }
    }

    [Theory]
    [InlineData("key")]
    [InlineData("key", "revoke")]
    [InlineData("store")]
    [InlineData("store", "restored")]
    [InlineData("store", "restored", "--from-backup", "")]
    public async Task Command_ThatIsNone_SaysHowToCallIt(params string[] args)
    {
        var (exit, _, error) = await ServerProcess.RunAsync(args);

        exit.ShouldBe(3);
        error.ShouldContain($"Usage: halyard-server {args[0]}");
    }

    [Theory]
    [InlineData("--Halyard:Anchoring:IntervalSeconds=9", "IntervalSeconds must be 10 to 300")]
    [InlineData("--Halyard:Anchoring:Webhook=ftp://x", "Webhook must be an http or https address")]
    [InlineData("--Halyard:Anchoring:S3:Bucket=X", "Anchoring:S3:Bucket must be")]
    [InlineData("--Halyard:Signing:Url=http://signer.example", "Url must be an https address")]
    [InlineData("--Halyard:Signing:Url=https://signer.example", "TokenFile must be set")]
    public async Task Option_OutsideItsRange_EndsTheServerInWords(string option, string words)
    {
        var (exit, _, error) = await ServerProcess.RunAsync(
            $"--Halyard:Database={Database}",
            "--Urls=http://127.0.0.1:0",
            option
        );

        exit.ShouldBe(1);
        error.ShouldContain(words);
        File.Exists(Database).ShouldBeFalse();
    }

    /// <summary>Waits until a server has written a file.</summary>
    private async Task WrittenAsync(string file, Process server)
    {
        var cancel = TestContext.Current.CancellationToken;
        var written = WatchedFolder.UntilAsync(_folder.FullName, () => Task.FromResult(File.Exists(file)), cancel);
        (await Task.WhenAny(written, server.WaitForExitAsync(cancel))).ShouldBe(written, "the server has ended");
        await written;
    }

    private static async Task<int> StatusAsync(HttpClient http, string path)
    {
        using var answer = await http.GetAsync(new Uri(path, UriKind.Relative), TestContext.Current.CancellationToken);
        return (int)answer.StatusCode;
    }

    private static string Line(string output, string beginning) =>
        output.Split('\n').First(line => line.StartsWith(beginning, StringComparison.Ordinal))[beginning.Length..].TrimEnd('\r');
}
