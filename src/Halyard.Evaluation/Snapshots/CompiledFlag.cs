using Halyard.Evaluation.Definitions;

namespace Halyard.Evaluation;

/// <summary>A flag of one environment, ready to be evaluated. Immutable once its snapshot is.</summary>
public sealed class CompiledFlag
{
    private EvaluationResult _fixed;

    internal CompiledFlag(string key, FlagType type, long revision)
    {
        Key = key;
        Type = type;
        Revision = revision;
    }

    /// <summary>The flag's key.</summary>
    public string Key { get; }

    /// <summary>The type of its values.</summary>
    public FlagType Type { get; }

    /// <summary>The revision of the flag that was compiled.</summary>
    public long Revision { get; }

    /// <summary>True where the definition could not be compiled: the off variant is served with <c>PARSE_ERROR</c>.</summary>
    public bool IsBroken { get; private set; }

    /// <summary>True where every context gets the same answer at any time.</summary>
    public bool IsFixed { get; private set; }

    /// <summary>The variants that could be read, in the order defined.</summary>
    public IReadOnlyList<CompiledVariant> Variants { get; internal set; } = [];

    internal CompiledVariant? Off { get; set; }
    internal CompiledPrerequisite[] Prerequisites { get; set; } = [];
    internal CompiledOverrides? Overrides { get; set; }

    /// <summary>Enabled rules, in order.</summary>
    internal CompiledRule[] Rules { get; set; } = [];

    /// <summary>All rules, for words to people.</summary>
    internal IReadOnlyList<CompiledRule> WrittenRules { get; set; } = [];

    internal CompiledServe Fallthrough { get; set; }

    internal ref readonly EvaluationResult Fixed => ref _fixed;

    internal void Break()
    {
        IsBroken = true;
        Fix(new EvaluationResult(this, Off, EvaluationReason.Error, errorCode: ErrorCode.ParseError));
    }

    internal void Disable() => Fix(new EvaluationResult(this, Off, EvaluationReason.Disabled));

    internal void ServeAlways(CompiledVariant variant) => Fix(new EvaluationResult(this, variant, EvaluationReason.Static));

    private void Fix(EvaluationResult result)
    {
        _fixed = result;
        IsFixed = true;
    }
}
