using System.Text.Json;
using Halyard.Evaluation.Definitions;

namespace Halyard.Evaluation.Tests.OpenFeature;

/// <summary>Flags in the format of OpenFeature's in-memory provider (<c>test-flags.json</c>), as Halyard's.</summary>
/// <param name="Flags">The flags.</param>
/// <param name="WithoutDefault">Those without a default variant: their answer is the caller's fallback, and Halyard's is always a variant.</param>
internal sealed record InMemoryFlags(IReadOnlyList<FlagInEnvironment> Flags, IReadOnlyList<string> WithoutDefault)
{
    /// <summary>Reads the file.</summary>
    /// <exception cref="FormatException">A flag has a member or an expression that is not known.</exception>
    public static InMemoryFlags Read(string json)
    {
        using var document = JsonDocument.Parse(json);
        var flags = document.RootElement.EnumerateObject().ToLookup(flag => DefaultVariant(flag.Value) is null);
        return new InMemoryFlags(
            [.. flags[false].Select(flag => Flag(flag.Name, flag.Value))],
            [.. flags[true].Select(flag => flag.Name)]
        );
    }

    private static FlagInEnvironment Flag(string key, JsonElement flag)
    {
        var fallthrough = DefaultVariant(flag)!;
        var enabled = true;
        var rules = new List<TargetingRule>();
        var variants = new List<Variant>();
        foreach (var member in flag.EnumerateObject())
        {
            if (member.NameEquals("disabled"))
                enabled = !member.Value.GetBoolean();
            else if (member.NameEquals("contextEvaluator"))
                rules.Add(ContextEvaluator.Rule(member.Value.GetString()!));
            else if (member.NameEquals("variants"))
                variants.AddRange(
                    member.Value.EnumerateObject().Select(each => new Variant(each.Name, FlagValue.From(each.Value)))
                );
            // Metadata of a flag's own has no counterpart; the cases that ask for it are listed.
            else if (member.Name is not ("defaultVariant" or "flagMetadata"))
                throw new FormatException($"{key}: '{member.Name}' is not understood");
        }
        var type = Type(flag.GetProperty("variants").EnumerateObject().First().Value.ValueKind);
        // The format names no variant for flags that are off.
        var environment = new FlagEnvironment(enabled, fallthrough, [], [], [.. rules], Serve.One(fallthrough));
        return new FlagInEnvironment(new FlagDefinition(key, type, FlagStatus.Active, [.. variants]), environment, 1);
    }

    private static string? DefaultVariant(JsonElement flag) =>
        flag.TryGetProperty("defaultVariant", out var variant) ? variant.GetString() : null;

    private static FlagType Type(JsonValueKind kind) =>
        kind switch
        {
            JsonValueKind.True or JsonValueKind.False => FlagType.Boolean,
            JsonValueKind.String => FlagType.String,
            JsonValueKind.Number => FlagType.Number,
            JsonValueKind.Object => FlagType.Json,
            _ => throw new FormatException($"no flag has values of the kind {kind}"),
        };
}
