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

    public override RegoValue? Evaluate(Frame frame)
    {
        if (left.Evaluate(frame) is not { } first || right.Evaluate(frame) is not { } second)
            return null;
        frame.World.Run.Weigh(first);
        return RegoValue.Of(Comparisons.Holds(comparison, first, second));
    }
}
