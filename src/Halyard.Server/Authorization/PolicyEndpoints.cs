using Halyard.Contracts;
using Halyard.Core;
using Halyard.Core.Access.Deciding;
using Halyard.Core.Access.Roles;
using Halyard.Core.Reading;
using Halyard.Core.Storage;
using Halyard.Server.Authentication;
using Halyard.Server.Hosting;
using Halyard.Server.Management;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Halyard.Server.Authorization;

/// <summary>The authorization policy: read, replace, try on what was decided before, and take back in one step.</summary>
internal static class PolicyEndpoints
{
    private const string Address = "/authorization/policy";

    public static void MapPolicy(this IEndpointRouteBuilder routes)
    {
        routes
            .MapGet(Address, OneAsync)
            .WithName("getPolicy")
            .WithSummary("The policy in force; revision 0 is the one that ships with the server.")
            .Reads("policy.read")
            .Produces<PolicyAnswer>();
        routes
            .MapPut(Address, ReplaceAsync)
            .WithName("replacePolicy")
            .WithSummary("Puts another policy in force. Refused where it does not compile, or would let nobody administer.")
            .Writes<PolicyBody>();
        routes
            .MapPost($"{Address}/rollback", RollBackAsync)
            .WithName("rollBackPolicy")
            .WithSummary("Puts an earlier revision of the policy in force again; 0 is the one that ships with the server.")
            .Writes<PolicyRollbackBody>();
        routes
            .MapPost($"{Address}/dry-run", DryRunAsync)
            .WithName("dryRunPolicy")
            .WithSummary(
                $"Asks a policy what was asked before: the decisions of the entries from one index to before another, at most {PolicyDryRun.MaxEntries} and as many as it comes to in {PolicyDryRun.Patience.TotalSeconds} seconds: to says how far; and the questions of inputs. Writes nothing."
            )
            .Reads("policy.simulate")
            .TakesBody<PolicyDryRunBody>()
            .Produces<PolicyDryRunAnswer>();
    }

    private static async Task<IResult> OneAsync(HttpContext context, ProjectReader reader, IAccessStates states)
    {
        var problems = new List<FieldProblem>();
        Paging.OnlyKnown(context, problems);
        if (problems.Count > 0)
            return Problems.Of(new Error.Invalid(problems));
        var tenant = context.Caller().Actor.Tenant;
        var found = await reader.FindAsync(tenant, AuthorizationPolicy.Place, context.RequestAborted);
        var modules = found is { Resource: AuthorizationPolicy policy } ? policy.Modules : AuthorizationPolicy.Shipped;
        await states.RefreshAsync(tenant, context.RequestAborted);
        var state = await states.CurrentAsync(tenant, context.RequestAborted);
        return TypedResults.Json(
            new PolicyAnswer
            {
                Revision = found?.Revision ?? 0,
                Name = state.Program.Name,
                Modules = [.. modules.Select(module => new PolicyModuleBody(module.Name, module.Text))],
            },
            ContractJson.Wire.PolicyAnswer
        );
    }

    private static async Task<IResult> ReplaceAsync(HttpContext context, Submissions submissions, HalyardOptions options)
    {
        var (body, refusal) = await Body.ReadAsync(context);
        if (body is null)
            return refusal!;
        using (body)
        {
            if (!body.Json.IsObject("modules", "reason"))
                return Problems.Of(body.Error!);
            var set = new SetPolicy(AuthorizationPolicy.ReadModules(body.Json));
            if (options.Authorization.UsesOpa)
                body.Json["modules"].Problem("would not be asked: this server asks OPA, which has its policy from elsewhere");
            return await RoleEndpoints.SubmitAsync(context, body, set, Actions.ChangePolicy, submissions);
        }
    }

    private static async Task<IResult> RollBackAsync(HttpContext context, Submissions submissions, AccessHistory history)
    {
        var (body, refusal) = await Body.ReadAsync(context);
        if (body is null)
            return refusal!;
        using (body)
        {
            if (!body.Json.IsObject("revision", "reason"))
                return Problems.Of(body.Error!);
            var revision = body.Json.RequiredLong("revision", 0);
            if (body.Error is { } invalid)
                return Problems.Of(invalid);
            // A revision that never was is an empty policy, which is refused in the pipeline, where it is decided who learns that.
            var modules = await history.ModulesAsync(context.Caller().Actor.Tenant, revision, context.RequestAborted);
            return await RoleEndpoints.SubmitAsync(
                context,
                body,
                new SetPolicy(modules ?? [], revision),
                Actions.ChangePolicy,
                submissions
            );
        }
    }

    private static JsonHttpResult<PolicyDryRunAnswer> Answer(
        PolicyDryRun.DryRunReport report,
        IReadOnlyList<AccessPlan> trials
    ) =>
        TypedResults.Json(
            new PolicyDryRunAnswer
            {
                From = report.From,
                To = report.To,
                Decisions = report.Decisions,
                Skipped = report.Skipped,
                NewlyDenied = report.NewlyDenied,
                NewlyAllowed = report.NewlyAllowed,
                Differences =
                [
                    .. report.Differences.Select(item => new PolicyDifferenceAnswer(
                        item.Index,
                        item.Verdict,
                        item.Candidate,
                        item.Reason
                    )),
                ],
                Trials =
                    trials.Count == 0 ? null : [.. trials.Select(plan => new PolicyTrialAnswer(VerdictOf(plan), plan.Reason))],
            },
            ContractJson.Wire.PolicyDryRunAnswer
        );

    private static string VerdictOf(AccessPlan plan) => plan.Kind == PlanKind.Always ? "allow" : "deny";

    private static async Task<IResult> DryRunAsync(
        HttpContext context,
        PolicyDryRun dryRun,
        IStore store,
        IAccessStates states,
        TimeProvider time
    )
    {
        var (body, refusal) = await Body.ReadAsync(context);
        if (body is null)
            return refusal!;
        using (body)
        {
            if (!body.Json.IsObject("modules", "from", "to", "inputs"))
                return Problems.Of(body.Error!);
            var tenant = context.Caller().Actor.Tenant;
            var now = time.GetUtcNow();
            var modules = AuthorizationPolicy.ReadModules(body.Json);
            var trials = PolicyTrial.Read(body.Json, tenant, now);
            var end = (await store.HeadAsync(tenant, context.RequestAborted))?.Range.Size ?? 0;
            var to = Math.Min(body.Json.OptionalLong("to", end, 0), end);
            var from = body.Json.OptionalLong("from", Math.Max(0, to - PolicyDryRun.MaxEntries), 0);
            if (to - from > PolicyDryRun.MaxEntries)
                body.Json["from"].Problem($"is more than {PolicyDryRun.MaxEntries} entries before to");
            if (body.Error is { } error)
                return Problems.Of(error);
            if (!PolicyProgram.Compile([.. modules], "candidate").TryGet(out var candidate, out var invalid))
                return Problems.Of(invalid);
            var state = await states.CurrentAsync(tenant, context.RequestAborted);
            return Answer(
                await dryRun.RunAsync(tenant, candidate, from, to, context.RequestAborted),
                [.. trials.Select(trial => trial.Ask(state, candidate, now))]
            );
        }
    }
}
