using Halyard.Core.Access;
using Halyard.Core.Access.Roles;
using Halyard.Core.Audit;
using Halyard.Core.Changes.Bypassing;
using Halyard.Core.Changes.Effects;
using Halyard.Core.Flags;
using Halyard.Core.Flags.Editing;
using Halyard.Core.Policies;
using Halyard.Core.Policies.Freezes;
using Halyard.Core.Storage;
using Halyard.Core.Storage.Privacy;

namespace Halyard.Core.Changes;

/// <summary>
/// The one writer. Whatever changes anything comes through <see cref="SubmitAsync"/>: dashboards, scripts, imports, first start.
/// </summary>
/// <remarks>
/// The steps: 0 answer a repeated idempotency key · 1 load at revisions · 2 edit purely, compare, compute the impact ·
/// 3 decide once: authorization and approval policies give one verdict · 4 denied: audit the denial; approval required: the change is
/// that a change request is made; allowed: go on · 5 build the commit, entries included, personal values encrypted ·
/// 6 commit atomically; a lost race starts again at 1 · 7 followers of the log publish, never the request.
/// </remarks>
public sealed partial class ChangeService(
    IStore store,
    PersonalVault vault,
    IAuthorizer authorizer,
    TimeProvider time,
    Entropy entropy,
    LogOrigins origins,
    ITimeZones zones,
    BypassSetting? bypassing = null
)
{
    private const int MaxAttempts = 12;

    private const int PressedAfter = 4;

    private readonly ChangeLoader _loader = new(store, vault, entropy);
    private readonly BypassSetting _bypassing = bypassing ?? BypassSetting.Default;
    private readonly BypassGround _bypasses = new(store, vault, new ChangeLoader(store, vault, entropy));
    private readonly ErasureGround _erasures = new(store, vault);
    private readonly PurgeGround _purges = new(store, time);
    private readonly ShardGround _shards = new(store);
    private readonly SemaphoreSlim[] _losers = [.. Enumerable.Range(0, 64).Select(_ => new SemaphoreSlim(1, 1))];
    private readonly bool[] _isPressed = new bool[64];

    /// <summary>Decides and, where allowed, applies a change. Durable when it returns <see cref="Outcome.Applied"/>.</summary>
    public ValueTask<Result<Outcome>> SubmitAsync(Submission submission, CancellationToken cancellationToken) =>
        SubmitOnAsync(_loader, submission, cancellationToken);

    /// <summary>The same, with another place than the store's present state to find what the change touches (imports).</summary>
    internal async ValueTask<Result<Outcome>> SubmitOnAsync(
        IChangeGround ground,
        Submission submission,
        CancellationToken cancellationToken
    )
    {
        // Step 0; step 1 of the first attempt goes with it, as both only read
        var answering = KnownAsync(submission, cancellationToken);
        var ahead = LoadedAhead.Begin(ground, submission, cancellationToken);
        if (await answering is { } known)
        {
            await ahead.EndAsync();
            return known;
        }
        var (informed, refusal) = await InquireAsync(submission, cancellationToken);
        if (refusal is { } settled)
            return settled;
        var result = await TryUntilWonAsync(informed, ahead, cancellationToken);
        // What the same request did meanwhile looks like a stale base, a key that is taken, or nothing to do: it is the answer.
        return result.Error is null && result.Value is (Outcome.Applied or Outcome.Denied or Outcome.Pending)
            ? result
            : await KnownAsync(submission, cancellationToken) ?? result;
    }

    /// <summary>The answer under the submission's idempotency key, if there is one.</summary>
    private async ValueTask<Result<Outcome>?> KnownAsync(Submission submission, CancellationToken cancellationToken)
    {
        if (submission.IdempotencyKey is not { } key || submission.DryRun)
            return null;
        var credential = submission.Actor.Credential ?? submission.Actor.Subject;
        var known = await store.FindAnswerAsync(submission.Actor.Tenant, credential, key, time.GetUtcNow(), cancellationToken);
        return known is null ? default(Result<Outcome>?) : StoredAnswers.Replay(submission, known);
    }

    private async ValueTask<Result<Outcome>> TryUntilWonAsync(
        Submission submission,
        IChangeGround ground,
        CancellationToken cancellationToken
    )
    {
        var place = (uint)HashCode.Combine(submission.Actor.Tenant, submission.Change.Project) % (uint)_losers.Length;
        if (!Volatile.Read(ref _isPressed[place]) && await TryAsync(submission, ground, cancellationToken) is { } first)
            return first;
        // Those who lost the race for one thing go on one after the other, else all but one lose again each time.
        var queue = _losers[place];
        await queue.WaitAsync(cancellationToken);
        try
        {
            for (var attempt = 1; attempt < MaxAttempts; attempt++)
            {
                // Whoever comes first may win each time for as long as new ones come: from here on they wait too.
                if (attempt == PressedAfter)
                    Volatile.Write(ref _isPressed[place], true);
                if (await TryAsync(submission, ground, cancellationToken) is { } outcome)
                    return outcome;
            }
            return new Error.Contended();
        }
        finally
        {
            Volatile.Write(ref _isPressed[place], false);
            queue.Release();
        }
    }

    /// <summary>
    /// Steps 1 to 5 alone, for a change whose commit follows later with <see cref="CommitAsync"/> (imports); nothing is written but
    /// a denial.
    /// </summary>
    internal async ValueTask<PreparedChange> PrepareAsync(
        IChangeGround ground,
        Submission submission,
        CancellationToken cancellationToken
    )
    {
        if (submission.Change.Event is { } happened)
            return await PrepareEventAsync(submission, happened, cancellationToken);
        if (submission.Change.Request is { } act)
            return await PrepareRequestAsync(submission, act, cancellationToken);
        if (submission.Change.Bypass is { } bypass)
            return await PrepareBypassAsync(submission, bypass, cancellationToken);

        // Step 1
        var change = submission.Change;
        var loaded = await ground.LoadAsync(submission.Actor.Tenant, change, cancellationToken);
        if (!loaded.TryGet(out var state, out var error))
            return await UnlessDeniedAsync(submission, null, error, cancellationToken);
        var workspace = state.Workspace;
        if (change.Steps.Any(step => step.Operations.Count == 0))
            return await UnlessDeniedAsync(
                submission,
                workspace,
                Error.Invalid.At("/operations", "must have at least one operation"),
                cancellationToken
            );
        if (submission.IfMatch is { } expected && workspace.RevisionOf(Target(change)) is var actual && actual != expected)
            return await UnlessDeniedAsync(
                submission,
                workspace,
                new Error.PreconditionFailed(expected, actual),
                cancellationToken
            );

        // Steps 2 to 5, entry by entry
        var builder = new CommitBuilder(submission, time.GetUtcNow(), entropy);
        Outcome? last = null;
        (Decision Decision, IReadOnlyList<Check> Checks, Blob Input)? whole = null;
        Decision? decided = null;
        var inForce = _shelf.Of(submission.Actor.Tenant, state.Policies);
        var calendar = state.FreezeVersion is { } version
            ? await _freezes.LoadAsync(submission.Actor.Tenant, version, cancellationToken)
            : await _freezes.LoadAsync(submission.Actor.Tenant, cancellationToken);
        var rests = new List<Precondition> { inForce.Stand };
        foreach (var step in change.Steps)
        {
            ChangeEditor.Apply(workspace, step, step.Pointer);
            var compared = ChangeEditor.Compare(workspace, step);
            var (edits, _, changes) = compared;
            var impact = ImpactSet.Of(workspace, edits);
            if (StepRules.Check(workspace, change, step, edits, impact) is { } refusal)
                return await UnlessDeniedAsync(submission, workspace, refusal, cancellationToken);
            if (changes.Count == 0)
                continue;
            if (
                step.Operations.Any(ChangeLoader.ChangesAccess)
                && LastAdministrator.Check(submission, workspace, time) is { } lockout
            )
                return await UnlessDeniedAsync(submission, workspace, lockout, cancellationToken);
            // Imported history is authorised as a whole: what its lines once did is not a question to today's policies.
            var checks = step.Origin is null
                ? ChangeChecks.Of(workspace, submission.Actor, change, compared, impact)
                : whole?.Checks ?? ChangeChecks.Of(change.Action, change.Project);
            var input =
                whole?.Input
                ?? (step.Origin is null ? InputOf(submission, checks, compared, impact) : InputOf(submission, checks));
            var decision = whole?.Decision ?? await DecideAsync(submission, input, cancellationToken);
            if (step.Origin is not null)
                whole = (decision, checks, input);
            var rules = new RulesMet(inForce, calendar);
            (decision, var gate, var met) = await JudgeAsync(
                submission,
                rules,
                workspace,
                step,
                edits,
                impact,
                checks,
                decision,
                cancellationToken
            );
            rests.AddRange(gate?.Rests ?? []);
            rests.AddRange(met.Rests);
            decided = decision;
            if (decision is Decision.Deny)
                return await DenyAsync(
                    submission,
                    workspace,
                    impact,
                    await TactfulAsync(submission, decision, cancellationToken),
                    input,
                    cancellationToken,
                    step: step
                );
            // Not before: whoever may not make it learns nothing by what is demanded.
            if (DemandOn(submission, checks) is { } demand)
                return (Result<Outcome>)demand;
            if (submission.DryRun)
                impact = await ToldAsync(submission, workspace, edits, impact, cancellationToken);
            var matches = gate?.Answer?.Matches ?? [];
            if (decision is Decision.RequireApproval || change.Schedule is not null)
            {
                var proposal = new Proposal(compared, impact, decision, rests, WarningsOf(change, met)) { Rules = matches };
                return await ProposeAsync(submission, proposal, input, cancellationToken);
            }
            if (Delegating.Check(submission.Actor, edits, time.GetUtcNow()) is { } unfit)
                return (Result<Outcome>)unfit;
            if (submission.DryRun)
                last = Preview(decision, edits, changes, impact) with { Rules = matches };
            builder.Add(workspace, step, edits, changes, impact, decision, input);
        }

        if (last is not null)
            return (Result<Outcome>)last;
        if (builder.IsEmpty)
            return await UnlessDeniedAsync(
                submission,
                workspace,
                decision => NothingToDo(submission, workspace, change, decision),
                cancellationToken
            );

        var revisions = builder.Revisions;
        var answer = StoredAnswers.Applied(submission, revisions, time.GetUtcNow());
        return await vault.SealAsync(submission.Actor.Tenant, builder.Entries, cancellationToken) is { } entries
            ? new PreparedChange.Ready(
                submission,
                builder.Build(
                    origins.Of(submission.Actor.Tenant),
                    entries,
                    [.. state.Preconditions, .. Unfenced(rests, state.Preconditions), .. RestingOn(decided)],
                    answer
                ),
                revisions
            )
            : (Result<Outcome>)new Error.Contended();
    }

    /// <summary>Steps 1 to 5 of something that is recorded and edits nothing.</summary>
    private async ValueTask<PreparedChange> PrepareEventAsync(
        Submission submission,
        ChangeEvent happened,
        CancellationToken cancellationToken
    )
    {
        var told = EventGround.Told(happened);
        var (decision, input) = await DecideAsync(submission, happened.WasRead, told, cancellationToken);
        if (decision is Decision.Deny)
            return await DenyAsync(submission, null, Impact.None, decision, input, cancellationToken);
        if (StepRules.Check(submission.Change) is { } refusal)
            return (Result<Outcome>)refusal;
        CommitEffect? effect = null;
        IReadOnlyList<Precondition> preconditions = [];
        IReadOnlyList<RedactedDocument> redacted = [];
        var isPart = false;
        if (happened.Effect is { } wanted)
        {
            var loaded = wanted switch
            {
                EffectRequest.Erase erase => await _erasures.LoadAsync(
                    submission.Actor.Tenant,
                    happened,
                    erase,
                    submission.DryRun,
                    cancellationToken
                ),
                EffectRequest.OpenShard shard => await _shards.LoadAsync(
                    submission.Actor.Tenant,
                    happened,
                    shard,
                    cancellationToken
                ),
                EffectRequest.Purge purge => await _purges.LoadAsync(submission.Actor.Tenant, happened, purge, cancellationToken),
            };
            if (!loaded.TryGet(out var ground, out var error))
                return (Result<Outcome>)error;
            (happened, effect, preconditions) = ground;
            redacted = ground.Redacted;
            isPart = effect is null;
        }
        if (submission.DryRun)
            return (Result<Outcome>)Preview(decision, [], [EventGround.Told(happened)], Impact.None);
        var about = await EventGround.LoadAsync(store, submission.Actor.Tenant, happened, cancellationToken);
        var now = time.GetUtcNow();
        var builder = new CommitBuilder(submission, now, entropy);
        builder.AddEvent(happened, about, decision, input, redacted);
        var answer = isPart ? null : StoredAnswers.Applied(submission, [], now);
        return await vault.SealAsync(submission.Actor.Tenant, builder.Entries, cancellationToken) is { } entries
            ? new PreparedChange.Ready(
                submission,
                builder.Build(
                    origins.Of(submission.Actor.Tenant),
                    entries,
                    [.. preconditions, .. RestingOn(decision)],
                    answer,
                    effect
                ),
                []
            )
            {
                IsPart = isPart,
            }
            : (Result<Outcome>)new Error.Contended();
    }

    /// <summary>Step 6; <see langword="null"/> where another writer won and the change may be tried on the new state.</summary>
    internal async ValueTask<Result<Outcome>?> CommitAsync(PreparedChange prepared, CancellationToken cancellationToken)
    {
        if (prepared is not PreparedChange.Ready ready)
            return ((PreparedChange.Settled)prepared).Answer;
        var committing = await store.CommitAsync(ready.Commit, cancellationToken);
        if (committing is CommitResult.Committed committed)
        {
            var receipt = committed.Receipts[0];
            await FinishAsync(ready.Commit, receipt);
            return (Result<Outcome>)(
                ready.Pending is { } pending
                    ? new Outcome.Pending(pending, receipt, Replayed: false)
                    : new Outcome.Applied(ready.Revisions, receipt, Replayed: false)
            );
        }
        if (committing is CommitResult.Duplicate duplicate)
            return StoredAnswers.Replay(ready.Submission, duplicate.Original);
        // Perhaps the roles changed meanwhile: the next attempt is decided on those that are.
        await authorizer.RefreshAsync(ready.Commit.Tenant, cancellationToken);
        return null;
    }

    /// <summary>What follows from a commit's effect outside the store; should the process end before, the next start does it.</summary>
    private async ValueTask FinishAsync(Commit commit, Receipt receipt)
    {
        // It took effect: whoever asked cannot take it back by hanging up.
        if (commit.Effect is CommitEffect.EraseSubjects erase)
            await vault.EraseAsync(commit.Tenant, erase.Subjects, receipt.Index, CancellationToken.None);
        if (commit.Preconditions.Any(condition => condition is Precondition.Fence { Name: Role.Fence }))
            await authorizer.RefreshAsync(commit.Tenant, CancellationToken.None);
    }

    private async ValueTask<Result<Outcome>?> TryAsync(
        Submission submission,
        IChangeGround ground,
        CancellationToken cancellationToken
    )
    {
        while (true)
        {
            var prepared = await PrepareAsync(ground, submission, cancellationToken);
            var outcome = await CommitAsync(prepared, cancellationToken);
            if (prepared is not PreparedChange.Ready { IsPart: true } || outcome is null)
                return outcome;
        }
    }

    /// <summary>What the change rests on besides: a fence that it raises itself need not stand.</summary>
    private static IEnumerable<Precondition> Unfenced(List<Precondition> rests, IReadOnlyList<Precondition> raised)
    {
        var names = raised.OfType<Precondition.Fence>().Select(fence => fence.Name).ToHashSet(StringComparer.Ordinal);
        return rests.Distinct().Where(item => item is not Precondition.FenceStands stands || !names.Contains(stands.Name));
    }

    /// <summary>What was decided holds only as long as the roles that it was decided on.</summary>
    private static IEnumerable<Precondition> RestingOn(Decision? decision) =>
        decision?.AccessVersion is { } version ? [new Precondition.FenceStands(Role.Fence, version)] : [];

    private static Outcome.Unchanged Unchanged(Workspace workspace, Change change) =>
        new([
            .. change
                .Steps.SelectMany(step => step.Operations)
                .Select(operation => operation.Target(change.Project))
                .Distinct()
                .Select(name => new ResourceRevision(name, workspace.RevisionOf(name), Deleted: false)),
        ]);

    private static ResourceName Target(Change change) => change.Steps[0].Operations[0].Target(change.Project);
}

/// <summary>Names the logs: <c>&lt;configured host&gt;/&lt;tenant&gt;/admin</c>.</summary>
/// <param name="Host">A host name that the operator controls; letters, digits, dots, hyphens and colons.</param>
public sealed record LogOrigins(string Host)
{
    /// <summary>The origin of a tenant's administrative log.</summary>
    public string Of(string tenant) => $"{Host}/{tenant}/admin";
}
