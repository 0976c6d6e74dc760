using Halyard.Core.Flags;
using Halyard.Core.Policies.Checks;
using Halyard.Core.Reading;
using Halyard.Core.Storage;
using Halyard.Core.Storage.Privacy;
using Halyard.Ledger;

namespace Halyard.Core.Changes.Gating;

/// <summary>Since when an environment serves something.</summary>
/// <param name="Time">Since when without a break, or <see langword="null"/> where it is not in force, or nobody knows.</param>
/// <param name="IsKnown">False where the log does not say.</param>
/// <param name="Rests">What the answer rests on besides the flag.</param>
internal sealed record SoakBegin(DateTimeOffset? Time, bool IsKnown, IReadOnlyList<Precondition> Rests)
{
    /// <summary>How long, up to a time; zero where it is not in force, <see langword="null"/> where nobody knows.</summary>
    public TimeSpan? Until(DateTimeOffset now) =>
        !IsKnown ? null
        : Time is { } since && since < now ? now - since
        : TimeSpan.Zero;
}

/// <summary>
/// Reads from the ledger since when an environment serves exactly some configuration of a flag. The time is that of the log's entry: what
/// was imported counts from the import. Whatever the configuration refers to (segments, prerequisites, the environment itself)
/// counts from its own last change.
/// </summary>
internal sealed class SoakReader(IStore store, PersonalVault vault)
{
    /// <summary>How many stays of the same value in a row are followed back; beyond them time is not counted.</summary>
    private const int MaxSteps = 50;

    /// <summary>Since when an environment serves a value of a flag without a break.</summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="flag">The flag as it is.</param>
    /// <param name="environment">The environment as it is.</param>
    /// <param name="value">The value, as <see cref="ServedValue"/> has it.</param>
    /// <param name="cancellationToken">Ends waiting.</param>
    public async ValueTask<SoakBegin> SinceAsync(
        string tenant,
        Flag flag,
        ProjectEnvironment environment,
        Digest value,
        CancellationToken cancellationToken
    )
    {
        if (!environment.Enabled || ServedValue.Of(flag, flag.In(environment).Settings) != value)
            return new SoakBegin(null, IsKnown: true, []);
        if (!await IsRecordedAsync(tenant, flag, environment, cancellationToken))
            return new SoakBegin(null, IsKnown: true, []);
        var since = await BeganAsync(tenant, flag, environment, value, cancellationToken);
        var (others, rests) = await OthersAsync(tenant, flag, environment, cancellationToken);
        if (since is null || others.Contains(null))
            return new SoakBegin(null, IsKnown: false, rests);
        return new SoakBegin(others.Append(since).Max(), IsKnown: true, rests);
    }

    /// <summary>Whether the log has the flag as it is already: what an earlier line of the same import made begins with the import.</summary>
    private async ValueTask<bool> IsRecordedAsync(
        string tenant,
        Flag flag,
        ProjectEnvironment environment,
        CancellationToken cancellationToken
    )
    {
        var slice = await store.LoadAsync(tenant, [flag.Name], [], cancellationToken);
        return slice.Resources.GetValueOrDefault(flag.Name) is { } stored
            && stored.Id == flag.Id
            && stored.Revision >= flag.ChangedIn(environment);
    }

    /// <summary>Goes back from stay to stay, as long as each is one of the same value.</summary>
    private async ValueTask<DateTimeOffset?> BeganAsync(
        string tenant,
        Flag flag,
        ProjectEnvironment environment,
        Digest value,
        CancellationToken cancellationToken
    )
    {
        DateTimeOffset? since = null;
        for (var step = 0; step < MaxSteps; step++)
        {
            var began = flag.ChangedIn(environment);
            since = await RecordedAsync(tenant, flag.Id, began, cancellationToken) ?? since;
            if (began <= 1 || await PastAsync(tenant, flag.Id, began - 1, cancellationToken) is not { } before)
                break;
            if (ServedValue.Of(before, before.In(environment).Settings) != value)
                break;
            flag = before;
        }
        return since;
    }

    private async ValueTask<Flag?> PastAsync(string tenant, string id, long revision, CancellationToken cancellationToken)
    {
        var version = await store.VersionAsync(tenant, id, revision, cancellationToken);
        if (version?.Document is null)
            return null;
        var past = await History.ReadAsync(store, vault, tenant, [version], cancellationToken);
        // Of one with values that were erased nobody knows whether they were the same.
        return past is [{ IsComplete: true, Resource: Flag flag }] ? flag : null;
    }

    /// <summary>When the log got a revision; where that entry was purged, when it got the oldest that it still has, which is later.</summary>
    private async ValueTask<DateTimeOffset?> RecordedAsync(
        string tenant,
        string id,
        long revision,
        CancellationToken cancellationToken
    )
    {
        if (
            await store.VersionAsync(tenant, id, revision, cancellationToken) is { } version
            && await store.EntryAsync(tenant, version.Index, cancellationToken) is { } entry
        )
            return entry.At;
        var oldest = await store.FeedAsync(tenant, 0, 1, cancellationToken);
        return oldest.Count == 0 ? null : (await store.EntryAsync(tenant, oldest[0].Index, cancellationToken))?.At;
    }

    /// <summary>When each thing that the configuration rests on last changed.</summary>
    private async ValueTask<(List<DateTimeOffset?> Times, List<Precondition> Rests)> OthersAsync(
        string tenant,
        Flag flag,
        ProjectEnvironment environment,
        CancellationToken cancellationToken
    )
    {
        var (times, rests) = (new List<DateTimeOffset?>(), new List<Precondition>());
        var seen = new HashSet<ResourceName> { flag.Name };
        var next = References(flag, environment).Append(environment.Name).Where(seen.Add).ToList();
        while (next.Count > 0)
        {
            var slice = await store.LoadAsync(tenant, next, [], cancellationToken);
            var further = new List<ResourceName>();
            foreach (var name in next)
            {
                if (!slice.Resources.TryGetValue(name, out var stored))
                {
                    times.Add(null);
                    continue;
                }
                var resource = ResourceDocuments.Read(name, stored.Document);
                var changed = resource is Flag other ? other.ChangedIn(environment) : stored.Revision;
                times.Add(await RecordedAsync(tenant, stored.Id, changed, cancellationToken));
                rests.Add(new Precondition.Unchanged(name, stored.Revision, stored.Id));
                further.AddRange(References(resource, environment));
            }
            next = [.. further.Where(seen.Add)];
        }
        return (times, rests);
    }

    private static IEnumerable<ResourceName> References(Resource resource, ProjectEnvironment environment) =>
        resource switch
        {
            Flag flag when flag.In(environment).Settings is var settings => Flags
                .References.Segments(settings)
                .Select(key => Segment.NameOf(flag.Project, key))
                .Concat(settings.Prerequisites.Select(item => Flag.NameOf(flag.Project, item.Flag))),
            Segment segment => Flags.References.Segments(segment.Definition).Select(key => Segment.NameOf(segment.Project, key)),
            _ => [],
        };
}
