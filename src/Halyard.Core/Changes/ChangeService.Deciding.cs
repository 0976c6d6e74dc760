using Halyard.Core.Access;
using Halyard.Core.Access.Deciding;
using Halyard.Core.Access.Roles;
using Halyard.Core.Audit;
using Halyard.Core.Changes.Approving;
using Halyard.Core.Flags;
using Halyard.Core.Flags.Differences;
using Halyard.Core.Flags.Editing;
using Halyard.Core.Policies;
using Halyard.Core.Storage;

namespace Halyard.Core.Changes;

/// <content>Step 3 of the pipeline: what is asked of the authorizer, and what becomes of a no.</content>
public sealed partial class ChangeService
{
    /// <summary>
    /// Asks whether an actor may read or evaluate; a denial is audited like that of a change. <see langword="null"/> is yes.
    /// </summary>
    public async ValueTask<Error.Denied?> AuthorizeAsync(
        Actor actor,
        RequestContext request,
        string action,
        string project,
        CancellationToken cancellationToken
    )
    {
        var submission = Asked(actor, request, action, project);
        var input = InputOf(submission, ChangeChecks.Of(action, project));
        var decision = await DecideAsync(submission, input, cancellationToken);
        if (decision is not Decision.Deny)
            return null;
        await DenyAsync(submission, null, Impact.None, decision, input, cancellationToken);
        return new Error.Denied(decision.Reason);
    }

    /// <summary>
    /// Of which resources an actor may take an action: what it may read. Where that is none the denial is audited like that of a
    /// change; for a project in which it is none, the answer is what it would be if there were no such project.
    /// </summary>
    /// <param name="actor">Who asks.</param>
    /// <param name="request">Where it came from.</param>
    /// <param name="action">What it wants to do.</param>
    /// <param name="project">The project, or empty for the tenant itself.</param>
    /// <param name="filters">
    /// Whether the caller leaves out what the plan leaves out. Otherwise the action must be allowed on all of the project, or of the
    /// tenant.
    /// </param>
    /// <param name="cancellationToken">Ends waiting.</param>
    public async ValueTask<Result<AccessPlan>> PlanAsync(
        Actor actor,
        RequestContext request,
        string action,
        string project,
        bool filters,
        CancellationToken cancellationToken
    )
    {
        var input = Blob.Of(Questions.OfList(actor, action, project, time.GetUtcNow(), whole: !filters));
        var plan = await PlanAsync(actor, action, project, input, cancellationToken);
        var kind = Question.KindOf(action);
        if (plan.Kind == PlanKind.Never || (project.Length == 0 && !filters && !plan.AllowsWhole(kind, project)))
        {
            var reason = plan.Kind == PlanKind.Never ? plan.Reason : $"{action} is allowed in some projects, not in the tenant";
            var denied = new Decision.Deny(plan.Policy, reason);
            await DenyAsync(Asked(actor, request, action, project), null, Impact.None, denied, input, cancellationToken);
            return new Error.Denied(reason);
        }
        var isSeen = project.Length == 0 || (filters ? plan.MayAllowIn(project) : plan.AllowsWhole(kind, project));
        return isSeen ? plan : new Error.NotFound("project", project);
    }

    private async ValueTask<AccessPlan> PlanAsync(
        Actor actor,
        string action,
        string project,
        Blob input,
        CancellationToken cancellationToken
    )
    {
        var question = new AuthorizationRequest(actor, action, project, input.Content);
        var plan = await authorizer.PlanAsync(question, cancellationToken);
        return plan.Kind == PlanKind.Never && await authorizer.RefreshAsync(actor.Tenant, cancellationToken)
            ? await authorizer.PlanAsync(question, cancellationToken)
            : plan;
    }

    /// <summary>The same where only the answer counts: nothing is recorded.</summary>
    public ValueTask<AccessPlan> MayAsync(Actor actor, string action, string project, CancellationToken cancellationToken) =>
        authorizer.PlanAsync(
            new AuthorizationRequest(actor, action, project, Questions.OfList(actor, action, project, time.GetUtcNow())),
            cancellationToken
        );

