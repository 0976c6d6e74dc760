using Halyard.Contracts;
using Halyard.Server.Jobs;
using Halyard.Server.Management;

namespace Halyard.Server.Checks;

/// <summary>Starts a check of the log on demand.</summary>
internal static class CheckEndpoints
{
    /// <summary>What the authorizer is asked about.</summary>
    public const string Action = "audit.check";

    /// <summary>What a check does, in words.</summary>
    public const string Words = "check of the log against everything kept beside it";

    private static readonly string[] Members = ["reason", "ticket", "incident"];

    public static void MapChecks(this IEndpointRouteBuilder routes) =>
        routes
            .MapPost("/audit/checks", StartAsync)
            .WithName("startCheck")
            .WithSummary("Starts a job that replays the log and names whatever was changed past it.")
            .Writes<ReasonBody>()
            .Produces<JobRequestAnswer>(202);

    public static void AddChecks(this IServiceCollection services)
    {
        services.AddSingleton<IJobKind, CheckJob>();
        services.AddHostedService<DailyCheck>();
    }

    private static async Task<IResult> StartAsync(HttpContext context, JobStarter starter)
    {
        var (body, refusal) = await Body.ReadAsync(context);
        if (body is null)
            return refusal!;
        using (body)
        {
            return body.Json.IsObject(Members)
                ? await starter.StartAsync(context, body, Action, CheckJob.Name, "{}"u8.ToArray(), Words)
                : Problems.Of(body.Error!);
        }
    }
}
