namespace Halyard.Ledger;

/// <summary>Standard base64 (RFC 4648, section 4) with one text for the bytes.</summary>
internal static class StrictBase64
{
    /// <summary>The bytes; false for white space, missing padding or stray bits.</summary>
    public static bool TryRead(string text, out byte[] bytes)
    {
        bytes = new byte[text.Length / 4 * 3];
        if (!Convert.TryFromBase64String(text, bytes, out var length))
            return false;
        bytes = bytes[..length];
        return Convert.ToBase64String(bytes) == text;
    }
}
