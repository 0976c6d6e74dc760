using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Halyard.Server.Delivery.Webhooks;

/// <summary>
/// Signs as Standard Webhooks 1.0 says: HMAC-SHA-256 over <c>id.timestamp.body</c>, in base64 behind <c>v1,</c>; one signature
/// for each secret while a secret is rotated.
/// </summary>
internal static class WebhookSignature
{
    private const string Prefix = "whsec_";

    /// <summary>The value of <c>webhook-signature</c>.</summary>
    public static string Sign(string id, long timestamp, ReadOnlySpan<byte> body, IEnumerable<byte[]> keys)
    {
        var head = Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{id}.{timestamp}."));
        byte[] signed = [.. head, .. body];
        return string.Join(' ', keys.Select(key => $"v1,{Convert.ToBase64String(HMACSHA256.HashData(key, signed))}"));
    }

    /// <summary>
    /// The key that a secret stands for: what follows <c>whsec_</c> in base64, else the text's own bytes. <see langword="null"/>
    /// where it is less than 24 bytes or no base64.
    /// </summary>
    public static byte[]? Key(string secret)
    {
        byte[] key;
        if (!secret.StartsWith(Prefix, StringComparison.Ordinal))
        {
            key = Encoding.UTF8.GetBytes(secret);
        }
        else
        {
            var buffer = new byte[secret.Length];
            if (!Convert.TryFromBase64String(secret[Prefix.Length..], buffer, out var length))
                return null;
            key = buffer[..length];
        }
        return key.Length >= MinKey ? key : null;
    }

    private const int MinKey = 24;
}
