using System.Reflection;
using System.Text;
using System.Text.Json;
using Halyard.Core.Audit;
using Halyard.Core.Storage;
using Halyard.Server.Hosting;
using Halyard.Server.Tests.Auditing;
using Halyard.Server.Tests.Delivery;
using Halyard.Server.Tests.Hosting;
using Halyard.Server.Tests.Jobs;
using Halyard.Server.Tests.Publishing;
using Halyard.Server.Tests.Retention;
using Microsoft.Extensions.DependencyInjection;

namespace Halyard.Server.Tests.Routes;

/// <summary>
/// Every name of the catalogue is the name of something that happens. Those of flags' edits are held by
/// <c>SeedDefectTests.Defect180</c> in Halyard.Core.Tests.
/// </summary>
public sealed class CatalogueTests(HalyardServer server) : IClassFixture<HalyardServer>
{
    private static readonly string[] Changes =
    [
        """{"op":"updateProject","project":"web","name":"The web","baseRevision":1}""",
        """{"op":"updateEnvironment","environment":"staging","name":"Stage","baseRevision":1}""",
        """{"op":"setEnvironmentEnabled","environment":"staging","enabled":false,"baseRevision":2}""",
        """{"op":"setEnvironmentEnabled","environment":"staging","enabled":true,"baseRevision":3}""",
        """{"op":"updateSegment","segment":"beta","includes":[],"baseRevision":1}""",
        """{"op":"deleteSegment","segment":"beta","baseRevision":2}""",
        """{"op":"deleteEnvironment","environment":"staging","baseRevision":4}""",
    ];

    /// <summary>What needs more than a call to happen, with the test in which it does.</summary>
    private static readonly Dictionary<string, (Type Class, string Test)> Elsewhere = new(StringComparer.Ordinal)
    {
        ["job.cancelled"] = (typeof(JobRunnerTests), "Cancel_Stops"),
        ["log.archived"] = (typeof(ArchiveJobTests), "Archive"),
        ["log.purged"] = (typeof(PurgeJobTests), "Purge"),
        ["log.restored"] = (typeof(CommandTests), "StoreRestored"),
        ["log.verification_failed"] = (typeof(CheckTests), "Check_FindsNothing"),
        ["sink.dead_lettered"] = (typeof(SinkWorkerTests), "Poison"),
    };

    [Fact]
    public async Task EveryName_IsEmitted()
    {
        server.Services.GetRequiredService<HalyardOptions>().RecordReads = "all";
        await CallAllAsync();
        foreach (var change in Changes)
            (await server.PostAsync("/api/v1/projects/web/changes", $$"""{"operations":[{{change}}],"reason":"all"}""")).Expect(
                200
            );
        const string Enabled = """{"kind":"file","target":"audit.jsonl","enabled":true}""";
        (await server.SendAsync("PUT", "/api/v1/sinks/kept", Encoding.UTF8.GetBytes(Enabled), server.Admin)).Expect(200);
        (await server.GetAsync("/api/v1/projects/web/flags/checkout")).Expect(200);
        (await server.GetAsync("/api/v1/audit/5?reveal=true")).Expect(200);
        await server.SendAsync("POST", "/auth/password", HalyardServer.LogInBody("nobody@example.com", "guess"), "");
        var bob = (await server.GetAsync("/api/v1/users")).Expect(200).Items().Single().Text("id");
        (
            await server.SendAsync(
                "PATCH",
                $"/api/v1/users/{bob}",
                """{"name":"Bob","roles":["CLIENT"]}"""u8.ToArray(),
                server.Admin
            )
        ).Expect(200);
        (await server.GetAsync("/api/v1/audit", (await server.TokenAsync("CLIENT")).Secret)).ExpectProblem(403, "denied");

        var expected = Catalogue.Names.Where(name => !name.StartsWith("flag.", StringComparison.Ordinal));
        expected.Except(await EmittedAsync(), StringComparer.Ordinal).ShouldBe(Elsewhere.Keys, ignoreOrder: true);
        (await EmittedAsync()).ShouldContain("flag.viewed");
        (await EmittedAsync()).ShouldContain("flag.imported");
    }

    [Fact]
    public void TestsOfWhatHappensElsewhere_AreThere() =>
        Elsewhere.Values.ShouldAllBe(place =>
            place
                .Class.GetMethods()
                .Any(method =>
                    method.Name.Contains(place.Test, StringComparison.Ordinal)
                    && method.GetCustomAttributes<FactAttribute>(inherit: true).Any()
                )
        );

    private async Task CallAllAsync()
    {
        var ids = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var call in RouteCalls.Writing)
        {
            var path = ids.Aggregate(call.Path, (text, id) => text.Replace(id.Key, id.Value, StringComparison.Ordinal));
            var body = call.Body is null ? null : Encoding.UTF8.GetBytes(call.Body);
            var reply = await call.BrowserAsync(server) is { } browser
                ? await browser.SendAsync(call.Method, path, call.Body)
                : await server.SendAsync(call.Method, path, body, server.Admin);
            reply.Status.ShouldBe(call.Status, call.Route);
            if (path.EndsWith("/assignments", StringComparison.Ordinal))
                ids["{assignment}"] = reply.Json.GetProperty("revisions")[0].Text("key");
            if (call.Status == 202)
                await server.EndedAsync(ids["{job}"] = reply.Json.GetProperty("job").Text("id"));
            else if (call.AnswersWithReceipt)
                call.Remember(reply, ids);
        }
    }

    private async Task<IReadOnlySet<string>> EmittedAsync()
    {
        var emitted = new HashSet<string>(StringComparer.Ordinal);
        var entries = await server
            .Services.GetRequiredService<IStore>()
            .FeedAsync("default", 0, 1_000, TestContext.Current.CancellationToken);
        foreach (var entry in entries)
        {
            var leaf = JsonSerializer.Deserialize<JsonElement>(entry.Leaf);
            emitted.Add(leaf.Text("type"));
            emitted.UnionWith(leaf.GetProperty("actions").EnumerateArray().Select(action => action.GetString()!));
        }
        return emitted;
    }
}
