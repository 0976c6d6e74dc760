using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Halyard.Core;
using Halyard.Ledger;

namespace Halyard.Server.Authentication;

/// <summary>
/// A credential as it is sent: <c>hal.&lt;tenant&gt;.&lt;id&gt;.&lt;secret&gt;</c>, where the secret is 256 random bits. Tenant and id find the record;
/// only the secret's SHA-256 is stored.
/// </summary>
internal readonly record struct Credential(string Tenant, string Id, Digest Secret)
{
    private const string Scheme = "hal.";
    private const int MaxLength = 256;
    private const int SecretBytes = 32;

    /// <summary>Reads a credential; false for anything that cannot be one.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out Credential credential)
    {
        credential = default;
        if (text.Length > MaxLength || !text.StartsWith(Scheme, StringComparison.Ordinal))
            return false;
        Span<Range> parts = stackalloc Range[5];
        if (text.Split(parts, '.') != 4)
            return false;
        var secret = text[parts[3]];
        if (secret.IsEmpty)
            return false;
        Span<byte> bytes = stackalloc byte[MaxLength * 3];
        var length = Encoding.UTF8.GetBytes(secret, bytes);
        credential = new Credential(text[parts[1]].ToString(), text[parts[2]].ToString(), Digest.Of(bytes[..length]));
        return true;
    }

    /// <summary>A new credential and the digest to store for it.</summary>
    public static (string Text, Digest Secret) Create(string tenant, string id, Entropy entropy)
    {
        var secret = Base64Url.EncodeToString(entropy.Bytes(SecretBytes));
        return ($"{Scheme}{tenant}.{id}.{secret}", Digest.Of(Encoding.UTF8.GetBytes(secret)));
    }

    /// <summary>Compares in constant time.</summary>
    public static bool Matches(Digest sent, Digest stored) =>
        CryptographicOperations.FixedTimeEquals(sent.ToArray(), stored.ToArray());
}

/// <summary>The form of a tenant's key: it stands in credentials and in the log's origin.</summary>
internal static partial class TenantKeys
{
    /// <summary>Whether the text may be a tenant's key: <c>[a-z0-9][a-z0-9-]{0,39}</c>.</summary>
    [GeneratedRegex(@"^[a-z0-9][a-z0-9-]{0,39}\z", RegexOptions.NonBacktracking)]
    public static partial Regex Form();
}
