using System.Collections.Concurrent;
using Halyard.Core.Changes.Approving;
using Halyard.Core.Flags;
using Halyard.Core.Flags.Editing;
using Halyard.Core.Policies;
using Halyard.Core.Policies.Freezes;
using Halyard.Core.Reading;
using Halyard.Core.Storage;

namespace Halyard.Core.Changes.Freezing;

/// <summary>The freezes that a change meets, and on what that answer rests.</summary>
internal sealed record FreezesMet(IReadOnlyList<MetFreeze> Met, IReadOnlyList<Precondition> Rests)
{
    public static FreezesMet None { get; } = new([], []);

    /// <summary>All of them in words.</summary>
    public string Words => string.Join("; ", Met.Select(met => met.Words));

    /// <summary>When the last of them ends, or <see langword="null"/> where nobody knows.</summary>
    public DateTimeOffset? Until => Met.Max(met => met.Window.End) is var end && end == DateTimeOffset.MaxValue ? null : end;
}

/// <summary>The freezes of a tenant, as of one version of them.</summary>
internal sealed record FreezeCalendar(long Version, IReadOnlyList<Freeze> Freezes)
{
    /// <summary>The answer that no freeze is met, which rests on the calendar.</summary>
    public FreezesMet NoneMet { get; } = new([], [new Precondition.FenceStands(Freeze.Fence, Version)]);
}

/// <summary>Asks the tenant's freezes about a change.</summary>
internal sealed class FreezeGround(IStore store, ITimeZones zones)
{
    private readonly ConcurrentDictionary<string, FreezeCalendar> _known = new(StringComparer.Ordinal);
    private readonly ServedComparison _served = new(store);

    /// <summary>What a change meets that takes effect at an instant; nothing where it is safer in every environment that is frozen.</summary>
    public async ValueTask<FreezesMet> MetAsync(
        string tenant,
        FreezeCalendar calendar,
        Workspace workspace,
        IReadOnlyList<ResourceEdit> edits,
        Impact impact,
        DateTimeOffset at,
        CancellationToken cancellationToken
    )
    {
        var environments = impact.Environments;
        if (environments.Count == 0)
            return FreezesMet.None;
        if (calendar.Freezes.Count == 0)
            return calendar.NoneMet;
        var tags = Tags(workspace, edits, impact);
        var covered = AsTheyWere(edits, environments);
        var rests = calendar.NoneMet.Rests;
        if (FreezeRules.Met(AskingForOtherTags(calendar, tags), zones, covered, tags, safer: false, at).Count > 0)
        {
            var affected = await AffectedFlags.LoadAsync(store, tenant, workspace, edits, environments, cancellationToken);
            tags.UnionWith(affected.Flags.SelectMany(flag => flag.Tags));
            rests = [.. rests, .. affected.Rests];
        }
        if (FreezeRules.Met(calendar.Freezes, zones, covered, tags, safer: false, at).Count == 0)
            return new FreezesMet([], rests);
        // What is served is compared only where that decides.
        var served = await _served.OfAsync(tenant, workspace, edits, environments, at, cancellationToken);
        var both = edits.Select(edit => (edit.Before?.Resource, edit.After)).ToList();
        var riskier = covered.Where(environment =>
            !served.ByEnvironment.TryGetValue(environment.Key, out var compared)
            || ServingFacts.DirectionOf(compared, both) == ChangeDirection.Riskier
        );
        return new FreezesMet(
            FreezeRules.Met(calendar.Freezes, zones, [.. riskier], tags, safer: false, at),
            [.. rests, .. served.Rests]
        );
    }

    /// <summary>
    /// The freezes of tags that none of the flags touched has, as if they were of all flags: whether flags that need these have one is
    /// looked up only where such a freeze would hold.
    /// </summary>
    private static IEnumerable<Freeze> AskingForOtherTags(FreezeCalendar calendar, HashSet<string> tags) =>
        calendar
            .Freezes.Where(freeze => freeze.Settings.Scope.Tags is { Count: > 0 } asked && !asked.Any(tags.Contains))
            .Select(freeze =>
                freeze with
                {
                    Settings = freeze.Settings with { Scope = freeze.Settings.Scope with { Tags = [] } },
                }
            );

    /// <summary>The freezes of now.</summary>
    public async ValueTask<FreezeCalendar> LoadAsync(string tenant, CancellationToken cancellationToken)
    {
        var slice = await store.LoadAsync(tenant, [], [Freeze.Fence], cancellationToken);
        return await LoadAsync(tenant, slice.Fences[Freeze.Fence], cancellationToken);
    }

    /// <summary>The freezes of a version that was read just now.</summary>
    public async ValueTask<FreezeCalendar> LoadAsync(string tenant, long version, CancellationToken cancellationToken)
    {
        // The version came first: what is committed meanwhile may be seen already, and then nothing that rests on the version takes effect.
        if (_known.TryGetValue(tenant, out var known) && known.Version == version)
            return known;
        var found = new Dictionary<ResourceName, StoredResource>();
        await store.AddAllAsync(tenant, ResourceKind.Freeze, "", found, cancellationToken);
        var freezes = found.Values.Select(stored => (Freeze)ResourceDocuments.Read(stored.Name, stored.Document));
        known = new FreezeCalendar(version, [.. freezes]);
        _known[tenant] = known;
        return known;
    }

    /// <summary>The environments as they are and as the change leaves them: making production a staging does not thaw it.</summary>
    private static List<ProjectEnvironment> AsTheyWere(
        IReadOnlyList<ResourceEdit> edits,
        IReadOnlyList<ProjectEnvironment> environments
    ) => [.. environments.Concat(edits.Select(edit => edit.Before?.Resource).OfType<ProjectEnvironment>()).Distinct()];

    private static HashSet<string> Tags(Workspace workspace, IReadOnlyList<ResourceEdit> edits, Impact impact) =>
        edits
            .SelectMany(edit => new[] { edit.Before?.Resource, edit.After })
            .Concat(impact.Flags.Select(key => workspace.Found<Flag>(Flag.NameOf(workspace.Project, key))))
            .OfType<Flag>()
            .SelectMany(flag => flag.Tags)
            .ToHashSet(StringComparer.Ordinal);
}
