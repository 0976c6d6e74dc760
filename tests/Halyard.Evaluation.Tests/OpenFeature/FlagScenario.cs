using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Halyard.Evaluation.Definitions;

namespace Halyard.Evaluation.Tests.OpenFeature;

/// <summary>What the steps of one case have in common: the flag asked for, the context, and the answer as an SDK would give it.</summary>
internal sealed class FlagScenario(CompiledSnapshot snapshot)
{
    private readonly EvaluationContextBuilder _context = new(null);
    private string _key = "";
    private string _type = "";
    private JsonNode? _fallback;
    private JsonNode? _value;
    private EvaluationResult? _result;

    /// <summary>Says which flag, of which of OpenFeature's types; an integer and a float are both numbers.</summary>
    public void Ask(string type, string key, string fallback) =>
        (_type, _key, _fallback) = (type.ToUpperInvariant(), key, Parse(type, fallback));

    /// <summary>Adds an attribute to the context.</summary>
    public void Attribute(string name, string type, string value) =>
        _context.Set(name, AttributeValue(Parse(type, value)!.AsValue()));

    /// <summary>Adds an attribute that is null.</summary>
    public void NullAttribute(string name) => _context.Set(name, (string?)null);

    /// <summary>Evaluates through the getter of the type.</summary>
    public void Evaluate()
    {
        var result = Evaluator.Evaluate(snapshot, _key, _context.Build(), Given.Now);
        _value = _type switch
        {
            "BOOLEAN" => result.BooleanValue((bool)_fallback!),
            "STRING" => result.StringValue((string)_fallback!),
            "OBJECT" => JsonNode.Parse(result.JsonValue(Encoding.UTF8.GetBytes(_fallback?.ToJsonString() ?? "null")).Span),
            _ => result.NumberValue((double)_fallback!),
        };
        _result = result.As(
            _type switch
            {
                "BOOLEAN" => FlagType.Boolean,
                "STRING" => FlagType.String,
                "OBJECT" => FlagType.Json,
                _ => FlagType.Number,
            }
        );
    }

    /// <summary>What is wrong with the value; null where it is the one expected.</summary>
    public string? CheckValue(string expected) => CheckValue(Parse(_type, expected));

    /// <summary>What is wrong with the value; null where it is the fallback.</summary>
    public string? CheckFallback() => CheckValue(_fallback);

    /// <summary>What is wrong with the object; null where it has exactly these members.</summary>
    public string? CheckMembers(params ReadOnlySpan<(string Name, JsonNode Value)> members)
    {
        var expected = new JsonObject();
        foreach (var (name, value) in members)
            expected[name] = value;
        return CheckValue(expected);
    }

    public string? CheckFlagKey(string expected) => Check("flag key", expected, Result.FlagKey);

    public string? CheckVariant(string expected) => Check("variant", expected, Result.Variant?.Key);

    public string? CheckReason(string expected) => Check("reason", expected, Result.Reason.WireName());

    public string? CheckErrorCode(string expected) => Check("error code", expected, Result.ErrorCode?.WireName());

    private EvaluationResult Result => _result ?? throw new InvalidOperationException("no flag was evaluated");

    private string? CheckValue(JsonNode? expected) =>
        JsonNode.DeepEquals(_value, expected) ? null : $"the value is {Words(_value)}, not {Words(expected)}";

    private static string? Check(string what, string expected, string? actual) =>
        actual == expected ? null : $"the {what} is '{actual}', not '{expected}'";

    private static string Words(JsonNode? value) => value?.ToJsonString() ?? "null";

    private static JsonNode? Parse(string type, string text) =>
        type.ToUpperInvariant() switch
        {
            "BOOLEAN" => bool.Parse(text),
            "STRING" => text,
            "INTEGER" => (double)long.Parse(text, CultureInfo.InvariantCulture),
            "FLOAT" => double.Parse(text, CultureInfo.InvariantCulture),
            "OBJECT" => JsonNode.Parse(text),
            _ => throw new FormatException($"there is no type '{type}'"),
        };

    private static AttributeValue AttributeValue(JsonValue value) =>
        value.TryGetValue<bool>(out var truth) ? Evaluation.AttributeValue.Of(truth)
        : value.TryGetValue<double>(out var number) ? Evaluation.AttributeValue.Of(number)
        : Evaluation.AttributeValue.Of((string)value!);
}
