namespace Halyard.Rego;

/// <summary>A term that rules compare with constants: a path into the input, or an argument of a function.</summary>
/// <param name="Argument">Which argument; null for the input.</param>
/// <param name="Path">The keys below <c>input</c>, as text.</param>
internal sealed record IndexKey(int? Argument, string Path)
{
    private RegoValue[] Keys { get; init; } = [];

    /// <summary>What must be true of terms for the rule to hold at all.</summary>
    public static Dictionary<IndexKey, RegoValue> DemandsOf(CompiledRule rule)
    {
        var demands = new Dictionary<IndexKey, RegoValue>();
        for (var i = 0; i < rule.Arguments.Length; i++)
        {
            if (rule.Arguments[i] is SameMatcher { Node: ConstantNode constant })
                demands.TryAdd(new IndexKey(i, ""), constant.Value);
        }
        // Behind an else a rule may hold although its first body does not.
        if (rule.Branches.Length > 1)
            return demands;
        foreach (var (left, right) in rule.Branches[0].Body.Equalities())
        {
            if (Of(left, rule) is { } key && right is ConstantNode wanted)
                demands.TryAdd(key, wanted.Value);
            else if (Of(right, rule) is { } other && left is ConstantNode value)
                demands.TryAdd(other, value.Value);
        }
        return demands;
    }

    public RegoValue? Read(World world, RegoValue[] arguments)
    {
        if (Argument is { } at)
            return arguments[at];
        var value = world.Input;
        for (var i = 0; i < Keys.Length && value is not null; i++)
            value = LookupNode.Get(world, value, Keys[i]);
        return value;
    }

    public bool Equals(IndexKey? other) => other is not null && Argument == other.Argument && Path == other.Path;

    public override int GetHashCode() => HashCode.Combine(Argument, Path);

    private static IndexKey? Of(Node node, CompiledRule rule)
    {
        if (node is SlotNode slot)
        {
            var argument = Array.FindIndex(rule.Arguments, matcher => matcher is BindMatcher bind && bind.Slot == slot.Slot);
            return argument < 0 ? null : new IndexKey(argument, "");
        }
        var keys = new List<RegoValue>();
        while (node is LookupNode { Key: ConstantNode key } lookup)
        {
            keys.Insert(0, key.Value);
            node = lookup.Of;
        }
        return node is InputNode ? new IndexKey(null, RegoArray.From(keys).ToString()) { Keys = [.. keys] } : null;
    }
}
