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
            ObjectOf => kind == RegoKind.Object,
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
            ObjectOf => "object",
            SetOf => "set",
            Union { Types.Count: > 0 } union => union.Types.Count == 1
                ? union.Types[0].Describe()
                : $"one of {{{string.Join(", ", union.Types.Select(type => type.Describe()).Distinct(StringComparer.Ordinal))}}}",
            _ => "any",
        };

    /// <summary>A type that one kind of scalar has.</summary>
    internal sealed record Scalar(RegoKind Kind) : RegoType;

    internal sealed record ArrayOf(RegoType Item) : RegoType;

    internal sealed record TupleOf(IReadOnlyList<RegoType> Items) : RegoType;

    internal sealed record SetOf(RegoType Item) : RegoType;

    internal sealed record ObjectOf(RegoType Key, RegoType Value) : RegoType;

    /// <summary>One of several types; none means any.</summary>
    internal sealed record Union(IReadOnlyList<RegoType> Types) : RegoType;
}
