using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Halyard.Server.Tests.Delivery;

/// <summary>A real HTTP server in a target's place, which answers as the test says and remembers what it was sent.</summary>
public sealed class StandIn : IAsyncDisposable
{
    private readonly WebApplication _app;

    private StandIn(WebApplication app) => _app = app;

    /// <summary>What it was sent, in order.</summary>
    public ConcurrentQueue<Received> Requests { get; } = [];

    /// <summary>Answers a request; by default that all is well.</summary>
    public Func<Received, Task<Reply>> Answer { get; set; } = _ => Task.FromResult(new Reply(200, "ok"));

    public string Address => _app.Urls.Single();

    public void Answers(Func<Received, Reply> answer) => Answer = request => Task.FromResult(answer(request));

    public static async Task<StandIn> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var standIn = new StandIn(app);
        app.Run(standIn.HandleAsync);
        await app.StartAsync(TestContext.Current.CancellationToken);
        return standIn;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task HandleAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        var headers = context.Request.Headers.ToDictionary(
            header => header.Key,
            header => header.Value.ToString(),
            StringComparer.OrdinalIgnoreCase
        );
        var received = new Received(context.Request.Method, context.Request.Path, headers, body.ToArray())
        {
            Query = context.Request.Query.ToDictionary(item => item.Key, item => item.Value.ToString()),
        };
        Requests.Enqueue(received);
        var reply = await Answer(received);
        context.Response.StatusCode = reply.Status;
        foreach (var (name, value) in reply.Headers)
            context.Response.Headers[name] = value;
        await context.Response.WriteAsync(reply.Body);
    }
}

/// <summary>What a target was sent.</summary>
public sealed record Received(string Method, string Path, IReadOnlyDictionary<string, string> Headers, byte[] Body)
{
    /// <summary>The query of its address, decoded.</summary>
    public IReadOnlyDictionary<string, string> Query { get; init; } = new Dictionary<string, string>();

    public string Text => Encoding.UTF8.GetString(Body);

    public JsonElement Json => JsonSerializer.Deserialize<JsonElement>(Body);

    /// <summary>The index of the entry in a CloudEvent.</summary>
    public long Index => long.Parse(Json.GetProperty("halyardindex").GetString()!);
}

/// <summary>What a target answers.</summary>
public sealed record Reply(int Status, string Body = "", params (string Name, string Value)[] Headers);
