using Halyard.Core.Access;
using Halyard.Core.Access.Roles;
using Halyard.Core.Approvals;
using Halyard.Core.Audit;
using Halyard.Core.Changes.Approving;
using Halyard.Core.Changes.Gating;
using Halyard.Core.Flags;
using Halyard.Core.Flags.Editing;
using Halyard.Core.Policies;
using Halyard.Core.Policies.Freezes;
using Halyard.Core.Policies.Judging;
using Halyard.Core.Reading;
using Halyard.Core.Storage;
using Halyard.Evaluation.Definitions;

namespace Halyard.Core.Changes;

/// <content>
/// Changes that wait for approval. A change that policies gate becomes the creation of a change request; what people then do to the
/// request is a change too, and the one that completes it applies what was asked for, in the same commit.
/// </content>
public sealed partial class ChangeService
{
    private readonly PolicyShelf _shelf = new(store);
    private readonly ServedComparison _served = new(store);
    private readonly Promotions _promotions = new(
        new PromotionJudge(store, new EvidenceShelf(store), new SoakReader(store, vault), time)
    );
    private readonly RequestChecks _checks = new(new EvidenceShelf(store), new SoakReader(store, vault), time);

    /// <summary>What a step asks of people, and on what that answer rests.</summary>
    private sealed record Gate(PolicyAnswer? Answer, Decision Decision, IReadOnlyList<Precondition> Rests)
    {
        /// <summary>What stands in the way whoever approves, in words.</summary>
        public Sequence<string> Blockers { get; init; } = [];
    }

    /// <summary>Asks approval policies and promotion gates; <see langword="null"/> where neither has a say.</summary>
    private async ValueTask<Gate?> GateAsync(
        Actor actor,
        PoliciesInForce inForce,
        Workspace workspace,
        IReadOnlyList<Operation> operations,
        IReadOnlyList<ResourceEdit> edits,
        Impact impact,
        CancellationToken cancellationToken
    )
    {
        // Whoever froze for an incident agreed that it ends with it; nobody but the server says that it has.
        if (actor.Kind == ActorKind.System && operations is [LiftFreeze])
            return null;
        var gate = await AskPoliciesAsync(actor, inForce, workspace, operations, edits, impact, cancellationToken);
        var stages = (gate?.Decision as Decision.RequireApproval)?.Requirement.Stages ?? [];
        var approvals = stages.Sum(stage => stage.Groups.Sum(group => group.Count));
        if (await _promotions.AskAsync(actor.Tenant, workspace, operations, approvals, cancellationToken) is not { } promotion)
            return gate;
        var decision = gate is null ? promotion.Decision : Decision.Combine(gate.Decision, promotion.Decision);
        return new Gate(gate?.Answer, decision, [.. gate?.Rests ?? [inForce.Stand], .. promotion.Rests])
        {
            Blockers = promotion.Blockers,
        };
    }

    /// <summary>Asks the approval policies; <see langword="null"/> where none were put in force.</summary>
    private async ValueTask<Gate?> AskPoliciesAsync(
        Actor actor,
        PoliciesInForce inForce,
        Workspace workspace,
        IReadOnlyList<Operation> operations,
        IReadOnlyList<ResourceEdit> edits,
        Impact impact,
        CancellationToken cancellationToken
    )
    {
        if (inForce.Policies is not { } policies)
            return null;
        var served = await _served.OfAsync(
            actor.Tenant,
            workspace,
            edits,
            impact.Environments,
            time.GetUtcNow(),
            cancellationToken
        );
        var question = ApprovalQuestion.Of(
            actor.Groups,
            workspace,
            edits,
            edit => ApprovalQuestion.NamesOf(operations, edit.Name),
            impact.Environments,
            served
        );
        var answer = policies.Judge(question);
        return new Gate(answer, answer.Decision, [inForce.Stand, .. served.Rests]);
    }

