using System.Globalization;
using System.Text.Json;
using Halyard.Contracts;
using Halyard.Core;
using Halyard.Core.Access.Deciding;
using Halyard.Core.Access.Roles;
using Halyard.Core.Audit;
using Halyard.Core.Changes;
using Halyard.Core.Flags;
using Halyard.Core.Reading;
using Halyard.Evaluation;
using Halyard.Evaluation.Definitions;
using Halyard.Server.Authentication;
using Halyard.Server.Snapshots;

namespace Halyard.Server.Management;

/// <summary>Explains what a context gets, or got at a time, by which rule, and which change made it so.</summary>
internal static class EvaluateEndpoints
{
    public static void MapEvaluate(this IEndpointRouteBuilder routes) =>
        routes
            .MapPost("/projects/{project}/evaluate", EvaluateAsync)
            .WithName("evaluate")
            .WithSummary(
                "What a context gets in ?environment=, or got at ?at=, and why. Writes no more than that ?reveal=true was asked."
            )
            .ReadsVisible(Actions.Evaluate)
            .RecordsFlagViews()
            .TakesBody<EvaluateBody>()
            .Produces<EvaluateAnswer>();

    private static async Task<IResult> EvaluateAsync(
        HttpContext context,
        string project,
        ProjectReader reader,
        EntryReader entries,
        Reveals reveals,
        SnapshotTable snapshots,
        ChangeService changes,
        TimeProvider time
    )
    {
        var (body, refusal) = await Body.ReadAsync(context);
        if (body is null)
            return refusal!;
        using (body)
        {
            var query = new List<FieldProblem>();
            Paging.OnlyKnown(context, query, "environment", "at", Reveals.Parameter);
            var at = Paging.Time(context, "at", query);
            var reveal = reveals.IsAsked(context, at, query);
            var environment = Paging.Text(context, "environment") ?? "";
            if (environment.Length == 0)
                query.Add(new FieldProblem("/environment", "is required"));
            body.Json.IsObject("flag", "context");
            var flag = body.Json["flag"].Exists ? body.Json.RequiredKey("flag") : null;
            var evaluationContext = Context(body.Json["context"]);
            if (query.Count > 0 || body.Error is not null)
                return Problems.Of(
                    new Error.Invalid([
                        .. query,
                        .. body.Problems.Select(problem => new FieldProblem(problem.Pointer, problem.Message)),
                    ])
                );

            var tenant = context.Caller().Actor.Tenant;
            var now = at ?? time.GetUtcNow();
            var past = at is null
                ? null
                : await reader.EnvironmentAtAsync(tenant, project, environment, now, context.RequestAborted);
            var (place, snapshot) =
                at is null ? await CurrentAsync(context, reader, snapshots, project, environment)
                : past is null ? (null, null)
                : (past.Environment, SnapshotCompiler.Compile(past.Definition).Snapshot);
            var plan = context.Plan();
            if (place is null || snapshot is null || !plan.MayAllowIn(place))
                return Problems.NotFound("environment", environment);
            var reads = await PlanAsync(context, changes, "flag.read", project);
            var sight = past is null
                ? await FlagSight.OfAsync(context, reader, place, flag, plan, reads)
                : new FlagSight(place, past.Flags);
            IReadOnlyList<string> keys =
            [
                .. (flag is null ? snapshot.FlagKeys : [flag]).Where(key =>
                    snapshot.TryGetFlag(key, out _) && sight.Shows(plan, key)
                ),
            ];
            if (flag is not null && keys.Count == 0)
                return Problems.NotFound("flag", flag);
            if (reveal && await reveals.RecordAsync(context, project, now, Evaluated(project, keys)) is { } refused)
                return refused;
            // Who may not read the log learns what is served, not who made it so.
            var showsChange =
                flag is not null && (await PlanAsync(context, changes, "audit.read", project)).AllowsWhole("audit", project);
            var answers = new List<EvaluatedFlagAnswer>();
            foreach (var key in keys)
            {
                // Whoever reads flags sees what they are for; what was is for those alone who ask for it and are written down.
                var shows = at is null ? sight.Shows(reads, key) : reveal;
                Predicate<string>? isPersonal = shows ? null : PersonalValues.IsPersonal;
                var explanation = Evaluator.Explain(snapshot, key, evaluationContext, now, isPersonal);
                // What is served now is no secret of whoever may evaluate; what was, is.
                var answer = Answer(key, explanation, hidesValue: !reveal && past?.Sensitive.Contains(key) == true);
                answers.Add(
                    showsChange
                        ? answer with
                        {
                            Change = await ChangeAsync(
                                context,
                                reader,
                                entries,
                                place,
                                past is null
                                    ? (Flag?)
                                        (
                                            await reader.FindAsync(tenant, Flag.NameOf(project, key), context.RequestAborted)
                                        )?.Resource
                                    : past.Flags.GetValueOrDefault(key),
                                reveals.Everyday
                            ),
                        }
                        : answer
                );
            }
            return TypedResults.Json(
                new EvaluateAnswer(environment, at, snapshot.LedgerIndex, answers, Sources(past, flag), past?.ValuesErased(flag)),
                ContractJson.Wire.EvaluateAnswer
            );
        }
    }

