namespace Halyard.Rego;

/// <summary>Reads arguments whose outermost kind is already checked, and counts what results take.</summary>
internal static class BuiltinArguments
{
    /// <summary>About what a value takes besides its content.</summary>
    private const int ValueBytes = 32;

    // How much of a value is compared in the time of one step.
    private const int WeightPerStep = 16;

    public static string Text(this ReadOnlySpan<RegoValue> arguments, int at) => ((RegoString)arguments[at]).Value;

    /// <summary>An argument that must be an integer; else says which one is not.</summary>
    public static bool TryInteger(this BuiltinContext context, ReadOnlySpan<RegoValue> arguments, int at, out long value)
    {
        if (((RegoNumber)arguments[at]).TryGetInt64(out value))
            return true;
        context.FailType(
            ((RegoNumber)arguments[at]).IsInteger
                ? $"operand {at + 1} must be an integer of 64 bits"
                : $"operand {at + 1} must be integer number but got floating-point number"
        );
        return false;
    }

    /// <summary>The texts of an argument that is a text or a collection of texts; null after saying which item is none.</summary>
    public static string[]? Texts(this BuiltinContext context, ReadOnlySpan<RegoValue> arguments, int at)
    {
        if (arguments[at] is RegoString single)
            return [single.Value];
        var items = Collections.Items(arguments[at]);
        context.Spend(items.Length);
        context.Reserve(8L * items.Length);
        var texts = new string[items.Length];
        for (var i = 0; i < texts.Length; i++)
        {
            if (items[i] is not RegoString text)
            {
                var kind = arguments[at].KindName;
                context.FailType($"operand {at + 1} must be {kind} of strings but got {kind} containing {items[i].KindName}");
                return null;
            }
            texts[i] = text.Value;
        }
        return texts;
    }

    /// <summary>A text as a result; its characters count on the budget.</summary>
    public static RegoString Give(this BuiltinContext context, string text)
    {
        context.Spend(1 + text.Length / 64);
        context.Reserve(ValueBytes + 2L * text.Length);
        return new RegoString(text);
    }

    /// <summary>An array as a result; its places count on the budget, what is in them already did.</summary>
    public static RegoArray Give(this BuiltinContext context, RegoValue[] items)
    {
        context.Spend(1 + items.Length);
        context.Reserve(ValueBytes + 8L * items.Length);
        return RegoArray.Of(items);
    }

    /// <inheritdoc cref="Give(BuiltinContext, RegoValue[])"/>
    public static RegoSet GiveSet(this BuiltinContext context, RegoValue[] items)
    {
        context.Spend(1 + items.Length + Nesting.Heaviness(items) / WeightPerStep);
        context.Reserve(ValueBytes + 8L * items.Length);
        return RegoSet.OfOwned(items);
    }

    /// <inheritdoc cref="Give(BuiltinContext, RegoValue[])"/>
    public static RegoObject Give(this BuiltinContext context, RegoObjectBuilder members)
    {
        context.Spend(1 + members.Count);
        context.Reserve(ValueBytes + 48L * members.Count);
        var built = members.Build();
        context.Spend(Nesting.Heaviness(built.Keys) / WeightPerStep);
        return built;
    }

    /// <summary>Counts comparing with a value or hashing it, of which a value made of shared parts has more than it takes memory.</summary>
    public static void Weigh(this BuiltinContext context, RegoValue value) => context.Spend(value.Weight / WeightPerStep);

    /// <summary>Counts searching one text for another, which at worst compares them at every place.</summary>
    public static void SpendSearch(this BuiltinContext context, string text, string sought) =>
        context.Spend(1 + text.Length / 64 + (long)Math.Max(0, text.Length - sought.Length) * sought.Length / 64);

    /// <summary>Says that an argument is of none of the kinds it may have.</summary>
    public static RegoValue? FailKind(this BuiltinContext context, int operand, string expected, RegoValue value) =>
        context.FailType($"operand {operand} must be {expected} but got {value.KindName}");
}
