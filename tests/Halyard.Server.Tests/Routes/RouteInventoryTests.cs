using Halyard.Server.Authentication;
using Halyard.Server.Management;
using Halyard.Server.Tests.Hosting;
using Microsoft.AspNetCore.Routing;

namespace Halyard.Server.Tests.Routes;

/// <summary>What is mapped, who may call it, and what each call does to the log.</summary>
public sealed class RouteInventoryTests(HalyardServer server) : IClassFixture<HalyardServer>
{
    [Fact]
    public void Endpoints_AreTheOnesInTheSnapshot() =>
        string.Join('\n', server.Endpoints.SelectMany(Lines).Order(StringComparer.Ordinal)).ShouldMatchSnapshot("routes.txt");

    [Fact]
    public void EveryEndpoint_SaysWhoMayCallIt() =>
        server.Endpoints.ShouldAllBe(endpoint => endpoint.Metadata.GetMetadata<AccessRule>() != null);

    [Fact]
    public void EveryEndpointOfTokens_IsAuthorisedBeforeItRunsOrByThePipeline() =>
        server
            .Endpoints.Where(endpoint => endpoint.Metadata.GetMetadata<AccessRule>()!.Kind == AccessKind.Token)
            .ShouldAllBe(endpoint => Submits(endpoint) == (endpoint.Metadata.GetMetadata<AccessRule>()!.Action == null));

    [Fact]
    public void Calls_CoverEveryEndpoint()
    {
        Names(server.Endpoints.Where(Submits))
            .ShouldBe(RouteCalls.Writing.Select(call => call.Route).Distinct(), ignoreOrder: true);
        Names(server.Endpoints.Where(endpoint => !Submits(endpoint)))
            .ShouldBe(RouteCalls.NotWriting.Select(call => call.Route), ignoreOrder: true);
    }

    [Fact]
    public void EveryEndpointThatIsNotAGet_SubmitsAChangeOrIsKnownToReadOnly() =>
        Names(server.Endpoints.Where(endpoint => !Submits(endpoint)))
            .Where(route => !route.StartsWith("GET ", StringComparison.Ordinal))
            .ShouldBe(RouteCalls.ReadingPosts.Select(item => item.Call.Route), ignoreOrder: true);

    [Fact]
    public async Task Writes_MakeTheirEntries_AndReadsMakeNone()
    {
        var run = new RouteRun(server);
        foreach (var call in RouteCalls.Writing)
        {
            var browser = await call.BrowserAsync(server);
            var before = await server.HeadAsync();
            var reply = await run.CallAsync(call, server.Admin, browser);
            reply.Status.ShouldBe(call.Status, $"{call.Route}: {reply.Words}");
            await run.LearnAsync(call, reply);
            var after = await server.HeadAsync();

            after.Size.ShouldBe(before.Size + call.Entries, call.Route);
            (after.Root != before.Root).ShouldBe(call.Entries > 0, call.Route);
            if (!call.AnswersWithReceipt)
                continue;
            var answer = reply.Expect(200);
            answer.GetProperty("ledger").GetProperty("index").GetInt64().ShouldBe(before.Size, call.Route);
            answer.GetProperty("ledger").Text("root").ShouldBe(after.Root, call.Route);
        }

        var sdkKey = (await server.SdkKeyAsync("web", "staging")).Secret;
        foreach (var call in RouteCalls.NotWriting)
        {
            var browser = await call.BrowserAsync(server);
            var head = await server.HeadAsync();
            var credential = call.Path.StartsWith("/ofrep", StringComparison.Ordinal) ? sdkKey : server.Admin;
            (await run.CallAsync(call, credential, browser)).Status.ShouldBe(call.Status, call.Route);
            // Whoever reads the log is in the log; other reads are recorded where the operator wants it.
            (await server.HeadAsync()).Size.ShouldBe(head.Size + (ReadsLog(call) ? 1 : 0), call.Route);
        }
    }

    private bool ReadsLog(RouteCall call) =>
        server
            .Endpoints.Single(endpoint => Names([endpoint]).Contains(call.Route, StringComparer.Ordinal))
            .Metadata.GetMetadata<RecordedRead>()
            is { Type: "log.viewed" };

    private static bool Submits(RouteEndpoint endpoint) => endpoint.Metadata.GetMetadata<SubmitsChangeMarker>() is not null;

    private static IEnumerable<string> Names(IEnumerable<RouteEndpoint> endpoints) =>
        endpoints.SelectMany(endpoint => Methods(endpoint).Select(method => $"{method} {Pattern(endpoint)}"));

    private static IEnumerable<string> Lines(RouteEndpoint endpoint)
    {
        var rule = endpoint.Metadata.GetMetadata<AccessRule>();
        return Names([endpoint])
            .Select(name =>
                $"{name} → {rule?.Kind.ToString() ?? "closed"} {rule?.Action ?? "-"} {(Submits(endpoint) ? "submits" : "reads")}"
            );
    }

    private static IEnumerable<string> Methods(RouteEndpoint endpoint) =>
        endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? ["ANY"];

    private static string Pattern(RouteEndpoint endpoint) => "/" + endpoint.RoutePattern.RawText!.TrimStart('/');
}