    /// <summary>
    /// The one verdict of authorization and approval policies. Who may not make a change may ask for it, where it takes others' approval
    /// and a role says so.
    /// </summary>
    private async ValueTask<Decision> UniteAsync(
        Submission submission,
        IReadOnlyList<Check> checks,
        Decision authorization,
        Gate? gate,
        bool isHistory,
        CancellationToken cancellationToken
    )
    {
        if (gate is null)
            return authorization;
        var version = authorization.AccessVersion;
        if (isHistory && gate.Decision is not Decision.Allow)
            return Decision.Combine(
                authorization,
                new Decision.Deny("approval", "what it would change needs approval, and history cannot wait for any")
            ) with
            {
                AccessVersion = version,
            };
        // What belongs to the tenant itself nobody asks for who may not change it: policies least of all.
        var isInProject = submission.Change.Project.Length > 0;
        if (isInProject && authorization is Decision.Deny && gate.Decision is Decision.RequireApproval)
        {
            var input = InputOf(submission, [.. checks.Select(check => check with { Actions = [Actions.Propose] })]);
            authorization = await DecideAsync(submission, input, cancellationToken) is Decision.Allow may ? may : authorization;
        }
        // Whoever may not make it hears nothing of what stands in the way.
        if (gate.Blockers.Count > 0 && authorization is not Decision.Deny)
            return new Decision.Deny(Promotions.Policy, $"not promoted: {string.Join("; ", gate.Blockers)}")
            {
                AccessVersion = version,
            };
        if (gate.Decision is Decision.RequireApproval && !RequestContents.CanWait(submission.Change.Steps[0].Operations))
            return Decision.Combine(
                authorization,
                new Decision.Deny("approval", "it needs approval, and it is nothing that can wait for any")
            ) with
            {
                AccessVersion = version,
            };
        return Decision.Combine(authorization, gate.Decision) with { AccessVersion = version };
    }

    /// <summary>What becomes a change request.</summary>
    private sealed record Proposal(
        StepEdits Compared,
        Impact Impact,
        Decision Decision,
        IReadOnlyList<Precondition> Rests,
        IReadOnlyList<string> Warnings
    )
    {
        /// <summary>The rules of policies that matched.</summary>
        public Sequence<MatchedRule> Rules { get; init; } = [];

        /// <summary>What people must say to it; nothing where it waits for its time alone.</summary>
        public Requirement Requirement => (Decision as Decision.RequireApproval)?.Requirement ?? Scheduling.NothingRequired;
    }

    /// <summary>Step 4 where it cannot take effect now: the change is that somebody asks for it.</summary>
    private async ValueTask<PreparedChange> ProposeAsync(
        Submission submission,
        Proposal proposal,
        Blob input,
        CancellationToken cancellationToken
    )
    {
        var (tenant, change) = (submission.Actor.Tenant, submission.Change);
        var (compared, requirement) = (proposal.Compared, proposal.Requirement);
        var step = change.Steps[0];
        var now = time.GetUtcNow();
        if (Scheduling.Problem(change, now) is { } early)
            return (Result<Outcome>)early;
        var contents = RequestContents.Of(step.Operations, compared.Edits, proposal.Impact.Environments, change.Schedule);
        if (!contents.TryGet(out var content, out var error))
            return (Result<Outcome>)error;
        var occasion = new Occasion(tenant, Party.Of(submission.Actor), now);
        var created = RequestMachine.Create(
            occasion,
            entropy.NewId("cr"),
            change.Project,
            TitleOf(step, compared),
            change.Ticket,
            content,
            requirement
        );
        if (!created.TryGet(out var draft, out error))
            return (Result<Outcome>)error;
        var people = await People.LoadAsync(store, tenant, now, cancellationToken);
        var scope = RequestScope.Of(change.Project, content, compared.Edits);
        var submit = new RequestCommand.Submit(requirement, people.WithGroups(scope, requirement));
        var request = draft.Next with { RequesterGroups = submission.Actor.Groups, DespiteFreezes = change.DespiteFreezes };
        var submitted = RequestMachine.Decide(request, submit, occasion);
        var isOpen = submitted.TryGet(out var transition, out error);
        if (submission.DryRun)
            return (Result<Outcome>)(
                Preview(proposal.Decision, compared.Edits, compared.Changes, proposal.Impact) with
                {
                    Rules = proposal.Rules,
                    Approval = new ApprovalPreview(
                        requirement,
                        (transition?.Next ?? request).WhoCanApprove(people.Directory(scope, [])),
                        isOpen ? null : WordsOf(error!)
                    ),
                    Warnings = proposal.Warnings,
                }
            );
        if (!isOpen)
            return (Result<Outcome>)error!;
        var builder = new CommitBuilder(submission, now, entropy);
        var desk = new Workspace(change.Project, [], NoPast, () => entropy.NewId("r"));
        var next = transition!.Next;
        desk.Put(next);
        builder.Add(
            desk,
            step,
            [.. desk.Edits()],
            [.. draft.Changes, .. transition.Changes],
            proposal.Impact,
            proposal.Decision,
            input,
            new RequestNote(ReferenceTo(next), "change_request.created", change.Ticket)
        );
        var pending = new PendingRequest(next.Name, next.Hash) { Warnings = proposal.Warnings };
        return await ReadyAsync(
            submission,
            builder,
            [.. proposal.Rests, people.Stand, .. RestingOn(proposal.Decision)],
            StoredAnswers.Pending(submission, pending, now),
            pending,
            cancellationToken
        );
    }

