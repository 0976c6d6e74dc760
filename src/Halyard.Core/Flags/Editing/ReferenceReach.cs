using Halyard.Evaluation;

namespace Halyard.Core.Flags.Editing;

/// <summary>What the engine would refuse in references: chains too long, and fans too wide. An edit must not cause either.</summary>
internal static class ReferenceReach
{
    /// <summary>Who is refused with the references as they are now, and was not before.</summary>
    /// <param name="before">Whom each refers to before the edit; who is not in it refers to nobody.</param>
    /// <param name="now">The same after it.</param>
    /// <param name="what">The references, in words.</param>
    public static IEnumerable<(string Key, string Words)> NewProblems(
        Dictionary<string, IReadOnlyCollection<string>> before,
        Dictionary<string, IReadOnlyCollection<string>> now,
        string what
    )
    {
        var known = Analyse(before);
        return Analyse(now)
            .Where(reach => reach.Value.IsRefused && !(known.TryGetValue(reach.Key, out var old) && old.IsRefused))
            .Select(reach => (reach.Key, reach.Value.Problem(what)!));
    }

    private static Dictionary<string, Reach> Analyse(Dictionary<string, IReadOnlyCollection<string>> references)
    {
        var keys = references.Keys.Order(StringComparer.Ordinal).ToList();
        var places = keys.Select((key, place) => (key, place))
            .ToDictionary(item => item.key, item => item.place, StringComparer.Ordinal);
        var reaches = ReferenceGraph.Analyse(
            keys.ConvertAll(IReadOnlyList<int> (key) => [.. references[key].Where(places.ContainsKey).Select(to => places[to])])
        );
        return keys.ToDictionary(key => key, key => reaches[places[key]], StringComparer.Ordinal);
    }
}