    private static ValueTask<AccessPlan> PlanAsync(HttpContext context, ChangeService changes, string action, string project) =>
        changes.MayAsync(context.Caller().Actor, action, project, context.RequestAborted);

    /// <summary>The resources whose values an explanation can show.</summary>
    private static List<ResourceName> Evaluated(string project, IReadOnlyList<string> keys) =>
        [.. keys.Select(key => Flag.NameOf(project, key))];

    /// <summary>The snapshot that OFREP answers from, so that both say the same.</summary>
    private static async ValueTask<(ProjectEnvironment?, CompiledSnapshot?)> CurrentAsync(
        HttpContext context,
        ProjectReader reader,
        SnapshotTable snapshots,
        string project,
        string environment
    )
    {
        var tenant = context.Caller().Actor.Tenant;
        var found = await reader.FindAsync(tenant, ProjectEnvironment.NameOf(project, environment), context.RequestAborted);
        return found is null
            ? (null, null)
            : ((ProjectEnvironment)found.Resource, snapshots.Find(tenant, found.Resource.Id)?.Current);
    }

    private static IReadOnlyList<SourceAnswer>? Sources(PastEnvironment? past, string? flag) =>
        past is null || flag is null
            ? null
            :
            [
                .. past.SourcesOf(flag)
                    .Select(version => new SourceAnswer(
                        version.Name.Kind.Name(),
                        version.Name.Key,
                        version.Revision,
                        version.Index,
                        version.EffectiveAt
                    )),
            ];

    private static EvaluationContext Context(JsonCursor json)
    {
        if (!json.Exists)
            return EvaluationContext.Empty;
        if (
            EvaluationContext.TryParse(
                System.Text.Encoding.UTF8.GetBytes(json.Element.GetRawText()),
                out var parsed,
                out var problem
            )
        )
            return parsed;
        json.Problem(problem);
        return EvaluationContext.Empty;
    }

    /// <summary>The entry that made the flag, or its configuration in the environment, what it is or was.</summary>
    private static async ValueTask<EntryAnswer?> ChangeAsync(
        HttpContext context,
        ProjectReader reader,
        EntryReader entries,
        ProjectEnvironment environment,
        Flag? flag,
        Disclosure disclosure
    )
    {
        var tenant = context.Caller().Actor.Tenant;
        if (flag is null || await reader.ChangedByAsync(tenant, flag, environment, context.RequestAborted) is not { } index)
            return null;
        var number = index.ToString(CultureInfo.InvariantCulture);
        var found = await entries.FindAsync(tenant, number, disclosure, _ => true, context.RequestAborted);
        return found is null ? null : AuditEndpoints.Answer(found);
    }

    private static EvaluatedFlagAnswer Answer(string key, Explanation explanation, bool hidesValue)
    {
        var result = explanation.Result;
        return new EvaluatedFlagAnswer
        {
            Key = key,
            Value =
                result.Variant is { } variant && !hidesValue
                    ? JsonSerializer.Deserialize(variant.ValueUtf8.Span, ContractJson.Wire.JsonElement)
                    : null,
            ValueHidden = hidesValue && result.Variant is not null ? true : null,
            Variant = result.Variant?.Key,
            Reason = result.Reason.WireName(),
            ErrorCode = result.ErrorCode?.WireName(),
            RuleId = result.RuleId,
            OverrideId = result.OverrideId,
            Revision = result.Revision,
            Summary = explanation.Summary,
            Steps =
            [
                .. explanation.Steps.Select(step => new StepAnswer(
                    WireNames.Of(step.Kind),
                    step.Id,
                    step.Decided,
                    step.Words,
                    [.. step.Conditions.Select(item => new ConditionAnswer(item.Words, item.Held, item.WasMissing))]
                )),
            ],
        };
    }
}
