using System.Collections.Frozen;
using Halyard.Core.Flags;
using Halyard.Core.Storage;
using Halyard.Evaluation;

namespace Halyard.Core.Reading;

/// <summary>An environment as it was at a time.</summary>
/// <param name="Definition">What it evaluated.</param>
/// <param name="Versions">The versions that were in force, by name: the environment's, the flags' and the segments'.</param>
/// <param name="Erased">The names of those versions of which personal values were erased.</param>
public sealed record PastEnvironment(
    EnvironmentDefinition Definition,
    IReadOnlyDictionary<ResourceName, ResourceVersion> Versions,
    IReadOnlySet<ResourceName> Erased
)
{
    /// <summary>The environment itself.</summary>
    public required ProjectEnvironment Environment { get; init; }

    /// <summary>The flags as they were, by key.</summary>
    public required IReadOnlyDictionary<string, Flag> Flags { get; init; }

    /// <summary>The keys of the flags of whose values the ledger holds commitments.</summary>
    public IReadOnlySet<string> Sensitive { get; init; } = FrozenSet<string>.Empty;

    /// <summary>
    /// Whether personal values were erased of what a flag's answers came from, or without a flag of anything: whom they named may have
    /// got something else.
    /// </summary>
    public bool ValuesErased(string? flag) =>
        Erased.Count > 0 && (flag is null || SourcesOf(flag).Any(version => Erased.Contains(version.Name)));

    /// <summary>
    /// The versions that a flag's answers came from: the environment's, the flag's own, and those of its prerequisites and of the
    /// segments that any of them use, at any depth; ordered by kind and key.
    /// </summary>
    public IReadOnlyList<ResourceVersion> SourcesOf(string flag)
    {
        var flags = Definition.Flags.ToDictionary(entry => entry.Flag.Key, StringComparer.Ordinal);
        var segments = Definition.Segments.ToDictionary(segment => segment.Key, StringComparer.Ordinal);
        var environment = ProjectEnvironment.NameOf(Definition.Project, Definition.Environment);
        var found = new Dictionary<ResourceName, ResourceVersion> { [environment] = Versions[environment] };
        var named = new Queue<ResourceName>([Flag.NameOf(Definition.Project, flag)]);
        while (named.TryDequeue(out var name))
        {
            // What was named and not there is no source; the flag did not compile then, and the answer says so.
            if (!Versions.TryGetValue(name, out var version) || !found.TryAdd(name, version))
                continue;
            foreach (
                var next in name.Kind == ResourceKind.Flag ? Of(flags[name.Key]) : Of(References.Segments(segments[name.Key]))
            )
                named.Enqueue(next);
        }
        return
        [
            .. found.Values.OrderBy(version => version.Name.Kind).ThenBy(version => version.Name.Key, StringComparer.Ordinal),
        ];
    }

    private IEnumerable<ResourceName> Of(FlagInEnvironment entry) =>
        entry
            .Configuration.Prerequisites.Select(needed => Flag.NameOf(Definition.Project, needed.Flag))
            .Concat(Of(References.Segments(entry.Configuration)));

    private IEnumerable<ResourceName> Of(IEnumerable<string> segments) =>
        segments.Select(key => Segment.NameOf(Definition.Project, key));
}
