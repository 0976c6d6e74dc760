using System.Globalization;
using System.Text;
using System.Text.Json;
using Halyard.Testing;

namespace Halyard.Cli.Tests.History;

public sealed class ConvertTests
{
    private static string Events => Suites.Require("real-flags/openshift-feature-gates-events.jsonl");

    private static string Metadata => Suites.Require("real-flags/openshift-featuregates-metadata.json");

    private static string Shipped => Path.Combine(Suites.RepositoryRoot, "samples", "openshift", "history.jsonl");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task RealHistory_Converted_IsTheShippedSampleByteForByte()
    {
        using var cli = new Cli();
        (await ConvertAsync(cli, Events)).ShouldBe(0);
        cli.Out.ShouldContain("300 lines");
        (await File.ReadAllBytesAsync(cli.PathOf("out.jsonl"), Token)).ShouldBe(await File.ReadAllBytesAsync(Shipped, Token));
    }

    [Fact]
    public void RealHistory_IsWhatTheSampleSaysItIs()
    {
        var raw = File.ReadLines(Events).Select(Parse).ToList();
        var known = Parse(File.ReadAllText(Metadata))
            .EnumerateObject()
            .Select(gate => gate.Name)
            .ToHashSet(StringComparer.Ordinal);
        raw.Count.ShouldBe(300);
        raw.Select(read => read.GetProperty("commit").GetString()).Distinct().Count().ShouldBe(146);
        raw.Select(read => read.GetProperty("time").GetString()![19..]).Distinct().Count().ShouldBe(2);

        var named = raw.Where(read => read.TryGetProperty("flag", out _))
            .Select(read => read.GetProperty("flag").GetString()!)
            .ToHashSet(StringComparer.Ordinal);
        (named.Count, named.Count(gate => !known.Contains(gate))).ShouldBe((109, 69));

        var created = Operations("createFlag").ToList();
        (created.Count, created.Count(flag => !flag.TryGetProperty("owner", out _))).ShouldBe((130, 77));
        created.Count(flag => named.Contains(Text(flag, "flag")) && !flag.TryGetProperty("owner", out _)).ShouldBe(69);
    }

    [Fact]
    public void Environments_KeepTheirTitle_AndHaveTheTypeOfTheirFeatureSet() =>
        Operations("createEnvironment")
            .Select(made => (Text(made, "environment"), Text(made, "name"), Text(made, "type")))
            .ShouldBe([
                ("All.CustomNoUpgrade", "All/CustomNoUpgrade", "development"),
                ("All.Default", "All/Default", "production"),
                ("All.LatencySensitive", "All/LatencySensitive", "production"),
                ("All.TechPreviewNoUpgrade", "All/TechPreviewNoUpgrade", "staging"),
                ("Hypershift.Default", "Hypershift/Default", "production"),
                ("Hypershift.TechPreviewNoUpgrade", "Hypershift/TechPreviewNoUpgrade", "staging"),
                ("SelfManagedHA.Default", "SelfManagedHA/Default", "production"),
                ("SelfManagedHA.TechPreviewNoUpgrade", "SelfManagedHA/TechPreviewNoUpgrade", "staging"),
                ("SingleNode.Default", "SingleNode/Default", "production"),
                ("SingleNode.TechPreviewNoUpgrade", "SingleNode/TechPreviewNoUpgrade", "staging"),
                ("Hypershift.DevPreviewNoUpgrade", "Hypershift/DevPreviewNoUpgrade", "development"),
                ("SelfManagedHA.DevPreviewNoUpgrade", "SelfManagedHA/DevPreviewNoUpgrade", "development"),
            ]);

    [Fact]
    public void Gate_WithMetadata_HasOwnerComponentAndProposal()
    {
        var flag = Operations("createFlag").Single(made => Text(made, "flag") == "AWSClusterHostedDNS");
        var known = Parse(File.ReadAllText(Metadata)).GetProperty("AWSClusterHostedDNS");
        Text(flag, "owner").ShouldBe(Text(known, "owner"));
        Text(flag, "description").ShouldBe($"Component: {Text(known, "component")}. Proposal: {Text(known, "proposal")}");
        flag.GetProperty("tags")[0].GetString().ShouldStartWith("component:");
    }

    [Fact]
    public void EveryTag_HasTheFormOfASlug()
    {
        var tags = Operations("createFlag")
            .Where(flag => flag.TryGetProperty("tags", out _))
            .Select(flag => flag.GetProperty("tags")[0].GetString()!)
            .Distinct()
            .ToList();
        tags.Count.ShouldBeGreaterThan(10);
        tags.ShouldAllBe(tag => System.Text.RegularExpressions.Regex.IsMatch(tag, "^component:[a-z0-9]+(-[a-z0-9]+)*$"));
    }