    /// <summary>
    /// The actions of emergencies that the actor can never take, whatever the policy allows: they need a role besides, which the actor
    /// holds nowhere.
    /// </summary>
    public async ValueTask<IReadOnlyList<string>> BeyondRolesAsync(Actor actor, CancellationToken cancellationToken)
    {
        var people = await People.LoadAsync(store, actor.Tenant, time.GetUtcNow(), cancellationToken);
        var holds = people.HoldsSomewhere(actor).ToHashSet(StringComparer.Ordinal);
        var terms = _bypassing.Terms;
        if (terms.Roles.Any(holds.Contains))
            return [];
        return terms.SeniorRoles.Any(holds.Contains) ? [Actions.Bypass] : [Actions.Bypass, Actions.ConfirmBypass];
    }

    /// <summary>
    /// The answer where nothing is to be written, for those who might have written: whoever may not gets the denial instead, learns
    /// nothing of what is there, and the log knows.
    /// </summary>
    private ValueTask<Result<Outcome>> UnlessDeniedAsync(
        Submission submission,
        Workspace? workspace,
        Result<Outcome> answer,
        CancellationToken cancellationToken
    ) => UnlessDeniedAsync(submission, workspace, _ => answer, cancellationToken);

    /// <summary>The same where the answer tells by which policy.</summary>
    private async ValueTask<Result<Outcome>> UnlessDeniedAsync(
        Submission submission,
        Workspace? workspace,
        Func<Decision, Result<Outcome>> answer,
        CancellationToken cancellationToken
    )
    {
        var input = InputOf(submission, ChangeChecks.Partial(submission.Change.Action, submission.Change.Project));
        var decision = await DecideAsync(submission, input, cancellationToken);
        if (decision is not Decision.Deny && workspace is not null && submission.Change.Action == Actions.Submit)
        {
            foreach (var target in Touched(workspace, submission.Change))
            {
                (decision, input) = await SeesAsync(submission, target, cancellationToken);
                if (decision is Decision.Deny)
                    break;
            }
        }
        return decision is Decision.Deny
            ? await DenyAsync(submission, workspace, Impact.None, decision, input, cancellationToken)
            : answer(decision);
    }

    /// <summary>
    /// Whether somebody may be told how what he sent compares with what is there: whoever may read it, or change anything of it. Who
    /// may neither could guess until the answer is that nothing changes.
    /// </summary>
    private async ValueTask<(Decision Decision, Blob Input)> SeesAsync(
        Submission submission,
        ResourceAttributes target,
        CancellationToken cancellationToken
    )
    {
        var read = InputOf(submission, [new Check([$"{target.Kind}.read"], target)]);
        var denial = await DecideAsync(submission, read, cancellationToken);
        if (denial is not Decision.Deny)
            return (denial, read);
        foreach (var action in Actions.OfChanges.Where(action => Question.KindOf(action) == target.Kind))
        {
            var input = InputOf(submission, [new Check([action], target)]);
            if (await DecideAsync(submission, input, cancellationToken) is var decision and not Decision.Deny)
                return (decision, input);
        }
        return (denial, read);
    }

    /// <summary>What there is of what a change names, in every environment that it names.</summary>
    private static IEnumerable<ResourceAttributes> Touched(Workspace workspace, Change change) =>
        change
            .Steps.SelectMany(step => step.Operations)
            .SelectMany(operation =>
            {
                if (workspace.Found<Resource>(operation.Target(change.Project)) is not { } resource)
                    return [];
                var attributes = ResourceAttributes.Of(resource);
                var environments = ChangeLoader
                    .EnvironmentsRead(operation)
                    .Select(key => workspace.Found<ProjectEnvironment>(ProjectEnvironment.NameOf(change.Project, key)))
                    .OfType<ProjectEnvironment>()
                    .Select(environment => attributes.In(environment.Key, environment.Type))
                    .ToList();
                return environments.Count == 0 ? [attributes] : (IEnumerable<ResourceAttributes>)environments;
            })
            .Distinct();

    /// <summary>
    /// The denial as it may be told: whoever may change nothing here hears the same as if what he would change did not exist.
    /// </summary>
    private async ValueTask<Decision> TactfulAsync(Submission submission, Decision denial, CancellationToken cancellationToken)
    {
        var input = InputOf(submission, ChangeChecks.Partial(submission.Change.Action, submission.Change.Project));
        return await DecideAsync(submission, input, cancellationToken) is Decision.Deny blunt ? blunt : denial;
    }

