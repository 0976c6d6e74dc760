using System.Text;

namespace Halyard.Rego;

/// <summary>The value <c>null</c>.</summary>
public sealed class RegoNull : RegoValue
{
    private RegoNull() { }

    internal static RegoNull Instance { get; } = new();

    public override RegoKind Kind => RegoKind.Null;

    internal override void AppendTo(StringBuilder text) => text.Append("null");

    private protected override int CompareSameKind(RegoValue other) => 0;

    private protected override bool EqualsSameKind(RegoValue other) => true;

    private protected override int ComputeHash() => 1;
}

/// <summary>One of the two truth values.</summary>
public sealed class RegoBoolean : RegoValue
{
    private RegoBoolean(bool value) => Value = value;

    public static RegoBoolean True { get; } = new(value: true);

    public static RegoBoolean False { get; } = new(value: false);

    public bool Value { get; }

    public override RegoKind Kind => RegoKind.Boolean;

    internal override void AppendTo(StringBuilder text) => text.Append(Value ? "true" : "false");

    private protected override int CompareSameKind(RegoValue other) => Value.CompareTo(((RegoBoolean)other).Value);

    private protected override bool EqualsSameKind(RegoValue other) => Value == ((RegoBoolean)other).Value;

    private protected override int ComputeHash() => Value ? 3 : 2;
}

/// <summary>A text; sorts by code point.</summary>
public sealed class RegoString(string value) : RegoValue
{
    public string Value { get; } = value;

    public override RegoKind Kind => RegoKind.String;

    internal override long Weight => 1 + Value.Length / 16;

    internal override void AppendTo(StringBuilder text) => RegoJson.AppendQuoted(text, Value);

    private protected override int CompareSameKind(RegoValue other) => CodePoints.Compare(Value, ((RegoString)other).Value);

    private protected override bool EqualsSameKind(RegoValue other) =>
        string.Equals(Value, ((RegoString)other).Value, StringComparison.Ordinal);

    private protected override int ComputeHash() => string.GetHashCode(Value, StringComparison.Ordinal);
}
