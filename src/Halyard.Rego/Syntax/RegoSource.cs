namespace Halyard.Rego;

/// <summary>A module's text and the name that problems give to it.</summary>
public sealed record RegoSource(string Name, string Text);

/// <summary>Something that keeps a policy or query from running.</summary>
/// <param name="File">The name of the source; empty for a query.</param>
/// <param name="Row">The line, from 1.</param>
/// <param name="Column">The column in UTF-16 units, from 1.</param>
/// <param name="Code">What kind it is, in OPA's words: <c>rego_parse_error</c>, <c>rego_unsafe_var_error</c>,
/// <c>rego_type_error</c>, <c>rego_recursion_error</c> or <c>rego_compile_error</c>.</param>
/// <param name="Message">What is wrong, for people.</param>
public sealed record RegoProblem(string File, int Row, int Column, string Code, string Message)
{
    public override string ToString() => $"{File}:{Row}:{Column}: {Code}: {Message}";
}
