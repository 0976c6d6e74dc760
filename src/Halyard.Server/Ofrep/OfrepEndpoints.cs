using System.Buffers;
using System.Security.Cryptography;
using System.Text.Json;
using Halyard.Evaluation;
using Halyard.Server.Authentication;
using Halyard.Server.Requests;
using Halyard.Server.Snapshots;
using Microsoft.Net.Http.Headers;

namespace Halyard.Server.Ofrep;

/// <summary>
/// OpenFeature Remote Evaluation Protocol 0.3: single and bulk. Reads the snapshot in force and evaluates; no store, no lock.
/// </summary>
internal static class OfrepEndpoints
{
    private const int MaxBody = EvaluationContext.MaxBytes + 1024;

    public static void MapOfrep(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/ofrep/v1/evaluate/flags").WithTags("OFREP");
        group
            .MapPost("/{key}", EvaluateOneAsync)
            .WithName("ofrepEvaluateFlag")
            .WithSummary("Evaluates one flag in the environment of the SDK key.")
            .EvaluatesWithSdkKey();
        group
            .MapPost("", EvaluateAllAsync)
            .WithName("ofrepEvaluateFlags")
            .WithSummary("Evaluates every flag in the environment of the SDK key; answers 304 to a matching If-None-Match.")
            .EvaluatesWithSdkKey();
    }

    private static async Task EvaluateOneAsync(HttpContext http, string key, SnapshotTable snapshots, TimeProvider time)
    {
        if (await ReadContextAsync(http, key) is not { } context)
            return;
        if (Snapshot(http, snapshots) is not { } snapshot)
        {
            await AnswerAsync(http, 404, writer => OfrepWriter.WriteError(writer, key, ErrorCode.FlagNotFound, Gone));
            return;
        }
        var result = Evaluator.Evaluate(snapshot, key, context, time.GetUtcNow());
        var status = result.ErrorCode switch
        {
            null => 200,
            ErrorCode.FlagNotFound => 404,
            _ => 400,
        };
        await AnswerAsync(http, status, writer => OfrepWriter.Write(writer, key, result, snapshot.LedgerIndex));
    }

    private static async Task EvaluateAllAsync(HttpContext http, SnapshotTable snapshots, TimeProvider time)
    {
        if (await ReadContextAsync(http, null) is not { } context)
            return;
        var snapshot = Snapshot(http, snapshots) ?? CompiledSnapshot.Empty;
        var now = time.GetUtcNow();
        var buffer = new ArrayBufferWriter<byte>(snapshot.FlagKeys.Count * 160 + 64);
        using (var writer = OfrepWriter.On(buffer))
        {
            writer.WriteStartObject();
            writer.WriteStartArray("flags"u8);
            foreach (var key in snapshot.FlagKeys)
                OfrepWriter.Write(writer, key, Evaluator.Evaluate(snapshot, key, context, now), snapshot.LedgerIndex);
            writer.WriteEndArray();
            writer.WriteEndObject();
        }
        var tag = $"\"{Convert.ToHexStringLower(SHA256.HashData(buffer.WrittenSpan).AsSpan(0, 16))}\"";
        http.Response.Headers.ETag = tag;
        if (KnowsAlready(http, tag))
        {
            http.Response.StatusCode = 304;
            return;
        }
        await SendAsync(http, 200, buffer.WrittenMemory);
    }

    /// <summary>If-None-Match as RFC 9110, section 13.1.2 has it: a list, compared weakly, or a star.</summary>
    private static bool KnowsAlready(HttpContext http, string tag)
    {
        var wanted = EntityTagHeaderValue.Parse(tag);
        return EntityTagHeaderValue.TryParseList(http.Request.Headers.IfNoneMatch, out var known)
            && known.Any(item => item.Equals(EntityTagHeaderValue.Any) || item.Compare(wanted, useStrongComparison: false));
    }

    private const string Gone = "the environment of this SDK key does not exist any more";

    private static CompiledSnapshot? Snapshot(HttpContext http, SnapshotTable snapshots)
    {
        var caller = http.SdkCaller();
        return snapshots.Find(caller.Tenant, caller.EnvironmentId)?.Current;
    }

    /// <summary>The context in the body, or <see langword="null"/> with the refusal already sent.</summary>
    private static async ValueTask<EvaluationContext?> ReadContextAsync(HttpContext http, string? key)
    {
        var (bytes, tooLarge) = await BoundedBody.ReadAsync(http, MaxBody);
        var problem = "the body is too large";
        if (!tooLarge && TryRead(bytes, out var context, out problem))
            return context;
        await AnswerAsync(http, 400, writer => OfrepWriter.WriteError(writer, key, ErrorCode.InvalidContext, problem!));
        return null;
    }

    private static bool TryRead(byte[] body, out EvaluationContext? context, out string? problem)
    {
        context = null;
        var reader = new Utf8JsonReader(body, new JsonReaderOptions { MaxDepth = 64 });
        try
        {
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            {
                problem = "the body must be an object with a context";
                return false;
            }
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var isContext = reader.ValueTextEquals("context"u8);
                reader.Read();
                if (!isContext)
                    reader.Skip();
                else if (!EvaluationContext.TryRead(ref reader, out context, out problem))
                    return false;
            }
            // Whatever follows the object must be nothing but white space.
            _ = reader.Read();
        }
        catch (JsonException)
        {
            problem = "the body is not JSON";
            return false;
        }
        catch (InvalidOperationException)
        {
            problem = "the body is not valid Unicode";
            return false;
        }
        problem = context is null ? "the body has no context" : null;
        return context is not null;
    }

    private static async Task AnswerAsync(HttpContext http, int status, Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var writer = OfrepWriter.On(buffer))
            write(writer);
        await SendAsync(http, status, buffer.WrittenMemory);
    }

    private static async Task SendAsync(HttpContext http, int status, ReadOnlyMemory<byte> body)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = "application/json; charset=utf-8";
        http.Response.ContentLength = body.Length;
        await http.Response.Body.WriteAsync(body, http.RequestAborted);
    }
}
