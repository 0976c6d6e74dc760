using System.Globalization;
using System.Text;

namespace Halyard.Rego;

/// <summary>The verbs of Go's package fmt for texts: %s, %v, %q, %x, %X.</summary>
internal static class GoText
{
    /// <summary>Writes the text; false, with nothing written, if the verb says nothing about texts.</summary>
    public static bool Append(StringBuilder text, string value, char verb, GoFormatSpec spec)
    {
        switch (verb)
        {
            case 'v' when !spec.Sharp:
            case 's':
                spec.AppendPadded(text, Truncated(value, spec.Precision));
                return true;
            case 'v':
                spec.AppendPadded(text, Quoted(value, ascii: false));
                return true;
            case 'q':
                var cut = Truncated(value, spec.Precision);
                spec.AppendPadded(text, spec.Sharp && CanBackquote(cut) ? $"`{cut}`" : Quoted(cut, ascii: spec.Plus));
                return true;
            case 'x' or 'X':
                spec.AppendPadded(text, Hexadecimal(Encoding.UTF8.GetBytes(value), verb == 'X', spec));
                return true;
            default:
                return false;
        }
    }

    /// <summary>One code point in single quotes, as %q writes an integer.</summary>
    public static string QuotedRune(int rune, bool ascii)
    {
        var text = new StringBuilder("'");
        AppendEscaped(text, Rune.IsValid(rune) ? new Rune(rune) : Rune.ReplacementChar, '\'', ascii);
        return text.Append('\'').ToString();
    }

    private static string Truncated(string value, int? precision)
    {
        if (precision is not { } most || value.Length <= most)
            return value;
        var end = 0;
        for (var runes = 0; runes < most && end < value.Length; runes++)
            end += char.IsSurrogatePair(value, end) ? 2 : 1;
        return value[..end];
    }

    private static string Quoted(string value, bool ascii)
    {
        var text = new StringBuilder(value.Length + 2).Append('"');
        foreach (var rune in value.EnumerateRunes())
            AppendEscaped(text, rune, '"', ascii);
        return text.Append('"').ToString();
    }

    private static void AppendEscaped(StringBuilder text, Rune rune, char quote, bool ascii)
    {
        var escape = rune.Value switch
        {
            '\a' => @"\a",
            '\b' => @"\b",
            '\f' => @"\f",
            '\n' => @"\n",
            '\r' => @"\r",
            '\t' => @"\t",
            '\v' => @"\v",
            '\\' => @"\\",
            _ when rune.Value == quote => $@"\{quote}",
            _ when (rune.IsAscii ? !char.IsControl((char)rune.Value) : !ascii && IsPrintable(rune)) => null,
            < ' ' or 0x7F => $@"\x{rune.Value:x2}",
            < 0x10000 => $@"\u{rune.Value:x4}",
            _ => $@"\U{rune.Value:x8}",
        };
        if (escape is null)
            text.Append(rune);
        else
            text.Append(escape);
    }

    private static bool IsPrintable(Rune rune) =>
        Rune.GetUnicodeCategory(rune)
            is not (
                UnicodeCategory.Control
                or UnicodeCategory.Format
                or UnicodeCategory.Surrogate
                or UnicodeCategory.PrivateUse
                or UnicodeCategory.OtherNotAssigned
                or UnicodeCategory.SpaceSeparator
                or UnicodeCategory.LineSeparator
                or UnicodeCategory.ParagraphSeparator
            );

    private static bool CanBackquote(string value) =>
        value.All(c => c != '`' && c != '\u007F' && c != '\uFEFF' && (c >= ' ' || c == '\t'));

    private static string Hexadecimal(byte[] bytes, bool upper, GoFormatSpec spec)
    {
        var count = Math.Min(bytes.Length, spec.Precision ?? bytes.Length);
        var prefix =
            !spec.Sharp || count == 0 ? ""
            : upper ? "0X"
            : "0x";
        if (!spec.Space)
        {
            var whole = upper ? Convert.ToHexString(bytes, 0, count) : Convert.ToHexStringLower(bytes, 0, count);
            return prefix + whole;
        }

        var text = new StringBuilder(count * 3);
        for (var i = 0; i < count; i++)
        {
            text.Append(i > 0 ? " " : "").Append(prefix);
            text.Append(bytes[i].ToString(upper ? "X2" : "x2"));
        }

        return text.ToString();
    }
}
