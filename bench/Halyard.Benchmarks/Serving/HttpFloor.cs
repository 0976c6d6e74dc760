using System.Buffers;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Halyard.Benchmarks.Serving;

/// <summary>
/// The least that a host can do for the same exchange: Kestrel with the server's settings, every token of the body read, bytes
/// written that were made beforehand. It knows no caller, no flag and no context.
/// </summary>
internal static class HttpFloor
{
    public static async Task RunAsync(string oneFile, string allFile)
    {
        var builder = WebApplication.CreateBuilder();
        builder.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.AddServerHeader = false);
        var app = builder.Build();
        var (one, all) = (await File.ReadAllBytesAsync(oneFile), await File.ReadAllBytesAsync(allFile));
        app.MapPost("/ofrep/v1/evaluate/flags/{key}", http => AnswerAsync(http, one));
        app.MapPost("/ofrep/v1/evaluate/flags", http => AnswerAsync(http, all));
        app.MapGet("/health/ready", http => http.Response.WriteAsync("ready"));
        await app.RunAsync();
    }

    private static async Task AnswerAsync(HttpContext http, byte[] answer)
    {
        var body = http.Request.BodyReader;
        while (true)
        {
            var read = await body.ReadAsync();
            if (read.IsCompleted)
            {
                http.Response.StatusCode = Tokens(read.Buffer) > 0 ? 200 : 400;
                body.AdvanceTo(read.Buffer.End);
                break;
            }
            body.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
        http.Response.ContentType = "application/json; charset=utf-8";
        http.Response.ContentLength = answer.Length;
        http.Response.BodyWriter.Write(answer);
        await http.Response.BodyWriter.FlushAsync();
    }

    private static int Tokens(ReadOnlySequence<byte> json)
    {
        var reader = new Utf8JsonReader(json);
        var tokens = 0;
        while (reader.Read())
            tokens++;
        return tokens;
    }
}
