namespace Halyard.Rego;

/// <summary>
/// Steps in the order in which they run. Running finds each way in which all steps hold and tells the sink, until the sink has
/// enough.
/// </summary>
internal sealed class Body(Step[] steps)
{
    public bool IsEmpty => steps.Length == 0;

    /// <summary>Runs the steps from one on.</summary>
    /// <returns>True when the sink has enough.</returns>
    public bool Run(Frame frame, int from, Sink sink)
    {
        for (var at = from; at < steps.Length; at++)
        {
            frame.World.Run.Meter.Spend();
            var step = steps[at];
            if (step is Generator generator)
                return generator.Run(frame, new Rest(this, at + 1, sink));
            if (!((Test)step).Holds(frame))
                return false;
        }
        return sink.Accept(frame);
    }

    /// <summary>Pairs of terms that must be equal for the body to hold, as far as its plain steps say so.</summary>
    public IEnumerable<(Node Left, Node Right)> Equalities()
    {
        foreach (var step in steps)
        {
            if (step is SameTest same)
                yield return (same.Left, same.Right);
            else if (step is TruthTest { Node: ComparisonNode { Comparison: Comparison.Equal } equal })
                yield return (equal.Left, equal.Right);
        }
    }

    /// <summary>Whether there is a way at all.</summary>
    public bool Holds(Frame frame) => Run(frame, 0, FirstSink.Instance);
}

/// <summary>What remains of a body after one of its steps.</summary>
internal readonly record struct Rest(Body Body, int From, Sink Sink)
{
    /// <summary>Runs it.</summary>
    /// <returns>True when the sink has enough.</returns>
    public bool Continue(Frame frame) => Body.Run(frame, From, Sink);
}

/// <summary>One step of a body.</summary>
internal abstract class Step;

/// <summary>A step that holds or does not, in one way.</summary>
internal abstract class Test : Step
{
    public abstract bool Holds(Frame frame);
}

/// <summary>A step that may hold in several ways, each of which continues with the rest.</summary>
internal abstract class Generator : Step
{
    /// <summary>Runs the rest for each way.</summary>
    /// <returns>True when the sink has enough.</returns>
    public abstract bool Run(Frame frame, Rest rest);
}

/// <summary>Takes each way in which a body holds.</summary>
internal abstract class Sink
{
    /// <summary>Takes the values that the frame holds now.</summary>
    /// <returns>True when no other way is wanted.</returns>
    public abstract bool Accept(Frame frame);
}

/// <summary>One way is enough.</summary>
internal sealed class FirstSink : Sink
{
    public static FirstSink Instance { get; } = new();

    public override bool Accept(Frame frame) => true;
}
