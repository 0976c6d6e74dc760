using System.Diagnostics;
using Halyard.Testing;

namespace Halyard.Server.Tests.Hosting;

/// <summary>Two servers, each a process, on one PostgreSQL.</summary>
public sealed class TwoServersTests(Postgres postgres) : IClassFixture<Postgres>
{
    private const string Changes = "projects/web/changes";
    private const int Toggles = 40;

    [Fact]
    public async Task Change_OnOneServer_IsEvaluatedByTheOther_AndOutlivesItsServerAndTheDatabase()
    {
        await using var fleet = await Fleet.StartAsync(postgres);
        var one = await fleet.StartServerAsync();
        var other = await fleet.StartServerAsync();
        await fleet.PostAsync(one, "projects", """{"key":"web","name":"Web"}""");
        await fleet.PostAsync(one, "projects/web/environments", """{"key":"dev","name":"Dev","type":"development"}""");
        await fleet.PostAsync(one, "projects/web/flags", """{"key":"checkout"}""");
        var made = await fleet.PostAsync(one, "sdk-keys", """{"name":"sdk","project":"web","environment":"dev"}""");
        var key = made.GetProperty("secret").GetString()!;

        var delays = new List<double>();
        for (var revision = 1; revision <= Toggles; revision++)
        {
            var enabled = revision % 2 == 1;
            await fleet.PostAsync(revision % 3 == 0 ? other : one, Changes, Body(enabled, revision));
            var began = Stopwatch.GetTimestamp();
            await Fleet.SeeAsync(revision % 3 == 0 ? one : other, "checkout", enabled, key);
            delays.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
        }
        delays.Sort();
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"from the answer on one to the value on the other: p50 {delays[Toggles / 2]:F1} ms, p99 {delays[^1]:F1} ms"
        );
        delays[Toggles / 2].ShouldBeLessThan(250, "half of what a follower waits that hears of nothing");

        // A server that dies takes nothing with it.
        await one.KillAsync();
        await fleet.PostAsync(other, Changes, Body(enabled: true, Toggles + 1));
        await Fleet.SeeAsync(other, "checkout", enabled: true, key);

        // Without its database a server evaluates what it knows, refuses writes, and goes on when the database is back.
        await postgres.StopAsync();
        await Fleet.SeeAsync(other, "checkout", enabled: true, key);
        using (var refused = await Fleet.SendAsync(other, $"api/v1/{Changes}", Body(enabled: false, Toggles + 2), fleet.Admin))
            ((int)refused.StatusCode).ShouldBe(503);
        await postgres.StartAsync();
        await fleet.PostAsync(other, Changes, Body(enabled: false, Toggles + 2));
        await Fleet.SeeAsync(other, "checkout", enabled: false, key);
    }

    private static string Body(bool enabled, int revision) =>
        $$"""
            {"operations":[{"op":"setEnabled","flag":"checkout","environment":"dev","enabled":{{(
                enabled ? "true" : "false"
            )}},"baseRevision":{{revision}}}]}
            """;
}
