using System.Text;
using System.Text.Json;
using Halyard.Cli;
using Halyard.Server.Tests.Hosting;

namespace Halyard.Server.Tests.Importing;

/// <summary>The command line against the real server.</summary>
public sealed class CliImportTests(HalyardServer server) : IClassFixture<HalyardServer>, IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("halyard-import-");

    private string Out { get; set; } = "";

    private string Error { get; set; } = "";

    [Fact]
    public async Task DryRun_SaysWhatWouldBeCreated_AndWritesNothing()
    {
        await server.ProjectAsync("dry");
        var before = await server.HeadAsync();
        (await ImportAsync("dry", Exact)).ShouldBe(0, Error);
        Out.ShouldContain("+ flag banner: to create; staging: 1 rule(s)");
        Out.ShouldContain("Nothing was written");
        (await server.HeadAsync()).ShouldBe(before);
        (await server.GetAsync("/api/v1/projects/dry/flags")).Expect(200).Items().ShouldBeEmpty();
    }

    [Fact]
    public async Task Apply_CreatesFlagsThatEvaluateAndAreAudited_AndAgainWritesNothing()
    {
        await server.ProjectAsync("moved");
        (await ImportAsync("moved", Exact, "--apply", "--reason", "Moving in")).ShouldBe(0, Error);
        Out.ShouldContain("Change 1 of 1: 1 created, index ");
        (await EvaluateAsync("moved", "pro")).ShouldBe("sale");
        (await EvaluateAsync("moved", "free")).ShouldBe("none");
        var entry = (await server.GetAsync("/api/v1/audit?project=moved&flag=banner")).Expect(200).Items().ShouldHaveSingleItem();
        entry.Text("reason").ShouldBe("Moving in (flagd definitions, flags.json)");

        var before = await server.HeadAsync();
        (await ImportAsync("moved", Exact, "--apply")).ShouldBe(0, Error);
        Out.ShouldContain("= flag banner: there already");
        (await server.HeadAsync()).ShouldBe(before);
    }

    [Fact]
    public async Task FlagThatExistsWithOtherContent_IsNamed_AndNothingIsWritten()
    {
        await server.ProjectAsync("taken");
        await server.FlagAsync("taken", "banner");
        var before = await server.HeadAsync();
        (await ImportAsync("taken", Exact, "--apply")).ShouldBe(1);
        Error.ShouldContain("flag banner");
        (await server.HeadAsync()).ShouldBe(before);
    }

    [Fact]
    public async Task WhatHasNoEquivalent_IsLeftOff_AndTheExitCodeSaysSo()
    {
        await server.ProjectAsync("part");
        var file = Exact.Replace("\"ENABLED\"", "\"DISABLED\"", StringComparison.Ordinal);
        (await ImportAsync("part", file, "--apply")).ShouldBe(4);
        Out.ShouldContain("! Flag banner, environment default: a disabled flag");
        var flag = (await server.GetAsync("/api/v1/projects/part/flags/banner")).Expect(200);
        flag.GetProperty("environments").GetProperty("staging").GetProperty("enabled").GetBoolean().ShouldBeFalse();
    }

    [Fact]
    public async Task MoreFlagsThanOneChangeTakes_AreSeveralChanges_AndAnImportBrokenOffGoesOn()
    {
        await server.ProjectAsync("many");
        var all = Flags(45);
        (await ImportAsync("many", Flags(20), "--apply")).ShouldBe(0, Error);
        (await ImportAsync("many", all, "--apply")).ShouldBe(0, Error);
        Out.ShouldContain("25 to create, 20 there already");
        Out.ShouldContain("Change 2 of 2: 5 created");
        (await server.GetAsync("/api/v1/projects/many/flags?limit=100")).Expect(200).Items().Count.ShouldBe(45);
    }

    [Fact]
    public async Task EnvironmentThatIsMissing_IsNamed()
    {
        await server.ProjectAsync("poor");
        (await RunAsync("import", Write(Exact), "--from", "flagd", "--project", "poor", "--environment", "moon")).ShouldBe(1);
        Error.ShouldContain("no environment moon");
    }

    [Fact]
    public async Task ProjectThatIsMissing_AndTokenThatIsNotAllowed_AreRefused()
    {
        (await ImportAsync("nowhere", Exact)).ShouldBe(1);
        Error.ShouldNotBeEmpty();
        (await RunAsync("import", Write(Exact), "--from", "flagd", "--project", "dry", "--token", "hal.default.x.y")).ShouldBe(1);
        Error.ShouldNotContain("hal.default.x.y");
    }

    [Fact]
    public async Task GoFeatureFlag_KeepsItsHash_OnTheServerToo()
    {
        await server.ProjectAsync("goff");
        const string Yaml = """
            split:
              variations: {A: a, B: b}
              defaultRule: {percentage: {A: 50, B: 50}}
            """;
        foreach (var expected in (string[])["+ flag split", "= flag split"])
        {
            (
                await RunAsync(
                    "import",
                    Write(Yaml),
                    "--from",
                    "go-feature-flag",
                    "--project",
                    "goff",
                    "--environment",
                    "staging",
                    "--apply"
                )
            ).ShouldBe(0, Error);
            Out.ShouldContain(expected);
        }
        (await server.GetAsync("/api/v1/projects/goff/flags/split")).Expect(200).Text("hash").ShouldBe("goFeatureFlag");
    }

    [Fact]
    public async Task Export_OfWhatWasImported_IsImportedAgainAsTheSame()
    {
        await server.ProjectAsync("there");
        await server.ProjectAsync("back");
        (await ImportAsync("there", Exact, "--apply")).ShouldBe(0, Error);
        (await RunAsync("export", "--to", "flagd", "--project", "there", "--environment", "staging")).ShouldBe(0, Error);
        (await ImportAsync("back", Out, "--apply")).ShouldBe(0, Error);
        (await EvaluateAsync("back", "pro")).ShouldBe("sale");
        (await EvaluateAsync("back", "free")).ShouldBe("none");

        (await RunAsync("export", "--to", "flagd", "--project", "there", "--environment", "moon")).ShouldBe(1);
    }

    [Fact]
    public async Task Export_OfWhatFlagdCannotSay_LeavesItOut()
    {
        await server.ProjectAsync("half");
        (await server.PostAsync("/api/v1/projects/half/flags", """{"key":"a","reason":"test"}""")).Expect(200);
        (
            await server.PostAsync(
                "/api/v1/projects/half/flags",
                """{"key":"b","reason":"test","environments":{"staging":{"enabled":true,"offVariant":"off","fallthrough":{"variant":"on"},"prerequisites":[{"flag":"a","variants":["on"]}]}}}"""
            )
        ).Expect(200);
        var target = Path.Combine(_folder.FullName, "out.json");
        (await RunAsync("export", "--to", "flagd", "--project", "half", "--environment", "staging", "--output", target)).ShouldBe(
            4
        );
        Error.ShouldContain("! flag b: prerequisites; the flag is left out.");
        var written = JsonSerializer.Deserialize<JsonElement>(
            await File.ReadAllBytesAsync(target, TestContext.Current.CancellationToken)
        );
        written.GetProperty("flags").EnumerateObject().Select(flag => flag.Name).ShouldBe(["a"]);
    }

    private const string Exact = """
        {"flags":{"banner":{"state":"ENABLED","variants":{"sale":{"text":"½ price","n":1.50},"none":{}},"defaultVariant":"none",
          "targeting":{"if":[{"==":[{"var":"plan"},"pro"]},"sale"]}}}}
        """;

    public void Dispose() => _folder.Delete(recursive: true);

    private static string Flags(int count)
    {
        var flags = Enumerable
            .Range(0, count)
            .Select(i => $$"""  f{{i:d2}}: {state: ENABLED, variants: {a: {{i}}}, defaultVariant: a}""");
        return "flags:\n" + string.Join('\n', flags);
    }

    private async Task<string> EvaluateAsync(string project, string plan)
    {
        var body = $$$"""{"flag":"banner","context":{"plan":"{{{plan}}}"}}""";
        return (await server.PostAsync($"/api/v1/projects/{project}/evaluate?environment=staging", body))
            .Expect(200)
            .GetProperty("flags")
            .EnumerateArray()
            .Single()
            .Text("variant");
    }

    private Task<int> ImportAsync(string project, string file, params string[] more) =>
        RunAsync(["import", Write(file), "--from", "flagd", "--project", project, "--environment", "default=staging", .. more]);

    private string Write(string text)
    {
        var path = Path.Combine(_folder.FullName, "flags.json");
        File.WriteAllText(path, text, Encoding.UTF8);
        return path;
    }

    private async Task<int> RunAsync(params string[] args)
    {
        await using var output = new StringWriter();
        await using var error = new StringWriter();
        string? Variable(string name) =>
            name switch
            {
                "HALYARD_SERVER" => server.Address.ToString(),
                "HALYARD_TOKEN" => server.Admin,
                _ => null,
            };
        var host = new CliHost(output, error, Variable, () => new SocketsHttpHandler());
        var exit = await CommandLine.RunAsync(args, host, TestContext.Current.CancellationToken);
        (Out, Error) = (output.ToString(), error.ToString());
        return exit;
    }
}
