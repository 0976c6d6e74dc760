using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Halyard.Ledger;

namespace Halyard.Core.Audit.Privacy;

/// <summary>
/// Pseudonyms of the values that name people (names, e-mail addresses, targeting keys), by which a person is found again without the
/// value being kept: base64url of HMAC-SHA-256 under the directory key. Whoever lacks the key can neither read nor guess one.
/// </summary>
public static class PersonNames
{
    /// <summary>The pseudonym of a value in canonical JSON.</summary>
    public static string PseudonymOf(ReadOnlySpan<byte> directoryKey, string tenant, string canonicalValue) =>
        Base64Url.EncodeToString(
            HMACSHA256.HashData(directoryKey, Encoding.UTF8.GetBytes($"halyard/name/1\0{tenant}\0{canonicalValue}"))
        );

    /// <summary>The canonical values that a name in words may stand for: the text, and the number where it reads as one.</summary>
    public static IEnumerable<string> ValuesOf(string name)
    {
        yield return Encoding.UTF8.GetString(CanonicalJson.FormatString(name));
        if (
            double.TryParse(name, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            && double.IsFinite(number)
            && CanonicalJson.TryCanonicalize(Encoding.UTF8.GetBytes(name), out var canonical, out _)
        )
            yield return Encoding.UTF8.GetString(canonical);
    }
}
