namespace Halyard.Evaluation.Tests.Naive;

/// <summary>Everything about a result that the specification fixes.</summary>
internal sealed record NaiveAnswer(
    string? Variant,
    EvaluationReason Reason,
    ErrorCode? Error = null,
    string? Rule = null,
    string? Override = null,
    EvaluationDetail Detail = EvaluationDetail.None,
    string? Prerequisite = null,
    string? Experiment = null
)
{
    public static NaiveAnswer From(EvaluationResult result) =>
        new(
            result.Variant?.Key,
            result.Reason,
            result.ErrorCode,
            result.RuleId,
            result.OverrideId,
            result.Detail,
            result.PrerequisiteKey,
            result.ExperimentKey
        );
}
