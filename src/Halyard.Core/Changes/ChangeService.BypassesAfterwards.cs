using Halyard.Core.Access;
using Halyard.Core.Access.Roles;
using Halyard.Core.Approvals;
using Halyard.Core.Approvals.Bypasses;
using Halyard.Core.Changes.Approving;
using Halyard.Core.Changes.Bypassing;
using Halyard.Core.Flags.Editing;
using Halyard.Core.Policies;
using Halyard.Core.Storage;
using Halyard.Ledger;

namespace Halyard.Core.Changes;

/// <content>What is owed for a bypass: ratification or refusal, the review, and what time brings.</content>
public sealed partial class ChangeService
{
    private async ValueTask<PreparedChange> FollowBypassAsync(
        Submission submission,
        BypassAct.OnOne act,
        CancellationToken cancellationToken
    )
    {
        var actor = submission.Actor;
        var now = time.GetUtcNow();
        var (all, fence) = await _bypasses.AllAsync(actor.Tenant, cancellationToken);
        var stored = all.FirstOrDefault(item => item.Bypass.Name == act.Bypass);
        var scope = stored is null ? null : await ScopeOfAsync(actor.Tenant, stored.Bypass, cancellationToken);
        IReadOnlyList<Check> checks = stored is null
            ? ChangeChecks.Of(act.Action, submission.Change.Project)
            :
            [
                new Check(
                    [act.Action],
                    ResourceAttributes
                        .Of("bypass", stored.Bypass.Project, stored.Bypass.Id)
                        .In(stored.Bypass.Effect.Environment.Key, stored.Bypass.Effect.Environment.Type)
                ),
            ];
        var input = InputOf(submission, checks);
        var decision = await DecideAsync(submission, input, cancellationToken);
        if (act is BypassAct.Due && actor.Kind != ActorKind.System)
            decision = new Decision.Deny("bypass", "the server alone says what is due")
            {
                AccessVersion = decision.AccessVersion,
            };
        if (decision is Decision.Deny)
            return await DenyAsync(submission, null, Impact.None, decision, input, cancellationToken);
        if (stored is null)
            return (Result<Outcome>)new Error.NotFound("bypass", act.Bypass.Key);
        if (DemandOn(submission, checks) is { } demand)
            return (Result<Outcome>)demand;

        var people = await People.LoadAsync(store, actor.Tenant, now, cancellationToken);
        var occasion = new Occasion(actor.Tenant, Party.Of(actor), now);
        var basis = new BypassBasis(decision, input, [new Precondition.Fence(EmergencyBypass.Fence, fence), people.Stand]);
        var builder = new CommitBuilder(submission, now, entropy);
        var followed = await FollowAsync(
            submission,
            act,
            stored.Bypass,
            people.HoldsOf(actor, scope!),
            occasion,
            cancellationToken
        );
        if (!followed.TryGet(out var follow, out var error))
            return (Result<Outcome>)error;
        var decided = BypassMachine.Decide(stored.Bypass, follow.Command, occasion, _bypassing.Terms);
        if (decided.Error is Error.Denied denied)
            return await DenyAsync(
                submission,
                null,
                Impact.None,
                new Decision.Deny("bypass", denied.Reason) { AccessVersion = decision.AccessVersion },
                input,
                cancellationToken
            );
        if (!decided.TryGet(out var transition, out error))
            return (Result<Outcome>)error;
        if (submission.DryRun)
            return (Result<Outcome>)Preview(decision, [], transition.Changes, Impact.None);
        if (follow.Undone is { } work)
            builder.Add(
                work.Workspace,
                work.Change.Steps[0],
                work.Compared.Edits,
                work.Compared.Changes,
                work.Impact,
                decision,
                input,
                new RequestNote(null, null, null)
            );
        WriteBypass(builder, submission, stored, transition, basis);
        if (follow.Request is { } request)
            WriteRevertRequest(builder, submission, request, basis);
        return await ReadyAsync(
            submission,
            builder,
            [.. basis.Rests, .. follow.Rests, .. RestingOn(decision)],
            StoredAnswers.Applied(submission, builder.Revisions, now),
            null,
            cancellationToken
        );
    }

    /// <summary>The command, with what is undone or asked for beside it.</summary>
    private async ValueTask<Result<BypassFollow>> FollowAsync(
        Submission submission,
        BypassAct.OnOne act,
        EmergencyBypass bypass,
        Evaluation.Definitions.Sequence<string> holds,
        Occasion occasion,
        CancellationToken cancellationToken
    )
    {
        switch (act)
        {
            case BypassAct.Ratify ratify:
                return new BypassFollow(new BypassCommand.Ratify(holds, ratify.Comment));
            case BypassAct.Review review:
                return new BypassFollow(new BypassCommand.Review(review.Findings, review.ActionItems));
            case BypassAct.Due { Timer.Kind: BypassTimerKind.Revert } due:
                var reason = $"the time of emergency bypass '{bypass.Id}' is over";
                var worked = await _bypasses.UndoAsync(occasion.Tenant, bypass, reason, cancellationToken);
                if (!worked.TryGet(out var undoing, out var contended))
                    return contended;
                return new BypassFollow(new BypassCommand.Due(due.Timer, undoing.How, undoing.Undone))
                {
                    Undone = undoing.Work,
                    Rests = undoing.Rests,
                };
            case BypassAct.Due due:
                return new BypassFollow(new BypassCommand.Due(due.Timer));
            case BypassAct.Refuse refuse:
                return await RefuseAsync(submission, refuse, bypass, occasion, cancellationToken);
            default:
                throw new InvalidOperationException($"{act} is nothing that is done about a bypass.");
        }
    }

