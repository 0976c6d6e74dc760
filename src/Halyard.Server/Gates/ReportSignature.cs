using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Halyard.Server.Delivery.Webhooks;

namespace Halyard.Server.Gates;

/// <summary>
/// Verifies reports that are signed as Standard Webhooks 1.0 says: HMAC-SHA-256 over <c>id.timestamp.body</c>, in
/// <c>webhook-signature</c>. A message of another time is refused; the same one sent again says nothing new, for its timestamp is when
/// it was seen.
/// </summary>
internal static class ReportSignature
{
    private const string Version = "v1,";
    private const int MaxId = 256;
    private const int MaxSignatures = 10;

    private static readonly TimeSpan Past = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Ahead = TimeSpan.FromMinutes(1);

    /// <summary>When a report was sent; <see langword="null"/> where its signature, its time or its form is not good.</summary>
    /// <param name="headers">The request's headers.</param>
    /// <param name="body">The bytes as they came.</param>
    /// <param name="secret">The check's secret.</param>
    /// <param name="now">The time.</param>
    public static DateTimeOffset? Verify(IHeaderDictionary headers, ReadOnlySpan<byte> body, string secret, DateTimeOffset now)
    {
        var (id, sent) = (headers["webhook-id"].ToString(), headers["webhook-timestamp"].ToString());
        if (
            id.Length is 0 or > MaxId
            || !long.TryParse(sent, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            || seconds > DateTimeOffset.MaxValue.ToUnixTimeSeconds()
            || WebhookSignature.Key(secret) is not { } key
        )
            return null;
        var expected = Encoding.ASCII.GetBytes(WebhookSignature.Sign(id, seconds, body, [key]));
        var isSigned = false;
        foreach (var given in headers["webhook-signature"].ToString().Split(' ').Take(MaxSignatures))
        {
            if (given.StartsWith(Version, StringComparison.Ordinal))
                isSigned |= CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(given), expected);
        }
        var at = DateTimeOffset.FromUnixTimeSeconds(seconds);
        return isSigned && at > now - Past && at < now + Ahead ? at : null;
    }
}
