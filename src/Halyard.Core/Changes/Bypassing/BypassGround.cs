using System.Text.Json;
using Halyard.Core.Access.Roles;
using Halyard.Core.Approvals;
using Halyard.Core.Approvals.Bypasses;
using Halyard.Core.Changes.Approving;
using Halyard.Core.Flags;
using Halyard.Core.Flags.Editing;
using Halyard.Core.Reading;
using Halyard.Core.Storage;
using Halyard.Core.Storage.Privacy;
using Halyard.Evaluation.Definitions;

namespace Halyard.Core.Changes.Bypassing;

/// <summary>Works out what bypasses do to the state of now, and how they are undone.</summary>
internal sealed class BypassGround(IStore store, PersonalVault vault, ChangeLoader loader)
{
    /// <summary>How far back a configuration known to be good is looked for.</summary>
    private const int MaxBack = 50;

    private const int MaxAttempts = 3;

    /// <summary>Every bypass of the tenant, and the fence on which that holds.</summary>
    public async ValueTask<(IReadOnlyList<StoredBypass> All, long Fence)> AllAsync(
        string tenant,
        CancellationToken cancellationToken
    )
    {
        // The fence first: what is committed meanwhile moves it, and then nothing that rests on it takes effect.
        var slice = await store.LoadAsync(tenant, [], [EmergencyBypass.Fence], cancellationToken);
        var found = new Dictionary<ResourceName, StoredResource>();
        await store.AddAllAsync(tenant, ResourceKind.Bypass, "", found, cancellationToken);
        return (
            [.. found.Values.Select(stored => new StoredBypass(ResourceDocuments.Load(stored)))],
            slice.Fences[EmergencyBypass.Fence]
        );
    }

    /// <summary>What an emergency operation does to the state of now.</summary>
    public async ValueTask<Result<BypassWork>> WorkOutAsync(
        string tenant,
        BypassOperation operation,
        Func<IReadOnlyList<Operation>, Change> change,
        IReadOnlyList<StoredBypass> all,
        CancellationToken cancellationToken
    )
    {
        for (var attempt = 0; attempt < MaxAttempts; attempt++)
        {
            var placed = await PlaceAsync(tenant, operation.Project, operation.Flag, operation.Environment, cancellationToken);
            if (!placed.TryGet(out var place, out var error))
                return error;
            var (flag, revision, environment) = place;
            var good = await LastGoodAsync(tenant, flag, environment, all, cancellationToken);
            if (!operation.Expand(flag.In(environment).Settings, good?.Revision).TryGet(out var operations, out error))
                return error;
            var prepared = await PrepareAsync(tenant, change(operations), cancellationToken);
            if (!prepared.TryGet(out var work, out error))
                return error;
            if (work.Workspace.RevisionOf(flag.Name) == revision)
                return Judge(work, flag, revision, environment, good?.Settings, all);
        }
        return new Error.Contended();
    }

    /// <summary>How a bypass that took effect is undone now, with the operations that do it.</summary>
    /// <returns><see cref="Error.Contended"/> where the flag was changed in this moment: then it is to be worked out anew.</returns>
    public async ValueTask<Result<BypassUndoing>> UndoAsync(
        string tenant,
        EmergencyBypass bypass,
        string reason,
        CancellationToken cancellationToken
    )
    {
        var effect = bypass.Effect;
        var flagName = Flag.NameOf(bypass.Project, effect.Flag);
        var environmentName = ProjectEnvironment.NameOf(bypass.Project, effect.Environment.Key);
        var slice = await store.LoadAsync(tenant, [flagName, environmentName], [], cancellationToken);
        // Whatever follows holds for this flag in this environment alone, also where nothing is changed.
        List<Precondition> rests =
        [
            .. new[] { flagName, environmentName }.Select(name =>
                slice.Resources.TryGetValue(name, out var stored)
                    ? new Precondition.Unchanged(name, stored.Revision, stored.Id)
                    : new Precondition.Unchanged(name, 0)
            ),
        ];
        // A flag or an environment that is gone serves nothing, and one that was created anew is another.
        if (
            Read<Flag>(slice, flagName) is not { } flag
            || flag.Id != effect.FlagId
            || Read<ProjectEnvironment>(slice, environmentName) is not { } environment
            || environment.Id != effect.Environment.Id
        )
            return new BypassUndoing(new Restoration.Settled(), null, effect.Made, rests);
        var revision = slice.Resources[flagName].Revision;
        var restored = await PastAsync(tenant, flag, effect.Restore, cancellationToken);
        var made = await PastAsync(tenant, flag, effect.Made, cancellationToken);
        var blocked = new BypassUndoing(new Restoration.Blocked(), null, 0, rests);
        if (restored is null || made is null)
            return blocked;
        var now = flag.In(environment);
        var how = Restoration.Of(restored.In(environment).Settings, made.In(environment).Settings, now.Settings);
        var operations = BypassOperation.Undo(effect, how, now.Settings);
        if (operations.Count == 0)
            return how is Restoration.Settled ? new BypassUndoing(how, null, now.Revision, rests) : blocked;
        var change = Change.Edit(bypass.Project, operations, reason, null, bypass.Incident.Id, Actions.RevertBypass);
        // What the present configuration does not admit any more (a variant that is gone) a person must look at.
        if (!(await PrepareAsync(tenant, change, cancellationToken)).TryGet(out var work, out _))
            return blocked;
        return work.Workspace.RevisionOf(flagName) == revision
            ? new BypassUndoing(how, work, revision + 1, work.Preconditions)
            : new Error.Contended();
    }

