namespace Halyard.Evaluation;

/// <summary>A result with the way to it: each step that was taken, in order, and why it decided or did not.</summary>
/// <param name="Result">The same result as <see cref="Evaluator.Evaluate(CompiledSnapshot, string, EvaluationContext, DateTimeOffset)"/>.</param>
/// <param name="Summary">What decided, in one sentence.</param>
/// <param name="Steps">Every step up to the one that decided; steps that were never reached are absent.</param>
public sealed record Explanation(EvaluationResult Result, string Summary, IReadOnlyList<ExplanationStep> Steps);

/// <summary>One step of an evaluation.</summary>
/// <param name="Kind">What was asked.</param>
/// <param name="Id">The id of the rule or override, or the prerequisite's key; null for the flag and the fallthrough.</param>
/// <param name="Decided">True for the last step, which decided.</param>
/// <param name="Words">What happened, for people.</param>
/// <param name="Conditions">The rule's conditions, each with what it said; empty for other kinds.</param>
public sealed record ExplanationStep(
    ExplanationKind Kind,
    string? Id,
    bool Decided,
    string Words,
    IReadOnlyList<ConditionExplanation> Conditions
);

/// <summary>What one condition of a rule said.</summary>
/// <param name="Words">The condition, as a phrase.</param>
/// <param name="Held">Whether it holds.</param>
/// <param name="WasMissing">The attribute is absent or of another type, so that <c>whenMissing</c> decided.</param>
public sealed record ConditionExplanation(string Words, bool Held, bool WasMissing);

/// <summary>What a step asked. Wire names are the camel-case names.</summary>
public enum ExplanationKind
{
    /// <summary>Whether there is such a flag, whether it compiled and whether it is on.</summary>
    Flag,
    Prerequisite,
    Override,
    Rule,
    Fallthrough,
}
