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

    [GeneratedRegex(@"hal\.[a-z0-9-]+\.[^.\s]+\.(?<secret>[A-Za-z0-9_-]{43})")]
    private static partial Regex Credential();
}
