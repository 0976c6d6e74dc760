using System.Globalization;
using System.Runtime.CompilerServices;

namespace Halyard.Evaluation;

/// <summary>One attribute of a context, in the form that conditions compare without allocating. Immutable.</summary>
public readonly struct AttributeValue
{
    private readonly object? _reference;
    private readonly double _number;

    private AttributeValue(AttributeKind kind, double number, object? reference)
    {
        Kind = kind;
        _number = number;
        _reference = reference;
    }

    /// <summary>The type; the default value is missing.</summary>
    public AttributeKind Kind { get; }

    /// <summary>A string; null is missing.</summary>
    public static AttributeValue Of(string? value) => value is null ? default : new(AttributeKind.String, 0, value);

    /// <summary>A number; NaN and the infinities are missing, as JSON has none.</summary>
    public static AttributeValue Of(double value) => double.IsFinite(value) ? new(AttributeKind.Number, value, null) : default;

    /// <summary>A boolean.</summary>
    public static AttributeValue Of(bool value) => new(AttributeKind.Boolean, value ? 1 : 0, null);

    /// <summary>A list; a condition matches it where an element does.</summary>
    public static AttributeValue List(params ReadOnlySpan<AttributeValue> elements) =>
        new(AttributeKind.List, 0, elements.ToArray());

    /// <summary>An object, whose members are reached with dots. Of members of one name the last counts.</summary>
    public static AttributeValue Object(params ReadOnlySpan<KeyValuePair<string, AttributeValue>> members) =>
        new(AttributeKind.Object, 0, new AttributeObject(members));

    /// <summary>The value as JSON shows it, with lists and objects named only by their type; for words to people.</summary>
    public override string ToString() =>
        Kind switch
        {
            AttributeKind.Boolean => Truth ? "true" : "false",
            AttributeKind.Number => _number.ToString("R", CultureInfo.InvariantCulture),
            AttributeKind.String => Definitions.FlagValue.Of(Text).Json,
            AttributeKind.List => "a list",
            AttributeKind.Object => "an object",
            _ => "missing",
        };

    internal static AttributeValue Of(AttributeObject members) => new(AttributeKind.Object, 0, members);

    // The kind was checked by the caller; the casts are free of the checks that a safe cast makes.
    internal string Text => Unsafe.As<string>(_reference)!;

    internal double Number => _number;

    internal bool Truth => _number != 0;

    internal ReadOnlySpan<AttributeValue> Elements => Unsafe.As<AttributeValue[]>(_reference);

    internal AttributeObject Members => Unsafe.As<AttributeObject>(_reference)!;

    /// <summary>A number without a fraction that 64 bits hold. Beyond 2⁵³ it is the nearest double's value.</summary>
    internal bool TryGetWhole(out long value)
    {
        value = 0;
        if (Kind != AttributeKind.Number || Math.Floor(_number) != _number || Math.Abs(_number) >= 9223372036854775808.0)
            return false;
        value = (long)_number;
        return true;
    }
}
