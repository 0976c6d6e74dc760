namespace Halyard.Rego;

/// <summary>What an evaluation gave; closed.</summary>
public abstract record RegoAnswer
{
    private RegoAnswer() { }

    /// <summary>The answer of a query that holds in no way.</summary>
    public static RegoAnswer Nothing { get; } = new Undefined();

    /// <summary>The query holds.</summary>
    /// <param name="Value">Of a query that is one term, its value in the first way; of any other, the first of the bindings.</param>
    /// <param name="Bindings">The values of the query's variables, one object for each way in which it holds.</param>
    public sealed record Defined(RegoValue Value, IReadOnlyList<RegoObject> Bindings) : RegoAnswer;

    /// <summary>The query holds in no way.</summary>
    public sealed record Undefined : RegoAnswer;

    /// <summary>The evaluation came to no answer.</summary>
    /// <param name="Code">As OPA says it: <c>eval_conflict_error</c>, <c>eval_builtin_error</c>, <c>eval_type_error</c>; also
    /// <c>eval_budget_error</c> and <c>eval_cancel_error</c>.</param>
    /// <param name="Message">What happened, for people.</param>
    public sealed record Failed(string Code, string Message) : RegoAnswer;
}
