using Halyard.Core.Access.Roles;
using Halyard.Core.Approvals;
using Halyard.Core.Approvals.Bypasses;
using Halyard.Core.Changes.Approving;
using Halyard.Core.Changes.Bypassing;
using Halyard.Core.Flags;
using Halyard.Core.Flags.Differences;
using Halyard.Core.Flags.Editing;
using Halyard.Core.Policies;
using Halyard.Core.Reading;
using Halyard.Core.Storage;
using Halyard.Evaluation.Definitions;

namespace Halyard.Core.Changes;

/// <content>
/// Emergencies. What passes approvals by is a change like any other: authorized, decided once, written with its entries, its timers
/// and what it makes of the requests that wait, in one commit.
/// </content>
public sealed partial class ChangeService
{
    /// <summary>
    /// How many waiting requests a bypass makes conflicted in its own commit, which may touch so many resources and clear so many timers
    /// and no more. The others are found to be conflicted when they are to be applied.
    /// </summary>
    private const int MaxConflicts = Change.MaxResources - 5;

    /// <summary>Steps 1 to 5 of an emergency bypass, and of what is done about one.</summary>
    private ValueTask<PreparedChange> PrepareBypassAsync(
        Submission submission,
        BypassAct act,
        CancellationToken cancellationToken
    ) =>
        act switch
        {
            BypassAct.Begin begin => BeginBypassAsync(submission, begin, cancellationToken),
            BypassAct.Confirm confirm => ConfirmBypassAsync(submission, confirm, cancellationToken),
            BypassAct.OnOne one => FollowBypassAsync(submission, one, cancellationToken),
            _ => throw new InvalidOperationException($"{act} is nothing that is done in an emergency."),
        };

    private async ValueTask<PreparedChange> BeginBypassAsync(
        Submission submission,
        BypassAct.Begin act,
        CancellationToken cancellationToken
    )
    {
        var actor = submission.Actor;
        var (all, fence) = await _bypasses.AllAsync(actor.Tenant, cancellationToken);
        var worked = await _bypasses.WorkOutAsync(
            actor.Tenant,
            act.Operation,
            operations => EmergencyEdit(submission, operations),
            all,
            cancellationToken
        );
        if (!worked.TryGet(out var work, out var error))
            return await UnlessDeniedAsync(submission, null, error, cancellationToken);
        var authorized = await AuthorizeBypassAsync(submission, work, act.Action, cancellationToken);
        if (authorized.Refusal is { } refused)
            return refused;
        if (work.Ground.Compared.Edits.Count == 0)
            return (Result<Outcome>)NothingToDo(submission, work.Ground.Workspace, work.Ground.Change, authorized.Decision);

        var people = await People.LoadAsync(store, actor.Tenant, time.GetUtcNow(), cancellationToken);
        var holds = people.HoldsOf(actor, ScopeOf(work));
        if (Heard(submission, holds.Any(_bypassing.Terms.Roles.Contains)) is not { } report)
            return (Result<Outcome>)new Error.Contended();
        var now = time.GetUtcNow();
        var party = Party.Of(actor);
        var restriction = Obligations.Restriction(all.Select(item => item.Bypass), party, actor.Groups, now, _bypassing.Terms);
        var judged = BypassRules.Judge(act.Incident, act.Severity, report, holds, restriction, _bypassing.Terms);
        if (!judged.TryGet(out var verdict, out error))
            return await DenyBypassAsync(submission, work, authorized, ((Error.Denied)error).Reason, cancellationToken);
        var inForce = await _shelf.LoadAsync(actor.Tenant, cancellationToken);
        var gate = await GateBypassAsync(actor, inForce, work, cancellationToken);
        // It passes approvals by; what a policy denies stays denied.
        if (gate?.Decision is Decision.Deny never)
            return await DenyBypassAsync(submission, work, authorized, never.Reason, cancellationToken);
        var wish = new BypassWish(
            act.Operation.Project,
            work.Kind,
            act.Justification,
            work.Effect,
            actor.Groups,
            (gate?.Decision as Decision.RequireApproval)?.Requirement,
            act.Duration,
            Succession.Of(work.Replaced?.Bypass)
        );
        var occasion = new Occasion(actor.Tenant, party, now);
        var opened = BypassMachine.Open(occasion, entropy.NewId("bp"), wish, verdict, _bypassing.Terms);
        if (!opened.TryGet(out var transition, out error))
            return (Result<Outcome>)error;
        var basis = new BypassBasis(
            new Decision.Allow("bypass", verdict.Why) { AccessVersion = authorized.Decision.AccessVersion },
            authorized.Input,
            [new Precondition.Fence(EmergencyBypass.Fence, fence), inForce.Stand, people.Stand, .. gate?.Rests ?? []]
        );
        return await WriteBypassAsync(submission, null, transition, work, basis, occasion, cancellationToken);
    }

