using System.Text;
using System.Text.Json;

namespace Halyard.Rego;

/// <summary>
/// A value of Rego: JSON and sets. Immutable, equal by content, totally ordered
/// (null &lt; boolean &lt; number &lt; string &lt; array &lt; object &lt; set). The hierarchy is closed.
/// </summary>
public abstract class RegoValue : IEquatable<RegoValue>, IComparable<RegoValue>
{
    /// <summary>The deepest nesting that a value may have; what reads or builds values keeps to it.</summary>
    public const int MaxDepth = 512;

    private int _hash;

    private protected RegoValue() { }

    /// <summary>The one null.</summary>
    public static RegoValue Null => RegoNull.Instance;

    public abstract RegoKind Kind { get; }

    /// <summary>How deep collections nest: 0 for a scalar and 1 for a collection that holds no collection.</summary>
    public virtual int Depth => 0;

    /// <summary>
    /// About how much there is to look at when the value is compared or written: a shared part counts as often as it appears.
    /// </summary>
    internal virtual long Weight => 1;

    /// <summary>The name of the kind as policies and messages say it, for example <c>array</c>.</summary>
    public string KindName => NameOf(Kind);

    public static RegoValue Of(bool value) => value ? RegoBoolean.True : RegoBoolean.False;

    public static RegoValue Of(string value) => new RegoString(value);

    public static RegoValue Of(long value) => RegoNumber.Of(value);

    /// <summary>Reads one JSON text in UTF-8; of a repeated member name the last counts.</summary>
    /// <exception cref="JsonException">It is not JSON, nests deeper than <see cref="MaxDepth"/>, or holds a number out of range.</exception>
    public static RegoValue Parse(ReadOnlySpan<byte> utf8) => RegoJson.Read(utf8);

    /// <inheritdoc cref="Parse(ReadOnlySpan{byte})"/>
    public static RegoValue Parse(JsonElement element) => RegoJson.Read(element);

    /// <summary>Writes the value as JSON: a set as a sorted array, a member name that is no string as its JSON text.</summary>
    public void WriteTo(Utf8JsonWriter writer) => RegoJson.Write(this, writer);

    /// <summary>The value as JSON text, without spaces.</summary>
    public string ToJson() => RegoJson.Text(this);

    /// <summary>The value as Rego writes it, for example <c>{1, "a", [true]}</c>.</summary>
    public sealed override string ToString()
    {
        var text = new StringBuilder();
        AppendTo(text);
        return text.ToString();
    }

    public int CompareTo(RegoValue? other)
    {
        if (ReferenceEquals(this, other))
            return 0;
        if (other is null)
            return 1;
        return Kind == other.Kind ? CompareSameKind(other) : Kind.CompareTo(other.Kind);
    }

    public bool Equals(RegoValue? other) =>
        ReferenceEquals(this, other)
        || other is not null && Kind == other.Kind && GetHashCode() == other.GetHashCode() && EqualsSameKind(other);

    public sealed override bool Equals(object? obj) => Equals(obj as RegoValue);

    public sealed override int GetHashCode()
    {
        // Zero means "not computed"; two threads may compute it twice and store the same.
        if (_hash == 0)
            _hash = ComputeHash() is var hash and not 0 ? hash : 1;
        return _hash;
    }

    public static bool operator ==(RegoValue? left, RegoValue? right) => left is null ? right is null : left.Equals(right);

    public static bool operator !=(RegoValue? left, RegoValue? right) => !(left == right);

    public static bool operator <(RegoValue left, RegoValue right) => left.CompareTo(right) < 0;

    public static bool operator <=(RegoValue left, RegoValue right) => left.CompareTo(right) <= 0;

    public static bool operator >(RegoValue left, RegoValue right) => left.CompareTo(right) > 0;

    public static bool operator >=(RegoValue left, RegoValue right) => left.CompareTo(right) >= 0;

    internal static string NameOf(RegoKind kind) =>
        kind switch
        {
            RegoKind.Null => "null",
            RegoKind.Boolean => "boolean",
            RegoKind.Number => "number",
            RegoKind.String => "string",
            RegoKind.Array => "array",
            RegoKind.Object => "object",
            _ => "set",
        };

    internal abstract void AppendTo(StringBuilder text);

    private protected abstract int CompareSameKind(RegoValue other);

    private protected abstract bool EqualsSameKind(RegoValue other);

    private protected abstract int ComputeHash();
}
