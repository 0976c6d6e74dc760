namespace Halyard.Rego;

/// <summary>Counting, summing and sorting collections; the operations of sets; membership; walking.</summary>
internal static class Collections
{
    private static readonly RegoType ArrayOrSet = RegoType.AnyOf(RegoType.Array, RegoType.Set);
    private static readonly RegoType Numbers = RegoType.AnyOf(
        RegoType.ArrayOfType(RegoType.Number),
        RegoType.SetOfType(RegoType.Number)
    );
    private static readonly RegoType Booleans = RegoType.AnyOf(
        RegoType.ArrayOfType(RegoType.Boolean),
        RegoType.SetOfType(RegoType.Boolean)
    );
    private static readonly RegoType[] TwoSets = [RegoType.Set, RegoType.Set];

    public static IReadOnlyList<Builtin> All { get; } =
    [
        new(
            "count",
            [RegoType.AnyOf(RegoType.Set, RegoType.Array, RegoType.Object, RegoType.String)],
            RegoType.Number,
            (_, x) => Count(x[0])
        ),
        new("sum", [Numbers], RegoType.Number, (context, x) => Fold(context, x[0], 0, Arithmetic.Add)),
        new("product", [Numbers], RegoType.Number, (context, x) => Fold(context, x[0], 1, Arithmetic.Multiply)),
        new("max", [ArrayOrSet], RegoType.Any, (context, x) => Extreme(context, x[0], 1)),
        new("min", [ArrayOrSet], RegoType.Any, (context, x) => Extreme(context, x[0], -1)),
        new("sort", [ArrayOrSet], RegoType.Array, Sort),
        new("all", [Booleans], RegoType.Boolean, (_, x) => AllTrue(x[0])),
        new("any", [Booleans], RegoType.Boolean, (_, x) => AnyTrue(x[0])),
        new("and", TwoSets, RegoType.Set, (context, x) => Intersection(context, (RegoSet)x[0], (RegoSet)x[1])),
        new("or", TwoSets, RegoType.Set, (context, x) => Union(context, (RegoSet)x[0], (RegoSet)x[1])),
        new("set_diff", TwoSets, RegoType.Set, (context, x) => Difference(context, (RegoSet)x[0], (RegoSet)x[1])),
        new("union", [RegoType.SetOfType(RegoType.Set)], RegoType.Set, UnionOfAll),
        new("intersection", [RegoType.SetOfType(RegoType.Set)], RegoType.Set, IntersectionOfAll),
        new("internal.member_2", [RegoType.Any, RegoType.Any], RegoType.Boolean, Member),
        new("internal.member_3", [RegoType.Any, RegoType.Any, RegoType.Any], RegoType.Boolean, MemberAt),
        new("walk", [RegoType.Any], RegoType.Tuple(RegoType.Array, RegoType.Any), (context, x) => Walk(context, x[0]))
        {
            IsRelation = true,
        },
    ];

    /// <summary>The items of an array or a set.</summary>
    public static ReadOnlySpan<RegoValue> Items(RegoValue collection) =>
        collection switch
        {
            RegoArray array => array.AsSpan(),
            RegoSet set => set.AsSpan(),
            _ => [],
        };

    public static RegoSet Difference(BuiltinContext context, RegoSet left, RegoSet right)
    {
        Charge(context, left.Count);
        context.Spend(left.Weight / 16);
        return RegoSet.OfOwned([.. left.Where(item => !right.Contains(item))]);
    }

    public static RegoSet Union(BuiltinContext context, RegoSet left, RegoSet right)
    {
        Charge(context, left.Count + right.Count);
        context.Spend((left.Weight + right.Weight) / 16);
        return RegoSet.OfOwned([.. left, .. right]);
    }

    public static RegoSet Intersection(BuiltinContext context, RegoSet left, RegoSet right)
    {
        var (few, many) = left.Count <= right.Count ? (left, right) : (right, left);
        Charge(context, few.Count);
        context.Spend(few.Weight / 16);
        return RegoSet.OfOwned([.. few.Where(many.Contains)]);
    }

    private static void Charge(BuiltinContext context, int items)
    {
        context.Spend(items);
        context.Reserve(48 + 8L * items);
    }

    private static RegoNumber Count(RegoValue value) =>
        RegoNumber.Of(
            value switch
            {
                RegoArray array => array.Count,
                RegoSet set => set.Count,
                RegoObject members => members.Count,
                RegoString text => text.Value.Length - text.Value.AsSpan().CountPairs(),
                _ => 0,
            }
        );

    private static int CountPairs(this ReadOnlySpan<char> text)
    {
        var pairs = 0;
        foreach (var unit in text)
            pairs += char.IsLowSurrogate(unit) ? 1 : 0;
        return pairs;
    }

