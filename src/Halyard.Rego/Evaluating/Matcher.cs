namespace Halyard.Rego;

/// <summary>A pattern that values are held against; which of its variables are new is known when it is compiled.</summary>
internal abstract class Matcher
{
    public abstract bool Matches(Frame frame, RegoValue value);
}

/// <summary>Matches everything.</summary>
internal sealed class AnyMatcher : Matcher
{
    public static AnyMatcher Instance { get; } = new();

    public override bool Matches(Frame frame, RegoValue value) => true;
}

/// <summary>Gives a variable the value.</summary>
internal sealed class BindMatcher(int slot) : Matcher
{
    public int Slot => slot;

    public override bool Matches(Frame frame, RegoValue value)
    {
        frame.Slots[slot] = value;
        return true;
    }
}

/// <summary>Matches the value of a term.</summary>
internal sealed class SameMatcher(Node node) : Matcher
{
    public Node Node => node;

    public override bool Matches(Frame frame, RegoValue value)
    {
        frame.World.Run.Weigh(value);
        return value.Equals(node.Evaluate(frame));
    }
}

internal sealed class ArrayMatcher(Matcher[] items) : Matcher
{
    public override bool Matches(Frame frame, RegoValue value)
    {
        if (value is not RegoArray array || array.Count != items.Length)
            return false;
        for (var i = 0; i < items.Length; i++)
        {
            if (!items[i].Matches(frame, array[i]))
                return false;
        }
        return true;
    }
}

internal sealed class ObjectMatcher(Node[] keys, Matcher[] values) : Matcher
{
    public override bool Matches(Frame frame, RegoValue value)
    {
        if (value is not RegoObject members || members.Count != keys.Length)
            return false;
        for (var i = 0; i < keys.Length; i++)
        {
            if (keys[i].Evaluate(frame) is not { } key || members.Get(key) is not { } member || !values[i].Matches(frame, member))
                return false;
        }
        return true;
    }
}
