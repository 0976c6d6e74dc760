using System.Globalization;
using Halyard.Core.Flags;
using Halyard.Server.Tests.Hosting;
using Halyard.Server.Tests.Routes;

namespace Halyard.Server.Tests.Bypasses.Matrix;

/// <summary>The calls of <see cref="RouteCalls"/> so that each that can reaches an environment of the project for routes.</summary>
/// <param name="world">Where.</param>
/// <param name="environment">What is aimed at.</param>
/// <param name="incident">In whose name approvals are passed by.</param>
internal sealed class AimedCalls(MatrixWorld world, string environment, string incident)
{
    private const string Web = MatrixWorld.Web;

    private readonly Dictionary<string, string> _ids = new(StringComparer.Ordinal);
    private int _made;

    /// <summary>A call of each route that writes; some several times.</summary>
    public static IReadOnlyList<RouteCall> All { get; } = [.. RouteCalls.Writing.DistinctBy(call => (call.Route, call.Body))];

    /// <summary>Whether it is another call where another environment is aimed at.</summary>
    public bool IsAimed(RouteCall call) =>
        call.Route.Contains("/projects/{project}", StringComparison.Ordinal)
        || call.Route.Contains("/change-requests/", StringComparison.Ordinal)
        || call.Route.Contains("/bypasses", StringComparison.Ordinal);

    /// <summary>Makes what it is about, where earlier calls ended it.</summary>
    public async Task PrepareAsync(RouteCall call)
    {
        if (!call.Path.Contains("{request}", StringComparison.Ordinal))
            return;
        var asker = world.People.First(who => who.Name == "tech-lead");
        var operation = await BasedAsync(
            $$"""{"op":"setOffVariant","flag":"checkout","environment":"{{environment}}","variant":"unused"}"""
        );
        var asked = await asker.PostAsync($"/api/v1/projects/{Web}/changes", MatrixWorld.Change([operation]));
        if (asked.Status == 202)
            Learn(call, asked);
    }

    public async Task<Answer> SendAsync(RouteCall call, Somebody who)
    {
        // Its own session would be over.
        if (call.NeedsSession)
            who = Somebody.In(await world.BrowserAsync(subject: "s_leaving"), who.Name);
        var (path, body) = await AimAsync(call);
        path = _ids.Aggregate(path, (text, id) => text.Replace(id.Key, id.Value, StringComparison.Ordinal));
        (string, string)[] headers =
            call.NamesContent && _ids.TryGetValue("{hash}", out var hash) ? [("If-Match", $"\"{hash}\"")] : [];
        var answer = await who.Send(call.Method, path, body, headers);
        if (answer.MediaType == "application/json" && answer.Status is 200 or 202)
        {
            Learn(call, answer);
            if (answer.Json.TryGetProperty("job", out var job))
                await world.EndedAsync(_ids["{job}"] = job.Text("id"), who.IsOther ? world.Other : null);
        }
        return answer;
    }

    private void Learn(RouteCall call, Answer answer)
    {
        if (answer.Json.TryGetProperty("changeRequest", out var request))
            (_ids["{request}"], _ids["{hash}"]) = (request.Text("id"), request.Text("hash"));
        else if (answer.Json.TryGetProperty("bypass", out var bypass))
            _ids["{bypass}"] = bypass.Text("id");
        else if (call.Status == 200 && answer.Status == 200)
            call.Remember(answer, _ids);
    }

    /// <summary>Where it goes and what it says, aimed.</summary>
    private async Task<(string Path, string? Body)> AimAsync(RouteCall call)
    {
        var made = string.Create(CultureInfo.InvariantCulture, $"{environment}{++_made}");
        var configured = $$$"""{"{{{environment}}}":{"enabled":true}}""";
        switch (call.Route)
        {
            case "POST /api/v1/projects":
                return (call.Path, call.Body);
            case "POST /api/v1/projects/{project}/imports":
                const string Line = """{"at":"2024-01-11T15:58:29Z","actor":"dev-1","reason":"Old","operations":[""";
                return (
                    $"/api/v1/projects/{MatrixWorld.PastWeb}/imports",
                    $$$"""{{{Line}}}{"op":"createFlag","flag":"{{{made}}}","environments":{{{configured}}}}]}"""
                );
            case "POST /api/v1/projects/{project}/environments":
                return (call.Path, $$"""{"key":"{{made}}","name":"Made","type":"{{environment}}","reason":"try"}""");
            case "POST /api/v1/projects/{project}/flags":
                return (call.Path, $$"""{"key":"{{made}}","environments":{{configured}},"reason":"try"}""");
            case "POST /api/v1/projects/{project}/changes" or "POST /api/v1/change-requests/{id}/edit":
                var operation = $$$"""{"op":"createFlag","flag":"{{{made}}}","environments":{{{configured}}}}""";
                return (call.Path, $$"""{"operations":[{{operation}}],"reason":"try"}""");
            case "PATCH /api/v1/projects/{project}/flags/{flag}":
                var revision = await world.RevisionAsync(Flag.NameOf(Web, "checkout"));
                return (
                    call.Path,
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $$"""{"name":"{{made}}","baseRevision":{{revision}},"reason":"try"}"""
                    )
                );
            case "DELETE /api/v1/projects/{project}/flags/{flag}":
                return ($"/api/v1/projects/{Web}/flags/payments?reason=try", null);
            case var route when route.Contains("/environments/{environment}/", StringComparison.Ordinal):
                var verb = route[(route.LastIndexOf('/') + 1)..];
                return ($"/api/v1/projects/{Web}/flags/switched/environments/{environment}/{verb}", """{"reason":"try"}""");
            case "POST /api/v1/bypasses":
                var enabled = call.Body!.Contains("\"enabled\":true", StringComparison.Ordinal) ? "true" : "false";
                var switches =
                    $$"""{"op":"setEnabled","project":"{{Web}}","flag":"switched","environment":"{{environment}}","enabled":{{enabled}}}""";
                return (
                    call.Path,
                    $$$"""{"incident":"{{{incident}}}","severity":"SEV1","justification":"it burns","operation":{{{switches}}}}"""
                );
            default:
                return (Aim(call.Path), call.Body is null ? null : Aim(call.Body));
        }
    }

    private async Task<string> BasedAsync(string operation)
    {
        var json = System.Text.Json.Nodes.JsonNode.Parse(operation)!.AsObject();
        json["baseRevision"] = await world.RevisionAsync(MatrixOperations.TargetOf(Web, json));
        return json.ToJsonString();
    }

    private string Aim(string text) => text.Replace("staging", environment, StringComparison.Ordinal);
}
