using System.Text;

namespace Halyard.Testing;

/// <summary>Reads CSV by the grammar of RFC 4180 and nothing else, so that what the product writes is judged by another hand.</summary>
public static class Rfc4180
{
    /// <summary>The rows; anything outside the grammar throws.</summary>
    public static IReadOnlyList<IReadOnlyList<string>> Read(string text)
    {
        var rows = new List<IReadOnlyList<string>>();
        var at = 0;
        while (at < text.Length)
        {
            var row = new List<string>();
            do row.Add(Field(text, ref at));
            while (Takes(text, ref at, ","));
            if (!Takes(text, ref at, "\r\n"))
                throw new FormatException($"Neither a comma nor CRLF at {at}.");
            rows.Add(row);
        }
        return rows;
    }

    private static string Field(string text, ref int at)
    {
        if (!Takes(text, ref at, "\""))
            throw new FormatException($"A field without quotes at {at}.");
        var field = new StringBuilder();
        while (true)
        {
            var end = text.IndexOf('"', at);
            if (end < 0)
                throw new FormatException("The last field is not ended.");
            field.Append(text, at, end - at);
            at = end + 1;
            if (!Takes(text, ref at, "\""))
                return field.ToString();
            field.Append('"');
        }
    }

    private static bool Takes(string text, ref int at, string expected)
    {
        if (string.CompareOrdinal(text, at, expected, 0, expected.Length) != 0)
            return false;
        at += expected.Length;
        return true;
    }
}
