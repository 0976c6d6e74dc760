using Halyard.Evaluation.Definitions;

namespace Halyard.Evaluation;

/// <summary>Why a variant was served, in OpenFeature's words and one of our own. Wire names are in upper case with underscores.</summary>
public enum EvaluationReason
{
    /// <summary>Nothing was evaluated; the error code says why.</summary>
    Error,

    /// <summary>The flag has no rules, overrides, prerequisites or rollout: everyone gets this.</summary>
    Static,

    /// <summary>Nothing matched; the fallthrough, or the off variant where the fallthrough could not place the user.</summary>
    Default,

    /// <summary>An override or a rule chose.</summary>
    TargetingMatch,

    /// <summary>A rollout chose by bucket.</summary>
    Split,

    /// <summary>The flag is off, a draft or archived.</summary>
    Disabled,

    /// <summary>A prerequisite does not hold. Sent as <c>DEFAULT</c> where only OpenFeature's reasons are allowed.</summary>
    PrerequisiteFailed,
}

/// <summary>What went wrong, as OpenFeature names it. Wire names are in upper case with underscores.</summary>
public enum ErrorCode
{
    FlagNotFound,
    ParseError,
    TypeMismatch,
    TargetingKeyMissing,
    InvalidContext,
    General,
}

/// <summary>More about a reason.</summary>
public enum EvaluationDetail
{
    None,

    /// <summary>The fallthrough's rollout had nothing to hash: the off variant was served.</summary>
    NoBucketValue,

    /// <summary>The user fell into the remainder of the fallthrough's rollout: the off variant was served.</summary>
    Remainder,
}

/// <summary>The wire names of results.</summary>
public static class EvaluationNames
{
    /// <summary>The wire name, such as <c>TARGETING_MATCH</c>.</summary>
    public static string WireName(this EvaluationReason reason) =>
        reason switch
        {
            EvaluationReason.Static => "STATIC",
            EvaluationReason.Default => "DEFAULT",
            EvaluationReason.TargetingMatch => "TARGETING_MATCH",
            EvaluationReason.Split => "SPLIT",
            EvaluationReason.Disabled => "DISABLED",
            EvaluationReason.PrerequisiteFailed => "PREREQUISITE_FAILED",
            _ => "ERROR",
        };

    /// <summary>The wire name, such as <c>FLAG_NOT_FOUND</c>.</summary>
    public static string WireName(this ErrorCode code) =>
        code switch
        {
            ErrorCode.FlagNotFound => "FLAG_NOT_FOUND",
            ErrorCode.ParseError => "PARSE_ERROR",
            ErrorCode.TypeMismatch => "TYPE_MISMATCH",
            ErrorCode.TargetingKeyMissing => "TARGETING_KEY_MISSING",
            ErrorCode.InvalidContext => "INVALID_CONTEXT",
            _ => "GENERAL",
        };

    /// <summary>The wire name; null for <see cref="EvaluationDetail.None"/>.</summary>
    public static string? WireName(this EvaluationDetail detail) => detail == EvaluationDetail.None ? null : WireNames.Of(detail);
}
