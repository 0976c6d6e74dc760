using System.Buffers;
using System.Buffers.Text;

namespace Halyard.Server.Authentication.Jwt;

/// <summary>Base64url as RFC 7515 has it, with one text for the bytes.</summary>
internal static class StrictBase64Url
{
    private static readonly SearchValues<char> Alphabet = SearchValues.Create(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    );

    /// <summary>The bytes; false for an empty text, padding, white space, another alphabet and stray bits at the end.</summary>
    public static bool TryDecode(ReadOnlySpan<char> text, out byte[] bytes)
    {
        bytes = [];
        if (text.IsEmpty || text.Length % 4 == 1 || text.ContainsAnyExcept(Alphabet) || HasStrayBits(text))
            return false;
        bytes = Base64Url.DecodeFromChars(text);
        return true;
    }

    // Two letters at the end carry 4 bits too many, three carry 2: whoever may set them has several texts for one token.
    private static bool HasStrayBits(ReadOnlySpan<char> text) =>
        (text.Length % 4) switch
        {
            2 => (Value(text[^1]) & 0b1111) != 0,
            3 => (Value(text[^1]) & 0b11) != 0,
            _ => false,
        };

    private static int Value(char letter) =>
        letter switch
        {
            >= 'A' and <= 'Z' => letter - 'A',
            >= 'a' and <= 'z' => letter - 'a' + 26,
            >= '0' and <= '9' => letter - '0' + 52,
            '-' => 62,
            _ => 63,
        };
}
