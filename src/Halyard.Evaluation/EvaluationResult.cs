using Halyard.Evaluation.Definitions;

namespace Halyard.Evaluation;

/// <summary>
/// What a flag answered and why. A value type: it refers to what was compiled and copies nothing. Asking for another type than
/// the flag's is an error code, never an exception.
/// </summary>
public readonly struct EvaluationResult
{
    // Small on purpose: results are copied on the way out of every evaluation.
    private readonly CompiledFlag? _flag;
    private readonly object? _cause;
    private readonly byte _reason;
    private readonly byte _detail;
    private readonly byte _errorCode;
    private readonly bool _participates;

    internal EvaluationResult(
        CompiledFlag? flag,
        CompiledVariant? variant,
        EvaluationReason reason,
        object? cause = null,
        bool participates = false,
        EvaluationDetail detail = EvaluationDetail.None,
        ErrorCode errorCode = Evaluation.ErrorCode.General
    )
    {
        _flag = flag;
        Variant = variant;
        _cause = cause;
        _reason = (byte)reason;
        _detail = (byte)detail;
        _errorCode = (byte)errorCode;
        _participates = participates;
    }

    /// <summary>What is served; null where there is nothing to serve but the error.</summary>
    public CompiledVariant? Variant { get; }

    /// <summary>Why.</summary>
    public EvaluationReason Reason => (EvaluationReason)_reason;

    /// <summary>More about the reason.</summary>
    public EvaluationDetail Detail => (EvaluationDetail)_detail;

    /// <summary>What went wrong; null unless the reason is <see cref="EvaluationReason.Error"/>.</summary>
    public ErrorCode? ErrorCode => Reason == EvaluationReason.Error ? (ErrorCode)_errorCode : null;

    /// <summary>The experiment the user takes part in; null outside its traffic. Where set, the exposure is to be reported.</summary>
    public string? ExperimentKey => _participates ? Rollout?.ExperimentKey : null;

    /// <summary>The rule that chose.</summary>
    public string? RuleId => (_cause as CompiledRule)?.Id;

    /// <summary>The override that chose.</summary>
    public string? OverrideId => (_cause as CompiledOverride)?.Id;

    /// <summary>The flag whose variant did not satisfy the prerequisite.</summary>
    public string? PrerequisiteKey => (_cause as CompiledPrerequisite)?.Flag.Key;

    /// <summary>The flag's key; null where there is no such flag.</summary>
    public string? FlagKey => _flag?.Key;

    /// <summary>The flag's revision; 0 where there is no such flag.</summary>
    public long Revision => _flag?.Revision ?? 0;

    internal object? Cause => _cause;

    private CompiledRollout? Rollout => (_cause is CompiledRule rule ? rule.Serve : _flag!.Fallthrough).Rollout;

    /// <summary>This, or the error <c>TYPE_MISMATCH</c> without a variant where the flag's values have another type.</summary>
    public EvaluationResult As(FlagType type) =>
        Variant is null || Variant.Type == type
            ? this
            : new EvaluationResult(_flag, null, EvaluationReason.Error, errorCode: Evaluation.ErrorCode.TypeMismatch);

    /// <summary>The boolean served; where there is none, <paramref name="value"/> is false and the error says why.</summary>
    public bool TryGetBoolean(out bool value, out ErrorCode? error)
    {
        var has = Has(FlagType.Boolean, out error);
        value = has && Variant!.Scalar.Truth;
        return has;
    }

    /// <summary>The string served; where there is none, <paramref name="value"/> is empty and the error says why.</summary>
    public bool TryGetString(out string value, out ErrorCode? error)
    {
        var has = Has(FlagType.String, out error);
        value = has ? Variant!.Scalar.Text : "";
        return has;
    }

    /// <summary>The number served; where there is none, <paramref name="value"/> is 0 and the error says why.</summary>
    public bool TryGetNumber(out double value, out ErrorCode? error)
    {
        var has = Has(FlagType.Number, out error);
        value = has ? Variant!.Scalar.Number : 0;
        return has;
    }

    /// <summary>The JSON object served, as UTF-8; where there is none, <paramref name="json"/> is empty and the error says why.</summary>
    public bool TryGetJson(out ReadOnlyMemory<byte> json, out ErrorCode? error)
    {
        var has = Has(FlagType.Json, out error);
        json = has ? Variant!.ValueUtf8 : default;
        return has;
    }

    /// <summary>The boolean served, or <paramref name="fallback"/> where there is none.</summary>
    public bool BooleanValue(bool fallback) => TryGetBoolean(out var value, out _) ? value : fallback;

    /// <summary>The string served, or <paramref name="fallback"/> where there is none.</summary>
    public string StringValue(string fallback) => TryGetString(out var value, out _) ? value : fallback;

    /// <summary>The number served, or <paramref name="fallback"/> where there is none.</summary>
    public double NumberValue(double fallback) => TryGetNumber(out var value, out _) ? value : fallback;

    /// <summary>The JSON object served, or <paramref name="fallback"/> where there is none.</summary>
    public ReadOnlyMemory<byte> JsonValue(ReadOnlyMemory<byte> fallback) => TryGetJson(out var json, out _) ? json : fallback;

    private bool Has(FlagType type, out ErrorCode? error)
    {
        error = ErrorCode;
        if (Variant is null)
            return false;
        if (Variant.Type == type)
            return true;
        error = Evaluation.ErrorCode.TypeMismatch;
        return false;
    }
}
