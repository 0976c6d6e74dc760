using System.Net;
using Halyard.Core.Audit;
using Halyard.Core.Storage;
using Halyard.Server.Authentication.Local;
using Halyard.Server.Tests.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace Halyard.Server.Tests.Access;

/// <summary>Guessing is slow, tells nothing of who has an account, and does not fill the log.</summary>
public sealed class LogInThrottleTests(HalyardServer server) : IClassFixture<HalyardServer>
{
    private static readonly IPAddress Home = IPAddress.Parse("192.0.2.1");

    private readonly ShiftedTime _time = new();

    [Fact]
    public void Account_WaitsTwiceAsLong_AfterEachFailureBeyondTheFreeOnes()
    {
        var throttle = new LogInThrottle(_time);

        Fail(throttle, "ann", LogInThrottle.FreeOfAccount);
        foreach (var seconds in new[] { 1, 2, 4, 8 })
        {
            var wait = throttle.Begin("default", "ann", Home).ShouldNotBeNull();
            wait.ShouldBeInRange(TimeSpan.FromSeconds(seconds - 0.9), TimeSpan.FromSeconds(seconds));
            throttle.Begin("default", "bob", IPAddress.Parse("192.0.2.2")).ShouldBeNull();
            _time.Advance(wait);
            throttle.Begin("default", "ann", Home).ShouldBeNull();
        }
    }

    [Fact]
    public void Wait_NeverExceedsItsMost_AndIsForgottenAfterAnHour()
    {
        LogInThrottle.WaitAfter(1_000_000, LogInThrottle.FreeOfAccount).ShouldBe(LogInThrottle.MaxWait);
        var throttle = new LogInThrottle(_time);
        Fail(throttle, "ann", LogInThrottle.FreeOfAccount);

        _time.Advance(TimeSpan.FromHours(1));

        Fail(throttle, "ann", LogInThrottle.FreeOfAccount);
    }

    [Fact]
    public void Address_ThatTriesManyAccounts_Waits_AndItsNeighbourDoesNot()
    {
        var throttle = new LogInThrottle(_time);
        for (var i = 0; i < LogInThrottle.FreeOfAddress; i++)
            throttle.Begin("default", $"user-{i}", IPAddress.Parse($"2001:db8::{i + 1:x}")).ShouldBeNull();

        throttle.Begin("default", "another", IPAddress.Parse("2001:db8::ffff")).ShouldNotBeNull();
        throttle.Begin("default", "another", IPAddress.Parse("2001:db8:0:1::1")).ShouldBeNull();
    }

    [Fact]
    public void Success_ForgivesTheAccount_ButNotTheOtherFailuresOfItsAddress()
    {
        var throttle = new LogInThrottle(_time);
        for (var i = 0; i < LogInThrottle.FreeOfAddress - 1; i++)
            throttle.Begin("default", $"user-{i}", Home).ShouldBeNull();

        throttle.Begin("default", "own", Home).ShouldBeNull();
        throttle.Succeeded("default", "own", Home);
        throttle.Begin("default", "user-x", Home).ShouldBeNull();

        throttle.Begin("default", "user-y", Home).ShouldNotBeNull();
    }

    [Fact]
    public void Account_ThatStrangersTry_WaitsWhereTheyAre_AndNotWhereItsHolderLoggedInBefore()
    {
        var throttle = new LogInThrottle(_time);
        var office = IPAddress.Parse("192.0.2.9");
        throttle.Begin("default", "ann", Home).ShouldBeNull();
        throttle.Succeeded("default", "ann", Home);

        // One stranger is kept waiting alone.
        var stranger = IPAddress.Parse("203.0.113.1");
        for (var i = 0; i < LogInThrottle.FreeOfAccount; i++)
            throttle.Begin("default", "ann", stranger).ShouldBeNull();
        throttle.Begin("default", "ann", stranger).ShouldNotBeNull();
        throttle.Begin("default", "ann", office).ShouldBeNull();
        throttle.Succeeded("default", "ann", office);

        // Many of them keep the account waiting wherever its holder was never seen, and nowhere else.
        for (var i = 0; i < LogInThrottle.FreeOfAccountAnywhere; i++)
            throttle.Begin("default", "ann", new IPAddress([198, 51, 100, (byte)i])).ShouldBeNull();
        throttle.Begin("default", "ann", IPAddress.Parse("198.51.100.200")).ShouldNotBeNull();
        throttle.Begin("default", "ann", Home).ShouldBeNull();
        throttle.Begin("default", "ann", office).ShouldBeNull();
    }

    [Fact]
    public void Account_WhereItsHolderLoggedInBefore_IsNoFreeGround()
    {
        var throttle = new LogInThrottle(_time);
        throttle.Begin("default", "ann", Home).ShouldBeNull();
        throttle.Succeeded("default", "ann", Home);

        Fail(throttle, "ann", LogInThrottle.FreeOfAccount);
    }

