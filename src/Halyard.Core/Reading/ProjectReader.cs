using System.Collections.Frozen;
using Halyard.Core.Flags;
using Halyard.Core.Storage;
using Halyard.Core.Storage.Privacy;
using Halyard.Evaluation;

namespace Halyard.Core.Reading;

/// <summary>Reads projects as they are, or as they were at a time.</summary>
public sealed class ProjectReader(IStore store, PersonalVault vault)
{
    private const int PageSize = 1_000;

    /// <summary>One resource now, or <see langword="null"/>.</summary>
    public async ValueTask<ResourceView?> FindAsync(string tenant, ResourceName name, CancellationToken cancellationToken)
    {
        var slice = await store.LoadAsync(tenant, [name], [], cancellationToken);
        return slice.Resources.TryGetValue(name, out var stored) ? ResourceView.Of(stored) : null;
    }

    /// <summary>Every resource of a kind, now, in key order after a cursor, as far as <paramref name="matches"/> and the limit go.</summary>
    /// <returns>The page, and the cursor of the next one or <see langword="null"/>.</returns>
    public async ValueTask<(IReadOnlyList<ResourceView> Items, string? Next)> ListAsync(
        string tenant,
        ResourceKind kind,
        string project,
        Func<Resource, bool> matches,
        string? after,
        int limit,
        CancellationToken cancellationToken
    )
    {
        var items = new List<ResourceView>();
        while (true)
        {
            var page = await store.ListAsync(tenant, kind, project, after, PageSize, cancellationToken);
            foreach (var stored in page)
            {
                after = stored.Name.Key;
                var view = ResourceView.Of(stored);
                if (!matches(view.Resource))
                    continue;
                if (items.Count == limit)
                    return (items, items[^1].Resource.Name.Key);
                items.Add(view);
            }
            if (page.Count < PageSize)
                return (items, null);
        }
    }

    /// <summary>Flags of a project now, by key: those named that exist, or all.</summary>
    public async ValueTask<IReadOnlyDictionary<string, Flag>> FlagsAsync(
        string tenant,
        string project,
        string? named,
        CancellationToken cancellationToken
    )
    {
        if (named is null)
        {
            var all = await ListAsync(tenant, ResourceKind.Flag, project, _ => true, null, int.MaxValue, cancellationToken);
            return all.Items.Select(view => (Flag)view.Resource).ToDictionary(flag => flag.Name.Key, StringComparer.Ordinal);
        }
        var one = await FindAsync(tenant, Flag.NameOf(project, named), cancellationToken);
        return one is null
            ? FrozenDictionary<string, Flag>.Empty
            : new Dictionary<string, Flag>(StringComparer.Ordinal) { [named] = (Flag)one.Resource };
    }

    /// <summary>
    /// The index of the entry that last changed a flag's own members or its configuration in an environment, both as they are given;
    /// <see langword="null"/> where the log no longer has it.
    /// </summary>
    public async ValueTask<long?> ChangedByAsync(
        string tenant,
        Flag flag,
        ProjectEnvironment environment,
        CancellationToken cancellationToken
    ) => (await store.VersionAsync(tenant, flag.Id, flag.ChangedIn(environment), cancellationToken))?.Index;

    /// <summary>
    /// Every resource of a kind as it was at a time, in key order. Documents are as the ledger knows them, personal values hidden,
    /// unless these are to be revealed.
    /// </summary>
    public async ValueTask<IReadOnlyList<ResourceView>> AtAsync(
        string tenant,
        ResourceKind kind,
        string project,
        DateTimeOffset at,
        bool reveal,
        CancellationToken cancellationToken
    )
    {
        var past = await PastAsync(tenant, kind, project, at, cancellationToken);
        return
        [
            .. past.Select(item => new ResourceView(
                item.Resource,
                item.Version.Revision,
                reveal ? item.Document : item.Sealed,
                null,
                item.Version.EffectiveAt
            )),
        ];
    }

