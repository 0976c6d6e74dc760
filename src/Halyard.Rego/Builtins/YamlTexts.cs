namespace Halyard.Rego;

/// <summary>Values as YAML and back.</summary>
internal static class YamlTexts
{
    public static IReadOnlyList<Builtin> All { get; } =
    [
        new("yaml.marshal", [RegoType.Any], RegoType.String, (context, x) => context.Give(new YamlWriting(context).Text(x[0]))),
        new("yaml.unmarshal", [RegoType.String], RegoType.Any, Unmarshal),
        new("yaml.is_valid", [RegoType.Any], RegoType.Boolean, IsValid),
    ];

    private static RegoValue? Unmarshal(BuiltinContext context, ReadOnlySpan<RegoValue> arguments) =>
        Read(context, arguments.Text(0), out var problem) ?? context.Fail(problem);

    private static RegoBoolean IsValid(BuiltinContext context, ReadOnlySpan<RegoValue> arguments) =>
        arguments[0] is RegoString text && Read(context, text.Value, out _) is not null ? RegoBoolean.True : RegoBoolean.False;

    private static RegoValue? Read(BuiltinContext context, string text, out string problem)
    {
        problem = "";
        context.Spend(1 + text.Length / 4);
        context.Reserve(2L * text.Length);
        try
        {
            return new YamlReader(context, text).Read();
        }
        catch (YamlException exception)
        {
            problem = exception.Message;
            return null;
        }
    }
}