    private static T? Read<T>(StateSlice slice, ResourceName name)
        where T : Resource =>
        slice.Resources.TryGetValue(name, out var stored) ? (T)ResourceDocuments.Read(name, stored.Document) : null;

    private static Result<BypassWork> Judge(
        ApplyGroundwork work,
        Flag flag,
        long revision,
        ProjectEnvironment environment,
        FlagEnvironment? lastGood,
        IReadOnlyList<StoredBypass> all
    )
    {
        var before = flag.In(environment);
        var after = work.Workspace.Get<Flag>(flag.Name)!.In(environment);
        var kind = EmergencyEffect.Of(before.Settings, after.Settings, lastGood, before.Settings.FallbackVariant);
        if (EmergencyEffect.Refusal(kind, before.Settings, after.Settings) is { } refusal)
            return Error.Invalid.At("/operation", refusal);
        var target = new TargetEnvironment(environment.Key, environment.Id, environment.Type);
        var effect = new BypassEffect(
            flag.Definition.Key,
            flag.Id,
            target,
            work.Operations.Select(RequestContent.TextOf).ToSequence(),
            before.Revision,
            revision,
            revision + 1
        );
        var replaced =
            kind == BypassKind.Temporary
                ? all.FirstOrDefault(other =>
                    other.Bypass.Times.RevertAt is not null
                    && other.Bypass.Project == flag.Project
                    && other.Bypass.Effect.IsOfSame(effect)
                )
                : null;
        if (replaced is not null)
            effect = effect with { Restore = replaced.Bypass.Effect.Restore };
        return new BypassWork(work, flag, kind, effect, replaced);
    }

    private async ValueTask<Result<ApplyGroundwork>> PrepareAsync(
        string tenant,
        Change change,
        CancellationToken cancellationToken
    )
    {
        if (!(await loader.LoadAsync(tenant, change, cancellationToken)).TryGet(out var state, out var error))
            return error;
        var step = change.Steps[0];
        ChangeEditor.Apply(state.Workspace, step, step.Pointer);
        var compared = ChangeEditor.Compare(state.Workspace, step);
        var impact = ImpactSet.Of(state.Workspace, compared.Edits);
        return StepRules.Check(state.Workspace, change, step, compared.Edits, impact) is { } refusal
            ? refusal
            : new ApplyGroundwork(change, step.Operations, state.Workspace, compared, impact, state.Preconditions);
    }

    private async ValueTask<Result<(Flag Flag, long Revision, ProjectEnvironment Environment)>> PlaceAsync(
        string tenant,
        string project,
        string flag,
        string environment,
        CancellationToken cancellationToken
    )
    {
        var (flagName, environmentName) = (Flag.NameOf(project, flag), ProjectEnvironment.NameOf(project, environment));
        var slice = await store.LoadAsync(tenant, [flagName, environmentName], [], cancellationToken);
        if (!slice.Resources.TryGetValue(flagName, out var stored))
            return new Error.NotFound("flag", flag);
        if (!slice.Resources.TryGetValue(environmentName, out var place))
            return new Error.NotFound("environment", environment);
        return (
            (Flag)ResourceDocuments.Read(flagName, stored.Document),
            stored.Revision,
            (ProjectEnvironment)ResourceDocuments.Read(environmentName, place.Document)
        );
    }