    private async ValueTask<PreparedChange> ConfirmBypassAsync(
        Submission submission,
        BypassAct.Confirm act,
        CancellationToken cancellationToken
    )
    {
        var actor = submission.Actor;
        var (all, fence) = await _bypasses.AllAsync(actor.Tenant, cancellationToken);
        var stored = all.FirstOrDefault(item => item.Bypass.Name == act.Bypass);
        if (stored is null)
            return await UnlessDeniedAsync(submission, null, new Error.NotFound("bypass", act.Bypass.Key), cancellationToken);
        var bypass = stored.Bypass;
        if (bypass.State != BypassState.Waiting)
            return await UnlessDeniedAsync(submission, null, Over(bypass), cancellationToken);
        var operations = bypass.Effect.Operations.Select(RequestContents.OperationOf).ToList();
        var same = new BypassOperation.Prepared(bypass.Project, bypass.Effect.Flag, bypass.Effect.Environment.Key, operations);
        var worked = await _bypasses.WorkOutAsync(
            actor.Tenant,
            same,
            prepared => Change.Edit(bypass.Project, prepared, bypass.Justification, null, bypass.Incident.Id, Actions.Bypass),
            all,
            cancellationToken
        );
        if (!worked.TryGet(out var work, out var error))
            return await UnlessDeniedAsync(submission, null, error, cancellationToken);
        var authorized = await AuthorizeBypassAsync(submission, work, act.Action, cancellationToken);
        if (authorized.Refusal is { } refused)
            return refused;
        if (work.Kind != bypass.Kind)
            return (Result<Outcome>)new Error.WrongState("what it would replace was changed meanwhile; ask again");

        var people = await People.LoadAsync(store, actor.Tenant, time.GetUtcNow(), cancellationToken);
        var holds = people.HoldsOf(actor, ScopeOf(work));
        var requester = people.Find(bypass.Requester, bypass.Groups);
        if (requester is null || !people.HoldsOf(requester, ScopeOf(work)).Any(_bypassing.Terms.Roles.Contains))
            return (Result<Outcome>)new Error.WrongState("who asked for it may not pass approvals by any more");
        if (Heard(submission, holds.Any(MayCount)) is not { } report)
            return (Result<Outcome>)new Error.Contended();
        var inForce = await _shelf.LoadAsync(actor.Tenant, cancellationToken);
        var gate = await GateBypassAsync(requester, inForce, work, cancellationToken);
        var occasion = new Occasion(actor.Tenant, Party.Of(actor), time.GetUtcNow());
        var command = new BypassCommand.Confirm(holds, report, work.Effect, Succession.Of(work.Replaced?.Bypass));
        var decided = BypassMachine.Decide(bypass, command, occasion, _bypassing.Terms);
        var no = (gate?.Decision as Decision.Deny)?.Reason ?? (decided.Error as Error.Denied)?.Reason;
        if (no is not null)
            return await DenyBypassAsync(submission, work, authorized, no, cancellationToken);
        if (!decided.TryGet(out var transition, out error))
            return (Result<Outcome>)error;
        var basis = new BypassBasis(
            new Decision.Allow("bypass", bypass.Remark) { AccessVersion = authorized.Decision.AccessVersion },
            authorized.Input,
            [new Precondition.Fence(EmergencyBypass.Fence, fence), inForce.Stand, people.Stand, .. gate?.Rests ?? []]
        );
        return await WriteBypassAsync(submission, stored, transition, work, basis, occasion, cancellationToken);
    }