    /// <summary>Steps 1 to 5 of something done to a change request.</summary>
    private async ValueTask<PreparedChange> PrepareRequestAsync(
        Submission submission,
        RequestAct act,
        CancellationToken cancellationToken
    )
    {
        var (actor, change) = (submission.Actor, submission.Change);
        var now = time.GetUtcNow();
        var found = (await store.LoadAsync(actor.Tenant, [act.Request], [], cancellationToken)).Resources.GetValueOrDefault(
            act.Request
        );
        var request = found is null ? null : (ChangeRequest)ResourceDocuments.Read(found.Name, found.Document);
        var party = Party.Of(actor);
        var isTheirs = request?.Exclusion(party) is not null;
        var input = InputOf(submission, ChangeChecks.Of(act.ActionOf(isTheirs), change.Project));
        var decision = await DecideAsync(submission, input, cancellationToken);
        if (decision is Decision.Deny)
            return await DenyAsync(submission, null, Impact.None, decision, input, cancellationToken);
        if (request is null)
            return (Result<Outcome>)new Error.NotFound("change-request", act.Request.Key);

        var inForce = await _shelf.LoadAsync(actor.Tenant, cancellationToken);
        var people = await People.LoadAsync(store, actor.Tenant, now, cancellationToken);
        var walk = new RequestWalk(request, new Occasion(actor.Tenant, party, now));
        var rests = new List<Precondition> { inForce.Stand, people.Stand };
        var refusal = await ActAsync(submission, act, walk, inForce, people, rests, cancellationToken);
        ApplyGroundwork? work = null;
        if (refusal is null && CompletesRequest(act) && walk.IsDue)
            (work, refusal) = await BeginAsync(walk, inForce, people, rests, cancellationToken);
        // Who completes a change makes it.
        if (work is not null)
            refusal = DemandOn(submission, ChangeChecks.Of(work.Workspace, actor, work.Change, work.Compared, work.Impact));
        if (refusal is Error.Denied denied)
            return await DenyAsync(
                submission,
                null,
                Impact.None,
                new Decision.Deny("approval", denied.Reason),
                input,
                cancellationToken
            );
        if (refusal is not null)
            return (Result<Outcome>)refusal;

        var desk = new Workspace(change.Project, [ResourceDocuments.Load(found!)], NoPast, () => entropy.NewId("r"));
        var builder = new CommitBuilder(submission, now, entropy);
        Write(builder, desk, submission, walk, decision, input);
        if (work is not null)
        {
            var done = RequestMachine.Decide(walk.Request, new RequestCommand.Applied(walk.Request.Hash), walk.Occasion).Value;
            var approved = new Decision.Allow("approval", $"approved as {walk.Request.Requirement.Rules.Count} rules require")
            {
                AccessVersion = decision.AccessVersion,
            };
            var step = new ChangeStep(work.Operations, walk.Request.Title, null);
            var note = new RequestNote(
                ReferenceTo(walk.Request),
                null,
                request.Ticket,
                actor with
                {
                    OnBehalfOf = request.Requester.Subject,
                }
            );
            builder.Add(work.Workspace, step, work.Compared.Edits, work.Compared.Changes, work.Impact, approved, input, note);
            walk.Take(done);
            Write(builder, desk, submission, walk, decision, input);
        }
        if (submission.DryRun)
            return (Result<Outcome>)Preview(decision, [], walk.All, Impact.None);
        return await ReadyAsync(
            submission,
            builder,
            [.. rests.Distinct(), .. RestingOn(decision)],
            StoredAnswers.Applied(submission, builder.Revisions, now),
            null,
            cancellationToken
        );
    }

