using System.Buffers;
using System.Globalization;
using System.Text;

namespace Halyard.Core.Reading;

/// <summary>
/// Writes CSV (RFC 4180) in UTF-8: every field quoted, rows ended by CRLF. What a spreadsheet would run as a formula gets an
/// apostrophe in front, for whoever opens the file did not write it.
/// </summary>
public static class Csv
{
    /// <summary>The media type, with the header row that every file has.</summary>
    public const string MediaType = "text/csv; charset=utf-8; header=present";

    private const string Quote = "\"";
    private const string DoubledQuote = "\"\"";
    private const char Guard = '\'';

    // What begins a formula or command in Excel, LibreOffice and Google Sheets, in narrow and full width.
    private static readonly SearchValues<char> Triggers = SearchValues.Create("=+-@\uFF1D\uFF0B\uFF0D\uFF20");
    private static readonly SearchValues<char> LeadingBreaks = SearchValues.Create("\t\r\n");

    // Skipped by one import or another before it looks for a trigger.
    private static readonly SearchValues<char> Quotes = SearchValues.Create("\"'`\u2018\u2019\u201C\u201D\u00AB\u00BB");

    /// <summary>The mark by which Excel knows that a file is UTF-8; only ever the first bytes of a file.</summary>
    public static ReadOnlySpan<byte> ByteOrderMark => "\uFEFF"u8;

    /// <summary>One row; a field that is <see langword="null"/> is empty.</summary>
    public static void WriteRow(IBufferWriter<byte> output, params ReadOnlySpan<string?> fields)
    {
        var separator = "\""u8;
        foreach (var field in fields)
        {
            output.Write(separator);
            Encoding.UTF8.GetBytes(Quotable(field), output);
            separator = "\",\""u8;
        }
        output.Write("\"\r\n"u8);
    }

    /// <summary>One row, appended to a text.</summary>
    public static StringBuilder AppendRow(this StringBuilder text, params ReadOnlySpan<string?> fields)
    {
        var separator = "\"";
        foreach (var field in fields)
        {
            text.Append(separator).Append(Quotable(field));
            separator = "\",\"";
        }
        return text.Append("\"\r\n");
    }

    /// <summary>A field's text without what a spreadsheet would run or cannot show; quotes are not doubled yet.</summary>
    public static string Safe(string text)
    {
        var shown = text.AsSpan().IndexOfAnyExceptInRange(' ', '~') < 0 ? text : Shown(text);
        return IsRun(shown) ? Guard + shown : shown;
    }

    private static string Quotable(string? field) => Safe(field ?? "").Replace(Quote, DoubledQuote, StringComparison.Ordinal);

    private static bool IsRun(string text)
    {
        if (text.Length == 0)
            return false;
        if (LeadingBreaks.Contains(text[0]))
            return true;
        foreach (var letter in text)
        {
            if (Triggers.Contains(letter))
                return true;
            if (!IsSkipped(letter))
                return false;
        }
        return false;
    }

    private static bool IsSkipped(char letter) =>
        char.IsWhiteSpace(letter) || Quotes.Contains(letter) || char.GetUnicodeCategory(letter) == UnicodeCategory.Format;

    /// <summary>Control characters as their pictures (␀ for NUL), those without one as U+FFFD; line breaks and tabs stay.</summary>
    private static string Shown(string text)
    {
        var shown = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            if (rune.Value is '\t' or '\r' or '\n' || !Rune.IsControl(rune))
                shown.Append(rune);
            else
                shown.Append(
                    rune.Value switch
                    {
                        < 0x20 => (char)(0x2400 + rune.Value),
                        0x7F => '\u2421',
                        _ => '\uFFFD',
                    }
                );
        }
        return shown.ToString();
    }
}
