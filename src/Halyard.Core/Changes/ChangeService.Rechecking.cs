using Halyard.Core.Access;
using Halyard.Core.Access.Roles;
using Halyard.Core.Approvals;
using Halyard.Core.Approvals.Bypasses;
using Halyard.Core.Changes.Approving;
using Halyard.Core.Changes.Freezing;
using Halyard.Core.Flags;
using Halyard.Core.Policies;
using Halyard.Core.Storage;
using Halyard.Evaluation.Definitions;

namespace Halyard.Core.Changes;

/// <content>What is looked at again before a change request is applied.</content>
public sealed partial class ChangeService
{
    /// <summary>
    /// Looks at everything again and begins to apply. What it finds may also be that the request must wait, be approved again or be
    /// rebased; that is no error, and no work.
    /// </summary>
    private async ValueTask<(ApplyGroundwork? Work, Error? Refusal)> BeginAsync(
        RequestWalk walk,
        PoliciesInForce inForce,
        People people,
        List<Precondition> rests,
        CancellationToken cancellationToken
    )
    {
        var (request, tenant) = (walk.Request, walk.Occasion.Tenant);
        var prepared = await WorkOutAsync(tenant, request, RequestContents.OperationsOf(request.Content), cancellationToken);
        if (!prepared.TryGet(out var work, out var error))
            return (null, walk.Take(new RequestCommand.Conflict([WordsOf(error)])));
        var asked = request.Content.Bases.Select(item => item.Resource).ToHashSet();
        if (!asked.SetEquals(work.Compared.Edits.Select(edit => edit.Name)))
            return (null, walk.Take(new RequestCommand.Conflict(["what it would touch is something else now"])));
        var (bypasses, fence) = await _bypasses.AllAsync(tenant, cancellationToken);
        rests.Add(new Precondition.FenceStands(EmergencyBypass.Fence, fence));
        // Those that a bypass did not reach in its own commit.
        if (bypasses.Select(item => item.Bypass).FirstOrDefault(bypass => IsLater(bypass, request)) is { } later)
            return (null, walk.Take(new RequestCommand.Conflict([Overridden(later)])));
        var requester = people.Find(request.Requester, request.RequesterGroups);
        var gate = requester is null
            ? null
            : await GateAsync(
                requester,
                inForce,
                work.Workspace,
                work.Operations,
                work.Compared.Edits,
                work.Impact,
                cancellationToken
            );
        var refused = "nobody knows the requester any more";
        if (requester is not null)
        {
            var theirs = new Submission(requester, RequestContext.Internal(request.Id), work.Change);
            var checks = ChangeChecks.Of(work.Workspace, requester, work.Change, work.Compared, work.Impact);
            // Asking is enough only for what others approve.
            var isApproved = request.Requirement.Stages.Count > 0 || gate?.Decision is Decision.RequireApproval;
            refused =
                await MayAsync(theirs, checks, isApproved, cancellationToken) is Decision.Deny no ? no.Reason
                : gate?.Decision is Decision.Deny denial ? denial.Reason
                : null;
        }
        var nothing = request.Requirement with { Stages = [], Checks = [], Rules = [] };
        var met = await MetAsync(tenant, work, walk.Occasion.At, cancellationToken);
        var requirement = Required(request, gate, met) ?? nothing;
        var findings = await _checks.FindAsync(tenant, request, requirement.Checks, work, cancellationToken);
        var scope = RequestScope.Of(request.Project, request.Content, work.Compared.Edits);
        var ground = new ApplyGround(
            request.Hash,
            await ResourcesOfAsync(tenant, request, work, cancellationToken),
            RequestContents.Targets(work.Impact.Environments, work.Compared.Edits).ToSequence(),
            requirement,
            people.Directory(scope, request.Votes),
            refused,
            met.Met.Count == 0 || request.DespiteFreezes ? null : new FreezeHold(met.Words, met.Until),
            findings.For(request.Hash, walk.Occasion.At)
        )
        {
            Gates = gate?.Blockers ?? [],
        };
        if (walk.Take(new RequestCommand.BeginApply(ground)) is { } refusal)
            return (null, refusal);
        if (walk.Request.State != ChangeRequestState.Applying)
            return (null, null);
        rests.AddRange(gate?.Rests ?? []);
        rests.AddRange(findings.Rests);
        rests.AddRange(met.Rests);
        rests.AddRange(work.Preconditions);
        return (work, null);
    }

