namespace Halyard.Rego;

/// <summary>Arrays put together, cut and turned round.</summary>
internal static class Arrays
{
    public static IReadOnlyList<Builtin> All { get; } =
    [
        new(
            "array.concat",
            [RegoType.Array, RegoType.Array],
            RegoType.Array,
            (context, x) => context.Give([.. (RegoArray)x[0], .. (RegoArray)x[1]])
        ),
        new("array.reverse", [RegoType.Array], RegoType.Array, (context, x) => context.Give([.. ((RegoArray)x[0]).Reverse()])),
        new("array.flatten", [RegoType.Array], RegoType.Array, Flatten),
        new("array.slice", [RegoType.Array, RegoType.Number, RegoType.Number], RegoType.Array, Slice),
    ];

    private static RegoArray Flatten(BuiltinContext context, ReadOnlySpan<RegoValue> arguments)
    {
        var items = new List<RegoValue>();
        foreach (var item in (RegoArray)arguments[0])
        {
            if (item is not RegoArray inner)
            {
                items.Add(item);
                continue;
            }
            context.Reserve(8L * inner.Count);
            items.AddRange(inner);
        }
        return context.Give([.. items]);
    }

    private static RegoArray? Slice(BuiltinContext context, ReadOnlySpan<RegoValue> arguments)
    {
        if (!context.TryInteger(arguments, 1, out var start) || !context.TryInteger(arguments, 2, out var stop))
            return null;
        var array = (RegoArray)arguments[0];
        var from = (int)Math.Clamp(start, 0, array.Count);
        var to = (int)Math.Clamp(stop, from, array.Count);
        return context.Give(array.AsSpan()[from..to].ToArray());
    }
}