    /// <summary>Does what is asked to the request; the error where it is refused.</summary>
    private async ValueTask<Error?> ActAsync(
        Submission submission,
        RequestAct act,
        RequestWalk walk,
        PoliciesInForce inForce,
        People people,
        List<Precondition> rests,
        CancellationToken cancellationToken
    )
    {
        var request = walk.Request;
        switch (act)
        {
            case RequestAct.Vote { Hash: null }:
                return Error.Invalid.At("", "If-Match must be the hash of the content that is voted on");
            case RequestAct.Vote vote:
                return await VoteAsync(submission, vote, walk, people, rests, cancellationToken);
            case RequestAct.Withdraw:
                return walk.Take(new RequestCommand.WithdrawVote());
            case RequestAct.Remark remark:
                return walk.Take(new RequestCommand.AddComment(remark.Text));
            case RequestAct.Cancel:
                return walk.Take(new RequestCommand.Cancel());
            case RequestAct.Elapse elapse:
                return Elapse(submission.Actor, walk, elapse);
            case RequestAct.Apply when request.State == ChangeRequestState.ApplyFailed:
                return walk.Take(new RequestCommand.Retry());
            case RequestAct.Apply when request.State == ChangeRequestState.Scheduled && !walk.IsDue:
                return new Error.WrongState($"its window begins at {Rfc3339.Format(request.Content.Window!.From)}");
            case RequestAct.Apply:
                return walk.IsDue ? null : new Error.WrongState(TransitionTable.Refusal(request.State, RequestAction.BeginApply));
            case RequestAct.Edit edit when !RequestContents.CanWait(edit.Operations):
                return Error.Invalid.At("/operations", "are nothing that can wait for approval");
            case RequestAct.Edit edit:
                var edited = new Rewriting(edit.Operations, edit.Schedule ?? request.Content.Window, IsRebase: false);
                return await RewriteAsync(submission, walk, edited, inForce, people, rests, cancellationToken);
            // What is closed may hold nothing any more that could be read.
            case RequestAct.Rebase when TransitionTable.Next(request.State, RequestAction.Rebase).Count == 0:
                return new Error.WrongState(TransitionTable.Refusal(request.State, RequestAction.Rebase));
            case RequestAct.Rebase:
                var same = RequestContents.OperationsOf(request.Content);
                var rebased = new Rewriting(same, request.Content.Window, IsRebase: true);
                return await RewriteAsync(submission, walk, rebased, inForce, people, rests, cancellationToken);
            default:
                throw new InvalidOperationException($"{act} is nothing that is done to a request.");
        }
    }

    /// <summary>What a request is to say instead.</summary>
    private sealed record Rewriting(IReadOnlyList<Operation> Operations, ScheduleWindow? Window, bool IsRebase);

