namespace Halyard.Cli.Importing.Planning;

/// <summary>Puts what is needed before what needs it.</summary>
internal static class Dependencies
{
    /// <summary>
    /// The items, each after those it needs, else in their order. They have no cycle: what compiles has none, and none is deeper
    /// than <see cref="Evaluation.Definitions.Limits.Depth"/>. Keys that no item has are passed over.
    /// </summary>
    public static IReadOnlyList<T> Order<T>(IReadOnlyList<T> items, Func<T, string> keyOf, Func<T, IEnumerable<string>> needs)
        where T : class
    {
        var byKey = items.ToDictionary(keyOf, StringComparer.Ordinal);
        var ordered = new List<T>(items.Count);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var item in items)
            Add(item);
        return ordered;

        void Add(T item)
        {
            if (!seen.Add(keyOf(item)))
                return;
            foreach (var key in needs(item))
            {
                if (byKey.TryGetValue(key, out var needed))
                    Add(needed);
            }
            ordered.Add(item);
        }
    }
}