    [Fact]
    public void Lines_KeepTimeAuthorReasonAndPullRequest()
    {
        foreach (var (read, line) in File.ReadLines(Events).Select(Parse).Zip(File.ReadLines(Shipped).Select(Parse)))
        {
            Text(line, "at").ShouldBe(Text(read, "time"));
            Text(line, "actor").ShouldBe(Text(read, "actor"));
            Text(line, "reason").ShouldBe(Text(read, "reason"));
            Text(line, "ref").ShouldBe($"https://github.com/openshift/api/pull/{read.GetProperty("pr").GetInt64()}");
        }
    }

    [Theory]
    [InlineData("2024-01-11T15:58:29Z")]
    [InlineData("2024-03-12T00:00:00Z")]
    [InlineData("2024-06-01T00:00:00Z")]
    [InlineData("2024-12-24T00:00:00Z")]
    [InlineData("2026-01-01T00:00:00Z")]
    public void EventsReplayed_EqualOperationsFolded(string time)
    {
        var at = DateTimeOffset.Parse(time, CultureInfo.InvariantCulture);
        var folded = OperationFold.At(File.ReadLines(Shipped).Select(Parse), at);
        folded.Count.ShouldBeGreaterThanOrEqualTo(100);
        folded.ShouldBe(EventReplay.At(File.ReadLines(Events).Select(Parse), at));
    }

    [Theory]
    [InlineData(
        5,
        "\"before\": false",
        "\"before\": true",
        "line 5: says that gate 'VSphereControlPlaneMachineSet' was enabled in 'All/LatencySensitive'; it was disabled"
    )]
    [InlineData(5, "\"after\": true", "\"after\": false", "line 5: leaves gate 'VSphereControlPlaneMachineSet' disabled")]
    [InlineData(
        5,
        "\"flag\": \"VSphere",
        "\"flag\": \"Sphere",
        "line 5: switches gate 'SphereControlPlaneMachineSet', which does not exist"
    )]
    [InlineData(5, "All/LatencySensitive", "All/Nowhere", "line 5: names environment 'All/Nowhere', which does not exist")]
    [InlineData(3, "\"seq\": 3", "\"seq\": 4", "line 3: has the number 4; 3 is due")]
    [InlineData(
        3,
        "TranslateStreamCloseWebsocketRequests\"",
        "GatewayAPI\"",
        "line 3: creates gate 'GatewayAPI', which exists already"
    )]
    [InlineData(3, "flag-created", "flag-invented", "line 3: 'flag-invented' is not an action of this history")]
    [InlineData(24, "All/LatencySensitive", "All/Nowhere", "line 24: names environment 'All/Nowhere', which does not exist")]
    [InlineData(
        117,
        "\"Hypershift/DevPreviewNoUpgrade\", ",
        "",
        "line 117: says that gate 'ServiceAccountTokenNodeBindingValidation' was enabled in"
    )]
    [InlineData(1, "\"flags\": 41", "\"flags\": 42", "line 1: announces 42 flags; the state holds 41")]
    [InlineData(3, "{", "{{", "line 3: is not acceptable JSON")]
    [InlineData(3, "\"pr\"", "\"colour\": 1, \"pr\"", "line 3: unknown member 'colour'")]
    public async Task EventThatContradictsItsHistory_IsRefusedInWords(int line, string was, string wanted, string words)
    {
        using var cli = new Cli();
        var lines = await File.ReadAllLinesAsync(Events, Token);
        lines[line - 1].ShouldContain(was);
        lines[line - 1] = lines[line - 1].Replace(was, wanted, StringComparison.Ordinal);
        var path = cli.Write("events.jsonl", Encoding.UTF8.GetBytes(string.Join('\n', lines)));

        (await ConvertAsync(cli, path)).ShouldBe(1);
        cli.Error.ShouldContain(words);
        File.Exists(cli.PathOf("out.jsonl")).ShouldBeFalse();
    }

    [Fact]
    public async Task EmptyHistory_IsRefused()
    {
        using var cli = new Cli();
        (await ConvertAsync(cli, cli.Write("events.jsonl", []))).ShouldBe(1);
        cli.Error.ShouldContain("there are no events");
    }

    [Fact]
    public async Task FileThatIsNotThere_ExitsWithTwo()
    {
        using var cli = new Cli();
        (await ConvertAsync(cli, cli.PathOf("missing.jsonl"))).ShouldBe(2);
        cli.Error.ShouldContain("missing.jsonl cannot be read");
    }

    private static Task<int> ConvertAsync(Cli cli, string events) =>
        cli.RunAsync(
            "history",
            "convert",
            "--from",
            "openshift-feature-gates",
            events,
            "--metadata",
            Metadata,
            "--output",
            cli.PathOf("out.jsonl")
        );

    private static IEnumerable<JsonElement> Operations(string name) =>
        File.ReadLines(Shipped)
            .SelectMany(line => Parse(line).GetProperty("operations").EnumerateArray())
            .Where(operation => Text(operation, "op") == name);

    private static JsonElement Parse(string text) => JsonElement.Parse(text);

    private static string Text(JsonElement element, string member) => element.GetProperty(member).GetString()!;
}
