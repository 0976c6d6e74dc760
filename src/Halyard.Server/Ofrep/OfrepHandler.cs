using System.Buffers;
using System.Globalization;
using System.IO.Pipelines;
using Halyard.Evaluation;
using Halyard.Server.Authentication;
using Halyard.Server.Snapshots;
using Microsoft.Net.Http.Headers;

namespace Halyard.Server.Ofrep;

/// <summary>
/// Answers OFREP 0.3, single and bulk: reads the context from the request's pipe, evaluates in the snapshot in force and writes
/// prepared bytes to the response's pipe. No store, no lock.
/// </summary>
internal sealed class OfrepHandler(SnapshotTable snapshots, TimeProvider time)
{
    private const string Gone = "the environment of this SDK key does not exist any more";

    /// <summary>One flag.</summary>
    public async Task EvaluateOneAsync(HttpContext http, string key)
    {
        var (context, problem) = await ContextReader.ReadAsync(http.Request);
        if (context is null)
            await RefuseAsync(http.Response, 400, key, ErrorCode.InvalidContext, problem!);
        else if (Find(http) is { } snapshot)
            await AnswerOneAsync(http.Response, snapshot, key, context);
        else
            await RefuseAsync(http.Response, 404, key, ErrorCode.FlagNotFound, Gone);
    }

    /// <summary>Every flag; of an environment that is gone, none.</summary>
    public async Task EvaluateAllAsync(HttpContext http)
    {
        var (context, problem) = await ContextReader.ReadAsync(http.Request);
        if (context is null)
            await RefuseAsync(http.Response, 400, null, ErrorCode.InvalidContext, problem!);
        else
            await AnswerAllAsync(http, Find(http) ?? OfrepSnapshot.Empty, context);
    }

    private OfrepSnapshot? Find(HttpContext http)
    {
        var caller = http.SdkCaller();
        return snapshots.Find(caller.Tenant, caller.EnvironmentId)?.Ofrep.For(caller.ClientSide);
    }

    private Task AnswerOneAsync(HttpResponse response, OfrepSnapshot snapshot, string key, EvaluationContext context)
    {
        var buffer = OfrepSnapshot.SingleBuffer();
        try
        {
            var status = snapshot.WriteOne(ref buffer, key, context, time.GetUtcNow());
            return SendAsync(response, status, buffer.Written);
        }
        finally
        {
            buffer.Dispose();
        }
    }

    private Task AnswerAllAsync(HttpContext http, OfrepSnapshot snapshot, EvaluationContext context)
    {
        var buffer = snapshot.BulkBuffer();
        try
        {
            snapshot.WriteAll(ref buffer, context, time.GetUtcNow());
            var tag = string.Create(CultureInfo.InvariantCulture, $"\"{XxHash64.Hash(buffer.Written):x16}\"");
            http.Response.Headers.ETag = tag;
            if (!KnowsAlready(http.Request, tag))
                return SendAsync(http.Response, StatusCodes.Status200OK, buffer.Written);
            http.Response.StatusCode = StatusCodes.Status304NotModified;
            return Task.CompletedTask;
        }
        finally
        {
            buffer.Dispose();
        }
    }

    private static Task RefuseAsync(HttpResponse response, int status, string? key, ErrorCode code, string details)
    {
        var buffer = OfrepSnapshot.SingleBuffer();
        try
        {
            OfrepWriter.WriteError(ref buffer, key, code, details);
            return SendAsync(response, status, buffer.Written);
        }
        finally
        {
            buffer.Dispose();
        }
    }

    /// <summary>If-None-Match as RFC 9110, section 13.1.2 has it: a list, compared weakly, or a star.</summary>
    private static bool KnowsAlready(HttpRequest request, string tag)
    {
        var sent = request.Headers.IfNoneMatch;
        if (sent.Count == 0)
            return false;
        var wanted = EntityTagHeaderValue.Parse(tag);
        return EntityTagHeaderValue.TryParseList(sent, out var known)
            && known.Any(item => item.Equals(EntityTagHeaderValue.Any) || item.Compare(wanted, useStrongComparison: false));
    }

    // The body is copied into the pipe here; only the flush may wait.
    private static Task SendAsync(HttpResponse response, int status, ReadOnlySpan<byte> body)
    {
        response.StatusCode = status;
        response.ContentType = "application/json; charset=utf-8";
        response.ContentLength = body.Length;
        var pipe = response.BodyWriter;
        pipe.Write(body);
        var flush = pipe.FlushAsync(CancellationToken.None);
        return flush.IsCompletedSuccessfully ? Done(flush) : flush.AsTask();

        static Task Done(ValueTask<FlushResult> flush)
        {
            _ = flush.Result;
            return Task.CompletedTask;
        }
    }
}
