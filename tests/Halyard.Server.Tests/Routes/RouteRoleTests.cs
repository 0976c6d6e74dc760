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
        await server.ProjectAsync("empty");
        foreach (var flag in new[] { "checkout", "banner" })
            await server.FlagAsync("web", flag);
        (await server.PostAsync("/api/v1/projects/web/segments", """{"key":"beta","includes":["u"]}""")).Expect(200);
        (await server.PostAsync("/api/v1/sinks", """{"key":"kept","kind":"file","target":"audit.jsonl"}""")).Expect(200);

        (await server.PostAsync("/api/v1/projects/web/flags/banner/environments/staging/enable", """{"reason":"test"}""")).Expect(
            200
        );

        var roles = BuiltInRoles.All.Select(role => role.Key).ToList();
        var may = roles.ToDictionary(role => role, _ => new HashSet<string>(StringComparer.Ordinal), StringComparer.Ordinal);
        foreach (var role in roles)
        {
            var token = (await server.TokenAsync(role)).Secret;
            foreach (var call in RouteCalls.Writing.Concat(RouteCalls.NotWriting).DistinctBy(call => call.Route).Select(Valid))
            {
                if (await MayAsync(call, token))
                    may[role].Add(call.Route);
            }
        }

        var lines = server.Endpoints.SelectMany(endpoint => Lines(endpoint, may));
        string.Join('\n', lines.Order(StringComparer.Ordinal)).ShouldMatchSnapshot("route-roles.txt");
    }

    private static IEnumerable<string> Lines(
        Microsoft.AspNetCore.Routing.RouteEndpoint endpoint,
        Dictionary<string, HashSet<string>> may
    )
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

    /// <summary>
    /// The call as one that would take effect here: what is refused for another reason is told so to whoever may change anything in
    /// the project, and says nothing of the call itself.
    /// </summary>
    private static RouteCall Valid(RouteCall call) =>
        call.Route switch
        {
            "PATCH /api/v1/projects/{project}/flags/{flag}" => call with
            {
                Body = """{"name":"New","baseRevision":1,"reason":"test"}""",
            },
            "POST /api/v1/projects/{project}/flags/{flag}/environments/{environment}/disable" => call with
            {
                Path = call.Path.Replace("checkout", "banner", StringComparison.Ordinal),
            },
            "POST /api/v1/bypasses" => call with
            {
                Body =
                    """{"incident":"INC-1","severity":"SEV1","justification":"it burns","operation":{"op":"setEnabled","project":"web","flag":"banner","environment":"staging","enabled":false}}""",
            },
            "POST /api/v1/projects/{project}/imports" => call with
            {
                Path = call.Path.Replace("/web/", "/empty/", StringComparison.Ordinal),
            },
            _ when call.Body?.Contains("\"key\"", StringComparison.Ordinal) == true
                    && call.Route.StartsWith("POST /api/v1/projects", StringComparison.Ordinal) => call with
            {
                Body = System.Text.RegularExpressions.Regex.Replace(
                    call.Body,
                    "\"key\":\"[a-z]+\"",
                    "\"key\":\"fresh\"",
                    System.Text.RegularExpressions.RegexOptions.None,
                    TimeSpan.FromSeconds(1)
                ),
            },
            "POST /api/v1/projects/{project}/changes" => call with
            {
                Body = call.Body!.Replace("banner", "fresh", StringComparison.Ordinal),
            },
            _ => call,
        };

    /// <summary>Whether the call is let through; where it would write, it is only tried.</summary>
    private async Task<bool> MayAsync(RouteCall call, string token)
    {
        var isRead = call.Method == "GET" || RouteCalls.ReadingPosts.Any(item => item.Call.Route == call.Route);
        var reply = await SendAsync(
            call,
            isRead ? call.Path : call.Path + (call.Path.Contains('?') ? "&" : "?") + "dryRun=true",
            token
        );
        if (reply.Status == 422 && reply.Words.Contains("/dryRun", StringComparison.Ordinal))
            reply = await SendAsync(call, call.Path, token);
        return reply.Status != 403 && (isRead || reply.Status != 200 || !IsDenied(reply));
    }

    private static bool IsDenied(Answer answer) =>
        answer.MediaType == "application/json"
        && answer.Json is { ValueKind: JsonValueKind.Object } json
        && json.TryGetProperty("verdict", out var verdict)
        && verdict.GetString() == "deny";

    private Task<Answer> SendAsync(RouteCall call, string path, string token) =>
        server.SendAsync(call.Method, path, call.Body is null ? null : Encoding.UTF8.GetBytes(call.Body), token);
}
