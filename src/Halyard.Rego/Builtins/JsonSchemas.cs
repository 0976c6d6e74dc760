namespace Halyard.Rego;

/// <summary>Documents against JSON Schema, drafts 4, 6 and 7. Both may be given as JSON text.</summary>
internal static class JsonSchemas
{
    private static readonly RegoType Document = RegoType.AnyOf(RegoType.String, RegoType.Object);

    public static IReadOnlyList<Builtin> All { get; } =
    [
        new(
            "json.verify_schema",
            [Document],
            RegoType.Tuple(RegoType.Boolean, RegoType.AnyOf(RegoType.Null, RegoType.String)),
            Verify
        ),
        new(
            "json.match_schema",
            [Document, Document],
            RegoType.Tuple(RegoType.Boolean, RegoType.ArrayOfType(RegoType.Object)),
            Match
        ),
    ];

    private static RegoArray Verify(BuiltinContext context, ReadOnlySpan<RegoValue> arguments)
    {
        var schema = Read(context, arguments[0]);
        var problem = schema is null ? "the schema is no JSON text" : SchemaCheck.Problem(context, schema);
        return problem is null
            ? RegoArray.Of(RegoBoolean.True, RegoValue.Null)
            : RegoArray.Of(RegoBoolean.False, context.Give($"jsonschema: {problem}"));
    }

    private static RegoValue? Match(BuiltinContext context, ReadOnlySpan<RegoValue> arguments)
    {
        if (Read(context, arguments[0]) is not { } document)
            return context.Fail("the document is no JSON text");
        if (Read(context, arguments[1]) is not { } schema)
            return context.Fail("the schema is no JSON text");
        if (SchemaCheck.Problem(context, schema) is { } problem)
            return context.Fail(problem);
        var match = new SchemaMatch(context, schema);
        match.Check(document);
        if (match.Failure is { } failure)
            return context.Fail(failure);
        return RegoArray.Of(RegoValue.Of(match.Mismatches.Count == 0), context.Give([.. match.Mismatches.Select(Told)]));
    }

    private static RegoValue? Read(BuiltinContext context, RegoValue given) =>
        given is RegoString text ? JsonTexts.Read(context, text.Value) : given;

    private static RegoValue Told(SchemaMismatch mismatch) =>
        RegoObject.Of(
            ("desc", RegoValue.Of(mismatch.Description)),
            ("error", RegoValue.Of($"{mismatch.Field}: {mismatch.Description}")),
            ("field", RegoValue.Of(mismatch.Field)),
            ("type", RegoValue.Of(mismatch.Type))
        );
}
