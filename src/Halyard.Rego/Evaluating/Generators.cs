namespace Halyard.Rego;

/// <summary>Takes each key and value of a collection.</summary>
/// <param name="of">The collection.</param>
/// <param name="key">What the key must match: an index, a member's key, an item of a set.</param>
/// <param name="value">What the value must match.</param>
internal sealed class IterateStep(Node of, Matcher key, Matcher value) : Generator
{
    public override bool Run(Frame frame, Rest rest)
    {
        var run = frame.World.Run;
        Evaluation.EnsureDepth();
        switch (of.Evaluate(frame))
        {
            case RegoArray array:
                for (var i = 0; i < array.Count; i++)
                {
                    if (Take(frame, RegoNumber.Of(i), array[i], rest))
                        return true;
                }
                return false;
            case RegoSet set:
                foreach (var item in set.AsSpan())
                {
                    if (Take(frame, item, item, rest))
                        return true;
                }
                return false;
            case RegoObject members:
                for (var i = 0; i < members.Count; i++)
                {
                    if (Take(frame, members.Keys[i], members.Values[i], rest))
                        return true;
                }
                return false;
            case VirtualDocument package:
                return RunPackage(package, frame, rest);
            default:
                return false;
        }
    }

    private bool RunPackage(VirtualDocument package, Frame frame, Rest rest)
    {
        foreach (var name in package.Keys())
        {
            if (key.Matches(frame, name) && package.Get(frame.World, name) is { } below && Take(frame, name, below, rest))
                return true;
        }
        return false;
    }

    private bool Take(Frame frame, RegoValue name, RegoValue item, Rest rest)
    {
        frame.World.Run.Meter.Spend();
        return key.Matches(frame, name) && value.Matches(frame, item) && rest.Continue(frame);
    }
}

/// <summary>Takes each result of a built-in that has several.</summary>
internal sealed class RelationStep(Node call, int slot) : Generator
{
    public override bool Run(Frame frame, Rest rest)
    {
        Evaluation.EnsureDepth();
        if (call.Evaluate(frame) is not RegoArray results)
            return false;
        foreach (var result in results.AsSpan())
        {
            frame.World.Run.Meter.Spend();
            frame.Slots[slot] = result;
            if (rest.Continue(frame))
                return true;
        }
        return false;
    }
}

/// <summary>Runs steps in a world in which things are replaced, and what follows in the world outside.</summary>
internal sealed class WithStep(Change[] changes, Body inner) : Generator
{
    public override bool Run(Frame frame, Rest rest)
    {
        var outside = frame.World;
        Evaluation.EnsureDepth();
        var inside = outside;
        foreach (var change in changes)
        {
            if (change.Apply(frame, inside) is not { } changed)
                return false;
            inside = changed;
        }
        frame.World = inside;
        var enough = inner.Run(frame, 0, new Leaving(rest, outside, inside));
        frame.World = outside;
        return enough;
    }

    private sealed class Leaving(Rest rest, World outside, World inside) : Sink
    {
        public override bool Accept(Frame frame)
        {
            frame.World = outside;
            var enough = rest.Continue(frame);
            frame.World = inside;
            return enough;
        }
    }
}
