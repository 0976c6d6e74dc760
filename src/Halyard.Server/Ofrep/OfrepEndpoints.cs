using Halyard.Server.Authentication;
using Halyard.Server.Edges;

namespace Halyard.Server.Ofrep;

/// <summary>The routes of the OpenFeature Remote Evaluation Protocol 0.3.</summary>
internal static class OfrepEndpoints
{
    public static void MapOfrep(this IEndpointRouteBuilder routes)
    {
        var handler = routes.ServiceProvider.GetRequiredService<OfrepHandler>();
        var group = routes.MapGroup("/ofrep/v1/evaluate/flags").WithTags("OFREP").RequireCors(Edge.EvaluationPolicy);
        group
            .MapPost("/{key}", (HttpContext http, string key) => handler.EvaluateOneAsync(http, key))
            .WithName("ofrepEvaluateFlag")
            .WithSummary("Evaluates one flag in the environment of the SDK key.")
            .EvaluatesWithSdkKey();
        group
            .MapPost("", (Func<HttpContext, Task>)(http => handler.EvaluateAllAsync(http)))
            .WithName("ofrepEvaluateFlags")
            .WithSummary("Evaluates every flag in the environment of the SDK key; answers 304 to a matching If-None-Match.")
            .EvaluatesWithSdkKey();
    }
}
