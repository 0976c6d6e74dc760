using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace Halyard.Ledger;

/// <summary>
/// Reads JSON strictly (RFC 8259 and I-JSON, RFC 7493) and writes it canonically (RFC 8785): one text per value, fit for hashing.
/// Refused: duplicate member names (compared after unescaping), lone surrogates, invalid UTF-8, a byte order mark, trailing data,
/// nesting deeper than <see cref="MaxDepth"/>, and numbers that a double cannot hold.
/// </summary>
/// <remarks>
/// <para>A number is held when its decimal value equals that of the double's shortest form (ECMAScript), so 0.1 and 1e23 pass;
/// 1e400, 1e-400, 9007199254740993 and 0.10000000000000000000000001 are refused. A fraction of 16 or 17 significant digits is
/// rounded, as RFC 8785's own vectors do it (333333333.33333329). <c>-0</c> is written <c>0</c>, as RFC 8785 says.</para>
/// <para>Noncharacters (U+FFFE and the like) pass: RFC 8785 and RFC 8259 allow them, and they have one encoding.</para>
/// </remarks>
public static class CanonicalJson
{
    /// <summary>The deepest nesting of arrays and objects that is accepted.</summary>
    public const int MaxDepth = 64;

    /// <summary>Canonicalizes a UTF-8 text.</summary>
    /// <param name="utf8">The whole text, one JSON value.</param>
    /// <param name="canonical">The canonical bytes; empty when refused.</param>
    /// <param name="problem">The first problem found, or null.</param>
    /// <returns>True when the text is acceptable.</returns>
    public static bool TryCanonicalize(
        ReadOnlySpan<byte> utf8,
        out byte[] canonical,
        [NotNullWhen(false)] out JsonProblem? problem
    )
    {
        if (PlainCanonical.IsSeenIn(utf8))
        {
            (canonical, problem) = (utf8.ToArray(), null);
            return true;
        }
        Span<PathStep> path = stackalloc PathStep[MaxDepth];
        var transform = new CanonicalTransform(utf8, path);
        try
        {
            problem = transform.Run();
            canonical = problem is null ? transform.Written.ToArray() : [];
            return problem is null;
        }
        finally
        {
            transform.Dispose();
        }
    }

    /// <summary>Canonicalizes a UTF-8 text.</summary>
    /// <exception cref="FormatException">The text is refused; the message says why and where.</exception>
    public static byte[] Canonicalize(ReadOnlySpan<byte> utf8) =>
        TryCanonicalize(utf8, out var canonical, out var problem) ? canonical : throw new FormatException(problem.ToString());

    /// <summary>Canonicalizes a parsed value from the text it was written in, with every check of the strict reader.</summary>
    /// <exception cref="FormatException">The text is refused, for example for a duplicate member name.</exception>
    /// <exception cref="InvalidOperationException">The element is undefined.</exception>
    public static byte[] Canonicalize(JsonElement element) => Canonicalize(JsonMarshal.GetRawUtf8Value(element));

    /// <summary>A finite double as ECMAScript's <c>Number::toString</c> writes it (RFC 8785, 3.2.2.3).</summary>
    /// <exception cref="ArgumentOutOfRangeException">NaN or infinite: JSON has no text for it.</exception>
    public static string FormatNumber(double value)
    {
        if (!double.IsFinite(value))
            throw new ArgumentOutOfRangeException(nameof(value), value, "JSON has no text for this number.");
        Span<byte> text = stackalloc byte[CanonicalNumber.MaxLength];
        return Encoding.ASCII.GetString(text[..CanonicalNumber.Write(value, text)]);
    }

    /// <summary>A string as RFC 8785, 3.2.2.2 writes it, in UTF-8 with its quotes; half a surrogate pair becomes U+FFFD.</summary>
    public static byte[] FormatString(string value) => new CanonicalWriter(value.Length + 16).String(value).ToArray();

    /// <summary>True when the bytes are acceptable JSON and already in canonical form.</summary>
    internal static bool IsCanonical(ReadOnlySpan<byte> utf8) =>
        PlainCanonical.IsSeenIn(utf8) || (TryCanonicalize(utf8, out var canonical, out _) && utf8.SequenceEqual(canonical));
}
