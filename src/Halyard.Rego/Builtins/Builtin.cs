namespace Halyard.Rego;

/// <summary>
/// What a built-in does: arguments to a result, or null when the expression is undefined. An error is said by returning
/// <see cref="BuiltinContext.Fail"/> or <see cref="BuiltinContext.FailType"/>.
/// </summary>
/// <remarks>The evaluator has checked number and outermost kind of the arguments against the declaration.</remarks>
internal delegate RegoValue? BuiltinCall(BuiltinContext context, ReadOnlySpan<RegoValue> arguments);

/// <summary>A built-in function: its name in policies, the types it takes and gives, and what it does.</summary>
internal sealed record Builtin(string Name, IReadOnlyList<RegoType> Arguments, RegoType Result, BuiltinCall Call)
{
    /// <summary>Whether the result is an array of alternatives, each of which the expression takes in turn (<c>walk</c>).</summary>
    public bool IsRelation { get; init; }

    /// <summary>Whether equal arguments always give an equal result; false for what takes the time or chance.</summary>
    public bool IsDeterministic { get; init; } = true;
}
