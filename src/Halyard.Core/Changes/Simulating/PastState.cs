using Halyard.Core.Changes.Approving;
using Halyard.Core.Flags;
using Halyard.Core.Flags.Editing;
using Halyard.Core.Reading;
using Halyard.Core.Storage;
using Halyard.Core.Storage.Privacy;

namespace Halyard.Core.Changes.Simulating;

/// <summary>
/// What a tenant's projects were before one entry of the log, carried from entry to entry. A project is read when a change of it is
/// asked about for the first time; until then only the versions are followed.
/// </summary>
internal sealed class PastState(IStore store, PersonalVault vault, string tenant)
{
    private const int BatchSize = 500;

    private readonly Dictionary<string, Dictionary<ResourceName, ResourceVersion>> _versions = new(StringComparer.Ordinal);
    private readonly Dictionary<string, PastProject> _projects = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ServedCounts> _counts = new(StringComparer.Ordinal);

    /// <summary>Whether policies see more of resources of the kind than what kind they are of.</summary>
    public static bool IsSeen(ResourceKind kind) =>
        kind is ResourceKind.Environment or ResourceKind.Flag or ResourceKind.Segment or ResourceKind.Freeze;

    /// <summary>Takes the last versions before the first entry that is followed.</summary>
    public void Begin(IEnumerable<ResourceVersion> versions)
    {
        foreach (var version in versions.Where(version => IsSeen(version.Name.Kind)))
            Remember(version);
    }

    /// <summary>The project as it is by now.</summary>
    public async ValueTask<PastProject> ProjectAsync(string key, CancellationToken cancellationToken)
    {
        if (_projects.TryGetValue(key, out var known))
            return known;
        var found = new List<Loaded>();
        foreach (var batch in _versions.GetValueOrDefault(key)?.Values.Chunk(BatchSize) ?? [])
            found.AddRange((await ReadAsync(batch, cancellationToken)).Values);
        return _projects[key] = new PastProject(key, found);
    }

    /// <summary>What versions left behind; a deletion left nothing.</summary>
    public async ValueTask<Dictionary<ResourceVersion, Loaded>> ReadAsync(
        IReadOnlyList<ResourceVersion> versions,
        CancellationToken cancellationToken
    )
    {
        var past = await History.ReadAsync(store, vault, tenant, versions, cancellationToken);
        return past.ToDictionary(
            item => item.Version,
            item => new Loaded(item.Resource, item.Version.Revision, item.Document, item.Sealed)
        );
    }

    /// <summary>Whether what an entry left behind must be read, because its project is being followed.</summary>
    public bool IsFollowed(ResourceVersion version) => IsSeen(version.Name.Kind) && _projects.ContainsKey(version.Name.Project);

    /// <summary>Goes on past an entry.</summary>
    public void Follow(FeedEntry entry, IReadOnlyDictionary<ResourceVersion, Loaded> after)
    {
        foreach (var version in entry.Resources.Where(version => IsSeen(version.Name.Kind)))
        {
            Remember(version);
            if (_projects.TryGetValue(version.Name.Project, out var project))
                project.Follow(version.Name, after.GetValueOrDefault(version));
        }
    }

    /// <summary>The earlier revisions of flags that operations name, those that exist.</summary>
    public async ValueTask<Dictionary<(string Flag, long Revision), Flag?>> PastOfAsync(
        PastProject project,
        IReadOnlyList<Operation> operations,
        CancellationToken cancellationToken
    )
    {
        var past = new Dictionary<(string Flag, long Revision), Flag?>();
        foreach (var revert in operations.OfType<RevertToRevision>())
        {
            var id = project.Find(revert.Target(project.Key))?.Resource.Id;
            var version = id is null ? null : await store.VersionAsync(tenant, id, revert.Revision, cancellationToken);
            if (
                version is not null
                && (await ReadAsync([version], cancellationToken)).Values.SingleOrDefault()?.Resource is Flag flag
            )
                past[(revert.Flag, revert.Revision)] = flag;
        }
        return past;
    }

    /// <summary>How often what was served in a project's environments, as it is counted today.</summary>
    public async ValueTask<IReadOnlyDictionary<string, ServedCounts>> CountsAsync(
        string project,
        CancellationToken cancellationToken
    )
    {
        var counts = new Dictionary<string, ServedCounts>(StringComparer.Ordinal);
        var versions = _versions.GetValueOrDefault(project)?.Values ?? Enumerable.Empty<ResourceVersion>();
        foreach (var version in versions.Where(version => version.Name.Kind == ResourceKind.Environment))
        {
            if (!_counts.TryGetValue(version.Id, out var known))
                _counts[version.Id] = known = await ServedCounts.LoadAsync(store, tenant, version.Id, cancellationToken);
            counts[version.Name.Key] = known;
        }
        return counts;
    }

    private void Remember(ResourceVersion version)
    {
        var (name, project) = (version.Name, version.Name.Project);
        if (!_versions.TryGetValue(project, out var versions))
            _versions[project] = versions = [];
        if (version.Document is null)
            versions.Remove(name);
        else
            versions[name] = version;
    }
}
