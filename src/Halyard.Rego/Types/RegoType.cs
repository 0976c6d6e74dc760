namespace Halyard.Rego;

/// <summary>What the compiler knows of a value before it exists; closed. Made with the static members of this class.</summary>
public abstract record RegoType
{
    private RegoType() { }

    public static RegoType Null { get; } = new Scalar(RegoKind.Null);

    public static RegoType Boolean { get; } = new Scalar(RegoKind.Boolean);

    public static RegoType Number { get; } = new Scalar(RegoKind.Number);

    public static RegoType String { get; } = new Scalar(RegoKind.String);

    /// <summary>Any value.</summary>
    public static RegoType Any { get; } = new Union([]);

    /// <summary>Any array.</summary>
    public static RegoType Array { get; } = new ArrayOf(Any);

    /// <summary>Any object.</summary>
    public static RegoType Object { get; } = new ObjectOf(Any, Any);

    /// <summary>Any set.</summary>
    public static RegoType Set { get; } = new SetOf(Any);

    /// <summary>A value of one of the types.</summary>
    public static RegoType AnyOf(params RegoType[] types) => new Union(types);

    public static RegoType ArrayOfType(RegoType item) => new ArrayOf(item);

    public static RegoType SetOfType(RegoType item) => new SetOf(item);

    public static RegoType ObjectOfTypes(RegoType key, RegoType value) => new ObjectOf(key, value);

    /// <summary>An array of exactly these items.</summary>
    public static RegoType Tuple(params RegoType[] items) => new TupleOf(items);

    /// <summary>Whether a value has this type at its top level; what it holds is not looked at.</summary>
    public bool Admits(RegoKind kind) =>
        this switch
        {
            Scalar scalar => scalar.Kind == kind,
            ArrayOf or TupleOf => kind == RegoKind.Array,
            ObjectOf or RecordOf => kind == RegoKind.Object,
            SetOf => kind == RegoKind.Set,
            Union union => union.Types.Count == 0 || union.Types.Any(type => type.Admits(kind)),
            _ => true,
        };

    /// <summary>The type at its top level in words, for example <c>one of {set, array}</c>.</summary>
    internal string Describe() =>
        this switch
        {
            Scalar scalar => RegoValue.NameOf(scalar.Kind),
            ArrayOf or TupleOf => "array",
            ObjectOf or RecordOf => "object",
            SetOf => "set",
            Union { Types.Count: > 0 } union => union.Types.Count == 1
                ? union.Types[0].Describe()
                : $"one of {{{string.Join(", ", union.Types.Select(type => type.Describe()).Distinct(StringComparer.Ordinal))}}}",
            _ => "any",
        };

    /// <summary>How many parts the type has, itself included.</summary>
    internal abstract int Size { get; }

    /// <summary>A type that one kind of scalar has.</summary>
    internal sealed record Scalar(RegoKind Kind) : RegoType
    {
        internal override int Size => 1;
    }

    internal sealed record ArrayOf(RegoType Item) : RegoType
    {
        internal override int Size { get; } = 1 + Item.Size;
    }

    internal sealed record TupleOf(IReadOnlyList<RegoType> Items) : RegoType
    {
        internal override int Size { get; } = 1 + Items.Sum(item => item.Size);
    }

    internal sealed record SetOf(RegoType Item) : RegoType
    {
        internal override int Size { get; } = 1 + Item.Size;
    }

    internal sealed record ObjectOf(RegoType Key, RegoType Value) : RegoType
    {
        internal override int Size { get; } = 1 + Key.Size + Value.Size;
    }

    /// <summary>An object of exactly these keys.</summary>
    internal sealed record RecordOf(IReadOnlyDictionary<RegoValue, RegoType> Members) : RegoType
    {
        internal override int Size { get; } = 1 + Members.Values.Sum(member => 1 + member.Size);
    }

    /// <summary>One of several types; none means any.</summary>
    internal sealed record Union(IReadOnlyList<RegoType> Types) : RegoType
    {
        internal override int Size { get; } = 1 + Types.Sum(type => type.Size);
    }
}
