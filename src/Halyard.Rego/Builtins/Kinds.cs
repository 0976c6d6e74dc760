namespace Halyard.Rego;

/// <summary>Asking what kind a value is, and turning it into another kind.</summary>
internal static class Kinds
{
    public static IReadOnlyList<Builtin> All { get; } =
    [
        Is("is_null", RegoKind.Null),
        Is("is_boolean", RegoKind.Boolean),
        Is("is_number", RegoKind.Number),
        Is("is_string", RegoKind.String),
        Is("is_array", RegoKind.Array),
        Is("is_object", RegoKind.Object),
        Is("is_set", RegoKind.Set),
        new("type_name", [RegoType.Any], RegoType.String, (_, x) => RegoValue.Of(x[0].KindName)),
        new(
            "to_number",
            [RegoType.AnyOf(RegoType.Null, RegoType.Boolean, RegoType.Number, RegoType.String)],
            RegoType.Number,
            ToNumber
        ),
        Cast("cast_array", RegoType.Array, value => value is RegoSet set ? RegoArray.From(set) : value as RegoArray),
        Cast("cast_set", RegoType.Set, value => value is RegoArray array ? RegoSet.From(array) : value as RegoSet),
        Cast("cast_string", RegoType.String, value => value as RegoString),
        Cast("cast_boolean", RegoType.Boolean, value => value as RegoBoolean),
        Cast("cast_null", RegoType.Null, value => value as RegoNull),
        Cast("cast_object", RegoType.Object, value => value as RegoObject),
    ];

    private static Builtin Is(string name, RegoKind kind) =>
        new(name, [RegoType.Any], RegoType.Boolean, (_, x) => x[0].Kind == kind ? RegoBoolean.True : RegoBoolean.False);

    private static Builtin Cast(string name, RegoType result, Func<RegoValue, RegoValue?> cast) =>
        new(
            name,
            [RegoType.Any],
            result,
            (context, x) =>
            {
                context.Reserve(x[0] is RegoSet or RegoArray ? 64 : 0);
                return cast(x[0]) ?? context.FailType($"operand 1 must be {name["cast_".Length..]} but got {x[0].KindName}");
            }
        );

    private static RegoValue? ToNumber(BuiltinContext context, ReadOnlySpan<RegoValue> arguments) =>
        arguments[0] switch
        {
            RegoNull => RegoNumber.Of(0),
            RegoBoolean boolean => RegoNumber.Of(boolean.Value ? 1 : 0),
            RegoNumber number => number,
            RegoString text => Parsed(context, text.Value),
            _ => null,
        };

    private static RegoValue? Parsed(BuiltinContext context, string text)
    {
        if (text.TrimStart('+', '-').ToUpperInvariant() is "INF" or "INFINITY" or "NAN")
            return context.FailType("operand 1 must be valid number string but got string");
        return RegoNumber.TryParse(text.TrimStart('+'), out var number) ? number : context.Fail("invalid syntax");
    }
}