    /// <summary>One environment with everything that evaluation needs, as it was at a time; <see langword="null"/> where there was none.</summary>
    public async ValueTask<PastEnvironment?> EnvironmentAtAsync(
        string tenant,
        string project,
        string environment,
        DateTimeOffset at,
        CancellationToken cancellationToken
    )
    {
        var head = await store.HeadAsync(tenant, cancellationToken);
        var environments = await PastAsync(tenant, ResourceKind.Environment, project, at, cancellationToken);
        if (environments.FirstOrDefault(item => item.Resource.Name.Key == environment) is not { } found)
            return null;
        var flags = await PastAsync(tenant, ResourceKind.Flag, project, at, cancellationToken);
        var segments = await PastAsync(tenant, ResourceKind.Segment, project, at, cancellationToken);
        var definition = EnvironmentDefinitions.Build(
            (ProjectEnvironment)found.Resource,
            flags.Select(item => ((Flag)item.Resource, item.Version.Revision)),
            segments.Select(item => (Segment)item.Resource),
            (head?.Range.Size ?? 0) - 1
        );
        List<PastResource> all = [.. flags, .. segments, found];
        return new PastEnvironment(
            definition,
            all.ToDictionary(item => item.Version.Name, item => item.Version),
            all.Where(item => !item.IsComplete).Select(item => item.Version.Name).ToHashSet()
        )
        {
            Environment = (ProjectEnvironment)found.Resource,
            Flags = flags.Select(item => (Flag)item.Resource).ToDictionary(flag => flag.Name.Key, StringComparer.Ordinal),
            Sensitive = flags
                .Where(item => ((Flag)item.Resource).Sensitive)
                .Select(item => item.Version.Name.Key)
                .ToHashSet(StringComparer.Ordinal),
        };
    }

    private async ValueTask<IReadOnlyList<PastResource>> PastAsync(
        string tenant,
        ResourceKind kind,
        string project,
        DateTimeOffset at,
        CancellationToken cancellationToken
    )
    {
        var versions = await store.VersionsAtAsync(tenant, kind, project, at, cancellationToken);
        return await History.ReadAsync(store, vault, tenant, versions, cancellationToken);
    }
}

/// <summary>A resource with what surrounds it.</summary>
/// <param name="Resource">Its state.</param>
/// <param name="Revision">Its revision.</param>
/// <param name="Document">Its canonical document.</param>
/// <param name="CreatedAt">When it was created; <see langword="null"/> where a past state was asked for.</param>
/// <param name="UpdatedAt">When this revision took effect.</param>
public sealed record ResourceView(
    Resource Resource,
    long Revision,
    byte[] Document,
    DateTimeOffset? CreatedAt,
    DateTimeOffset UpdatedAt
)
{
    internal static ResourceView Of(StoredResource stored) =>
        new(
            ResourceDocuments.Read(stored.Name, stored.Document),
            stored.Revision,
            stored.Document,
            stored.CreatedAt,
            stored.UpdatedAt
        );
}

/// <summary>Builds what the snapshot compiler takes.</summary>
public static class EnvironmentDefinitions
{
    /// <summary>The definition of one environment; in a disabled environment every flag is disabled.</summary>
    public static EnvironmentDefinition Build(
        ProjectEnvironment environment,
        IEnumerable<(Flag Flag, long Revision)> flags,
        IEnumerable<Segment> segments,
        long ledgerIndex
    ) =>
        new(
            environment.Project,
            environment.Key,
            ledgerIndex,
            [
                .. flags.Select(item =>
                {
                    var settings = item.Flag.In(environment).Settings;
                    return new FlagInEnvironment(
                        item.Flag.Definition,
                        environment.Enabled ? settings : settings with { Enabled = false },
                        item.Revision
                    );
                }),
            ],
            [.. segments.Select(segment => segment.Definition)]
        );
}
