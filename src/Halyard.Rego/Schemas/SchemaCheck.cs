namespace Halyard.Rego;

/// <summary>Whether a value is a JSON Schema that <see cref="SchemaMatch"/> understands.</summary>
internal static class SchemaCheck
{
    /// <summary>What the instances of a schema may be, by the names it uses.</summary>
    public static IReadOnlyList<string> Types { get; } = ["array", "boolean", "integer", "number", "null", "object", "string"];

    private static readonly string[] Schemas =
    [
        "not",
        "if",
        "then",
        "else",
        "contains",
        "propertyNames",
        "additionalProperties",
        "additionalItems",
    ];
    private static readonly string[] SchemasByName = ["properties", "patternProperties", "definitions", "$defs"];
    private static readonly string[] SchemaLists = ["allOf", "anyOf", "oneOf"];
    private static readonly string[] Counts =
    [
        "minLength",
        "maxLength",
        "minItems",
        "maxItems",
        "minProperties",
        "maxProperties",
    ];

    /// <summary>What is wrong with the schema, or null.</summary>
    public static string? Problem(BuiltinContext context, RegoValue schema)
    {
        context.Spend(1);
        if (schema is RegoBoolean)
            return null;
        if (schema is not RegoObject members)
            return $"Invalid type. Expected: valid schema, given: {schema.KindName}";
        context.Spend(members.Count);
        return members
            .Select(member => OfKeyword(context, (member.Key as RegoString)?.Value ?? "", member.Value))
            .FirstOrDefault(problem => problem is not null);
    }

    private static string? OfKeyword(BuiltinContext context, string keyword, RegoValue value)
    {
        if (Schemas.Contains(keyword))
            return Problem(context, value);
        if (SchemasByName.Contains(keyword))
            return value is RegoObject named ? OfAll(context, named.Values) : $"{keyword} must be of type object";
        if (SchemaLists.Contains(keyword))
            return value is RegoArray { Count: > 0 } list
                ? OfAll(context, list.AsSpan())
                : $"{keyword} must be an array of schemas";
        if (Counts.Contains(keyword))
            return value is RegoNumber { IsInteger: true } count && count >= RegoNumber.Of(0)
                ? null
                : $"{keyword} must be of an integer";
        return keyword switch
        {
            "type" => value is RegoArray several
                ? several.Select(TypeProblem).FirstOrDefault(problem => problem is not null)
                : TypeProblem(value),
            "items" => value is RegoArray tuple ? OfAll(context, tuple.AsSpan()) : Problem(context, value),
            "dependencies" => value is RegoObject dependencies
                ? dependencies
                    .Select(member =>
                        member.Value is RegoArray names ? NamesProblem(keyword, names) : Problem(context, member.Value)
                    )
                    .FirstOrDefault(problem => problem is not null)
                : "dependencies must be of type object",
            "required" => NamesProblem(keyword, value),
            "enum" => value is RegoArray { Count: > 0 } ? null : "enum must be an array with at least one item",
            "pattern" => PatternProblem(context, value),
            "minimum" or "maximum" => value is RegoNumber ? null : $"{keyword} must be of type number",
            "exclusiveMinimum" or "exclusiveMaximum" => value is RegoNumber or RegoBoolean
                ? null
                : $"{keyword} must be of type number or boolean",
            "multipleOf" => value is RegoNumber divisor && divisor > RegoNumber.Of(0)
                ? null
                : "multipleOf must be strictly greater than 0",
            "uniqueItems" => value is RegoBoolean ? null : "uniqueItems must be of type boolean",
            "$ref" => value is RegoString { Value: ['#', ..] } ? null : "references beyond the schema are not followed",
            _ => null,
        };
    }

    private static string? OfAll(BuiltinContext context, ReadOnlySpan<RegoValue> schemas)
    {
        foreach (var schema in schemas)
        {
            if (Problem(context, schema) is { } problem)
                return problem;
        }
        return null;
    }

    private static string? TypeProblem(RegoValue type) =>
        type is RegoString name && Types.Contains(name.Value)
            ? null
            : $"has a primitive type that is NOT VALID -- given: /{(type as RegoString)?.Value ?? type.KindName}/ "
                + $"Expected valid values are:[{string.Join(' ', Types)}]";

    private static string? NamesProblem(string keyword, RegoValue names) =>
        names is RegoArray list && list.All(name => name is RegoString) ? null : $"{keyword} must be an array of strings";

    private static string? PatternProblem(BuiltinContext context, RegoValue pattern)
    {
        if (pattern is not RegoString text)
            return "pattern must be of type string";
        return GoPattern.Of(context, text.Value).Problem is null ? null : $"pattern must be a valid regex, given: {text.Value}";
    }
}
