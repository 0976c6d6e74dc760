using System.Text;
using System.Text.RegularExpressions;
using Halyard.Core.Access;
using Halyard.Core.Changes;
using Halyard.Core.Flags;
using Halyard.Server.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace Halyard.Server.Tests.Hosting;

/// <summary>How an operator comes by the first credential.</summary>
public sealed partial class FirstStartTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("halyard-start-");

    private string Database => Path.Combine(_folder.FullName, "halyard.db");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task FirstStart_PrintsTheTokenOnce_AndStoresNoSecret()
    {
        var first = await ServerProcess.StartAndStopAsync(Database);
        var second = await ServerProcess.StartAndStopAsync(Database);

        var secret = Credential().Matches(first).ShouldHaveSingleItem().Groups["secret"].Value;
        Credential().Matches(second).ShouldBeEmpty();
        var needle = Encoding.UTF8.GetBytes(secret);
        var files = _folder
            .GetFiles("halyard.db*")
            .Where(file => !file.Name.EndsWith(".lock", StringComparison.Ordinal))
            .ToList();
        files.ShouldContain(file => file.Name == "halyard.db");
        foreach (var file in files)
            (await File.ReadAllBytesAsync(file.FullName, TestContext.Current.CancellationToken))
                .AsSpan()
                .IndexOf(needle)
                .ShouldBe(-1, file.Name);
    }

    [Fact]
    public async Task FirstStart_PrintsTheAdministratorsPasswordOnce_AndItLogsIn()
    {
        var first = await ServerProcess.StartAndStopAsync(Database);
        var password = LogIn().Matches(first).ShouldHaveSingleItem().Groups["password"].Value;

        var (process, address) = await ServerProcess.ListenAsync($"--Halyard:Database={Database}", "--Urls=http://127.0.0.1:0");
        try
        {
            using var http = new HttpClient();
            using var body = new ByteArrayContent(HalyardServer.LogInBody("admin@localhost", password));
            using var answer = await http.PostAsync(
                new Uri(address, "/auth/password"),
                body,
                TestContext.Current.CancellationToken
            );
            ((int)answer.StatusCode).ShouldBe(200);
        }
        finally
        {
            process.Kill();
            LogIn().Matches(await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken)).ShouldBeEmpty();
            process.Dispose();
        }
    }

    [Fact]
    public async Task FirstStart_TakesThePasswordFromAFile_AndPrintsNone()
    {
        var file = Path.Combine(_folder.FullName, "password");
        await File.WriteAllTextAsync(file, HalyardServer.Password + "\n", TestContext.Current.CancellationToken);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        var server = new FirstStartServer(file);
        await server.InitializeAsync();
        try
        {
            await server.LogInAsync("root@example.com");
        }
        finally
        {
            await server.DisposeAsync();
        }
    }

    [Fact]
    public async Task TenantCreate_MakesATenantOnce()
    {
        var (exit, output, _) = await ServerProcess.RunAsync("tenant", "create", "acme", $"--Halyard:Database={Database}");
        exit.ShouldBe(0);
        Credential().Matches(output).ShouldHaveSingleItem().Value.ShouldStartWith("hal.acme.");

        (exit, output, var error) = await ServerProcess.RunAsync("tenant", "create", "acme", $"--Halyard:Database={Database}");
        exit.ShouldBe(1);
        output.ShouldNotContain("hal.");
        error.ShouldContain("There is a tenant 'acme' already.");
    }

    [Theory]
    [InlineData("Acme")]
    [InlineData("-acme")]
    [InlineData("acme\n")]
    [InlineData("a.b")]
    [InlineData("")]
    [InlineData("aaaaaaaaaabbbbbbbbbbccccccccccddddddddddd")]
    public async Task TenantCreate_WithABadKey_SaysHowToCallIt(string key)
    {
        var (exit, _, error) = await ServerProcess.RunAsync("tenant", "create", key, $"--Halyard:Database={Database}");

        exit.ShouldBe(3);
        error.ShouldContain("Usage: halyard-server tenant create KEY");
        File.Exists(Database).ShouldBeFalse();
    }

    [Fact]
    public async Task TenantCreate_WhileAServerHasTheStore_IsRefusedInWords()
    {
        var server = new HalyardServer();
        await server.InitializeAsync();
        try
        {
            var (exit, _, error) = await ServerProcess.RunAsync(
                "tenant",
                "create",
                "acme",
                $"--Halyard:Database={server.DatabaseFile}"
            );

            exit.ShouldBe(1);
            error.ShouldContain("in use by another Halyard server");
            error.ShouldNotContain(" at Halyard.");
        }
        finally
        {
            await server.DisposeAsync();
        }
    }

    [Fact]
    public async Task FirstStart_BrokenOffBeforeTheToken_IsFinishedByTheNext()
    {
        var server = new HalyardServer();
        await server.InitializeAsync();
        try
        {
            var submission = new Submission(
                Actor.System("half"),
                RequestContext.Internal("q_1"),
                Change.Edit("", [new CreateTenant("half", "Half")], "first start", action: "tenant.create")
            );
            (
                await server
                    .Services.GetRequiredService<ChangeService>()
                    .SubmitAsync(submission, TestContext.Current.CancellationToken)
            ).Error.ShouldBeNull();
            var firstStart = server.Services.GetRequiredService<FirstStart>();

            (await firstStart.EnsureTenantAsync("half", "Half", TestContext.Current.CancellationToken))
                .ShouldNotBeNull()
                .ShouldStartWith("hal.half.");
            (await firstStart.EnsureTenantAsync("half", "Half", TestContext.Current.CancellationToken)).ShouldBeNull();
            (await server.HeadAsync("half")).Size.ShouldBe(2);
        }
        finally
        {
            await server.DisposeAsync();
        }
    }

    [GeneratedRegex(@"Administrator log-in \(shown this once\): admin@localhost with password (?<password>\S+)")]
    private static partial Regex LogIn();

    /// <summary>A server with an administrator whose password is in a file.</summary>
    private sealed class FirstStartServer(string file) : HalyardServer
    {
        protected override IEnumerable<string> Settings =>
            ["--Halyard:Identity:Local:AdminEmail=Root@example.com", $"--Halyard:Identity:Local:AdminPasswordFile={file}"];
    }

    [GeneratedRegex(@"hal\.[a-z0-9-]+\.[^.\s]+\.(?<secret>[A-Za-z0-9_-]{43})")]
    private static partial Regex Credential();
}
