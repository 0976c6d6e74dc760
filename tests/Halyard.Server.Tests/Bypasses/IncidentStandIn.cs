using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Halyard.Server.Tests.Bypasses;

/// <summary>A source of incidents on a free loopback port, which answers as a test says.</summary>
internal sealed class IncidentStandIn : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, Func<HttpContext, Task>> _answers = new(StringComparer.Ordinal);
    private readonly WebApplication _app;

    private IncidentStandIn(WebApplication app) => _app = app;

    /// <summary>What was asked for, in order.</summary>
    public ConcurrentQueue<string> Asked { get; } = new();

    /// <summary>The bearer token that came last.</summary>
    public string Authorization { get; private set; } = "";

    public string Url => $"{_app.Urls.Single()}/incidents/{{incident}}";

    public static async Task<IncidentStandIn> StartAsync()
    {
        var builder = WebApplication.CreateBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var standIn = new IncidentStandIn(builder.Build());
        standIn._app.Map("/{**path}", standIn.AnswerAsync);
        await standIn._app.StartAsync();
        return standIn;
    }

    public void Say(string incident, string severity, string status = "open") =>
        Answer(incident, $$"""{"id":"{{incident}}","severity":"{{severity}}","status":"{{status}}","title":"it burns"}""");

    public void Answer(string incident, string body, int status = 200) =>
        Answer(
            incident,
            context =>
            {
                context.Response.StatusCode = status;
                return context.Response.WriteAsync(body, Encoding.UTF8);
            }
        );

    public void Answer(string incident, Func<HttpContext, Task> answer) => _answers[incident] = answer;

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private Task AnswerAsync(HttpContext context)
    {
        Asked.Enqueue(context.Request.Path);
        Authorization = context.Request.Headers.Authorization.ToString();
        var incident = context.Request.Path.Value!["/incidents/".Length..];
        if (_answers.TryGetValue(incident, out var answer))
            return answer(context);
        context.Response.StatusCode = StatusCodes.Status404NotFound;
        return Task.CompletedTask;
    }
}
