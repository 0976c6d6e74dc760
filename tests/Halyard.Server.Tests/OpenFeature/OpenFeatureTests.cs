using System.ComponentModel;
using System.Diagnostics;
using System.Text.Json;
using Halyard.Server.Tests.Hosting;
using Halyard.Server.Tests.Ofrep;
using Halyard.Testing;

namespace Halyard.Server.Tests.OpenFeature;

/// <summary>OpenFeature's own SDK and OFREP provider, as applications use them.</summary>
public sealed class OpenFeatureTests(HalyardServer server) : IClassFixture<HalyardServer>
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private static string Folder => Path.Combine(Suites.RepositoryRoot, "tests", "openfeature-client");

    [Fact]
    public async Task ServerSdk_GetsValuesVariantsAndReasonsOfEveryType()
    {
        var key = await OfrepFlags.CreateAsync(server, "openfeature");
        await InstallAsync();

        var (exit, output, error) = await RunAsync(
            "node",
            ["evaluate.mjs"],
            ("HALYARD_URL", server.Address.GetLeftPart(UriPartial.Authority)),
            ("HALYARD_SDK_KEY", key)
        );

        exit.ShouldBe(0, error);
        var answers = JsonSerializer.Deserialize<JsonElement>(output).EnumerateArray().Select(item => item.GetRawText()).ToList();
        answers.ShouldBe([
            """{"flagKey":"static","value":true,"variant":"on","reason":"STATIC"}""",
            """{"flagKey":"disabled","value":false,"variant":"off","reason":"DISABLED"}""",
            """{"flagKey":"needy","value":false,"variant":"off","reason":"DEFAULT"}""",
            """{"flagKey":"words","value":"Ahoy","variant":"treatment","reason":"TARGETING_MATCH"}""",
            """{"flagKey":"words","value":"Grüß Gott","variant":"control","reason":"DEFAULT"}""",
            """{"flagKey":"whole","value":42,"variant":"treatment","reason":"TARGETING_MATCH"}""",
            """{"flagKey":"fraction","value":-1.5,"variant":"treatment","reason":"TARGETING_MATCH"}""",
            """{"flagKey":"shape","value":{"colour":"red","size":{"w":2}},"variant":"treatment","reason":"TARGETING_MATCH"}""",
            """{"flagKey":"nobody","value":true,"reason":"ERROR","errorCode":"FLAG_NOT_FOUND"}""",
            """{"flagKey":"words","value":true,"reason":"ERROR","errorCode":"TYPE_MISMATCH"}""",
        ]);
    }

    /// <summary>Installs exactly what the lock file says, once; without node the test is skipped at home and fails in CI.</summary>
    private static async Task InstallAsync()
    {
        try
        {
            (await RunAsync("node", ["--version"])).ExitCode.ShouldBe(0);
        }
        catch (Win32Exception missing)
        {
            if (Suites.IsContinuousIntegration)
                Assert.Fail($"node is needed: {missing.Message}");
            Assert.Skip("node is not installed");
        }
        if (Directory.Exists(Path.Combine(Folder, "node_modules")))
            return;
        var (exit, _, error) = await RunAsync("npm", ["ci", "--no-audit", "--no-fund"]);
        exit.ShouldBe(0, error);
    }

    private static async Task<(int ExitCode, string Output, string Error)> RunAsync(
        string program,
        string[] args,
        params (string Name, string Value)[] environment
    )
    {
        var start = new ProcessStartInfo(program, args)
        {
            WorkingDirectory = Folder,
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        using var process = Process.Start(start).ShouldNotBeNull();
        using var patience = new CancellationTokenSource(Patience);
        var output = process.StandardOutput.ReadToEndAsync(patience.Token);
        var error = process.StandardError.ReadToEndAsync(patience.Token);
        await process.WaitForExitAsync(patience.Token);
        return (process.ExitCode, await output, await error);
    }
}
