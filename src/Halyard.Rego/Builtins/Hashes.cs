using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace Halyard.Rego;

/// <summary>Digests and keyed digests of texts, in hexadecimal digits.</summary>
[SuppressMessage("Security", "CA5350", Justification = "SHA-1 is what the policy asks for; nothing of Halyard relies on it.")]
[SuppressMessage("Security", "CA5351", Justification = "MD5 is what the policy asks for; nothing of Halyard relies on it.")]
internal static class Hashes
{
    public static IReadOnlyList<Builtin> All { get; } =
    [
        Digest("crypto.md5", MD5.HashData),
        Digest("crypto.sha1", SHA1.HashData),
        Digest("crypto.sha256", SHA256.HashData),
        Keyed("crypto.hmac.md5", HMACMD5.HashData),
        Keyed("crypto.hmac.sha1", HMACSHA1.HashData),
        Keyed("crypto.hmac.sha256", HMACSHA256.HashData),
        Keyed("crypto.hmac.sha512", HMACSHA512.HashData),
        new(
            "crypto.hmac.equal",
            [RegoType.String, RegoType.String],
            RegoType.Boolean,
            (context, x) =>
                RegoValue.Of(
                    CryptographicOperations.FixedTimeEquals(
                        Encodings.Bytes(context, x.Text(0)),
                        Encodings.Bytes(context, x.Text(1))
                    )
                )
        ),
    ];

    private static Builtin Digest(string name, Func<byte[], byte[]> hash) =>
        new(
            name,
            [RegoType.String],
            RegoType.String,
            (context, x) => context.Give(Convert.ToHexStringLower(hash(Encodings.Bytes(context, x.Text(0)))))
        );

    private static Builtin Keyed(string name, Func<byte[], byte[], byte[]> hash) =>
        new(
            name,
            [RegoType.String, RegoType.String],
            RegoType.String,
            (context, x) =>
                context.Give(
                    Convert.ToHexStringLower(hash(Encodings.Bytes(context, x.Text(1)), Encodings.Bytes(context, x.Text(0))))
                )
        );
}
