using Halyard.Core.Flags;
using Halyard.Core.Storage;
using Halyard.Core.Storage.Privacy;

namespace Halyard.Core.Reading.Pasts;

/// <summary>Reads what a flag's answers in one environment ever came from.</summary>
public sealed class FlagPastReader(IStore store, PersonalVault vault)
{
    /// <summary>How many versions are taken together; more are refused.</summary>
    public const int MaxVersions = 10_000;

    /// <summary>How many bytes their documents may have together; more are refused.</summary>
    public const long MaxBytes = 64 * 1024 * 1024;

    private const int BatchSize = 100;

    /// <summary>
    /// The past of a flag, also of one that was deleted. With <paramref name="all"/> the flags that it ever had as prerequisites
    /// and the segments that any of them ever used are part of it, at any depth.
    /// </summary>
    public async ValueTask<Result<FlagPast>> ReadAsync(
        string tenant,
        string project,
        string flag,
        string environment,
        bool all,
        CancellationToken cancellationToken
    )
    {
        // The head is read first, and what comes after it left out: the whole is as of one entry.
        var head = await store.HeadAsync(tenant, cancellationToken);
        var reading = new Reading(store, vault, tenant, environment, (head?.Range.Size ?? 0) - 1);
        var (flagName, environmentName) = (Flag.NameOf(project, flag), ProjectEnvironment.NameOf(project, environment));
        if (!await reading.AddAsync(environmentName, cancellationToken))
            return new Error.NotFound("environment", environment);
        if (!await reading.AddAsync(flagName, cancellationToken))
            return new Error.NotFound("flag", flag);
        while (all && !reading.IsTooLarge && reading.Next() is { } name)
            await reading.AddAsync(name, cancellationToken);
        return reading.IsTooLarge
            ? Error.Invalid.At(
                "/flag",
                $"its past, with the flags and segments it leans on, has more than {MaxVersions} versions or {MaxBytes} bytes"
            )
            : new FlagPast(project, flag, environment, reading.LedgerIndex, head?.LastAt ?? default, reading.Versions);
    }

    private sealed class Reading(IStore store, PersonalVault vault, string tenant, string environment, long ledgerIndex)
    {
        private readonly HashSet<ResourceName> _seen = [];
        private readonly Queue<ResourceName> _named = [];
        private readonly List<PastVersion> _versions = [];
        private long _bytes;

        public long LedgerIndex => ledgerIndex;

        public IReadOnlyList<PastVersion> Versions => _versions;

        public bool IsTooLarge => _versions.Count > MaxVersions || _bytes > MaxBytes;

        public ResourceName? Next() => _named.TryDequeue(out var name) ? name : null;

        /// <summary>Adds the versions of a name; false where it has none.</summary>
        public async ValueTask<bool> AddAsync(ResourceName name, CancellationToken cancellationToken)
        {
            _seen.Add(name);
            var versions = await store.VersionsOfAsync(tenant, name, MaxVersions + 1, cancellationToken);
            foreach (var batch in versions.Where(version => version.Index <= ledgerIndex).Chunk(BatchSize))
            {
                var alive = (await History.ReadAsync(store, vault, tenant, batch, cancellationToken)).ToDictionary(past =>
                    past.Version
                );
                foreach (var version in batch)
                    Add(version, alive.GetValueOrDefault(version));
                if (IsTooLarge)
                    break;
            }
            return versions.Count > 0;
        }

        private void Add(ResourceVersion version, PastResource? past)
        {
            _versions.Add(new PastVersion(version, past?.Resource, past?.Document.Length ?? 0, past?.IsComplete ?? true));
            _bytes += past?.Document.Length ?? 0;
            foreach (var name in past is null ? [] : Named(past.Resource))
            {
                if (_seen.Add(name))
                    _named.Enqueue(name);
            }
        }

        private IEnumerable<ResourceName> Named(Resource resource) =>
            resource switch
            {
                Flag flag when flag.Environments.TryGetValue(environment, out var configuration) =>
                [
                    .. configuration.Settings.Prerequisites.Select(needed => Flag.NameOf(flag.Name.Project, needed.Flag)),
                    .. References.Segments(configuration.Settings).Select(key => Segment.NameOf(flag.Name.Project, key)),
                ],
                Segment segment => References
                    .Segments(segment.Definition)
                    .Select(key => Segment.NameOf(segment.Name.Project, key)),
                _ => [],
            };
    }
}
