namespace Halyard.Rego;

/// <summary>Takes the one value that a rule gives; two different ones are a conflict.</summary>
internal sealed class ValueSink(Node value, string conflict) : Sink
{
    public RegoValue? Value { get; private set; }

    public override bool Accept(Frame frame)
    {
        var found = value.Evaluate(frame);
        if (found is null)
            return false;
        frame.World.Run.Weigh(found);
        if (Value is not null && !Value.Equals(found))
            throw new RegoAbort("eval_conflict_error", conflict);
        Value = found;
        return value is ConstantNode;
    }
}

/// <summary>Takes every value, in order.</summary>
internal sealed class ListSink(Node value, List<RegoValue> found) : Sink
{
    public override bool Accept(Frame frame)
    {
        if (value.Evaluate(frame) is { } item)
        {
            frame.World.Run.Meter.Reserve(16);
            found.Add(item);
        }
        return false;
    }
}

/// <summary>Takes every key with its value; one key with two values is a conflict.</summary>
internal sealed class MemberSink(Node key, Node value) : Sink
{
    private readonly RegoObjectBuilder _members = new();

    public RegoObject Members => _members.Build();

    public int Count => _members.Count;

    public override bool Accept(Frame frame)
    {
        if (key.Evaluate(frame) is not { } name || value.Evaluate(frame) is not { } member)
            return false;
        if (_members.Get(name) is { } before && !before.Equals(member))
            throw new RegoAbort("eval_conflict_error", "object keys must be unique");
        frame.World.Run.Meter.Reserve(48);
        frame.World.Run.Weigh(name);
        _members.Set(name, member);
        return false;
    }
}
