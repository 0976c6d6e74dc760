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

    /// <summary>
    /// Whether everybody of whom these facts are known belongs, nobody, or some perhaps (<see langword="null"/>): then the attributes
    /// that decide are added to <paramref name="unknown"/>.
    /// </summary>
    public bool? Judge(EvaluationContext facts, List<string> unknown)
    {
        if (facts.TargetingKey is { } user)
        {
            if (Excludes.Contains(user))
                return false;
            if (Includes.Contains(user))
                return true;
        }
        var open = new List<string>();
        bool? contained = false;
        foreach (var conditions in Rules)
            contained |= CompiledCondition.AllHold(conditions, facts, open);
        // Whoever is named stands apart from what the rules say.
        if (facts.TargetingKey is null && (contained != true && Includes.Count > 0 || contained != false && Excludes.Count > 0))
        {
            open.Add(AttributePath.TargetingKey);
            contained = null;
        }
        if (contained is null)
            unknown.AddRange(open);
        return contained;
    }
}
