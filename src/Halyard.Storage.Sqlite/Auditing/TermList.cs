using System.Buffers.Text;
using System.Globalization;

namespace Halyard.Storage.Sqlite.Auditing;

/// <summary>The terms of a recent entry as they are stored: numbers with commas between.</summary>
internal static class TermList
{
    public static string Write(IReadOnlyCollection<long> terms) =>
        string.Join(',', terms.Select(term => term.ToString(CultureInfo.InvariantCulture)));

    /// <summary>Reads the terms into a list that is cleared first.</summary>
    /// <exception cref="IOException">The text is not one that <see cref="Write"/> gives.</exception>
    public static void Read(ReadOnlySpan<byte> text, List<long> terms)
    {
        terms.Clear();
        while (Utf8Parser.TryParse(text, out long term, out var length))
        {
            terms.Add(term);
            if (length == text.Length)
                return;
            if (text[length] != (byte)',')
                break;
            text = text[(length + 1)..];
        }
        throw new IOException("The index of the audit log is damaged: an entry's terms cannot be read.");
    }
}