    /// <summary>What the door demands for any of the actions that policies were asked about; of who only looks, nothing.</summary>
    private static Error? DemandOn(Submission submission, IReadOnlyList<Check> checks) =>
        submission is { DryRun: false, Demand: { } demand }
            ? checks.SelectMany(check => check.Actions).Select(demand).FirstOrDefault(error => error is not null)
            : null;

    private static Submission Asked(Actor actor, RequestContext request, string action, string project) =>
        new(actor, request, new Change(action, project, [new ChangeStep([], "", null)]));

    private Blob InputOf(Submission submission, IReadOnlyList<Check> checks, StepEdits? step = null, Impact? impact = null) =>
        Blob.Of(
            DecisionInput.Write(
                submission.Actor,
                submission.Change,
                step ?? StepEdits.None,
                impact ?? Impact.None,
                checks,
                time.GetUtcNow()
            )
        );

    /// <summary>Whether an event may be recorded; a read, if anything may be read so: what was shown is what the plan let through.</summary>
    private async ValueTask<(Decision Decision, Blob Input)> DecideAsync(
        Submission submission,
        bool wasRead,
        SemanticChange told,
        CancellationToken cancellationToken
    )
    {
        var (actor, action, project) = (submission.Actor, submission.Change.Action, submission.Change.Project);
        if (!wasRead)
        {
            var asked = InputOf(submission, ChangeChecks.Of(action, project), new StepEdits([], [], [told]), Impact.None);
            return (await DecideAsync(submission, asked, cancellationToken), asked);
        }
        var input = Blob.Of(Questions.OfList(actor, action, project, time.GetUtcNow()));
        var plan = await PlanAsync(actor, action, project, input, cancellationToken);
        return plan.Kind == PlanKind.Never
            ? (new Decision.Deny(plan.Policy, plan.Reason), input)
            : (new Decision.Allow(plan.Policy, plan.Reason), input);
    }

    private async ValueTask<Decision> DecideAsync(Submission submission, Blob input, CancellationToken cancellationToken)
    {
        var change = submission.Change;
        var question = new AuthorizationRequest(submission.Actor, change.Action, change.Project, input.Content);
        var decision = Decision.From(await authorizer.DecideAsync(question, cancellationToken));
        // Nobody is denied on roles that have passed.
        if (decision is Decision.Deny && await authorizer.RefreshAsync(submission.Actor.Tenant, cancellationToken))
            decision = Decision.From(await authorizer.DecideAsync(question, cancellationToken));
        return Decision.Combine(decision);
    }

    private async ValueTask<Result<Outcome>> DenyAsync(
        Submission submission,
        Workspace? workspace,
        Impact impact,
        Decision decision,
        Blob input,
        CancellationToken cancellationToken,
        ResourceName? about = null,
        ChangeStep? step = null
    )
    {
        // Whoever may not change this may not learn from a dry run what it looks like either.
        if (submission.DryRun)
            return Preview(decision, [], [], new Impact([], []));
        var now = time.GetUtcNow();
        var builder = new CommitBuilder(submission, now, entropy);
        builder.AddDenial(workspace, step ?? submission.Change.Steps[0], impact, decision, input, about);
        var answer = StoredAnswers.Denied(submission, decision.Policy, decision.Reason, now);
        if (await vault.SealAsync(submission.Actor.Tenant, builder.Entries, cancellationToken) is not { } entries)
            return new Error.Contended();
        var commit = builder.Build(origins.Of(submission.Actor.Tenant), entries, [], answer);
        return await store.CommitAsync(commit, cancellationToken) switch
        {
            CommitResult.Committed committed => new Outcome.Denied(
                decision.Policy,
                decision.Reason,
                committed.Receipts[0],
                Replayed: false
            ),
            CommitResult.Duplicate duplicate => StoredAnswers.Replay(submission, duplicate.Original),
            // A denial has no precondition: whoever was denied was erased in this moment.
            CommitResult.Conflict => new Error.Contended(),
        };
    }
}
