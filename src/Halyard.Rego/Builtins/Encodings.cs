using System.Text;

namespace Halyard.Rego;

/// <summary>
/// Texts as base64, hexadecimal digits and queries of URLs, and back. Decoded bytes that are no UTF-8 become U+FFFD, for a value of
/// Rego is a text.
/// </summary>
internal static class Encodings
{
    private static readonly RegoType[] One = [RegoType.String];

    public static IReadOnlyList<Builtin> All { get; } =
    [
        new("base64.encode", One, RegoType.String, (context, x) => context.Give(Base64(context, x.Text(0)))),
        new("base64.decode", One, RegoType.String, DecodeBase64),
        new("base64.is_valid", [RegoType.Any], RegoType.Boolean, IsBase64),
        new("base64url.encode", One, RegoType.String, (context, x) => context.Give(ForUrl(Base64(context, x.Text(0))))),
        new(
            "base64url.encode_no_pad",
            One,
            RegoType.String,
            (context, x) => context.Give(ForUrl(Base64(context, x.Text(0))).TrimEnd('='))
        ),
        new("base64url.decode", One, RegoType.String, DecodeBase64Url),
        new(
            "hex.encode",
            One,
            RegoType.String,
            (context, x) => context.Give(Convert.ToHexStringLower(Bytes(context, x.Text(0))))
        ),
        new("hex.decode", One, RegoType.String, DecodeHexadecimal),
    ];

    /// <summary>The bytes of a text, counted.</summary>
    public static byte[] Bytes(BuiltinContext context, string text)
    {
        context.Spend(1 + text.Length / 16);
        context.Reserve(3L * text.Length);
        return Encoding.UTF8.GetBytes(text);
    }

    /// <summary>The bytes that base64 in the alphabet of URLs stands for, with or without its padding; null if it is none.</summary>
    public static byte[]? FromUrl(BuiltinContext context, string text)
    {
        if (text.AsSpan().ContainsAny('+', '/'))
            return null;
        var padded = text.EndsWith('=') ? text : text.PadRight(text.Length + (4 - text.Length % 4) % 4, '=');
        return From(context, padded.Replace('-', '+').Replace('_', '/'));
    }

    /// <summary>Base64 in the alphabet of URLs, without padding.</summary>
    public static string ToUrl(byte[] bytes) => ForUrl(Convert.ToBase64String(bytes)).TrimEnd('=');

    private static string Base64(BuiltinContext context, string text) => Convert.ToBase64String(Bytes(context, text));

    private static string ForUrl(string base64) => base64.Replace('+', '-').Replace('/', '_');

    private static byte[]? From(BuiltinContext context, string text)
    {
        context.Spend(1 + text.Length / 16);
        context.Reserve(2L * text.Length);
        // The framework skips blanks, Go only the ends of lines.
        if (text.AsSpan().ContainsAny(' ', '\t'))
            return null;
        var bytes = new byte[text.Length];
        return Convert.TryFromBase64String(text, bytes, out var written) ? bytes[..written] : null;
    }

    private static RegoValue? DecodeBase64(BuiltinContext context, ReadOnlySpan<RegoValue> arguments) =>
        From(context, arguments.Text(0)) is { } bytes
            ? context.Give(Encoding.UTF8.GetString(bytes))
            : context.Fail("illegal base64 data");

    private static RegoBoolean IsBase64(BuiltinContext context, ReadOnlySpan<RegoValue> arguments) =>
        arguments[0] is RegoString text && From(context, text.Value) is not null ? RegoBoolean.True : RegoBoolean.False;

    private static RegoValue? DecodeBase64Url(BuiltinContext context, ReadOnlySpan<RegoValue> arguments) =>
        FromUrl(context, arguments.Text(0)) is { } bytes
            ? context.Give(Encoding.UTF8.GetString(bytes))
            : context.Fail("illegal base64url string");

    private static RegoValue? DecodeHexadecimal(BuiltinContext context, ReadOnlySpan<RegoValue> arguments)
    {
        var text = arguments.Text(0);
        context.Spend(1 + text.Length / 16);
        context.Reserve(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            if (!rune.IsAscii || !char.IsAsciiHexDigit((char)rune.Value))
                return context.Fail($"encoding/hex: invalid byte: U+{rune.Value:X4} '{rune}'");
        }
        return text.Length % 2 == 0
            ? context.Give(Encoding.UTF8.GetString(Convert.FromHexString(text)))
            : context.Fail("encoding/hex: odd length hex string");
    }
}
