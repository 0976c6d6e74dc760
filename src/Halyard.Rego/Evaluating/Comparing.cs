namespace Halyard.Rego;

internal enum Comparison
{
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

/// <summary>A comparison of two terms.</summary>
internal sealed class ComparisonNode(Comparison comparison, Node left, Node right) : Node
{
    public Comparison Comparison => comparison;

    public Node Left => left;

    public Node Right => right;

    public override RegoValue? Evaluate(Frame frame) =>
        left.Evaluate(frame) is { } first && right.Evaluate(frame) is { } second
            ? RegoValue.Of(Comparisons.Holds(comparison, first, second))
            : null;
}
