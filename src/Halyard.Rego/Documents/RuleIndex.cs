namespace Halyard.Rego;

/// <summary>
/// Finds the rules that can hold by the value of one term that most of them compare with a constant, so that a long list of
/// rules costs one look-up.
/// </summary>
internal sealed class RuleIndex
{
    private const int FewestRules = 4;

    private readonly IndexKey _key;
    private readonly Dictionary<RegoValue, List<CompiledRule>> _byValue;
    private readonly List<CompiledRule> _others;

    private RuleIndex(IndexKey key, Dictionary<RegoValue, List<CompiledRule>> byValue, List<CompiledRule> others)
    {
        _key = key;
        _byValue = byValue;
        _others = others;
    }

    /// <summary>The index of rules; null where none would pay.</summary>
    public static RuleIndex? Of(List<CompiledRule> rules)
    {
        if (rules.Count < FewestRules)
            return null;
        var demands = rules.ConvertAll(IndexKey.DemandsOf);
        var best = demands
            .SelectMany(demanded => demanded.Keys)
            .GroupBy(key => key)
            .OrderByDescending(group => group.Count())
            .FirstOrDefault();
        if (best is null || best.Count() < FewestRules)
            return null;
        return new RuleIndex(best.Key, Group(rules, demands, best.Key), Undemanding(rules, demands, best.Key));
    }

    public List<CompiledRule> Candidates(World world, RegoValue[] arguments) =>
        _key.Read(world, arguments) is { } value && _byValue.TryGetValue(value, out var found) ? found : _others;

    // Each list keeps the order of the rules, those that do not ask for the term among them.
    private static Dictionary<RegoValue, List<CompiledRule>> Group(
        List<CompiledRule> rules,
        List<Dictionary<IndexKey, RegoValue>> demands,
        IndexKey key
    )
    {
        var byValue = new Dictionary<RegoValue, List<CompiledRule>>();
        foreach (var wanted in demands.Where(demanded => demanded.ContainsKey(key)).Select(demanded => demanded[key]).Distinct())
        {
            byValue.Add(
                wanted,
                [.. rules.Where((_, at) => !demands[at].TryGetValue(key, out var value) || value.Equals(wanted))]
            );
        }
        return byValue;
    }

    private static List<CompiledRule> Undemanding(
        List<CompiledRule> rules,
        List<Dictionary<IndexKey, RegoValue>> demands,
        IndexKey key
    ) => [.. rules.Where((_, at) => !demands[at].ContainsKey(key))];
}
