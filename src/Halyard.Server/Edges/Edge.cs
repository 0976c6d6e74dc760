using System.Net;
using Halyard.Server.Authentication;
using Halyard.Server.Management;
using Microsoft.AspNetCore.HttpOverrides;

namespace Halyard.Server.Edges;

/// <summary>What stands before every endpoint: who calls, from where, how often, and what browsers may do with answers.</summary>
internal static class Edge
{
    /// <summary>The policy of what other sites' pages may call.</summary>
    public const string EvaluationPolicy = "evaluation";

    // Answers are data: nothing in them runs, loads or is framed. A report says itself what it needs.
    private const string ContentPolicy = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";
    private const string TransportSecurity = "max-age=31536000; includeSubDomains";

    /// <summary>Adds what the edge needs.</summary>
    public static void AddEdge(this IServiceCollection services, EdgeOptions options)
    {
        services.AddSingleton(options);
        services.AddSingleton<RequestLimits>();
        services.AddCors(cors =>
            cors.AddPolicy(
                EvaluationPolicy,
                policy =>
                    policy
                        .WithOrigins([.. options.Origins])
                        .WithMethods("POST")
                        .WithHeaders("Authorization", "Content-Type", "If-None-Match")
                        .WithExposedHeaders("ETag", "Retry-After")
            )
        );
        services.Configure<ForwardedHeadersOptions>(forwarded =>
        {
            forwarded.ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto;
            forwarded.KnownIPNetworks.Clear();
            forwarded.KnownProxies.Clear();
            foreach (var proxy in options.Proxies)
            {
                if (IPAddress.TryParse(proxy, out var address))
                    forwarded.KnownProxies.Add(address);
                else
                    forwarded.KnownIPNetworks.Add(System.Net.IPNetwork.Parse(proxy));
            }
        });
    }

    /// <summary>Puts the edge before everything else.</summary>
    public static void UseEdge(this IApplicationBuilder app, EdgeOptions options)
    {
        // Without a proxy nobody may say in a header from where he calls.
        if (options.Proxies.Count > 0)
            app.UseForwardedHeaders();
        app.Use(
            (context, next) =>
            {
                SetHeaders(context);
                return next(context);
            }
        );
    }

    /// <summary>Bounds how often an address calls, once it is known what it calls.</summary>
    public static void UseAddressLimit(this IApplicationBuilder app) =>
        app.Use(
            (context, next) =>
            {
                if (context.GetEndpoint()?.Metadata.GetMetadata<AccessRule>() is { Kind: AccessKind.SdkKey })
                    return next(context);
                var limits = context.RequestServices.GetRequiredService<RequestLimits>();
                return limits.RefusalOf(context.Connection.RemoteIpAddress) is { } wait
                    ? Problems.TooMany(context, wait).ExecuteAsync(context)
                    : next(context);
            }
        );

    /// <summary>Says to browsers what they may do with the answer.</summary>
    public static void SetHeaders(HttpContext context)
    {
        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy = ContentPolicy;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        if (context.Request.IsHttps)
            headers.StrictTransportSecurity = TransportSecurity;
    }
}
