using System.Text.Json;
using Halyard.Cli.Importing.Logic;
using Halyard.Evaluation.Definitions;

namespace Halyard.Cli.Importing.JsonLogic;

internal sealed partial class LogicReader
{
    private delegate Formula Comparison(Operand.Attribute attribute, JsonElement bound, string pointer);

    private enum Order
    {
        Less,
        LessOrEqual,
        Greater,
        GreaterOrEqual,
    }

    /// <summary>Equality, where order does not matter.</summary>
    private Operand Compare(JsonElement left, JsonElement right, string pointer, Comparison comparison) =>
        (Read(left, SourceDocument.Below(pointer, 0)), Read(right, SourceDocument.Below(pointer, 1))) switch
        {
            (Operand.Attribute attribute, Operand.Literal literal) => Truth(comparison(attribute, literal.Value, pointer)),
            (Operand.Literal literal, Operand.Attribute attribute) => Truth(comparison(attribute, literal.Value, pointer)),
            (Operand.Literal one, Operand.Literal other) => Constant(SameScalar(one.Value, other.Value), pointer),
            (Operand.Unknown, _) or (_, Operand.Unknown) => Operand.Unknown.Instance,
            _ => NoEquivalent(pointer, "a comparison that is not between an attribute and a value written out"),
        };

    /// <summary>An order between numbers, turned round where the attribute stands on the right.</summary>
    private Operand Compare(JsonElement left, JsonElement right, string pointer, Order order) =>
        (Read(left, SourceDocument.Below(pointer, 0)), Read(right, SourceDocument.Below(pointer, 1))) switch
        {
            (Operand.Attribute attribute, Operand.Literal literal) => Ordered(attribute, order, literal.Value, pointer),
            (Operand.Literal literal, Operand.Attribute attribute) => Ordered(attribute, Turned(order), literal.Value, pointer),
            (
                Operand.Literal { Value.ValueKind: JsonValueKind.Number } one,
                Operand.Literal { Value.ValueKind: JsonValueKind.Number } other
            ) => Truth(Stands(one.Value.GetDouble(), order, other.Value.GetDouble()) ? Formula.True : Formula.False),
            (Operand.Unknown, _) or (_, Operand.Unknown) => Operand.Unknown.Instance,
            _ => NoEquivalent(pointer, "an order that is not between an attribute and a number written out"),
        };

    private Operand Between(string name, JsonElement low, JsonElement middle, JsonElement high, string pointer)
    {
        var order = name == "<" ? Order.Less : Order.LessOrEqual;
        var above = Compare(low, middle, pointer, order);
        var below = Compare(middle, high, pointer, order);
        return (above, below) is (Operand.Truth left, Operand.Truth right)
            ? Truth(Formula.All(left.Formula, right.Formula))
            : Operand.Unknown.Instance;
    }

    private Formula Equal(Operand.Attribute attribute, JsonElement bound, string pointer)
    {
        if (bound.ValueKind == JsonValueKind.Null)
        {
            if (attribute.Default.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null)
                return Formula.Not(Formula.Exists(attribute.Path));
            return Formula.False;
        }
        if (TypeOf(bound) is not { } type)
            return Gap(pointer, "equality with a list or an object");
        _types.Expect(attribute.Path, type, pointer);
        var whenAbsent = false;
        if (attribute.Default.ValueKind is not (JsonValueKind.Undefined or JsonValueKind.Null))
        {
            if (SameScalar(attribute.Default, bound) is not { } same)
                return Gap(pointer, "a default of another type than it is compared with");
            whenAbsent = same;
        }
        return Formula.Test(attribute.Path, ConditionOperator.Equals, [JsonText.ValueOf(bound)], whenAbsent);
    }

    private Operand Ordered(Operand.Attribute attribute, Order order, JsonElement bound, string pointer)
    {
        if (bound.ValueKind != JsonValueKind.Number)
            return NoEquivalent(pointer, "an order between texts");
        _types.Expect(attribute.Path, "number", pointer);
        // JSONLogic compares an absent attribute as the number 0.
        var absent = attribute.Default.ValueKind switch
        {
            JsonValueKind.Undefined or JsonValueKind.Null => 0,
            JsonValueKind.Number => attribute.Default.GetDouble(),
            _ => double.NaN,
        };
        if (double.IsNaN(absent))
            return NoEquivalent(pointer, "a default that is no number");
        var comparison = order switch
        {
            Order.Less => ConditionOperator.LessThan,
            Order.LessOrEqual => ConditionOperator.LessThanOrEqual,
            Order.Greater => ConditionOperator.GreaterThan,
            _ => ConditionOperator.GreaterThanOrEqual,
        };
        return Truth(
            Formula.Test(attribute.Path, comparison, [JsonText.ValueOf(bound)], Stands(absent, order, bound.GetDouble()))
        );
    }

