using System.Text;

namespace Halyard.Core.Reading;

/// <summary>
/// Writes CSV (RFC 4180): every cell in quotation marks, rows ended by CRLF. A cell that a spreadsheet would read as a formula gets
/// an apostrophe in front, and NUL, which readers end a text at, becomes U+FFFD.
/// </summary>
public static class Csv
{
    /// <summary>The media type of what is written, in UTF-8 with a header.</summary>
    public const string MediaType = "text/csv; charset=utf-8; header=present";

    /// <summary>What a formula begins with, also in the full-width forms that some spreadsheets take for the same.</summary>
    private const string Dangerous = "=+-@\t\r\n\uFF1D\uFF0B\uFF0D\uFF20";

    /// <summary>Appends a row; an absent cell is empty.</summary>
    public static StringBuilder AppendRow(this StringBuilder text, params ReadOnlySpan<string?> cells)
    {
        for (var i = 0; i < cells.Length; i++)
        {
            text.Append(i == 0 ? "\"" : ",\"");
            var cell = cells[i] ?? "";
            if (cell.Length > 0 && Dangerous.Contains(cell[0], StringComparison.Ordinal))
                text.Append('\'');
            text.Append(cell.Replace("\"", "\"\"", StringComparison.Ordinal).Replace('\0', '\uFFFD')).Append('"');
        }
        return text.Append("\r\n");
    }
}