    private static RegoValue? Fold(
        BuiltinContext context,
        RegoValue collection,
        long start,
        Func<RegoNumber, RegoNumber, RegoNumber?> operation
    )
    {
        var total = RegoNumber.Of(start);
        context.Spend(Items(collection).Length);
        foreach (var item in Items(collection))
        {
            if (item is not RegoNumber number)
                return context.FailType(
                    $"operand 1 must be {collection.KindName} of numbers but got {collection.KindName} containing {item.KindName}"
                );
            if (operation(total, number) is not { } next)
                return context.Fail("the result is out of range");
            total = next;
        }
        return total;
    }

    private static RegoValue? Extreme(BuiltinContext context, RegoValue collection, int sign)
    {
        RegoValue? best = null;
        context.Spend(Items(collection).Length + collection.Weight / 16);
        foreach (var item in Items(collection))
        {
            if (best is null || item.CompareTo(best) * sign > 0)
                best = item;
        }
        return best;
    }

    private static RegoArray Sort(BuiltinContext context, ReadOnlySpan<RegoValue> arguments)
    {
        var items = Items(arguments[0]).ToArray();
        Charge(context, items.Length);
        context.Spend(arguments[0].Weight / 16);
        Array.Sort(items);
        return RegoArray.Of(items);
    }

    private static RegoBoolean AllTrue(RegoValue collection)
    {
        foreach (var item in Items(collection))
        {
            if (!ReferenceEquals(item, RegoBoolean.True))
                return RegoBoolean.False;
        }
        return RegoBoolean.True;
    }

    private static RegoBoolean AnyTrue(RegoValue collection)
    {
        foreach (var item in Items(collection))
        {
            if (ReferenceEquals(item, RegoBoolean.True))
                return RegoBoolean.True;
        }
        return RegoBoolean.False;
    }

    private static RegoValue? UnionOfAll(BuiltinContext context, ReadOnlySpan<RegoValue> arguments)
    {
        var all = new List<RegoValue>();
        foreach (var item in (RegoSet)arguments[0])
        {
            if (item is not RegoSet set)
                return context.FailType($"operand 1 must be set of sets but got set containing {item.KindName}");
            Charge(context, set.Count);
            context.Spend(set.Weight / 16);
            all.AddRange(set);
        }
        return RegoSet.OfOwned([.. all]);
    }

    private static RegoValue? IntersectionOfAll(BuiltinContext context, ReadOnlySpan<RegoValue> arguments)
    {
        var sets = (RegoSet)arguments[0];
        var common = sets.Count == 0 ? RegoSet.Empty : sets[0] as RegoSet;
        foreach (var item in sets)
        {
            if (common is null || item is not RegoSet set)
                return context.FailType($"operand 1 must be set of sets but got set containing {item.KindName}");
            common = Intersection(context, common, set);
        }
        return common;
    }

    private static RegoBoolean Member(BuiltinContext context, ReadOnlySpan<RegoValue> arguments)
    {
        var wanted = arguments[0];
        var found = arguments[1] switch
        {
            RegoSet set => set.Contains(wanted),
            RegoArray array => Holds(context, array.AsSpan(), wanted),
            RegoObject members => Holds(context, members.Values, wanted),
            _ => false,
        };
        return found ? RegoBoolean.True : RegoBoolean.False;
    }

    private static bool Holds(BuiltinContext context, ReadOnlySpan<RegoValue> items, RegoValue wanted)
    {
        context.Spend(items.Length + wanted.Weight / 16);
        foreach (var item in items)
        {
            if (item.Equals(wanted))
                return true;
        }
        return false;
    }

    private static RegoBoolean MemberAt(BuiltinContext context, ReadOnlySpan<RegoValue> arguments)
    {
        var (key, wanted) = (arguments[0], arguments[1]);
        var at = arguments[2] switch
        {
            RegoSet set => set.Contains(key) ? key : null,
            RegoArray array => array.At(key),
            RegoObject members => members.Get(key),
            _ => null,
        };
        return wanted.Equals(at) ? RegoBoolean.True : RegoBoolean.False;
    }

    private static RegoArray Walk(BuiltinContext context, RegoValue root)
    {
        var found = new List<RegoValue>();
        Visit(context, [], root, found);
        return RegoArray.Of([.. found]);
    }

    private static void Visit(BuiltinContext context, RegoValue[] path, RegoValue value, List<RegoValue> found)
    {
        Charge(context, path.Length + 4);
        found.Add(RegoArray.Of(RegoArray.Of(path), value));
        switch (value)
        {
            case RegoArray array:
                for (var i = 0; i < array.Count; i++)
                    Visit(context, [.. path, RegoNumber.Of(i)], array[i], found);
                break;
            case RegoObject members:
                foreach (var (key, member) in members)
                    Visit(context, [.. path, key], member, found);
                break;
            case RegoSet set:
                foreach (var item in set)
                    Visit(context, [.. path, item], item, found);
                break;
        }
    }
}
