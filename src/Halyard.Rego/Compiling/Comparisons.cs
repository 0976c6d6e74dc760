namespace Halyard.Rego;

/// <summary>The built-ins behind the operators of comparison.</summary>
internal static class Comparisons
{
    private static readonly Dictionary<string, Comparison> ByName = new(StringComparer.Ordinal)
    {
        ["equal"] = Comparison.Equal,
        ["neq"] = Comparison.NotEqual,
        ["lt"] = Comparison.Less,
        ["lte"] = Comparison.LessOrEqual,
        ["gt"] = Comparison.Greater,
        ["gte"] = Comparison.GreaterOrEqual,
    };

    /// <summary>The declarations, so that the operators can be called and replaced by name.</summary>
    public static IReadOnlyList<Builtin> All { get; } =
    [
        .. ByName.Select(named => new Builtin(
            named.Key,
            [RegoType.Any, RegoType.Any],
            RegoType.Boolean,
            (_, x) => RegoValue.Of(Holds(named.Value, x[0], x[1]))
        )),
    ];

    public static Comparison? Of(string name) => ByName.TryGetValue(name, out var comparison) ? comparison : null;

    public static bool Holds(Comparison comparison, RegoValue left, RegoValue right) =>
        comparison switch
        {
            Comparison.Equal => left.Equals(right),
            Comparison.NotEqual => !left.Equals(right),
            Comparison.Less => left.CompareTo(right) < 0,
            Comparison.LessOrEqual => left.CompareTo(right) <= 0,
            Comparison.Greater => left.CompareTo(right) > 0,
            _ => left.CompareTo(right) >= 0,
        };
}
