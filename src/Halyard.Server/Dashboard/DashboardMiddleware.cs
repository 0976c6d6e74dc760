using Halyard.Core;
using Microsoft.Net.Http.Headers;

namespace Halyard.Server.Dashboard;

/// <summary>
/// Serves the dashboard where no endpoint is mapped: its files, and its page to browsers that open any address of it. Whoever asks for
/// data and misspells the address gets the API's own answer, never a page.
/// </summary>
internal sealed class DashboardMiddleware(RequestDelegate next, DashboardFiles files, Entropy entropy)
{
    private const int NonceBytes = 16;
    private const string Immutable = "public, max-age=31536000, immutable";
    private const string Checked = "no-cache";

    /// <summary>What belongs to the server alone; the dashboard's router has no address below these.</summary>
    private static readonly PathString[] Reserved =
    [
        "/.well-known",
        "/api",
        "/assets",
        "/auth",
        "/health",
        "/ledger",
        "/metrics",
        "/ofrep",
        "/openapi",
        "/sdk",
    ];

    public Task InvokeAsync(HttpContext context)
    {
        var request = context.Request;
        // What is mapped is the API's, with whatever method it is called.
        if (!files.Exist || context.GetEndpoint() is not null || !IsRead(request.Method))
            return next(context);
        if (files.Find(request.Path.Value ?? "") is { } file)
            return SendAsync(context, file);
        return IsPage(request) ? SendPageAsync(context) : next(context);
    }

    private static bool IsRead(string method) => HttpMethods.IsGet(method) || HttpMethods.IsHead(method);

    private static bool IsPage(HttpRequest request) =>
        request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase)
        && !Array.Exists(Reserved, prefix => request.Path.StartsWithSegments(prefix, StringComparison.OrdinalIgnoreCase));

    private Task SendPageAsync(HttpContext context)
    {
        var nonce = Convert.ToHexStringLower(entropy.Bytes(NonceBytes));
        var headers = context.Response.Headers;
        headers.CacheControl = "no-store";
        headers.ContentSecurityPolicy = Policy(nonce);
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        context.Response.ContentType = "text/html; charset=utf-8";
        return WriteAsync(context, files.Page(nonce));
    }

    /// <summary>Scripts come from this server alone and styles with the answer's nonce; nothing is framed, sent or fetched elsewhere.</summary>
    private static string Policy(string nonce) =>
        "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'; script-src 'self'; "
        + $"style-src 'self' 'nonce-{nonce}'; img-src 'self'; font-src 'self'; connect-src 'self'";

    private static Task SendAsync(HttpContext context, DashboardFile file)
    {
        var headers = context.Response.Headers;
        headers.CacheControl = file.IsImmutable ? Immutable : Checked;
        headers.ETag = file.Tag;
        headers.Vary = HeaderNames.AcceptEncoding;
        if (context.Request.Headers.IfNoneMatch.ToString() == file.Tag)
        {
            context.Response.StatusCode = StatusCodes.Status304NotModified;
            return Task.CompletedTask;
        }
        context.Response.ContentType = file.ContentType;
        var (encoding, bytes) =
            file.Brotli is { } brotli && Takes(context.Request, "br") ? ("br", brotli)
            : file.Gzip is { } gzip && Takes(context.Request, "gzip") ? ("gzip", gzip)
            : ("", file.Plain);
        if (encoding.Length > 0)
            headers.ContentEncoding = encoding;
        return WriteAsync(context, bytes);
    }

    private static bool Takes(HttpRequest request, string encoding) =>
        request.GetTypedHeaders().AcceptEncoding.Any(item => item.Value == encoding && item.Quality != 0);

    private static Task WriteAsync(HttpContext context, byte[] bytes)
    {
        context.Response.ContentLength = bytes.Length;
        return HttpMethods.IsHead(context.Request.Method)
            ? Task.CompletedTask
            : context.Response.Body.WriteAsync(bytes, context.RequestAborted).AsTask();
    }
}
