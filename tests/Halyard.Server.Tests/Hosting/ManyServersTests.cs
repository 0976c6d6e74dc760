using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using Halyard.Evaluation.Definitions;
using Halyard.Testing;

namespace Halyard.Server.Tests.Hosting;

/// <summary>Three servers on one database while some of them are killed, replaced or cut off.</summary>
public sealed class ManyServersTests(Postgres postgres) : IClassFixture<Postgres>
{
    private const int Requests = 6;
    private const int Changes = 40;
    private const int Toggles = 20;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact(Timeout = 300_000)]
    public async Task ServerKilledUnderLoad_LosesNothingAcknowledged_AndNothingIsDoneOrDeliveredTwice() =>
        await UnderLoadAsync(
            async (fleet, nodes, more) =>
            {
                await more();
                nodes.Remove(0, out var killed);
                await killed!.KillAsync();
                await more();
            }
        );

    [Fact(Timeout = 300_000)]
    public async Task RollingRestartUnderLoad_LosesNothing() =>
        await UnderLoadAsync(
            async (fleet, nodes, more) =>
            {
                for (var place = 0; place < 3; place++)
                {
                    await more();
                    nodes.Remove(place, out var old);
                    await old!.StopAsync();
                    nodes[place] = await fleet.StartServerAsync();
                }
                await more();
            }
        );

    [Fact(Timeout = 300_000)]
    public async Task ServerCutOffFromTheDatabase_EvaluatesWhatItKnows_SaysHowOldThatIs_RefusesWrites_AndRecoversByItself()
    {
        var connection = postgres.RequireConnectionString();
        var port = int.Parse(connection.Split("Port=")[1].Split(';')[0], CultureInfo.InvariantCulture);
        await using var proxy = new DroppingProxy(port);
        await using var fleet = await Fleet.StartAsync(postgres);
        var whole = await fleet.StartServerAsync();
        var cut = await fleet.StartServerAsync(
            $"--Halyard:PostgreSql:ConnectionString={connection.Replace($"Port={port}", $"Port={proxy.Port}", StringComparison.Ordinal)}"
        );
        var key = await SetUpAsync(fleet, whole);
        await fleet.PostAsync(whole, "projects/web/changes", Body("f0", enabled: true, 1));
        await Fleet.SeeAsync(cut, "f0", enabled: true, key);
        var (text, age) = await ReadyAsync(cut);
        (text, age).ShouldBe(("ready", age));

        proxy.Cut();
        await fleet.PostAsync(whole, "projects/web/changes", Body("f0", enabled: false, 2));
        while (age <= 5)
            (text, age) = await ReadyAsync(cut);

        text.ShouldStartWith("ready, but cut off from the store");
        await Fleet.SeeAsync(cut, "f0", enabled: true, key);
        await Fleet.SeeAsync(whole, "f0", enabled: false, key);
        using (var refused = await Fleet.SendAsync(cut, "api/v1/projects/web/changes", Body("f0", true, 3), fleet.Admin))
        {
            ((int)refused.StatusCode).ShouldBe(503);
            refused.Headers.RetryAfter.ShouldNotBeNull();
            var problem = await refused.Content.ReadFromJsonAsync<JsonElement>(Cancel);
            problem.GetProperty("type").GetString().ShouldEndWith("/unavailable");
        }

        proxy.Mend();
        await Fleet.SeeAsync(cut, "f0", enabled: false, key);
        await fleet.PostAsync(cut, "projects/web/changes", Body("f0", enabled: true, 3));
        await Fleet.SeeAsync(whole, "f0", enabled: true, key);
        while (text != "ready")
            (text, age) = await ReadyAsync(cut);
        age.ShouldBeLessThanOrEqualTo(5);
    }

    /// <summary>
    /// Does something to three servers while they are written to, while changes come due and a sink is delivered to; then looks that
    /// the log has everything acknowledged once, that each change came due once, and that the sink has each entry once.
    /// </summary>
    private async Task UnderLoadAsync(Func<Fleet, ConcurrentDictionary<int, Node>, Func<Task>, Task> disturb)
    {
        await using var fleet = await Fleet.StartAsync(postgres);
        var nodes = new ConcurrentDictionary<int, Node>();
        for (var place = 0; place < 3; place++)
            nodes[place] = await fleet.StartServerAsync();
        var key = await SetUpAsync(fleet, nodes[0]);
        await fleet.PostAsync(nodes[0], "sinks", """{"key":"all","kind":"file","target":"all.jsonl","from":0}""");
        var requests = new List<string>();
        for (var i = 0; i < Requests; i++)
            requests.Add(await ScheduleAsync(fleet, nodes[i % 3], $"s{i}", TimeSpan.FromSeconds(3 + i)));

        var load = new Load(fleet, nodes);
        var running = load.RunAsync();
        await disturb(fleet, nodes, () => load.MoreAsync(Changes, running));
        foreach (var i in Enumerable.Range(0, Requests))
            await Fleet.SeeAsync(nodes.Values.First(), $"s{i}", enabled: true, key);
        load.Stop();
        await running;
        var last = nodes.Values.Last();
        foreach (var (flag, enabled) in load.Last)
            await Fleet.SeeAsync(last, flag, enabled, key);
        var delays = await DelaysAsync(fleet, nodes.Values.First(), last, key);
        await fleet.PostAsync(last, "projects", """{"key":"end","name":"The end"}""");

        var leaves = await DeliveredAsync(fleet);
        leaves
            .Select(leaf => leaf.GetProperty("idx").GetInt32())
            .ShouldBe(Enumerable.Range(0, leaves.Count), "the sink has each entry once, in order");
        var tickets = leaves.Select(leaf => leaf.GetProperty("why").GetProperty("ticket").GetString()).OfType<string>().ToList();
        tickets.ShouldBeUnique();
        load.Acknowledged.Except(tickets).ShouldBeEmpty("what was acknowledged is in the log");
        foreach (var request in requests)
        {
            leaves
                .Where(leaf => leaf.GetProperty("why").GetProperty("cr").GetString() == request)
                .Count(leaf => leaf.GetProperty("type").GetString() == "change_request.applied")
                .ShouldBe(1, "each request comes due once");
        }
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{load.Acknowledged.Count} changes acknowledged, {load.Retries} sent again, {leaves.Count} entries, {requests.Count} timers; "
                + $"then from the answer on one to the value on another: p50 {delays[Toggles / 2]:F1} ms, p99 {delays[^1]:F1} ms"
        );
    }

    /// <summary>How long it takes until one server evaluates what another answered, in milliseconds and in order.</summary>
    private static async Task<List<double>> DelaysAsync(Fleet fleet, Node one, Node other, string key)
    {
        var delays = new List<double>();
        for (var revision = 2; revision < Toggles + 2; revision++)
        {
            // It came due at revision 2, and was switched on then.
            var enabled = revision % 2 == 1;
            await fleet.PostAsync(one, "projects/web/changes", Body("s0", enabled, revision));
            var began = Stopwatch.GetTimestamp();
            await Fleet.SeeAsync(other, "s0", enabled, key);
            delays.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
        }
        delays.Sort();
        return delays;
    }

    /// <summary>The lines of the sink's file, once its last entry is there.</summary>
    private static async Task<List<JsonElement>> DeliveredAsync(Fleet fleet)
    {
        var text = "";
        await WatchedFolder.UntilAsync(
            fleet.Sinks,
            async () =>
            {
                if (Directory.GetFiles(fleet.Sinks, "*.jsonl", SearchOption.AllDirectories) is not [var file])
                    return false;
                text = await File.ReadAllTextAsync(file, Cancel);
                return text.Contains("\"key\":\"end\"", StringComparison.Ordinal) && text.EndsWith('\n');
            },
            Cancel
        );
        return [.. text.TrimEnd('\n').Split('\n').Select(line => JsonDocument.Parse(line).RootElement)];
    }

    private static async Task<string> ScheduleAsync(Fleet fleet, Node node, string flag, TimeSpan after)
    {
        var now = TimeProvider.System.GetUtcNow();
        var body = $$"""
            {"operations":[{"op":"setEnabled","flag":"{{flag}}","environment":"dev","enabled":true,"baseRevision":1}],
             "schedule":{"notBefore":"{{Rfc3339.Format(now + after)}}","notAfter":"{{Rfc3339.Format(now.AddHours(1))}}"} }
            """;
        return (await fleet.PostAsync(node, "projects/web/changes", body))
            .GetProperty("changeRequest")
            .GetProperty("id")
            .GetString()!;
    }

    /// <summary>A project with its flags; the key that evaluates them.</summary>
    private static async Task<string> SetUpAsync(Fleet fleet, Node node)
    {
        await fleet.PostAsync(node, "projects", """{"key":"web","name":"Web"}""");
        await fleet.PostAsync(node, "projects/web/environments", """{"key":"dev","name":"Dev","type":"development"}""");
        for (var i = 0; i < Load.Writers; i++)
            await fleet.PostAsync(node, "projects/web/flags", $$"""{"key":"f{{i}}"}""");
        for (var i = 0; i < Requests; i++)
            await fleet.PostAsync(node, "projects/web/flags", $$"""{"key":"s{{i}}"}""");
        var made = await fleet.PostAsync(node, "sdk-keys", """{"name":"sdk","project":"web","environment":"dev"}""");
        return made.GetProperty("secret").GetString()!;
    }

    private static string Body(string flag, bool enabled, int revision) =>
        $$"""
            {"operations":[{"op":"setEnabled","flag":"{{flag}}","environment":"dev","enabled":{{(
                enabled ? "true" : "false"
            )}},"baseRevision":{{revision}}}]}
            """;

    private static async Task<(string Text, int Age)> ReadyAsync(Node node)
    {
        using var answer = await node.Http.GetAsync(new Uri("health/ready", UriKind.Relative), Cancel);
        ((int)answer.StatusCode).ShouldBe(200);
        var age = answer.Headers.GetValues("Halyard-Snapshot-Age").Single();
        return (await answer.Content.ReadAsStringAsync(Cancel), int.Parse(age, CultureInfo.InvariantCulture));
    }
}
