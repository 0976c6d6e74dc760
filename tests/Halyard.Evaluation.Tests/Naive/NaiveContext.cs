using System.Text.Json;

namespace Halyard.Evaluation.Tests.Naive;

/// <summary>
/// A context as plain objects: null, bool, double, string, <c>object?[]</c> and dictionaries, which the naive evaluator reads
/// as they are and which the engine gets in its own form.
/// </summary>
internal sealed record NaiveContext(string? TargetingKey, Dictionary<string, object?> Attributes)
{
    /// <summary>What a condition's attribute names: the literal name, or else the way through objects; null is missing.</summary>
    public object? Find(string name)
    {
        if (Member(Attributes, name) is { } literal)
            return literal;
        var parts = name.Split('.');
        if (parts.Any(part => part.Length == 0))
            return null;
        return parts.Aggregate(
            (object?)Attributes,
            (at, part) => at is Dictionary<string, object?> map ? Member(map, part) : null
        );
    }

    public EvaluationContext ToEngine()
    {
        var builder = new EvaluationContextBuilder(TargetingKey);
        foreach (var (name, value) in Attributes)
            builder.Set(name, ToEngine(value));
        return builder.Build();
    }

    /// <summary>The document a client would send; null where JSON cannot say it.</summary>
    public byte[]? ToJson()
    {
        if (!IsJson(TargetingKey) || !IsJson(Attributes))
            return null;
        var members = new Dictionary<string, object?>(Attributes, StringComparer.Ordinal);
        if (TargetingKey is not null)
            members["targetingKey"] = TargetingKey;
        return JsonSerializer.SerializeToUtf8Bytes(members);
    }

    public override string ToString() =>
        $"targetingKey {Show(TargetingKey)}, {string.Join(", ", Attributes.Select(member => $"{Show(member.Key)}: {Show(member.Value)}"))}";

    // A number that JSON cannot say is no value, as null is none.
    private object? Member(Dictionary<string, object?> map, string name) =>
        ReferenceEquals(map, Attributes) && name == "targetingKey" ? TargetingKey
        : map.GetValueOrDefault(name) is var value && value is double number && !double.IsFinite(number) ? null
        : value;

    private static AttributeValue ToEngine(object? value) =>
        value switch
        {
            bool truth => AttributeValue.Of(truth),
            double number => AttributeValue.Of(number),
            string text => AttributeValue.Of(text),
            object?[] list => AttributeValue.List([.. list.Select(ToEngine)]),
            Dictionary<string, object?> map => AttributeValue.Object([
                .. map.Select(member => KeyValuePair.Create(member.Key, ToEngine(member.Value))),
            ]),
            _ => default,
        };

    private static bool IsJson(object? value) =>
        value switch
        {
            double number => double.IsFinite(number),
            string text => text.All(unit => !char.IsSurrogate(unit)) || text.EnumerateRunes().All(rune => rune.Value != 0xFFFD),
            object?[] list => list.All(IsJson),
            Dictionary<string, object?> map => map.All(member => IsJson(member.Key) && IsJson(member.Value)),
            _ => true,
        };

    private static string Show(object? value) =>
        value switch
        {
            null => "null",
            string text =>
                $"\"{string.Concat(text.Select(unit => unit is < ' ' or > '~' ? $"\\u{(int)unit:x4}" : unit.ToString()))}\"",
            double number => number.ToString("R", System.Globalization.CultureInfo.InvariantCulture),
            object?[] list => $"[{string.Join(", ", list.Select(Show))}]",
            Dictionary<string, object?> map => $"{{{string.Join(", ", map.Select(m => $"{Show(m.Key)}: {Show(m.Value)}"))}}}",
            _ => value.ToString()!,
        };
}
