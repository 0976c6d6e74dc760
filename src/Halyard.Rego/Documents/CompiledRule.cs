namespace Halyard.Rego;

/// <summary>A rule ready to run.</summary>
/// <remarks>Slots: How many variables a run of it needs.
/// Arguments: Of a function; empty otherwise.
/// Branches: The body and what stands behind <c>else</c>, in order.</remarks>
internal sealed record CompiledRule(int Slots, Matcher[] Arguments, CompiledBranch[] Branches)
{
    /// <summary>The value that every run of the rule gives, if that is known.</summary>
    public RegoValue? Constant => Branches is [{ Value: ConstantNode constant }] ? constant.Value : null;

    /// <summary>What the first branch whose body holds gives.</summary>
    public RegoValue? Evaluate(World world, ReadOnlySpan<RegoValue> arguments, string conflict)
    {
        var frame = new Frame(Slots, world);
        for (var i = 0; i < Arguments.Length; i++)
        {
            if (!Arguments[i].Matches(frame, arguments[i]))
                return null;
        }
        foreach (var branch in Branches)
        {
            if (branch.Evaluate(frame, conflict) is { } value)
                return value;
        }
        return null;
    }
}

/// <summary>A body with what it gives.</summary>
/// <remarks>Tail: The keys below the document that are known only at run time: of <c>p[x].y</c> the value of x, and y.
/// Value: The value, or what a <c>contains</c> rule adds.</remarks>
internal sealed record CompiledBranch(Body Body, Node[] Tail, Node Value)
{
    public RegoValue? Evaluate(Frame frame, string conflict)
    {
        if (Value is ConstantNode constant)
            return Body.IsEmpty || Body.Holds(frame) ? constant.Value : null;
        if (Body.IsEmpty)
            return Value.Evaluate(frame);
        var sink = new ValueSink(Value, conflict);
        Body.Run(frame, 0, sink);
        return sink.Value;
    }
}