    /// <summary>
    /// The newest configuration before the present one that serves something else and that no bypass made, nor anybody of what a
    /// temporary one had made before that was ratified or undone, with the flag's revision that has it; <see langword="null"/> where none is found.
    /// </summary>
    private async ValueTask<(long Revision, FlagEnvironment Settings)?> LastGoodAsync(
        string tenant,
        Flag flag,
        ProjectEnvironment environment,
        IReadOnlyList<StoredBypass> all,
        CancellationToken cancellationToken
    )
    {
        // What people made of a temporary bypass in the ordinary way has what nobody approved in it still.
        var unapproved = all.Select(stored => stored.Bypass)
            .Where(bypass => bypass is { Kind: BypassKind.Temporary, State: not BypassState.Ratified })
            .Where(bypass => bypass.Effect.FlagId == flag.Id && bypass.Effect.Environment.Id == environment.Id)
            .Select(bypass => bypass.Effect)
            .ToList();
        var present = flag.In(environment);
        var changedIn = present.Revision;
        for (var back = 0; back < MaxBack && changedIn > 1; back++)
        {
            if (await PastAsync(tenant, flag, changedIn - 1, cancellationToken) is not { } past)
                return null;
            var was = past.In(environment);
            // Which variant is declared for emergencies is served to nobody.
            var servesOther = was.Settings with { FallbackVariant = present.Settings.FallbackVariant } != present.Settings;
            var isTainted = unapproved.Exists(effect => effect.Taints(was.Revision));
            if (servesOther && !isTainted && !await IsEmergencyAsync(tenant, flag.Id, was.Revision, cancellationToken))
                return (changedIn - 1, was.Settings);
            changedIn = was.Revision;
        }
        return null;
    }

    /// <summary>Whether a bypass made a revision; where its entry was purged, nobody can say that none did.</summary>
    private async ValueTask<bool> IsEmergencyAsync(string tenant, string flag, long revision, CancellationToken cancellationToken)
    {
        if (revision == 0)
            return false;
        if (await store.VersionAsync(tenant, flag, revision, cancellationToken) is not { } version)
            return true;
        if (await store.EntryAsync(tenant, version.Index, cancellationToken) is not { } entry)
            return true;
        using var leaf = JsonDocument.Parse(entry.Leaf);
        return leaf.RootElement.GetProperty("type").GetString() == BypassWork.EntryType;
    }

    private async ValueTask<Flag?> PastAsync(string tenant, Flag flag, long revision, CancellationToken cancellationToken)
    {
        var version = await store.VersionAsync(tenant, flag.Id, revision, cancellationToken);
        return
            version is not null
            && await History.ReadAsync(store, vault, tenant, [version], cancellationToken)
                is [{ Resource: Flag past, IsComplete: true }]
            ? past
            : null;
    }
}

/// <summary>A bypass as it was found.</summary>
internal sealed record StoredBypass(Loaded Found)
{
    /// <summary>Its state.</summary>
    public EmergencyBypass Bypass => (EmergencyBypass)Found.Resource;
}

/// <summary>How a bypass is undone now.</summary>
/// <param name="How">What is to be done.</param>
/// <param name="Work">The edit that does it, or <see langword="null"/> where nothing is changed.</param>
/// <param name="Undone">The revision of the flag that has nothing of it any more, where nothing is left then.</param>
/// <param name="Rests">On what that rests.</param>
internal sealed record BypassUndoing(Restoration How, ApplyGroundwork? Work, long Undone, IReadOnlyList<Precondition> Rests);

/// <summary>What a bypass does to the state of now.</summary>
/// <param name="Ground">The edit.</param>
/// <param name="Flag">The flag as it was found.</param>
/// <param name="Kind">What kind of effect it has.</param>
/// <param name="Effect">What it does where.</param>
/// <param name="Replaced">The bypass whose place it takes, or <see langword="null"/>.</param>
internal sealed record BypassWork(ApplyGroundwork Ground, Flag Flag, BypassKind Kind, BypassEffect Effect, StoredBypass? Replaced)
{
    /// <summary>The type of the flag's entry.</summary>
    public const string EntryType = "flag.emergency_override";
}
