using System.Collections.Immutable;
using Halyard.Core.Flags;
using Halyard.Core.Storage;

namespace Halyard.Core.Reading.Pasts;

/// <summary>A version with the resource that it made.</summary>
/// <param name="Version">Which.</param>
/// <param name="Resource">The resource; <see langword="null"/> for a deletion.</param>
/// <param name="Bytes">The length of its document.</param>
/// <param name="IsComplete">False where personal values of it were erased.</param>
public sealed record PastVersion(ResourceVersion Version, Resource? Resource, long Bytes, bool IsComplete = true);

/// <summary>What a flag's answers in one environment ever came from.</summary>
/// <param name="Project">The project's key.</param>
/// <param name="Flag">The flag's key.</param>
/// <param name="Environment">The environment's key.</param>
/// <param name="LedgerIndex">The last entry taken into account.</param>
/// <param name="RecordedUntil">That entry's time.</param>
/// <param name="Versions">Versions of the flag, the environment and whatever they lean on; those of one name in log order.</param>
public sealed record FlagPast(
    string Project,
    string Flag,
    string Environment,
    long LedgerIndex,
    DateTimeOffset RecordedUntil,
    IReadOnlyList<PastVersion> Versions
);

/// <summary>What was in force from an entry on.</summary>
/// <param name="At">When the entry took effect.</param>
/// <param name="Index">The entry.</param>
/// <param name="InForce">The versions in force, by name; no deletions.</param>
public sealed record Moment(DateTimeOffset At, long Index, ImmutableDictionary<ResourceName, PastVersion> InForce)
{
    /// <summary>
    /// The moments of some versions, oldest first; several entries may take effect at one time, and then stand in log order. In force
    /// is the version with the largest index among those that took effect, so one that was overtaken before makes no moment.
    /// </summary>
    public static IEnumerable<Moment> Of(IEnumerable<PastVersion> versions)
    {
        var inForce = ImmutableDictionary<ResourceName, PastVersion>.Empty;
        var newest = new Dictionary<ResourceName, long>();
        var entries = versions
            .OrderBy(past => past.Version.EffectiveAt)
            .ThenBy(past => past.Version.Index)
            .GroupBy(past => (past.Version.EffectiveAt, past.Version.Index));
        foreach (var entry in entries)
        {
            var before = inForce;
            foreach (var past in entry)
            {
                var (name, index) = (past.Version.Name, past.Version.Index);
                if (newest.TryGetValue(name, out var overtaken) && overtaken > index)
                    continue;
                newest[name] = index;
                inForce = past.Resource is null ? inForce.Remove(name) : inForce.SetItem(name, past);
            }
            if (!ReferenceEquals(before, inForce))
                yield return new Moment(entry.Key.EffectiveAt, entry.Key.Index, inForce);
        }
    }

    /// <summary>How long the documents in force are together: what judging the moment costs.</summary>
    public long Bytes { get; } = InForce.Values.Sum(past => past.Bytes);

    /// <summary>The resources of one type that are in force.</summary>
    public IEnumerable<(T Resource, ResourceVersion Version)> All<T>()
        where T : Resource
    {
        foreach (var past in InForce.Values)
        {
            if (past.Resource is T resource)
                yield return (resource, past.Version);
        }
    }

    /// <summary>One resource, or <see langword="null"/> where it is not in force.</summary>
    public T? Find<T>(ResourceName name)
        where T : Resource => InForce.GetValueOrDefault(name)?.Resource as T;
}
