using System.Text;

namespace Halyard.Rego;

/// <summary>What stands in the place of a value that is none; never seen by policies.</summary>
internal sealed class Marker : RegoValue
{
    private Marker() { }

    public static RegoValue Undefined { get; } = new Marker();

    public static RegoValue Running { get; } = new Marker();

    public override RegoKind Kind => RegoKind.Null;

    internal override void AppendTo(StringBuilder text) => text.Append("<undefined>");

    private protected override int CompareSameKind(RegoValue other) => 0;

    private protected override bool EqualsSameKind(RegoValue other) => false;

    private protected override int ComputeHash() => 1;
}
