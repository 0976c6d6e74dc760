using Halyard.Server.Authentication;
using Halyard.Server.Publishing;
using Halyard.Server.Snapshots;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Halyard.Server.Hosting;

/// <summary>Says whether the process lives and whether it can serve.</summary>
internal static class HealthEndpoints
{
    public static void MapHealth(this IEndpointRouteBuilder routes)
    {
        routes
            .MapGet("/health/live", () => TypedResults.Text("live"))
            .WithName("healthLive")
            .WithSummary("Answers as long as the process runs.")
            .AllowEverybody();
        routes
            .MapGet("/health/ready", Ready)
            .WithName("healthReady")
            .WithSummary("200 once the store is open and every snapshot is compiled, 503 before.")
            .AllowEverybody();
        routes
            .MapGet("/health/ledger", Ledger)
            .WithName("healthLedger")
            .WithSummary("503 where the ledger of a tenant contradicts what was published, signed or anchored; 200 otherwise.")
            .AllowEverybody();
    }

    // Its own address: evaluations go on whatever the ledger's state, and must not be taken out of service for it.
    private static ContentHttpResult Ledger(LedgerStatus status) =>
        status.Alarms.Count == 0
            ? TypedResults.Text("consistent")
            : TypedResults.Text("contradiction", statusCode: StatusCodes.Status503ServiceUnavailable);

    private static ContentHttpResult Ready(SnapshotFollower snapshots) =>
        snapshots.Ready.IsCompletedSuccessfully
            ? TypedResults.Text("ready")
            : TypedResults.Text("starting", statusCode: StatusCodes.Status503ServiceUnavailable);
}
