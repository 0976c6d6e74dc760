using Halyard.Core.Access.Roles;
using Halyard.Core.Changes.Approving;
using Halyard.Core.Changes.Freezing;
using Halyard.Core.Changes.Importing;
using Halyard.Core.Flags.Editing;
using Halyard.Core.Policies;

namespace Halyard.Core.Changes;

/// <content>Step 3 once the authorizer has spoken: what approval policies, gates and freezes make of its answer.</content>
public sealed partial class ChangeService
{
    /// <summary>The rules of a tenant that changes meet, as of one moment.</summary>
    internal sealed record RulesMet(PoliciesInForce Policies, FreezeCalendar Freezes);

    /// <summary>The rules as they are now.</summary>
    internal async ValueTask<RulesMet> RulesAsync(string tenant, CancellationToken cancellationToken) =>
        new(await _shelf.LoadAsync(tenant, cancellationToken), await _freezes.LoadAsync(tenant, cancellationToken));

    private async ValueTask<(Decision Decision, Gate? Gate, FreezesMet Met)> JudgeAsync(
        Submission submission,
        RulesMet rules,
        Workspace workspace,
        ChangeStep step,
        IReadOnlyList<ResourceEdit> edits,
        Impact impact,
        IReadOnlyList<Check> checks,
        Decision decision,
        CancellationToken cancellationToken
    )
    {
        var (actor, change) = (submission.Actor, submission.Change);
        var gate = await GateAsync(actor, rules.Policies, workspace, step.Operations, edits, impact, cancellationToken);
        decision = await UniteAsync(submission, checks, decision, gate, step.Origin is not null, cancellationToken);
        decision = HandedOver.Refusal(actor, edits) ?? Delegating.Beyond(actor, edits) ?? decision;
        var met = await _freezes.MetAsync(
            actor.Tenant,
            rules.Freezes,
            workspace,
            edits,
            impact,
            Later(change.Schedule?.From, time.GetUtcNow()),
            cancellationToken
        );
        return (Frozen(change, decision, met), gate, met);
    }

    /// <summary>
    /// The denial of a line of imported history by the rules that it would meet now; <see langword="null"/> where nothing stands in its
    /// way. The import itself is allowed; nothing is written.
    /// </summary>
    internal async ValueTask<Decision.Deny?> ForeseeAsync(
        ImportRequest request,
        RulesMet rules,
        Workspace workspace,
        ChangeStep line,
        IReadOnlyList<ResourceEdit> edits,
        CancellationToken cancellationToken
    )
    {
        var submission = SubmissionOf(request, line);
        var (decision, _, _) = await JudgeAsync(
            submission,
            rules,
            workspace,
            line,
            edits,
            ImpactSet.Of(workspace, edits),
            ChangeChecks.Of(submission.Change.Action, request.Project),
            new Decision.Allow("import", "allowed as a whole"),
            cancellationToken
        );
        return decision as Decision.Deny;
    }

    /// <summary>Puts the attempt to import a line that rules forbid into the log; the error where that cannot be.</summary>
    internal async ValueTask<Error?> DenyAsync(
        ImportRequest request,
        ChangeStep line,
        Decision.Deny denied,
        CancellationToken cancellationToken
    )
    {
        var submission = SubmissionOf(request, line);
        var input = InputOf(submission, ChangeChecks.Of(submission.Change.Action, request.Project));
        return (await DenyAsync(submission, null, Impact.None, denied, input, cancellationToken)).Error;
    }

    private static Submission SubmissionOf(ImportRequest request, ChangeStep line) =>
        new(request.Actor, request.Request, new Change(HistoryImporter.Action, request.Project, [line]));
}