    /// <summary>Asks the authorizer about the flag in the environment; a refusal where it, or the door, says no.</summary>
    private async ValueTask<AuthorizedBypass> AuthorizeBypassAsync(
        Submission submission,
        BypassWork work,
        string action,
        CancellationToken cancellationToken
    )
    {
        var target = ResourceAttributes.Of(work.Flag).In(work.Effect.Environment.Key, work.Effect.Environment.Type);
        IReadOnlyList<Check> checks = [new Check([action], target)];
        var input = InputOf(submission, checks, work.Ground.Compared, work.Ground.Impact);
        var decision = await DecideAsync(submission, input, cancellationToken);
        if (decision is Decision.Deny)
            return new AuthorizedBypass(
                decision,
                input,
                await DenyAsync(
                    Naming(submission, work),
                    work.Ground.Workspace,
                    work.Ground.Impact,
                    decision,
                    input,
                    cancellationToken
                )
            );
        var demand = DemandOn(submission, checks);
        PreparedChange? refusal = null;
        if (demand is not null)
            refusal = (Result<Outcome>)demand;
        return new AuthorizedBypass(decision, input, refusal);
    }

    private async ValueTask<PreparedChange> DenyBypassAsync(
        Submission submission,
        BypassWork work,
        AuthorizedBypass authorized,
        string reason,
        CancellationToken cancellationToken
    ) =>
        await DenyAsync(
            Naming(submission, work),
            work.Ground.Workspace,
            work.Ground.Impact,
            new Decision.Deny("bypass", reason) { AccessVersion = authorized.Decision.AccessVersion },
            authorized.Input,
            cancellationToken
        );

    /// <summary>Writes a bypass, the flag where it takes effect, and the requests that it makes conflicted.</summary>
    private async ValueTask<PreparedChange> WriteBypassAsync(
        Submission submission,
        StoredBypass? stored,
        BypassTransition transition,
        BypassWork work,
        BypassBasis basis,
        Occasion occasion,
        CancellationToken cancellationToken
    )
    {
        var next = transition.Next;
        var ground = work.Ground;
        if (submission.DryRun)
            return (Result<Outcome>)
                Preview(
                    basis.Decision,
                    ground.Compared.Edits,
                    [.. ground.Compared.Changes, .. transition.Changes],
                    await ToldAsync(submission, ground.Workspace, ground.Compared.Edits, ground.Impact, cancellationToken)
                );
        var builder = new CommitBuilder(submission, occasion.At, entropy);
        if (transition.TakesEffect)
        {
            var told = new SemanticChange(
                BypassWork.EntryType,
                next.Effect.Environment.Key,
                $"changed by emergency bypass '{next.Id}' for {WireNames.Of(next.Incident.Severity)} incident {ChangeList.Quote(next.Incident.Id)}"
            );
            var actor = stored is null ? submission.Actor : submission.Actor with { OnBehalfOf = next.Requester.Subject };
            builder.Add(
                ground.Workspace,
                ground.Change.Steps[0],
                ground.Compared.Edits,
                [told, .. ground.Compared.Changes],
                ground.Impact,
                basis.Decision,
                basis.Input,
                new RequestNote(null, BypassWork.EntryType, null, actor)
            );
        }
        WriteBypass(builder, submission, stored, transition, basis);
        if (transition.TakesEffect)
        {
            if (work.Replaced is { } replaced)
                WriteBypass(builder, submission, replaced, SupersededBy(replaced.Bypass, next, occasion), basis);
            foreach (var request in await WaitingAsync(next, occasion.Tenant, cancellationToken))
                WriteConflict(builder, submission, request, next, occasion, basis);
        }
        return await ReadyAsync(
            submission,
            builder,
            [.. basis.Rests, .. transition.TakesEffect ? ground.Preconditions : [], .. RestingOn(basis.Decision)],
            StoredAnswers.Applied(submission, builder.Revisions, occasion.At),
            null,
            cancellationToken
        );
    }

    private BypassTransition SupersededBy(EmergencyBypass replaced, EmergencyBypass next, Occasion occasion) =>
        BypassMachine.Decide(replaced, new BypassCommand.Supersede(next.Id, next.Effect.Made), occasion, _bypassing.Terms).Value;

