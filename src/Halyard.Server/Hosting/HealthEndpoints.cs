using System.Globalization;
using Halyard.Server.Authentication;
using Halyard.Server.Publishing;
using Halyard.Server.Snapshots;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Halyard.Server.Hosting;

/// <summary>Says whether the process lives and whether it can serve.</summary>
internal static class HealthEndpoints
{
    /// <summary>How old what is evaluated may be, in whole seconds.</summary>
    public const string AgeHeader = "Halyard-Snapshot-Age";

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
            .WithSummary("200 once the store is open and every snapshot is compiled, 503 before. Tells the age of the snapshots.")
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

    // A server that is cut off from its database stays in service, for it evaluates what it knows; and says how old that is.
    private static ContentHttpResult Ready(HttpContext context, SnapshotFollower snapshots, SnapshotAge age)
    {
        if (!snapshots.Ready.IsCompletedSuccessfully)
            return TypedResults.Text("starting", statusCode: StatusCodes.Status503ServiceUnavailable);
        var seconds = ((long)age.Age.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        context.Response.Headers[AgeHeader] = seconds;
        return TypedResults.Text(
            age.Age <= SnapshotAge.Usual ? "ready" : $"ready, but cut off from the store: snapshots are {seconds} s old"
        );
    }
}
