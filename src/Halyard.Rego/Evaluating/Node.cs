namespace Halyard.Rego;

/// <summary>A term ready to be evaluated: one value, or null when it is undefined.</summary>
internal abstract class Node
{
    public abstract RegoValue? Evaluate(Frame frame);
}

internal sealed class ConstantNode(RegoValue value) : Node
{
    public RegoValue Value => value;

    public override RegoValue Evaluate(Frame frame) => value;
}

internal sealed class SlotNode(int slot) : Node
{
    public int Slot => slot;

    public override RegoValue? Evaluate(Frame frame) => frame.Slots[slot];
}

internal sealed class InputNode : Node
{
    public static InputNode Instance { get; } = new();

    public override RegoValue? Evaluate(Frame frame) => frame.World.Input;
}

/// <summary>What is at a key of a value.</summary>
internal sealed class LookupNode(Node of, Node key) : Node
{
    public Node Of => of;

    public Node Key => key;

    public override RegoValue? Evaluate(Frame frame)
    {
        if (of.Evaluate(frame) is not { } value || key.Evaluate(frame) is not { } wanted)
            return null;
        if (wanted.Depth > 0)
            frame.World.Run.Weigh(wanted);
        return Get(frame.World, value, wanted);
    }

    public static RegoValue? Get(World world, RegoValue value, RegoValue key) =>
        value switch
        {
            RegoObject members => members.Get(key),
            RegoArray array => array.At(key),
            RegoSet set => set.Contains(key) ? key : null,
            VirtualDocument package => package.Get(world, key),
            _ => null,
        };
}

/// <summary>What a path below <c>data</c> holds, its keys known when the policy was compiled.</summary>
/// <param name="path">The keys, from the root.</param>
/// <param name="document">The lowest place on the path that rules or packages make.</param>
/// <param name="depth">How many keys lead to it.</param>
internal sealed class DataNode(RegoValue[] path, Document document, int depth) : Node
{
    public override RegoValue? Evaluate(Frame frame)
    {
        var world = frame.World;
        if (world.Overlay is not null)
            return Walk(VirtualDocument.Root(world), 0, path.Length, world);
        if (document.HasValue)
            return Walk(world.ValueOf(document), depth, path.Length, world);
        var given = Stored(world.Data, 0, depth);
        return path.Length == depth && document.Function is null
            ? new VirtualDocument(document, given, null)
            : Stored(given, depth, path.Length);
    }

    private RegoValue? Walk(RegoValue? value, int from, int to, World world)
    {
        for (var at = from; at < to && value is not null; at++)
            value = LookupNode.Get(world, value, path[at]);
        return value;
    }

    private RegoValue? Stored(RegoValue? value, int from, int to)
    {
        for (var at = from; at < to && value is not null; at++)
            value = VirtualDocument.Stored(value, path[at]);
        return value;
    }
}

/// <summary>The end of a reference into packages: a package becomes its value.</summary>
internal sealed class ForceNode(Node of) : Node
{
    public override RegoValue? Evaluate(Frame frame) =>
        of.Evaluate(frame) is var value && value is VirtualDocument package ? package.Force(frame.World) : value;
}

internal sealed class ArrayNode(Node[] items) : Node
{
    public override RegoValue? Evaluate(Frame frame) =>
        Several.Evaluate(items, frame) is { } values ? frame.World.Run.Built(RegoArray.Of(values), values.Length) : null;
}

internal sealed class SetNode(Node[] items) : Node
{
    public override RegoValue? Evaluate(Frame frame) =>
        Several.Evaluate(items, frame) is { } values ? frame.World.Run.BuiltSet(values) : null;
}

internal sealed class ObjectNode(Node[] keys, Node[] values) : Node
{
    public override RegoValue? Evaluate(Frame frame)
    {
        if (Several.Evaluate(keys, frame) is not { } names || Several.Evaluate(values, frame) is not { } members)
            return null;
        var builder = new RegoObjectBuilder();
        for (var i = 0; i < names.Length; i++)
            builder.Set(names[i], members[i]);
        return frame.World.Run.Built(builder.Build(), names.Length);
    }
}

internal static class Several
{
    /// <summary>The values of all nodes; null when one is undefined.</summary>
    public static RegoValue[]? Evaluate(Node[] nodes, Frame frame)
    {
        var values = new RegoValue[nodes.Length];
        for (var i = 0; i < nodes.Length; i++)
        {
            if (nodes[i].Evaluate(frame) is not { } value)
                return null;
            values[i] = value;
        }
        return values;
    }
}