    /// <summary>Prepares operations on the state of now as the request's new content.</summary>
    private async ValueTask<Error?> RewriteAsync(
        Submission submission,
        RequestWalk walk,
        Rewriting rewriting,
        PoliciesInForce inForce,
        People people,
        List<Precondition> rests,
        CancellationToken cancellationToken
    )
    {
        var (request, isRebase, now) = (walk.Request, rewriting.IsRebase, walk.Occasion.At);
        if (Scheduling.Problem(rewriting.Window, now) is { } tooFar)
            return tooFar;
        // Without base revisions: it is prepared on the state of now, and its votes are bound to that.
        var prepared = await WorkOutAsync(
            submission.Actor.Tenant,
            request,
            [
                .. rewriting.Operations.Select(operation =>
                    operation with
                    {
                        BaseRevision = isRebase ? null : operation.BaseRevision,
                    }
                ),
            ],
            cancellationToken
        );
        if (!prepared.TryGet(out var work, out var error))
            return error;
        var checks = ChangeChecks.Of(work.Workspace, submission.Actor, work.Change, work.Compared, work.Impact);
        var editor = submission with { Change = work.Change };
        var gate = await GateAsync(
            submission.Actor,
            inForce,
            work.Workspace,
            work.Operations,
            work.Compared.Edits,
            work.Impact,
            cancellationToken
        );
        var met = await MetAsync(submission.Actor.Tenant, work, Later(rewriting.Window?.From, now), cancellationToken);
        var required = Required(request, gate, met);
        var may = await MayAsync(editor, checks, required is { Stages.Count: > 0 }, cancellationToken);
        if (may is Decision.Deny denied)
            return new Error.Denied(denied.Reason);
        if (gate?.Decision is Decision.Deny refused)
            return new Error.Denied(refused.Reason);
        if (DemandOn(submission, checks) is { } demand)
            return demand;
        if (required is null && rewriting.Window is null)
            return new Error.WrongState("it needs no approval as it would be then; withdraw the request and submit the change");
        var requirement = required ?? Scheduling.NothingRequired;
        var contents = RequestContents.Of(work.Operations, work.Compared.Edits, work.Impact.Environments, rewriting.Window);
        if (!contents.TryGet(out var content, out error))
            return error;
        rests.AddRange(gate?.Rests ?? []);
        rests.AddRange(met.Rests);
        rests.AddRange(work.Preconditions);
        rests.AddRange(content.Bases.Select(item => new Precondition.Unchanged(item.Resource, item.Revision)));
        var scope = RequestScope.Of(request.Project, content, work.Compared.Edits);
        var directory = people.WithGroups(scope, requirement);
        return walk.Take(
            isRebase
                ? new RequestCommand.Rebase(
                    content,
                    await ResourcesOfAsync(submission.Actor.Tenant, request, work, cancellationToken),
                    requirement,
                    directory
                )
                : new RequestCommand.Edit(content, requirement, directory)
        );
    }

    private static string TitleOf(ChangeStep step, StepEdits compared) =>
        Excerpt.Of(step.Reason.Length > 0 ? step.Reason : compared.Changes[0].Words, ChangeRequest.MaxTitle);

    private static string WordsOf(Error error) =>
        error switch
        {
            Error.Invalid invalid => string.Join("; ", invalid.Problems.Select(problem => problem.Message)),
            Error.NotFound missing => $"{missing.Kind} '{missing.Key}', which is gone",
            Error.WrongState wrong => wrong.Reason,
            _ => error.GetType().Name,
        };

    private static RequestReference ReferenceTo(ChangeRequest request) =>
        new(
            request.Id,
            request.Hash,
            request
                .Votes.Where(vote => vote.Kind == VoteKind.Approve && vote.Hash == request.Hash)
                .Select(vote => vote.Voter.Subject)
                .Order(StringComparer.Ordinal)
                .ToSequence()
        );

    /// <summary>Writes the entry of what happened to the request since the last one.</summary>
    private static void Write(
        CommitBuilder builder,
        Workspace desk,
        Submission submission,
        RequestWalk walk,
        Decision decision,
        Blob input
    )
    {
        var changes = walk.Flush();
        desk.Put(walk.Request);
        builder.Add(
            desk,
            submission.Change.Steps[0],
            [.. desk.Edits()],
            changes,
            Impact.None,
            decision,
            input,
            new RequestNote(ReferenceTo(walk.Request), changes[0].Action, walk.Request.Ticket)
        );
    }

    private async ValueTask<PreparedChange> ReadyAsync(
        Submission submission,
        CommitBuilder builder,
        IReadOnlyList<Precondition> preconditions,
        PendingAnswer? answer,
        PendingRequest? pending,
        CancellationToken cancellationToken
    ) =>
        await vault.SealAsync(submission.Actor.Tenant, builder.Entries, cancellationToken) is { } entries
            ? new PreparedChange.Ready(
                submission,
                builder.Build(origins.Of(submission.Actor.Tenant), entries, [.. preconditions.Distinct()], answer),
                builder.Revisions
            )
            {
                Pending = pending,
            }
            : (Result<Outcome>)new Error.Contended();

    private static Dictionary<(string Flag, long Revision), Flag?> NoPast => [];
}