    private void WriteBypass(
        CommitBuilder builder,
        Submission submission,
        StoredBypass? stored,
        BypassTransition transition,
        BypassBasis basis
    )
    {
        var desk = new Workspace(
            submission.Change.Project,
            stored is null ? [] : [stored.Found],
            NoPast,
            () => entropy.NewId("r")
        );
        desk.Put(transition.Next);
        builder.Add(
            desk,
            submission.Change.Steps[0],
            [.. desk.Edits()],
            transition.Changes,
            Impact.None,
            basis.Decision,
            basis.Input,
            new RequestNote(null, transition.Changes[^1].Action, null)
        );
        builder.Add(BypassTimers.Writes(stored?.Bypass, transition.Next));
    }

    /// <summary>The requests that wait and touch the flag, those that would be applied first first.</summary>
    private async ValueTask<IReadOnlyList<Loaded>> WaitingAsync(
        EmergencyBypass bypass,
        string tenant,
        CancellationToken cancellationToken
    )
    {
        var flag = Flag.NameOf(bypass.Project, bypass.Effect.Flag);
        var found = new Dictionary<ResourceName, StoredResource>();
        await store.AddAllAsync(tenant, ResourceKind.ChangeRequest, bypass.Project, found, cancellationToken);
        return
        [
            .. found
                .Values.Select(ResourceDocuments.Load)
                .Where(loaded =>
                    loaded.Resource is ChangeRequest request
                    && TransitionTable.Next(request.State, RequestAction.Conflict).Count > 0
                    && request.Content.Bases.Any(item => item.Resource == flag)
                )
                .OrderByDescending(loaded =>
                    ((ChangeRequest)loaded.Resource).State is ChangeRequestState.Approved or ChangeRequestState.Scheduled
                )
                .ThenBy(loaded => ((ChangeRequest)loaded.Resource).CreatedAt)
                .Take(MaxConflicts),
        ];
    }

    private void WriteConflict(
        CommitBuilder builder,
        Submission submission,
        Loaded found,
        EmergencyBypass bypass,
        Occasion occasion,
        BypassBasis basis
    )
    {
        var walk = new RequestWalk((ChangeRequest)found.Resource, occasion);
        if (walk.Take(new RequestCommand.Conflict([Overridden(bypass)])) is { } refusal)
            throw new InvalidOperationException($"The transition table and the machine disagree: {refusal}");
        var desk = new Workspace(submission.Change.Project, [found], NoPast, () => entropy.NewId("r"));
        Write(builder, desk, submission, walk, basis.Decision, basis.Input);
    }

    /// <summary>The place in words that a bypass changed under a request.</summary>
    private static string Overridden(EmergencyBypass bypass) =>
        $"flag '{bypass.Effect.Flag}' in '{bypass.Effect.Environment.Key}' by emergency bypass '{bypass.Id}'";

    private ValueTask<Gate?> GateBypassAsync(
        Access.Actor actor,
        PoliciesInForce inForce,
        BypassWork work,
        CancellationToken cancellationToken
    ) =>
        GateAsync(
            actor,
            inForce,
            work.Ground.Workspace,
            work.Ground.Operations,
            work.Ground.Compared.Edits,
            work.Ground.Impact,
            cancellationToken
        );

    private static Change EmergencyEdit(Submission submission, IReadOnlyList<Operation> operations) =>
        Change.Edit(
            submission.Change.Project,
            operations,
            submission.Change.Steps[0].Reason,
            null,
            submission.Change.Incident,
            submission.Change.Action
        );

    /// <summary>The same with the operations that it comes to, so that a denial names what they would have touched.</summary>
    private static Submission Naming(Submission submission, BypassWork work) =>
        submission with
        {
            Change = EmergencyEdit(submission, work.Ground.Operations),
        };

    private static RequestScope ScopeOf(BypassWork work) =>
        new(work.Flag.Project, [work.Effect.Environment], OwnersOf(work.Flag.Owner));

    private static Error.WrongState Over(EmergencyBypass bypass) => new($"the bypass is {WireNames.Of(bypass.State)} already");

    /// <summary>What the authorizer said, and the answer where that is the end of it.</summary>
    private sealed record AuthorizedBypass(Decision Decision, Audit.Blob Input, PreparedChange? Refusal);

    /// <summary>On what a bypass was decided.</summary>
    private sealed record BypassBasis(Decision Decision, Audit.Blob Input, IReadOnlyList<Precondition> Rests);
}
