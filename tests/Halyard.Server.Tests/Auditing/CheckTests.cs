using System.Text.Json;
using Halyard.Server.Checks;
using Halyard.Server.Tests.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using SQLitePCL;

namespace Halyard.Server.Tests.Auditing;

/// <summary>The log is compared with the store while the server runs, and what differs is an entry that sinks alert about.</summary>
public sealed class CheckTests(HalyardServer server) : IClassFixture<HalyardServer>
{
    private const string Checks = "/api/v1/audit/checks";

    [Fact]
    public async Task Check_FindsNothing_UntilSomethingIsChangedPastTheLog()
    {
        await server.ProjectAsync("web");
        await server.FlagAsync("web", "checkout");

        (await CheckAsync()).Text("outcome").ShouldContain("the store is what the log says");
        (await FailuresAsync()).ShouldBeEmpty();

        Sql("UPDATE resource SET revision = 9 WHERE key = 'checkout'");
        (await CheckAsync()).Text("outcome").ShouldContain("flag 'checkout' of project 'web'");

        var told = (await FailuresAsync()).ShouldHaveSingleItem();
        var leaf = told.GetProperty("leaf");
        leaf.GetProperty("meta").GetProperty("details").GetRawText().ShouldContain("checkout");
        told.GetProperty("actor").Text("kind").ShouldBe("system");
    }

    [Fact]
    public async Task CheckByTheClock_IsStartedOnceForEachLog_HoweverManyServersAsk()
    {
        var timer = server.Services.GetServices<IHostedService>().OfType<DailyCheck>().Single();
        const string Started = "/api/v1/audit/count?action=job.started&actorKind=system";
        var before = (await server.GetAsync(Started)).Expect(200).GetProperty("count").GetInt64();

        await timer.RunAsync(TestContext.Current.CancellationToken);
        await timer.RunAsync(TestContext.Current.CancellationToken);

        (await server.GetAsync(Started)).Expect(200).GetProperty("count").GetInt64().ShouldBe(before + 1);
    }

    [Fact]
    public async Task Check_ByWhoeverMayNot_IsDenied()
    {
        var client = await server.TokenAsync("CLIENT");

        (await server.PostAsync(Checks, "{}", client.Secret)).ExpectProblem(403, "denied");
        (await server.PostAsync(Checks, """{"tenant":"other"}""")).ExpectInvalid().ShouldBe(["/tenant"]);
        (await server.PostAsync(Checks, """{"reason":5}""")).ExpectInvalid().ShouldBe(["/reason"]);
    }

    private async Task<JsonElement> CheckAsync()
    {
        var started = (await server.PostAsync(Checks, """{"reason":"Monthly"}""")).Expect(202);
        var ended = await server.EndedAsync(started.GetProperty("job").Text("id"));
        ended.Text("status").ShouldBe("finished", ended.GetRawText());
        return ended;
    }

    private async Task<IReadOnlyList<JsonElement>> FailuresAsync() =>
        [.. (await server.GetAsync("/api/v1/audit?action=log.verification_failed")).Expect(200).Items()];

    private void Sql(string script)
    {
        raw.sqlite3_open(server.DatabaseFile, out var database).ShouldBe(raw.SQLITE_OK);
        using (database)
        {
            raw.sqlite3_busy_timeout(database, 5_000);
            raw.sqlite3_exec(database, script, null, null, out var problem).ShouldBe(raw.SQLITE_OK, problem);
        }
    }
}
