namespace Halyard.Rego;

/// <summary>What follows from types. Where a type is not known, or would grow too large to be worth it, it is any.</summary>
internal static class TypeRules
{
    private const int MaxSize = 200;
    private const int MostAlternatives = 8;

    public static bool IsAny(RegoType type) => type is RegoType.Union { Types.Count: 0 };

    public static RegoType Of(RegoValue value) =>
        Capped(
            value switch
            {
                RegoArray array => new RegoType.TupleOf([.. array.Select(Of)]),
                RegoObject members => new RegoType.RecordOf(
                    members.ToDictionary(member => member.Key, member => Of(member.Value))
                ),
                RegoSet set => RegoType.SetOfType(Either(set.Select(Of))),
                _ => new RegoType.Scalar(value.Kind),
            }
        );

    /// <summary>The type of what is one or another; nothing at all is any.</summary>
    public static RegoType Either(IEnumerable<RegoType> types)
    {
        var distinct = new List<RegoType>();
        foreach (var type in types)
        {
            if (IsAny(type))
                return RegoType.Any;
            if (!distinct.Contains(type))
                distinct.Add(type);
            if (distinct.Count > MostAlternatives)
                return RegoType.Any;
        }
        return distinct is [var one] ? one : Capped(RegoType.AnyOf([.. distinct]));
    }

    /// <summary>The type, or what is left of it when it is too large.</summary>
    public static RegoType Capped(RegoType type) =>
        type.Size <= MaxSize
            ? type
            : type switch
            {
                RegoType.ArrayOf or RegoType.TupleOf => RegoType.Array,
                RegoType.SetOf => RegoType.Set,
                RegoType.ObjectOf or RegoType.RecordOf => RegoType.Object,
                _ => RegoType.Any,
            };

    /// <summary>Whether one value may be of both types.</summary>
    public static bool MayMeet(RegoType left, RegoType right) =>
        (left, right) switch
        {
            _ when IsAny(left) || IsAny(right) => true,
            (RegoType.Union union, _) => union.Types.Any(type => MayMeet(type, right)),
            (_, RegoType.Union union) => union.Types.Any(type => MayMeet(left, type)),
            (RegoType.Scalar one, RegoType.Scalar other) => one.Kind == other.Kind,
            (RegoType.TupleOf one, RegoType.TupleOf other) => one.Items.Count == other.Items.Count
                && one.Items.Zip(other.Items).All(pair => MayMeet(pair.First, pair.Second)),
            (RegoType.TupleOf tuple, RegoType.ArrayOf array) => tuple.Items.All(item => MayMeet(item, array.Item)),
            (RegoType.ArrayOf array, RegoType.TupleOf tuple) => tuple.Items.All(item => MayMeet(item, array.Item)),
            // What may be empty meets whatever may be empty.
            (RegoType.ArrayOf, RegoType.ArrayOf) or (RegoType.SetOf, RegoType.SetOf) or (RegoType.ObjectOf, RegoType.ObjectOf) =>
                true,
            (RegoType.RecordOf one, RegoType.RecordOf other) => one.Members.Count == other.Members.Count
                && one.Members.All(member => other.Members.TryGetValue(member.Key, out var type) && MayMeet(member.Value, type)),
            (RegoType.RecordOf record, RegoType.ObjectOf members) => Fits(record, members),
            (RegoType.ObjectOf members, RegoType.RecordOf record) => Fits(record, members),
            _ => false,
        };

    /// <summary>The type at a key.</summary>
    /// <returns>Null when no value of the type has anything at such a key.</returns>
    public static RegoType? At(RegoType type, RegoValue? key) =>
        type switch
        {
            _ when IsAny(type) => RegoType.Any,
            RegoType.Union union => union.Types.Select(one => At(one, key)).OfType<RegoType>().ToList() is { Count: > 0 } found
                ? Either(found)
                : null,
            RegoType.ArrayOf array => key is null or RegoNumber ? array.Item : null,
            RegoType.TupleOf tuple => AtIndex(tuple, key),
            RegoType.SetOf set => key is null || MayMeet(set.Item, Of(key)) ? set.Item : null,
            RegoType.ObjectOf members => key is null || MayMeet(members.Key, Of(key)) ? members.Value : null,
            RegoType.RecordOf record => key is null ? Either(record.Members.Values)
            : record.Members.TryGetValue(key, out var member) ? member
            : null,
            _ => null,
        };

    /// <summary>The type of the keys.</summary>
    public static RegoType KeyOf(RegoType type) =>
        type switch
        {
            RegoType.ArrayOf or RegoType.TupleOf => RegoType.Number,
            RegoType.SetOf set => set.Item,
            RegoType.ObjectOf members => members.Key,
            RegoType.RecordOf record => Either(record.Members.Keys.Select(Of)),
            RegoType.Union union when union.Types.Count > 0 => Either(union.Types.Select(KeyOf)),
            _ => RegoType.Any,
        };

    private static RegoType? AtIndex(RegoType.TupleOf tuple, RegoValue? key)
    {
        if (key is null)
            return Either(tuple.Items);
        return key is RegoNumber number && number.TryGetInt64(out var at) && (ulong)at < (ulong)tuple.Items.Count
            ? tuple.Items[(int)at]
            : null;
    }

    private static bool Fits(RegoType.RecordOf record, RegoType.ObjectOf members) =>
        record.Members.All(member => MayMeet(Of(member.Key), members.Key) && MayMeet(member.Value, members.Value));
}
