namespace Halyard.Rego;

/// <summary>Objects: their members by key or path, with and without some, put together, compared.</summary>
internal static class Objects
{
    private static readonly RegoType Keys = RegoType.AnyOf(RegoType.Object, RegoType.Set, RegoType.Array);
    private static readonly RegoType Collection = RegoType.AnyOf(RegoType.Object, RegoType.Set, RegoType.Array);

    public static IReadOnlyList<Builtin> All { get; } =
    [
        new("object.get", [RegoType.Object, RegoType.Any, RegoType.Any], RegoType.Any, Get),
        new("object.keys", [RegoType.Object], RegoType.Set, (context, x) => context.GiveSet(((RegoObject)x[0]).Keys.ToArray())),
        new("object.remove", [RegoType.Object, Keys], RegoType.Object, (context, x) => Kept(context, x, listed: false)),
        new("object.filter", [RegoType.Object, Keys], RegoType.Object, (context, x) => Kept(context, x, listed: true)),
        new(
            "object.union",
            [RegoType.Object, RegoType.Object],
            RegoType.Object,
            (context, x) => Union(context, (RegoObject)x[0], (RegoObject)x[1])
        ),
        new("object.union_n", [RegoType.ArrayOfType(RegoType.Object)], RegoType.Object, UnionOfAll),
        new("object.subset", [Collection, Collection], RegoType.Boolean, Subset),
    ];

    private static RegoValue Get(BuiltinContext context, ReadOnlySpan<RegoValue> arguments)
    {
        if (arguments[1] is not RegoArray path)
            return ((RegoObject)arguments[0]).Get(arguments[1]) ?? arguments[2];
        context.Spend(path.Count);
        RegoValue? at = arguments[0];
        foreach (var key in path)
            at = at is null ? null : MemberOf(at, key);
        return at ?? arguments[2];
    }

    /// <summary>What a collection holds at a key; a set holds its items at themselves.</summary>
    public static RegoValue? MemberOf(RegoValue collection, RegoValue key) =>
        collection switch
        {
            RegoObject members => members.Get(key),
            RegoArray array => array.At(key),
            RegoSet set => set.Contains(key) ? key : null,
            _ => null,
        };

    private static RegoObject Kept(BuiltinContext context, ReadOnlySpan<RegoValue> arguments, bool listed)
    {
        var members = (RegoObject)arguments[0];
        var keys = arguments[1] is RegoObject named ? named.Keys : Collections.Items(arguments[1]);
        context.Spend(members.Count + keys.Length);
        context.Weigh(arguments[1]);
        context.Reserve(48L * keys.Length);
        var wanted = new HashSet<RegoValue>(keys.ToArray());
        var kept = new RegoObjectBuilder();
        foreach (var (key, value) in members)
        {
            if (wanted.Contains(key) == listed)
                kept.Set(key, value);
        }
        return context.Give(kept);
    }

    // Where both have an object it is put together too; otherwise the right one counts.
    private static RegoObject Union(BuiltinContext context, RegoObject left, RegoObject right)
    {
        var united = new RegoObjectBuilder();
        foreach (var (key, value) in left)
            united.Set(key, value);
        foreach (var (key, value) in right)
        {
            var both = value is RegoObject inner && united.Get(key) is RegoObject outer ? Union(context, outer, inner) : value;
            united.Set(key, both);
        }
        return context.Give(united);
    }

    private static RegoValue? UnionOfAll(BuiltinContext context, ReadOnlySpan<RegoValue> arguments)
    {
        var united = RegoObject.Empty;
        foreach (var item in (RegoArray)arguments[0])
        {
            if (item is not RegoObject members)
                return context.FailType($"operand 1 must be array of objects but got array containing {item.KindName}");
            united = Union(context, united, members);
        }
        return united;
    }

    private static RegoValue? Subset(BuiltinContext context, ReadOnlySpan<RegoValue> arguments)
    {
        if (arguments[0] is RegoArray array && arguments[1] is RegoSet set)
            return RegoValue.Of(context.GiveSet([.. array]) is var items && Holds(context, items, set));
        return arguments[0].Kind == arguments[1].Kind
            ? RegoValue.Of(Holds(context, arguments[0], arguments[1]))
            : context.FailType("both arguments object.subset must be of the same type or array and set");
    }

    private static bool Holds(BuiltinContext context, RegoValue whole, RegoValue part)
    {
        switch (whole, part)
        {
            case (RegoObject members, RegoObject some):
                context.Spend(1 + some.Count);
                return some.All(member => members.Get(member.Key) is { } value && Holds(context, value, member.Value));
            case (RegoSet items, RegoSet some):
                context.Spend(1 + some.Count);
                context.Weigh(part);
                return some.All(items.Contains);
            case (RegoArray items, RegoArray some):
                return HoldsRun(context, items, some);
            default:
                return whole.Equals(part);
        }
    }

    private static bool HoldsRun(BuiltinContext context, RegoArray items, RegoArray some)
    {
        for (var at = 0; at + some.Count <= items.Count; at++)
        {
            context.Spend(1 + some.Count);
            context.Weigh(some);
            if (items.AsSpan().Slice(at, some.Count).SequenceEqual(some.AsSpan()))
                return true;
        }
        return false;
    }
}