    /// <summary>A refusal with the request that would undo it. Where none can be made the refusal stands all the same, and says so.</summary>
    private async ValueTask<Result<BypassFollow>> RefuseAsync(
        Submission submission,
        BypassAct.Refuse act,
        EmergencyBypass bypass,
        Occasion occasion,
        CancellationToken cancellationToken
    )
    {
        if (bypass.State != BypassState.Applied)
            return Without("it is over");
        var reason = $"emergency bypass '{bypass.Id}' was refused";
        var worked = await _bypasses.UndoAsync(occasion.Tenant, bypass, reason, cancellationToken);
        if (!worked.TryGet(out var undoing, out var error))
            return error;
        if (undoing.Work is not { } work)
            return Without(
                undoing.How is Restoration.Settled
                    ? "nothing of it is left"
                    : "others changed the same meanwhile, and a person must look"
            );
        var inForce = await _shelf.LoadAsync(occasion.Tenant, cancellationToken);
        var gate = await GateAsync(
            submission.Actor,
            inForce,
            work.Workspace,
            work.Operations,
            work.Compared.Edits,
            work.Impact,
            cancellationToken
        );
        if (gate?.Decision is Decision.Deny never)
            return Without($"a policy denies what would undo it: {never.Reason}");
        if (
            !RequestContents
                .Of(work.Operations, work.Compared.Edits, work.Impact.Environments, null)
                .TryGet(out var content, out error)
        )
            return Without(WordsOf(error));
        // Where nothing would have to be approved the request is there all the same, for somebody to apply.
        var requirement =
            (gate?.Decision as Decision.RequireApproval)?.Requirement
            ?? new Requirement([], [], null, VoteRules.Default, [], Digest.Of([]));
        var created = RequestMachine.Create(
            occasion,
            entropy.NewId("cr"),
            bypass.Project,
            $"Undo emergency bypass '{bypass.Id}'",
            null,
            content,
            requirement
        );
        if (!created.TryGet(out var draft, out error))
            return Without(WordsOf(error));
        var people = await People.LoadAsync(store, occasion.Tenant, occasion.At, cancellationToken);
        var scope = RequestScope.Of(bypass.Project, content, work.Compared.Edits);
        // Whoever wanted the bypass, or agreed to it, is no judge of whether it is undone.
        Evaluation.Definitions.Sequence<Party> involved =
        [
            bypass.Requester,
            .. bypass.Confirmations.Select(agreement => agreement.By).Concat(bypass.Involved).Take(ChangeRequest.MaxEditors - 1),
        ];
        var request = draft.Next with { RequesterGroups = submission.Actor.Groups, Editors = involved };
        var submit = new RequestCommand.Submit(requirement, people.WithGroups(scope, requirement));
        if (!RequestMachine.Decide(request, submit, occasion).TryGet(out var submitted, out error))
            return Without(WordsOf(error));
        return new BypassFollow(new BypassCommand.Refuse(act.Comment, request.Id))
        {
            Request = submitted with { Changes = [.. draft.Changes, .. submitted.Changes] },
            Rests = [inForce.Stand, .. gate?.Rests ?? []],
        };

        BypassFollow Without(string why) => new(new BypassCommand.Refuse(act.Comment, null, why));
    }

    private void WriteRevertRequest(CommitBuilder builder, Submission submission, Transition transition, BypassBasis basis)
    {
        var desk = new Workspace(submission.Change.Project, [], NoPast, () => entropy.NewId("r"));
        desk.Put(transition.Next);
        builder.Add(
            desk,
            submission.Change.Steps[0],
            [.. desk.Edits()],
            transition.Changes,
            Impact.None,
            basis.Decision,
            basis.Input,
            new RequestNote(ReferenceTo(transition.Next), "change_request.created", null)
        );
    }

    private async ValueTask<RequestScope> ScopeOfAsync(string tenant, EmergencyBypass bypass, CancellationToken cancellationToken)
    {
        var name = Flags.Flag.NameOf(bypass.Project, bypass.Effect.Flag);
        var slice = await store.LoadAsync(tenant, [name], [], cancellationToken);
        var owner = slice.Resources.TryGetValue(name, out var stored)
            ? ((Flags.Flag)Reading.ResourceDocuments.Read(name, stored.Document)).Owner
            : "";
        return new RequestScope(bypass.Project, [bypass.Effect.Environment], OwnersOf(owner));
    }

    /// <summary>What is done about a bypass.</summary>
    private sealed record BypassFollow(BypassCommand Command)
    {
        /// <summary>The edit that undoes it, or <see langword="null"/>.</summary>
        public ApplyGroundwork? Undone { get; init; }

        /// <summary>The request that asks to undo it, or <see langword="null"/>.</summary>
        public Transition? Request { get; init; }

        /// <summary>On what that rests.</summary>
        public IReadOnlyList<Precondition> Rests { get; init; } = [];
    }
}
