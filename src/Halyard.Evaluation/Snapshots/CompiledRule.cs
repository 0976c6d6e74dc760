namespace Halyard.Evaluation;

/// <summary>What a rule or the fallthrough serves: one variant, or a split.</summary>
internal readonly record struct CompiledServe(CompiledVariant? Variant, CompiledRollout? Rollout);

/// <summary>A targeting rule ready to be tested.</summary>
internal sealed class CompiledRule(string id, string name, bool enabled, CompiledCondition[] conditions, CompiledServe serve)
{
    public string Id { get; } = id;
    public string Name { get; } = name;
    public bool Enabled { get; } = enabled;
    public CompiledCondition[] Conditions { get; } = conditions;
    public CompiledServe Serve { get; } = serve;

    public bool Matches(EvaluationContext context) => CompiledCondition.AllHold(Conditions, context);
}
