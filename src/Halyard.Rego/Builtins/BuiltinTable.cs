using System.Collections.Frozen;

namespace Halyard.Rego;

/// <summary>Every built-in by its name, put together from the list of each area.</summary>
internal static class BuiltinTable
{
    private static readonly FrozenDictionary<string, Builtin> ByName = new[]
    {
        Comparisons.All,
        Numbers.All,
        Collections.All,
        Kinds.All,
        Strings.All,
        Formatting.All,
        Patterns.All,
        Globs.All,
        Arrays.All,
        Objects.All,
        Bits.All,
        Graphs.All,
        Units.All,
        Versions.All,
        Encodings.All,
        UrlQueries.All,
        Hashes.All,
        JsonTexts.All,
        YamlTexts.All,
        JsonPaths.All,
        Networks.All,
        Chance.All,
        Times.All,
        JsonSchemas.All,
        Tokens.All,
    }
        .SelectMany(area => area)
        .ToFrozenDictionary(builtin => builtin.Name, StringComparer.Ordinal);

    /// <summary>Every built-in, in no order.</summary>
    public static IReadOnlyList<Builtin> All => ByName.Values;

    /// <summary>The built-in of a name, or null.</summary>
    public static Builtin? Find(string name) => ByName.GetValueOrDefault(name);
}
