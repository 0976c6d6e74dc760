using System.Collections.Frozen;

namespace Halyard.Evaluation;

/// <summary>A segment ready to be asked: excludes win over includes, includes over rules.</summary>
internal sealed class CompiledSegment(string key)
{
    public string Key { get; } = key;
    public FrozenSet<string> Includes { get; internal set; } = [];
    public FrozenSet<string> Excludes { get; internal set; } = [];
    public CompiledCondition[][] Rules { get; internal set; } = [];

    /// <summary>True where the definition has a problem; a flag that uses it then has one too.</summary>
    public bool IsBroken { get; internal set; }

    public bool Contains(EvaluationContext context)
    {
        if (context.TargetingKey is { } user)
        {
            if (Excludes.Count > 0 && Excludes.Contains(user))
                return false;
            if (Includes.Count > 0 && Includes.Contains(user))
                return true;
        }
        foreach (var conditions in Rules)
        {
            if (CompiledCondition.AllHold(conditions, context))
                return true;
        }
        return false;
    }
}
