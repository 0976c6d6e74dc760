using System.Globalization;
using System.Text;

namespace Halyard.Cli;

/// <summary>Text from elsewhere on its way to a terminal.</summary>
internal static class Terminal
{
    /// <summary>Control and formatting characters shown as code points, so that the text cannot command the terminal or forge a line.</summary>
    public static string Safe(string text)
    {
        var safe = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            if (
                Rune.GetUnicodeCategory(rune)
                is UnicodeCategory.Control
                    or UnicodeCategory.Format
                    or UnicodeCategory.LineSeparator
                    or UnicodeCategory.ParagraphSeparator
            )
                safe.Append(CultureInfo.InvariantCulture, $"<U+{rune.Value:X4}>");
            else
                safe.Append(rune.ToString());
        }
        return safe.ToString();
    }
}
