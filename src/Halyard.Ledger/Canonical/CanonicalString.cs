using System.Buffers;
using System.Globalization;
using System.Text;

namespace Halyard.Ledger;

/// <summary>Strings as RFC 8785, 3.2.2.2 writes them.</summary>
internal static class CanonicalString
{
    /// <summary>The most bytes of one scalar value: <c>\u00xx</c>.</summary>
    public const int MaxLength = 6;

    private static readonly SearchValues<char> Escaped = SearchValues.Create([
        .. Enumerable.Range(0, 0x20).Select(code => (char)code),
        '"',
        '\\',
    ]);

    /// <summary>How much of the text, from its beginning, is written as it stands.</summary>
    public static int PlainLength(ReadOnlySpan<char> text) => text.IndexOfAny(Escaped) is var at and >= 0 ? at : text.Length;

    /// <summary>The text of a canonical string without its quotes.</summary>
    public static string Unescape(ReadOnlySpan<byte> escaped)
    {
        var text = Encoding.UTF8.GetString(escaped);
        var at = text.IndexOf('\\', StringComparison.Ordinal);
        if (at < 0)
            return text;

        var plain = new StringBuilder(text.Length);
        plain.Append(text, 0, at);
        while (at < text.Length)
        {
            if (text[at] != '\\')
            {
                plain.Append(text[at++]);
                continue;
            }
            plain.Append(
                text[at + 1] switch
                {
                    'b' => '\b',
                    't' => '\t',
                    'n' => '\n',
                    'f' => '\f',
                    'r' => '\r',
                    'u' => (char)ushort.Parse(text.AsSpan(at + 2, 4), NumberStyles.AllowHexSpecifier),
                    var itself => itself,
                }
            );
            at += text[at + 1] == 'u' ? 6 : 2;
        }
        return plain.ToString();
    }

    /// <summary>Writes one scalar value, escaped where it must be; at most <see cref="MaxLength"/> bytes.</summary>
    public static int Write(Rune rune, Span<byte> destination)
    {
        var letter = rune.Value switch
        {
            '\b' => 'b',
            '\t' => 't',
            '\n' => 'n',
            '\f' => 'f',
            '\r' => 'r',
            '"' => '"',
            '\\' => '\\',
            _ => '\0',
        };
        if (letter != '\0')
        {
            destination[0] = (byte)'\\';
            destination[1] = (byte)letter;
            return 2;
        }
        if (rune.Value >= 0x20)
            return rune.EncodeToUtf8(destination);
        "\\u00"u8.CopyTo(destination);
        destination[4] = (byte)(rune.Value < 0x10 ? '0' : '1');
        destination[5] = "0123456789abcdef"u8[rune.Value & 0xF];
        return 6;
    }
}
