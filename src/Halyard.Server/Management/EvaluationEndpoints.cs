using Halyard.Contracts;
using Halyard.Core;
using Halyard.Core.Audit;
using Halyard.Core.Flags;
using Halyard.Core.Reading;
using Halyard.Core.Storage;
using Halyard.Evaluation;
using Halyard.Server.Authentication;
using Halyard.Server.Snapshots;

namespace Halyard.Server.Management;

/// <summary>How often flags were evaluated, and when last.</summary>
internal static class EvaluationEndpoints
{
    private static readonly TimeSpan DefaultRange = TimeSpan.FromHours(24);

    public static void MapEvaluations(this IEndpointRouteBuilder routes)
    {
        routes
            .MapGet("/projects/{project}/evaluations", TotalsAsync)
            .WithName("listEvaluations")
            .WithSummary(
                "What the flags served in ?environment=, in key order, since counting began or in the hours of ?from= and ?to=. Flags never evaluated are absent."
            )
            .ReadsVisible("flag.read")
            .Produces<EvaluationsAnswer>();
        routes
            .MapGet("/projects/{project}/flags/{flag}/evaluations", HoursAsync)
            .WithName("listFlagEvaluations")
            .WithSummary("What one flag served in ?environment=, hour by hour, in the last day or from ?from= to ?to=.")
            .ReadsVisible("flag.read")
            .Produces<FlagEvaluationsAnswer>();
    }

    private static async Task<IResult> TotalsAsync(
        HttpContext context,
        string project,
        ProjectReader reader,
        IStore store,
        SnapshotTable snapshots,
        TimeProvider time
    )
    {
        var (question, refusal) = await QuestionAsync(context, project, reader);
        if (question is null)
            return refusal!;
        var (tenant, cancelled) = (context.Caller().Actor.Tenant, context.RequestAborted);
        var counts = question.HasRange
            ? await store.EvaluationTotalsAsync(
                tenant,
                question.EnvironmentId,
                EvaluationHours.Of(question.From ?? DateTimeOffset.UnixEpoch),
                question.To ?? time.GetUtcNow(),
                cancelled
            )
            : await store.EvaluationTotalsAsync(tenant, question.EnvironmentId, cancelled);
        // The counters of flags that were deleted stay; who asks what is used wants those that are there.
        var snapshot = snapshots.Find(tenant, question.EnvironmentId)?.Current ?? CompiledSnapshot.Empty;
        var plan = context.Plan();
        var sight = await FlagSight.OfAsync(context, reader, question.Place, null, plan);
        var flags = counts
            .Where(count => snapshot.TryGetFlag(count.Flag, out _) && sight.Shows(plan, count.Flag))
            .GroupBy(count => count.Flag, StringComparer.Ordinal)
            .Select(flag => new FlagTotalAnswer(
                flag.Key,
                flag.Sum(variant => variant.Count),
                flag.Max(variant => variant.LastAt),
                [.. flag.Select(variant => new VariantTotalAnswer(variant.Variant, variant.Count, variant.LastAt))]
            ));
        return TypedResults.Json(
            new EvaluationsAnswer(question.Environment, question.From, question.To, [.. flags]),
            ContractJson.Wire.EvaluationsAnswer
        );
    }

    private static async Task<IResult> HoursAsync(
        HttpContext context,
        string project,
        string flag,
        ProjectReader reader,
        IStore store,
        TimeProvider time
    )
    {
        var (question, refusal) = await QuestionAsync(context, project, reader);
        if (question is null)
            return refusal!;
        var (tenant, cancelled) = (context.Caller().Actor.Tenant, context.RequestAborted);
        var sight = new FlagSight(question.Place, await reader.FlagsAsync(tenant, project, flag, cancelled));
        if (!sight.Exists(flag) || !sight.Shows(context.Plan(), flag))
            return Problems.NotFound("flag", flag);
        var to = question.To ?? Seal.Microseconds(time.GetUtcNow());
        var earliest = DateTimeOffset.MinValue;
        var from = question.From ?? (to - earliest > DefaultRange ? to - DefaultRange : earliest);
        var hours = await store.EvaluationHoursAsync(
            tenant,
            question.EnvironmentId,
            flag,
            EvaluationHours.Of(from),
            to,
            cancelled
        );
        return TypedResults.Json(
            new FlagEvaluationsAnswer(
                flag,
                question.Environment,
                from,
                to,
                [.. hours.Select(hour => new HourAnswer(hour.Hour, hour.Variant, hour.Count))]
            ),
            ContractJson.Wire.FlagEvaluationsAnswer
        );
    }

    private static async ValueTask<(Question? Question, IResult? Refusal)> QuestionAsync(
        HttpContext context,
        string project,
        ProjectReader reader
    )
    {
        var problems = new List<FieldProblem>();
        Paging.OnlyKnown(context, problems, "environment", "from", "to");
        var environment = Paging.Text(context, "environment") ?? "";
        if (environment.Length == 0)
            problems.Add(new FieldProblem("/environment", "is required"));
        var from = Paging.Time(context, "from", problems);
        var to = Paging.Time(context, "to", problems);
        if (from >= to)
            problems.Add(new FieldProblem("/to", "must be later than from"));
        if (problems.Count > 0)
            return (null, Problems.Of(new Error.Invalid(problems)));
        var name = ProjectEnvironment.NameOf(project, environment);
        var found = await reader.FindAsync(context.Caller().Actor.Tenant, name, context.RequestAborted);
        return found?.Resource is ProjectEnvironment place && context.Plan().MayAllowIn(place)
            ? (new Question(place, from, to), null)
            : (null, Problems.NotFound("environment", environment));
    }

    private sealed record Question(ProjectEnvironment Place, DateTimeOffset? From, DateTimeOffset? To)
    {
        public string Environment => Place.Key;

        public string EnvironmentId => Place.Id;

        public bool HasRange => From is not null || To is not null;
    }
}
