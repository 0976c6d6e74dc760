namespace Halyard.Evaluation;

/// <summary>Builds a context in process. A later attribute replaces an earlier one of the same name.</summary>
/// <param name="targetingKey">Identifies the user; null where there is none.</param>
public sealed class EvaluationContextBuilder(string? targetingKey)
{
    private readonly List<KeyValuePair<string, AttributeValue>> _attributes = [];

    /// <summary>Sets an attribute.</summary>
    public EvaluationContextBuilder Set(string name, AttributeValue value)
    {
        _attributes.Add(new(name, value));
        return this;
    }

    /// <summary>Sets a string; null is missing.</summary>
    public EvaluationContextBuilder Set(string name, string? value) => Set(name, AttributeValue.Of(value));

    /// <summary>Sets a number.</summary>
    public EvaluationContextBuilder Set(string name, double value) => Set(name, AttributeValue.Of(value));

    /// <summary>Sets a boolean.</summary>
    public EvaluationContextBuilder Set(string name, bool value) => Set(name, AttributeValue.Of(value));

    /// <summary>The context; the targeting key wins over an attribute of its name.</summary>
    public EvaluationContext Build()
    {
        KeyValuePair<string, AttributeValue>[] members =
        [
            .. _attributes,
            new(AttributePath.TargetingKey, AttributeValue.Of(targetingKey)),
        ];
        return new EvaluationContext(targetingKey, new AttributeObject(members));
    }
}
