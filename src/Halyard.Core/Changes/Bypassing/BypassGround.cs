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
            var good = await LastGoodAsync(tenant, flag, environment, cancellationToken);
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
    public async ValueTask<(Restoration How, ApplyGroundwork? Work)> UndoAsync(
        string tenant,
        EmergencyBypass bypass,
        string reason,
        CancellationToken cancellationToken
    )
    {
        var effect = bypass.Effect;
        var placed = await PlaceAsync(tenant, bypass.Project, effect.Flag, effect.Environment.Key, cancellationToken);
        // A flag or an environment that is gone serves nothing, and one that was created anew is another.
        if (!placed.TryGet(out var place, out _) || place.Environment.Id != effect.Environment.Id)
            return (new Restoration.Settled(), null);
        var restored = await PastAsync(tenant, place.Flag, effect.Restore, cancellationToken);
        var made = await PastAsync(tenant, place.Flag, effect.Made, cancellationToken);
        if (restored is null || made is null)
            return (new Restoration.Blocked(), null);
        var now = place.Flag.In(place.Environment).Settings;
        var how = Restoration.Of(restored.In(place.Environment).Settings, made.In(place.Environment).Settings, now);
        if (how is not Restoration.Due due)
            return (how, null);
        List<Operation> operations = [BypassOperation.Revert(effect.Flag, effect.Environment.Key, effect.Restore)];
        if (due.StaysOff)
            operations.AddRange(BypassOperation.SwitchOff(effect.Flag, effect.Environment.Key, due.Target.OffVariant));
        var change = Change.Edit(bypass.Project, operations, reason, null, bypass.Incident.Id, Actions.RevertBypass);
        var prepared = await PrepareAsync(tenant, change, cancellationToken);
        return prepared.TryGet(out var work, out _) && work.Workspace.RevisionOf(place.Flag.Name) == place.Revision
            ? (how, work)
            : (new Restoration.Blocked(), null);
    }

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
    /// The newest configuration before the present one that serves something else and that no bypass made, with the flag's revision
    /// that has it; <see langword="null"/> where none is found.
    /// </summary>
    private async ValueTask<(long Revision, FlagEnvironment Settings)?> LastGoodAsync(
        string tenant,
        Flag flag,
        ProjectEnvironment environment,
        CancellationToken cancellationToken
    )
    {
        var present = flag.In(environment);
        var changedIn = present.Revision;
        for (var back = 0; back < MaxBack && changedIn > 1; back++)
        {
            if (await PastAsync(tenant, flag, changedIn - 1, cancellationToken) is not { } past)
                return null;
            var was = past.In(environment);
            // Which variant is declared for emergencies is served to nobody.
            var servesOther = was.Settings with { FallbackVariant = present.Settings.FallbackVariant } != present.Settings;
            if (servesOther && !await IsEmergencyAsync(tenant, flag.Id, was.Revision, cancellationToken))
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
