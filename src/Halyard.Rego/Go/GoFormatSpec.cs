using System.Text;

namespace Halyard.Rego;

/// <summary>What stands between the per cent sign and the verb.</summary>
internal record struct GoFormatSpec
{
    public bool Sharp { get; set; }
    public bool Zero { get; set; }
    public bool Plus { get; set; }
    public bool Minus { get; set; }
    public bool Space { get; set; }
    public int? Width { get; set; }
    public int? Precision { get; set; }

    /// <summary>Fills the text up to the width: on the left unless the minus flag asks for the right.</summary>
    public readonly void AppendPadded(StringBuilder text, string value)
    {
        // Go counts code points, not UTF-16 units.
        var missing = Width is { } width ? width - value.EnumerateRunes().Count() : 0;
        var fill = missing > 0 ? new string(Zero && !Minus ? '0' : ' ', missing) : "";
        text.Append(Minus ? value : fill).Append(Minus ? fill : value);
    }
}
