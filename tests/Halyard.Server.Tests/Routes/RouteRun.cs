using System.Text;
using Halyard.Server.Tests.Hosting;

namespace Halyard.Server.Tests.Routes;

/// <summary>Calls endpoints one after the other, with the ids that earlier answers gave.</summary>
public sealed class RouteRun(HalyardServer server)
{
    private readonly Dictionary<string, string> _ids = new(StringComparer.Ordinal);

    public Task<Answer> CallAsync(RouteCall call, string credential, Browser? browser)
    {
        var path = _ids.Aggregate(call.Path, (text, id) => text.Replace(id.Key, id.Value, StringComparison.Ordinal));
        return browser is not null
            ? browser.SendAsync(call.Method, path, call.Body)
            : server.SendAsync(
                call.Method,
                path,
                call.Body is null ? null : Encoding.UTF8.GetBytes(call.Body),
                call.ByOther ? _ids["{secret}"] : credential,
                call.NamesContent ? [("If-Match", $"\"{_ids["{hash}"]}\"")] : []
            );
    }

    /// <summary>Keeps what the answer names, and waits for a job that it started.</summary>
    public async Task LearnAsync(RouteCall call, Answer answer)
    {
        if (answer.MediaType != "application/json")
            return;
        var json = answer.Json;
        if (json.TryGetProperty("job", out var job))
            await server.EndedAsync(_ids["{job}"] = job.Text("id"));
        if (json.TryGetProperty("changeRequest", out var request))
            (_ids["{request}"], _ids["{hash}"]) = (request.Text("id"), request.Text("hash"));
        if (json.TryGetProperty("bypass", out var bypass))
            _ids["{bypass}"] = bypass.Text("id");
        if (call.Status == 200)
            call.Remember(answer, _ids);
        if (call.Path.EndsWith("/tokens", StringComparison.Ordinal) && json.TryGetProperty("secret", out var secret))
            _ids["{secret}"] = secret.GetString()!;
    }
}