    [Fact]
    public void ManyAccounts_CostBoundedMemory()
    {
        var throttle = new LogInThrottle(_time);
        for (var i = 0; i < 30_000; i++)
            throttle.Begin("default", $"user-{i}", new IPAddress([10, (byte)(i >> 16), (byte)(i >> 8), (byte)i]));

        throttle.Remembered.ShouldBeLessThanOrEqualTo(10_001);
    }

    [Fact]
    public async Task UnknownAccountAndWrongPassword_AreAnsweredWithTheSameBytes_UntilAndWhileBothWait()
    {
        await server.UserAsync("known@example.com");
        var disabled = await server.UserAsync("off@example.com");
        (await server.PostAsync($"/api/v1/users/{disabled}/disable", "{}")).Expect(200);
        server.Time.Stop();
        string[] emails = ["known@example.com", "unknown@example.com", "off@example.com"];

        for (var i = 0; i < LogInThrottle.FreeOfAccount + 1; i++)
        {
            var answers = new List<Answer>();
            foreach (var email in emails)
                answers.Add(await TryAsync(email));
            answers.Select(answer => answer.Status).Distinct().Single().ShouldBe(i < LogInThrottle.FreeOfAccount ? 401 : 429);
            answers.Select(answer => answer.Words).Distinct().Count().ShouldBe(1);
            answers
                .Select(answer => string.Join(',', answer.Headers.Keys.Order(StringComparer.Ordinal)))
                .Distinct()
                .Count()
                .ShouldBe(1);
        }
        (await TryAsync("known@example.com", HalyardServer.Password)).ExpectProblem(429, "too-many-requests");
        (await TryAsync("known@example.com")).Headers.Keys.ShouldContain("Retry-After");
        await server.Services.GetRequiredService<FailedLogIns>().FlushAsync(TestContext.Current.CancellationToken);

        // Five of each: the first at once, four as one entry a minute later.
        var failures = await FailuresAsync(server);
        failures.Count(words => words == "a log-in as nobody known failed").ShouldBe(1);
        failures.Count(words => words == "4 log-ins as nobody known failed").ShouldBe(1);
        failures.Count(words => words.StartsWith("4 log-ins as user ", StringComparison.Ordinal)).ShouldBe(2);
        failures.Count.ShouldBe(6);
    }

    [Fact]
    public async Task Failures_ThatCannotBeRecorded_AreRecordedLater_AtTheLatestWhenTheServerStops()
    {
        await using var own = new HalyardServer();
        await own.InitializeAsync();
        var failures = own.Services.GetRequiredService<FailedLogIns>();
        foreach (var email in new[] { "a@example.com", "b@example.com", "c@example.com" })
            (await own.SendAsync("POST", "/auth/password", HalyardServer.LogInBody(email, "guess"), "")).ExpectProblem(
                401,
                "wrong-credentials"
            );
        await Should.ThrowAsync<OperationCanceledException>(async () =>
            await failures.FlushAsync(new CancellationToken(canceled: true))
        );
        (await FailuresAsync(own)).ShouldBe(["a log-in as nobody known failed"]);

        await failures.StopAsync(TestContext.Current.CancellationToken);

        (await FailuresAsync(own)).ShouldBe(
            ["a log-in as nobody known failed", "2 log-ins as nobody known failed"],
            ignoreOrder: true
        );
    }

    [Fact]
    public async Task LogInAtATenantThatIsNone_IsWrong_AndMakesNoLog()
    {
        var body = """{"email":"a@example.com","password":"guess","tenant":"nobody"}"""u8.ToArray();

        (await server.SendAsync("POST", "/auth/password", body, "")).ExpectProblem(401, "wrong-credentials");

        (await server.HeadAsync("nobody")).Size.ShouldBe(0);
    }

    private void Fail(LogInThrottle throttle, string account, int times)
    {
        for (var i = 0; i < times; i++)
            throttle.Begin("default", account, Home).ShouldBeNull();
    }

    private Task<Answer> TryAsync(string email, string password = "guess") =>
        server.SendAsync("POST", "/auth/password", HalyardServer.LogInBody(email, password), "");

    private static async Task<IReadOnlyList<string>> FailuresAsync(HalyardServer server)
    {
        var query = new AuditQuery { Actions = ["access.login_failed"] };
        var entries = await server
            .Services.GetRequiredService<IStore>()
            .QueryAsync("default", query, TestContext.Current.CancellationToken);
        return
        [
            .. entries.Select(entry =>
                System
                    .Text.Json.JsonDocument.Parse(entry.Leaf)
                    .RootElement.GetProperty("meta")
                    .GetProperty("summary")[0]
                    .GetString()!
            ),
        ];
    }
}
