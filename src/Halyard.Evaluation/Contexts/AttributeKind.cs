namespace Halyard.Evaluation;

/// <summary>The type of an attribute.</summary>
public enum AttributeKind
{
    /// <summary>Absent, null, or a number that is not finite.</summary>
    Missing,
    Boolean,
    Number,
    String,
    List,
    Object,
}
