using Halyard.Contracts;
using Halyard.Core.Changes.Simulating;
using Halyard.Core.Policies.Installing;
using Halyard.Server.Authentication;
using Halyard.Server.Management;

namespace Halyard.Server.Approvals;

/// <summary>Tries approval policies on what the log holds.</summary>
internal static class PolicySimulationEndpoints
{
    public static void MapPolicySimulation(this IEndpointRouteBuilder routes) =>
        routes
            .MapPost("/policies/simulate", SimulateAsync)
            .WithName("simulateApprovalPolicies")
            .WithSummary(
                $"Asks approval policies about the changes that the log holds, imported ones included: at most {ChangeSimulation.MaxChanges} and as many as it comes to in {ChangeSimulation.Patience.TotalSeconds} seconds; next says where to go on. Writes nothing."
            )
            .Reads("approval-policy.simulate")
            .TakesBody<PolicySimulationBody>()
            .Produces<PolicySimulationAnswer>();

    private static async Task<IResult> SimulateAsync(HttpContext context, ChangeSimulation simulation)
    {
        var (body, refusal) = await Body.ReadAsync(context);
        if (body is null)
            return refusal!;
        using (body)
        {
            var json = body.Json;
            if (!json.IsObject("policies", "from", "to", "begin"))
                return Problems.Of(body.Error!);
            var documents = InstalledPolicies.ReadDocuments(json);
            var range = new SimulatedRange(json.OptionalTime("from"), json.OptionalTime("to"), json.OptionalLong("begin", 0, 0));
            if (range.From >= range.To)
                json["to"].Problem("must be later than from; the range is half-open");
            if (body.Error is { } error)
                return Problems.Of(error);
            var tenant = context.Caller().Actor.Tenant;
            var loaded = await simulation.LoadAsync(tenant, documents, context.RequestAborted);
            if (!loaded.TryGet(out var candidate, out var invalid))
                return Problems.Of(invalid);
            var report = await simulation.RunAsync(tenant, candidate, range, context.RequestAborted);
            return TypedResults.Json(Answer(candidate, report), ContractJson.Wire.PolicySimulationAnswer);
        }
    }

    private static PolicySimulationAnswer Answer(LoadedPolicies candidate, SimulationReport report) =>
        new()
        {
            Changes = report.Run.Changes,
            Skipped = report.Skipped,
            Gated = report.Run.Gated,
            NewlyGated = report.Run.NewlyGated,
            NewlyBlocked = report.Run.NewlyBlocked,
            NewlyAllowed = report.Run.NewlyAllowed,
            WithoutApprovers = report.Run.WithoutApprovers,
            Differences =
            [
                .. report.Run.Differences.Select(item => new VerdictDifferenceAnswer(
                    item.Index,
                    item.Now,
                    item.Then,
                    item.Gap,
                    item.Reason
                )),
            ],
            IdleRules = [.. report.Run.IdleRules],
            Notes = [.. candidate.Notes.Select(item => new PolicyNoteAnswer(item.Policy, item.Note.Rule, item.Note.Message))],
            Next = report.Next,
        };
}
