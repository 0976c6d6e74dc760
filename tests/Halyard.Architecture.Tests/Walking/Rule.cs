namespace Halyard.Architecture.Tests.Walking;

/// <summary>Something that some types must not use. A rule that finds no type to judge is broken, and says so.</summary>
/// <param name="Name">The rule in a few words.</param>
/// <param name="Selects">Whether a type is judged.</param>
/// <param name="Forbids">Whether it must not have a use.</param>
internal sealed record Rule(string Name, Func<CodeType, bool> Selects, Func<Use, bool> Forbids)
{
    /// <summary>Every violation in words; empty where the rule holds.</summary>
    public IReadOnlyList<string> Violations(IEnumerable<CodeType> types)
    {
        var selected = types.Where(Selects).ToList();
        if (selected.Count == 0)
            return [$"{Name}: the rule selects no type"];
        return
        [
            .. selected
                .SelectMany(
                    type => type.Uses.Where(Forbids),
                    (type, use) => (Words: $"{type.FullName} uses {use.Member ?? use.Type}", use.Where)
                )
                .GroupBy(found => found.Words, found => found.Where, StringComparer.Ordinal)
                .Select(places =>
                    $"{places.Key} in {places.First()}" + (places.Count() > 1 ? $" and {places.Count() - 1} more" : "")
                )
                .Order(StringComparer.Ordinal),
        ];
    }
}
