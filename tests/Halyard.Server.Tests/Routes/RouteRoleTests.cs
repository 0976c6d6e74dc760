using System.Text;
using System.Text.Json;
using Halyard.Core.Access;
using Halyard.Server.Authentication;
using Halyard.Server.Tests.Hosting;

namespace Halyard.Server.Tests.Routes;

/// <summary>
/// Every endpoint that is mapped, with the built-in roles that may call it as <see cref="RouteCalls"/> does. None is open by
/// accident: whatever is added stands in the snapshot, and is read in review.
/// </summary>
public sealed class RouteRoleTests(HalyardServer server) : IClassFixture<HalyardServer>
{
    [Fact]
    public async Task Endpoints_AreOpenToTheRolesOfTheSnapshot_AndToNoOther()
    {
        await server.ProjectAsync("web");
        foreach (var flag in new[] { "checkout", "banner" })
            await server.FlagAsync("web", flag);
        (await server.PostAsync("/api/v1/projects/web/segments", """{"key":"beta","includes":["u"]}""")).Expect(200);
        (await server.PostAsync("/api/v1/sinks", """{"key":"kept","kind":"file","target":"audit.jsonl"}""")).Expect(200);

        var roles = BuiltInRoles.All.Select(role => role.Key).ToList();
        var may = roles.ToDictionary(role => role, _ => new HashSet<string>(StringComparer.Ordinal), StringComparer.Ordinal);
        foreach (var role in roles)
        {
            var token = (await server.TokenAsync(role)).Secret;
            foreach (var call in RouteCalls.Writing.Concat(RouteCalls.NotWriting).DistinctBy(call => call.Route))
            {
                if (await MayAsync(call, token))
                    may[role].Add(call.Route);
            }
        }

        var lines = server.Endpoints.SelectMany(endpoint => Lines(endpoint, may));
        string.Join('\n', lines.Order(StringComparer.Ordinal)).ShouldMatchSnapshot("route-roles.txt");
    }

    private static IEnumerable<string> Lines(Microsoft.AspNetCore.Routing.RouteEndpoint endpoint, Dictionary<string, HashSet<string>> may)
    {
        var kind = endpoint.Metadata.GetMetadata<AccessRule>()!.Kind;
        var methods = endpoint.Metadata.GetMetadata<Microsoft.AspNetCore.Routing.HttpMethodMetadata>()?.HttpMethods ?? ["GET"];
        foreach (var method in methods)
        {
            var route = $"{method} /{endpoint.RoutePattern.RawText!.TrimStart('/')}";
            var who = kind switch
            {
                AccessKind.Anonymous => "everybody",
                AccessKind.SdkKey => "SDK keys",
                _ => string.Join(", ", may.Where(item => item.Value.Contains(route)).Select(item => item.Key)),
            };
            yield return $"{route} → {who}";
        }
    }

    /// <summary>Whether the call is let through; where it would write, it is only tried.</summary>
    private async Task<bool> MayAsync(RouteCall call, string token)
    {
        var isRead = call.Method == "GET" || RouteCalls.ReadingPosts.Any(item => item.Call.Route == call.Route);
        var reply = await SendAsync(call, isRead ? call.Path : call.Path + (call.Path.Contains('?') ? "&" : "?") + "dryRun=true", token);
        if (reply.Status == 422 && reply.Words.Contains("/dryRun", StringComparison.Ordinal))
            reply = await SendAsync(call, call.Path, token);
        return reply.Status != 403 && (isRead || reply.Status != 200 || !IsDenied(reply.Json));
    }

    private static bool IsDenied(JsonElement json) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty("verdict", out var verdict) && verdict.GetString() == "deny";

    private Task<Answer> SendAsync(RouteCall call, string path, string token) =>
        server.SendAsync(call.Method, path, call.Body is null ? null : Encoding.UTF8.GetBytes(call.Body), token);
}