    /// <summary>Whether a bypass changed what a request touches after that was prepared.</summary>
    private static bool IsLater(EmergencyBypass bypass, ChangeRequest request) =>
        bypass.Times.Applied is not null
        && request.Content.Bases.Any(item =>
            item.Resource == Flag.NameOf(bypass.Project, bypass.Effect.Flag) && item.Revision < bypass.Effect.Made
        );

    /// <summary>What the operations of a request do to the state of now; the error where they cannot be done.</summary>
    private async ValueTask<Result<ApplyGroundwork>> WorkOutAsync(
        string tenant,
        ChangeRequest request,
        IReadOnlyList<Operation> operations,
        CancellationToken cancellationToken
    )
    {
        var change = Change.Edit(
            request.Project,
            operations,
            request.Title,
            request.Ticket,
            action: RequestContents.ActionOf(operations)
        );
        if (!(await _loader.LoadAsync(tenant, change, cancellationToken)).TryGet(out var state, out var error))
            return error;
        var step = change.Steps[0];
        ChangeEditor.Apply(state.Workspace, step, step.Pointer);
        var compared = ChangeEditor.Compare(state.Workspace, step);
        var impact = ImpactSet.Of(state.Workspace, compared.Edits);
        if (StepRules.Check(state.Workspace, change, step, compared.Edits, impact) is { } refusal)
            return refusal;
        return compared.Edits.Count == 0
            ? Error.Invalid.At("/operations", "change nothing")
            : new ApplyGroundwork(change, operations, state.Workspace, compared, impact, state.Preconditions);
    }

    /// <summary>What policies require now, and freezes of what asks for an exception; <see langword="null"/> where nothing is.</summary>
    private static Requirement? Required(ChangeRequest request, Gate? gate, FreezesMet met)
    {
        var required = (gate?.Decision as Decision.RequireApproval)?.Requirement;
        if (!request.DespiteFreezes || met.Met.Count == 0)
            return required;
        return required is null ? ExceptionOf(met) : RequirementUnion.Of([required, ExceptionOf(met)]);
    }

    /// <summary>Whether somebody may make a change, or ask for it where that is enough.</summary>
    private async ValueTask<Decision> MayAsync(
        Submission submission,
        IReadOnlyList<Check> checks,
        bool isAskingEnough,
        CancellationToken cancellationToken
    )
    {
        var decision = await DecideAsync(submission, InputOf(submission, checks), cancellationToken);
        if (decision is not Decision.Deny || submission.Change.Project.Length == 0 || !isAskingEnough)
            return decision;
        var input = InputOf(submission, [.. checks.Select(check => check with { Actions = [Actions.Propose] })]);
        return await DecideAsync(submission, input, cancellationToken) is Decision.Allow may ? may : decision;
    }

    /// <summary>What a request touches, as it is now, with what was changed since the revisions that it was prepared on.</summary>
    private async ValueTask<Sequence<CurrentResource>> ResourcesOfAsync(
        string tenant,
        ChangeRequest request,
        ApplyGroundwork work,
        CancellationToken cancellationToken
    )
    {
        var resources = new List<CurrentResource>();
        foreach (var item in request.Content.Bases)
        {
            var revision = work.Workspace.RevisionOf(item.Resource);
            var changed =
                revision == item.Revision || revision == 0 || item.Revision == 0
                    ? []
                    : await ChangedSinceAsync(tenant, item, cancellationToken);
            resources.Add(new CurrentResource(item.Resource, revision, changed));
        }
        return resources.ToSequence();
    }

    /// <summary>The places that differ from an earlier revision; none where that cannot be read any more, which counts as all.</summary>
    private async ValueTask<Sequence<string>> ChangedSinceAsync(
        string tenant,
        ResourceBase since,
        CancellationToken cancellationToken
    )
    {
        var slice = await store.LoadAsync(tenant, [since.Resource], [], cancellationToken);
        if (!slice.Resources.TryGetValue(since.Resource, out var stored))
            return [];
        var version = await store.VersionAsync(tenant, stored.Id, since.Revision, cancellationToken);
        if (version?.Document is not { } digest)
            return [];
        var blobs = await store.BlobsAsync(tenant, [digest], cancellationToken);
        return blobs.TryGetValue(digest, out var then)
            ? RequestContents.Pointers(then, stored.Sealed ?? stored.Document).Where(RequestContents.IsOfMeaning).ToSequence()
            : [];
    }
}
