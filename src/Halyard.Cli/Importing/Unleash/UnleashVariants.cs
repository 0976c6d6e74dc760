using System.Text.Json;
using System.Text.Json.Nodes;
using Halyard.Evaluation.Definitions;

namespace Halyard.Cli.Importing.Unleash;

/// <summary>
/// The variants of the flag that a feature becomes. A feature that never has a variant is a boolean flag. Otherwise the flag's
/// values are what Unleash answers for the variant, so that nothing of it is lost:
/// <c>{"name","enabled","feature_enabled","payload"}</c>.
/// </summary>
internal sealed class UnleashVariants
{
    private readonly Dictionary<string, string> _keys = new(StringComparer.Ordinal);
    private readonly List<(string Name, Variant Variant)> _named = [];
    private readonly HashSet<string> _used = new(StringComparer.Ordinal);

    /// <summary>Collects the variants of a feature, those of its strategies included.</summary>
    public UnleashVariants(IEnumerable<SourceNode> written)
    {
        foreach (var variant in written)
        {
            var name = variant.RequiredText("name");
            var value = ValueOf(name, enabled: true, featureEnabled: true, variant["payload"]);
            if (!_keys.ContainsKey(value))
                _named.Add((name, new Variant(_keys[value] = Unused(name), new FlagValue(value))));
        }
        (Off, On) = (Unused("off"), Unused("on"));
    }

    /// <summary>The key of the variant that says: the feature is off.</summary>
    public string Off { get; }

    /// <summary>The key of the variant that says: the feature is on, and has no variant.</summary>
    public string On { get; }

    /// <summary>The type of the flag.</summary>
    public FlagType Type => _named.Count == 0 ? FlagType.Boolean : FlagType.Json;

    /// <summary>All variants of the flag.</summary>
    public Sequence<Variant> All =>
        _named.Count == 0
            ? [new Variant(On, FlagValue.Of(true)), new Variant(Off, FlagValue.Of(false))]
            :
            [
                .. _named.Select(named => named.Variant),
                new Variant(On, new FlagValue(ValueOf(Disabled, enabled: false, featureEnabled: true, null))),
                new Variant(Off, new FlagValue(ValueOf(Disabled, enabled: false, featureEnabled: false, null))),
            ];

    /// <summary>The key of one of the collected variants.</summary>
    public string KeyOf(SourceNode variant) =>
        _keys[ValueOf(variant.RequiredText("name"), enabled: true, featureEnabled: true, variant["payload"])];

    /// <summary>The keys of all variants that mean the feature is on; with names, only those that Unleash calls so.</summary>
    public Sequence<string> Enabled(IReadOnlyCollection<string> names) =>
        _named
            .Select(named => (named.Name, named.Variant.Key))
            .Append((Name: Disabled, Key: On))
            .Where(named => names.Count == 0 || names.Contains(named.Name, StringComparer.Ordinal))
            .Select(named => named.Key)
            .ToSequence();

    // What Unleash calls the variant where there is none.
    private const string Disabled = "disabled";

    private static string ValueOf(string name, bool enabled, bool featureEnabled, SourceNode? payload)
    {
        // In the order of RFC 8785.
        var value = new JsonObject
        {
            ["enabled"] = enabled,
            ["feature_enabled"] = featureEnabled,
            ["name"] = name,
        };
        if (payload is { } written)
        {
            value["payload"] = new JsonObject
            {
                ["type"] = written.RequiredText("type"),
                ["value"] = written.TextOrNumber("value") ?? "",
            };
        }
        return value.ToJsonString(Plain);
    }

    private static readonly JsonSerializerOptions Plain = new()
    {
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private string Unused(string key)
    {
        while (!_used.Add(key))
            key += "_";
        return key;
    }
}
