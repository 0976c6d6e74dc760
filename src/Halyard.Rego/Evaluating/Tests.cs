namespace Halyard.Rego;

/// <summary>Holds when a term is defined and not false.</summary>
internal sealed class TruthTest(Node node) : Test
{
    public Node Node => node;

    public override bool Holds(Frame frame) => node.Evaluate(frame) is { } value && !ReferenceEquals(value, RegoBoolean.False);
}

/// <summary>Never holds: two terms that cannot be the same.</summary>
internal sealed class NeverTest : Test
{
    public override bool Holds(Frame frame) => false;
}

/// <summary>Gives a variable its value.</summary>
internal sealed class AssignTest(int slot, Node node) : Test
{
    public override bool Holds(Frame frame) => (frame.Slots[slot] = node.Evaluate(frame)) is not null;
}

/// <summary>Holds when two terms have the same value.</summary>
internal sealed class SameTest(Node left, Node right) : Test
{
    public Node Left => left;

    public Node Right => right;

    public override bool Holds(Frame frame)
    {
        if (left.Evaluate(frame) is not { } first || right.Evaluate(frame) is not { } second)
            return false;
        frame.World.Run.Weigh(first);
        return first.Equals(second);
    }
}

/// <summary>Holds when a value has the shape of a pattern; gives the pattern's variables their values.</summary>
internal sealed class MatchTest(Matcher pattern, Node node) : Test
{
    public override bool Holds(Frame frame) => node.Evaluate(frame) is { } value && pattern.Matches(frame, value);
}

internal sealed class NotTest(Body body) : Test
{
    public override bool Holds(Frame frame) => !body.Holds(frame);
}

/// <summary>Holds when the body holds for each item of a collection.</summary>
internal sealed class EveryTest(Node domain, int? key, int value, Body body) : Test
{
    public override bool Holds(Frame frame)
    {
        switch (domain.Evaluate(frame))
        {
            case RegoArray array:
                for (var i = 0; i < array.Count; i++)
                {
                    if (!HoldsFor(frame, key is null ? array[i] : RegoNumber.Of(i), array[i]))
                        return false;
                }
                return true;
            case RegoSet set:
                foreach (var item in set.AsSpan())
                {
                    if (!HoldsFor(frame, item, item))
                        return false;
                }
                return true;
            case RegoObject members:
                for (var i = 0; i < members.Count; i++)
                {
                    if (!HoldsFor(frame, members.Keys[i], members.Values[i]))
                        return false;
                }
                return true;
            default:
                return false;
        }
    }

    private bool HoldsFor(Frame frame, RegoValue name, RegoValue item)
    {
        frame.World.Run.Meter.Spend();
        if (key is { } slot)
            frame.Slots[slot] = name;
        frame.Slots[value] = item;
        return body.Holds(frame);
    }
}
