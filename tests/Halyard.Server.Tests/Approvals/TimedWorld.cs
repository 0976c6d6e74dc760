using Halyard.Core.Storage;
using Halyard.Evaluation.Definitions;
using Halyard.Server.Tests.Hosting;
using Halyard.Server.Timers;
using Microsoft.Extensions.DependencyInjection;

namespace Halyard.Server.Tests.Approvals;

/// <summary>The same where a test puts the clock forward and has what is due done.</summary>
public sealed class TimedWorld : ApprovalWorld
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        // Where nothing needs approval.
        const string body = """{"key":"development","name":"Development","type":"development","reason":"test"}""";
        (await PostAsync("/api/v1/projects/shop/environments", body)).Expect(200);
    }

    /// <summary>Does what is due now.</summary>
    public Task PassAsync() => Services.GetRequiredService<TimerRunner>().PassAsync(Cancel);

    /// <summary>Does what is due until a request stands in a state.</summary>
    public Task UntilAsync(string id, params string[] states) =>
        UntilAsync(async () => Array.IndexOf(states, await StateAsync(id)) >= 0, $"{id} is {string.Join(" or ", states)}");

    /// <summary>Does what is due until something is so; the server's own runner may be at it already.</summary>
    public async Task UntilAsync(Func<Task<bool>> isSo, string words)
    {
        var store = Services.GetRequiredService<IStore>();
        while (true)
        {
            await PassAsync();
            if (await isSo())
                return;
            (await store.NextTimerAsync(Cancel)).ShouldNotBeNull($"nothing is to come, and not yet {words}");
            await store.WaitForCommitsAsync(TimeSpan.FromMilliseconds(20), Cancel);
        }
    }

    public async Task<long> RevisionAsync(string flag) =>
        (await GetAsync($"/api/v1/projects/shop/flags/{flag}")).Expect(200).GetProperty("revision").GetInt64();

    /// <summary>Asks for a flag to be switched on within a span from now: the request's id.</summary>
    public async Task<string> ScheduleAsync(
        string flag,
        string environment,
        TimeSpan from,
        TimeSpan to,
        string? credential = null
    )
    {
        var now = Time.GetUtcNow();
        var schedule = $$"""{"notBefore":"{{Rfc3339.Format(now + from)}}","notAfter":"{{Rfc3339.Format(now + to)}}"}""";
        var body = Body(flag, environment, await RevisionAsync(flag), schedule);
        var answer = (await PostAsync("/api/v1/projects/shop/changes", body, credential)).Expect(202);
        answer.Text("status").ShouldBe("pending");
        return answer.GetProperty("changeRequest").Text("id");
    }

    /// <summary>A change that switches a flag on, with a schedule.</summary>
    public static string Body(string flag, string environment, long revision, string schedule) =>
        $$"""
            {"operations":[{"op":"setEnabled","flag":"{{flag}}","environment":"{{environment}}","enabled":true,"baseRevision":{{revision}}}],
             "reason":"at the right time","schedule":{{schedule}}}
            """;

    /// <summary>The types of a request's entries, oldest first.</summary>
    public async Task<IReadOnlyList<string>> TypesAsync(string id) =>
        [
            .. (await GetAsync($"/api/v1/audit?changeRequest={id}"))
                .Expect(200)
                .Items()
                .Select(entry => entry.Text("type"))
                .Reverse(),
        ];

    /// <summary>Freezes an environment type for a time from now, in the name of some key.</summary>
    public async Task FreezeAsync(string key, string type, TimeSpan length, int approvers = 1)
    {
        var now = Time.GetUtcNow();
        var body = $$"""
            {"key":"{{key}}","approvers":{{approvers}},"scope":{"environmentTypes":["{{type}}"]},
             "intervals":[{"from":"{{Rfc3339.Format(now)}}","to":"{{Rfc3339.Format(now + length)}}"}],"reason":"test"}
            """;
        (await PostAsync("/api/v1/freezes", body)).Expect(200);
    }
}
