using System.Globalization;
using Halyard.Ledger;
using Halyard.Server.Authentication;
using Halyard.Server.Hosting;
using Halyard.Server.Management;
using Halyard.Server.Publishing.Signing;
using Microsoft.AspNetCore.Mvc;

namespace Halyard.Server.Publishing;

/// <summary>
/// The published ledger over HTTP, in the layout of C2SP tlog-tiles. Closed to whoever may not read the log, unless it is configured to
/// be open (ADR 0008).
/// </summary>
internal static class PublishedEndpoints
{
    private const string Text = "text/plain; charset=utf-8";
    private const string Bytes = "application/octet-stream";

    // Whatever is named by its size never changes.
    private const string ForEver = "max-age=31536000, immutable";
    private const string Newest = "no-cache";

    public static void MapPublished(this IEndpointRouteBuilder routes, PublishedOptions options)
    {
        var ledger = routes.MapGroup("/ledger").WithTags("Ledger");
        Map("/keys", (HttpContext context, ISigner signer) => KeysAsync(context, signer))
            .WithName("ledgerKeys")
            .WithSummary("The public keys that sign now, one a line, the current one first.");
        MapLog("/{tenant}/admin", "", "");
        MapLog("/{tenant}/admin/{shard:int:min(2)}", "Shard", " Of a log that went on under another name after a restore.");

        void MapLog(string log, string named, string words)
        {
            Map($"{log}/checkpoint", FileOf(_ => CheckpointFile.Newest, Text, Newest))
                .WithName($"ledger{named}Checkpoint")
                .WithSummary($"The newest checkpoint, a signed note (C2SP tlog-checkpoint).{words}");
            Map($"{log}/checkpoints/{{size}}", FileOf(CheckpointPath, Text, ForEver))
                .WithName($"ledger{named}CheckpointOfSize")
                .WithSummary($"The checkpoint of a size, twenty digits.{words}");
            Map($"{log}/keys", FileOf(_ => KeyFile.Name, Text, Newest))
                .WithName($"ledger{named}LogKeys")
                .WithSummary($"The log's keys with the sizes for which each counts.{words}");
            Map($"{log}/minimum_index", FileOf(_ => LedgerPaths.MinimumIndex, Text, Newest, "0\n"u8.ToArray()))
                .WithName($"ledger{named}MinimumIndex")
                .WithSummary($"The first entry that was not purged.{words}");
            Map($"{log}/tile/{{**path}}", FileOf(TilePathOf, Bytes, ForEver))
                .WithName($"ledger{named}Tile")
                .WithSummary($"A hash tile or a bundle of entries (C2SP tlog-tiles).{words}");
        }

        RouteHandlerBuilder Map(string pattern, Delegate handler)
        {
            var route = ledger
                .MapGet(pattern, handler)
                .Produces(200, contentType: pattern.Contains("tile", StringComparison.Ordinal) ? Bytes : Text);
            return options.Open ? route.AllowEverybody() : route.Reads("audit.read");
        }

        Delegate FileOf(Func<HttpContext, string?> path, string type, string caching, byte[]? absent = null) =>
            ([FromRoute] string tenant, HttpContext context, PublishedReader reader) =>
                FileAsync(context, (tenant, ShardOf(context)), path(context), reader, (options.Open, type, caching, absent));
    }

    private static async Task<IResult> KeysAsync(HttpContext context, ISigner signer)
    {
        var keys = await signer.KeysAsync(context.RequestAborted);
        context.Response.Headers.CacheControl = Newest;
        return TypedResults.Content(string.Concat(keys.Select(key => $"{key}\n")), Text);
    }

    private static async Task<IResult> FileAsync(
        HttpContext context,
        (string Tenant, int Shard) log,
        string? path,
        PublishedReader reader,
        (bool Open, string Type, string Caching, byte[]? Absent) how
    )
    {
        var mayRead = how.Open ? TenantKeys.Form().IsMatch(log.Tenant) : log.Tenant == context.Caller().Actor.Tenant;
        var content =
            mayRead && path is not null
                ? await reader.FileAsync(log.Tenant, log.Shard, path, context.RequestAborted) ?? how.Absent
                : null;
        if (content is null)
            return Problems.NotFound("published file", path ?? context.Request.Path);
        // Between here and the reader only caches of the reader's own may keep what needs a credential.
        context.Response.Headers.CacheControl = $"{(how.Open ? "public" : "private")}, {how.Caching}";
        return TypedResults.Bytes(content, how.Type);
    }

    private static int ShardOf(HttpContext context) =>
        context.GetRouteValue("shard") is not string text ? 1
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var shard) ? shard
        : 0;

    private static string? CheckpointPath(HttpContext context) =>
        context.GetRouteValue("size") is string text
        && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var size)
        && CheckpointFile.PathOf(size) == CheckpointFile.Folder + text
            ? CheckpointFile.PathOf(size)
            : null;

    private static string? TilePathOf(HttpContext context) =>
        TilePath.TryParse($"tile/{context.GetRouteValue("path")}", out var path) ? path.ToString() : null;
}