    private Operand Contained(JsonElement needle, JsonElement haystack, string pointer)
    {
        switch (Read(needle, SourceDocument.Below(pointer, 0)), Read(haystack, SourceDocument.Below(pointer, 1)))
        {
            case (Operand.Attribute attribute, Operand.Literal { Value.ValueKind: JsonValueKind.Array } list):
                return OneOf(attribute, [.. list.Value.EnumerateArray()], pointer);
            case (Operand.Literal { Value.ValueKind: JsonValueKind.String } part, Operand.Attribute attribute)
                when !HasDefault(attribute):
                // Of a list it would ask for an element, which no single condition says together with a part of a text.
                _types.Expect(attribute.Path, "string", pointer);
                return Truth(Formula.Test(attribute.Path, ConditionOperator.Contains, [JsonText.ValueOf(part.Value)]));
            case (
                Operand.Literal { Value.ValueKind: JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False } element,
                Operand.Attribute attribute
            ) when !HasDefault(attribute):
                _types.Expect(attribute.Path, "list", pointer);
                return Truth(Formula.Test(attribute.Path, ConditionOperator.Equals, [JsonText.ValueOf(element.Value)]));
            case (
                Operand.Literal { Value: { ValueKind: not JsonValueKind.Array } element },
                Operand.Literal { Value: { ValueKind: JsonValueKind.Array } list }
            ):
                return Constant(list.EnumerateArray().Any(item => SameScalar(item, element) == true), pointer);
            case (Operand.Unknown, _) or (_, Operand.Unknown):
                return Operand.Unknown.Instance;
            default:
                return NoEquivalent(pointer, "'in' with these arguments");
        }
    }

    private Operand OneOf(Operand.Attribute attribute, IReadOnlyList<JsonElement> values, string pointer)
    {
        if (values.Count == 0)
            return Truth(Formula.False);
        if (HasDefault(attribute) || TypeOf(values[0]) is not { } type || values.Any(value => TypeOf(value) != type))
            return NoEquivalent(pointer, "'in' with a default, or a list of other than strings, numbers or booleans alone");
        _types.Expect(attribute.Path, type, pointer);
        return Truth(Formula.Test(attribute.Path, ConditionOperator.Equals, values.Select(JsonText.ValueOf).Distinct()));
    }

    private Operand TextPart(string name, JsonElement text, JsonElement part, string pointer)
    {
        var operands = (Read(text, SourceDocument.Below(pointer, 0)), Read(part, SourceDocument.Below(pointer, 1)));
        if (operands is (Operand.Unknown, _) or (_, Operand.Unknown))
            return Operand.Unknown.Instance;
        if (
            operands is not (Operand.Attribute attribute, Operand.Literal { Value.ValueKind: JsonValueKind.String } literal)
            || HasDefault(attribute)
        )
            return NoEquivalent(pointer, $"'{name}' other than of an attribute with a text written out");
        _types.Expect(attribute.Path, "string", pointer);
        var comparison = name == "starts_with" ? ConditionOperator.StartsWith : ConditionOperator.EndsWith;
        return Truth(Formula.Test(attribute.Path, comparison, [JsonText.ValueOf(literal.Value)]));
    }

    private Operand Version(JsonElement version, JsonElement comparison, JsonElement bound, string pointer)
    {
        var operands = (Read(version, SourceDocument.Below(pointer, 0)), Read(bound, SourceDocument.Below(pointer, 2)));
        if (operands is (Operand.Unknown, _) or (_, Operand.Unknown))
            return Operand.Unknown.Instance;
        if (
            operands is not (Operand.Attribute attribute, Operand.Literal { Value.ValueKind: JsonValueKind.String } literal)
            || HasDefault(attribute)
            || comparison.ValueKind != JsonValueKind.String
            || VersionRange.Of(attribute.Path, comparison.GetString()!, literal.Value.GetString()!) is not { } range
        )
            return NoEquivalent(pointer, "'sem_ver' other than of an attribute, a known operator and a version written out");
        _types.Expect(attribute.Path, "string", pointer);
        return Truth(range);
    }

    private static Operand Negated(Operand operand) =>
        operand is Operand.Truth truth ? Truth(Formula.Not(truth.Formula)) : operand;

    private Operand Constant(bool? holds, string pointer) =>
        holds is { } known
            ? Truth(known ? Formula.True : Formula.False)
            : NoEquivalent(pointer, "a comparison of values of different types");

    private Formula Gap(string pointer, string what)
    {
        NoEquivalent(pointer, what);
        return Formula.False;
    }

    private static Operand.Truth Truth(Formula formula) => new(formula);

    private static bool HasDefault(Operand.Attribute attribute) =>
        attribute.Default.ValueKind is not (JsonValueKind.Undefined or JsonValueKind.Null);

    /// <summary>Whether two scalars of one type are equal; null where the types differ and JSONLogic would convert.</summary>
    private static bool? SameScalar(JsonElement left, JsonElement right)
    {
        if (left.ValueKind == JsonValueKind.Null || right.ValueKind == JsonValueKind.Null)
            return left.ValueKind == right.ValueKind;
        if (TypeOf(left) is not { } type || TypeOf(right) != type)
            return null;
        return type switch
        {
            "string" => left.GetString() == right.GetString(),
            "number" => left.GetDouble().Equals(right.GetDouble()),
            _ => left.ValueKind == right.ValueKind,
        };
    }

    private static string? TypeOf(JsonElement value) =>
        value.ValueKind switch
        {
            JsonValueKind.String => "string",
            JsonValueKind.Number => "number",
            JsonValueKind.True or JsonValueKind.False => "boolean",
            _ => null,
        };

    private static Order Turned(Order order) =>
        order switch
        {
            Order.Less => Order.Greater,
            Order.LessOrEqual => Order.GreaterOrEqual,
            Order.Greater => Order.Less,
            _ => Order.LessOrEqual,
        };

    private static bool Stands(double left, Order order, double right) =>
        order switch
        {
            Order.Less => left < right,
            Order.LessOrEqual => left <= right,
            Order.Greater => left > right,
            _ => left >= right,
        };
}
