namespace Halyard.Evaluation;

internal enum Order
{
    Less,
    LessOrEqual,
    Equal,
    GreaterOrEqual,
    Greater,
}

internal static class Orders
{
    /// <summary>Whether a comparison's sign satisfies the order.</summary>
    public static bool Allows(this Order order, int sign) =>
        order switch
        {
            Order.Less => sign < 0,
            Order.LessOrEqual => sign <= 0,
            Order.Equal => sign == 0,
            Order.GreaterOrEqual => sign >= 0,
            _ => sign > 0,
        };
}

/// <summary>Stands in the order to one of the numbers.</summary>
internal readonly struct NumberMatcher(double[] bounds, Order order) : IMatcher
{
    public Verdict Match(in AttributeValue value)
    {
        if (value.Kind != AttributeKind.Number)
            return Verdict.WrongType;
        foreach (var bound in bounds)
        {
            if (order.Allows(value.Number.CompareTo(bound)))
                return Verdict.Yes;
        }
        return Verdict.No;
    }
}

/// <summary>Lies between two numbers, both included.</summary>
internal readonly struct BetweenMatcher(double low, double high) : IMatcher
{
    public Verdict Match(in AttributeValue value)
    {
        if (value.Kind != AttributeKind.Number)
            return Verdict.WrongType;
        return value.Number >= low && value.Number <= high ? Verdict.Yes : Verdict.No;
    }
}
