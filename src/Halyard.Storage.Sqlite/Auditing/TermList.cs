using System.Buffers.Text;
using System.Globalization;
using System.Runtime.CompilerServices;

namespace Halyard.Storage.Sqlite.Auditing;

/// <summary>The terms of a recent entry as they are stored: numbers with commas between.</summary>
internal static class TermList
{
    public static string Write(ReadOnlySpan<long> terms)
    {
        Span<char> few = stackalloc char[512];
        var text = new DefaultInterpolatedStringHandler(0, 0, CultureInfo.InvariantCulture, few);
        var isFirst = true;
        foreach (var term in terms)
        {
            if (!isFirst)
                text.AppendLiteral(",");
            text.AppendFormatted(term);
            isFirst = false;
        }
        return text.ToStringAndClear();
    }

    /// <summary>Reads the terms into a list that is cleared first.</summary>
    /// <exception cref="IOException">The text is not one that <see cref="Write"/> gives.</exception>
    public static void Read(ReadOnlySpan<byte> text, List<long> terms)
    {
        terms.Clear();
        // What was purged before the log was copied here is found by nothing.
        if (text.IsEmpty)
            return;
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
