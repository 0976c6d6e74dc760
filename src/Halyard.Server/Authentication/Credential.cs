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
/// <param name="name">Tenant and id as <see cref="NameOf"/> joins them.</param>
/// <param name="secret">SHA-256 of the secret.</param>
internal readonly ref struct Credential(ReadOnlySpan<char> name, Digest secret)
{
    private const string Scheme = "hal.";
    private const int MaxLength = 256;
    private const int SecretBytes = 32;

    /// <summary>The tenant and the id, a part of the text that was sent.</summary>
    public ReadOnlySpan<char> Name { get; } = name;

    /// <summary>SHA-256 of the secret that was sent.</summary>
    public Digest Secret { get; } = secret;

    /// <summary>The name of a credential; neither part can have a dot.</summary>
    public static string NameOf(string tenant, string id) => $"{tenant}.{id}";

    /// <summary>Whether the text begins as a credential of this server does.</summary>
    public static bool HasForm(ReadOnlySpan<char> text) => text.StartsWith(Scheme, StringComparison.Ordinal);

    /// <summary>Reads a credential; false for anything that cannot be one.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out Credential credential)
    {
        credential = default;
        if (text.Length > MaxLength || !HasForm(text))
            return false;
        Span<Range> parts = stackalloc Range[5];
        if (text.Split(parts, '.') != 4)
            return false;
        var secret = text[parts[3]];
        if (secret.IsEmpty)
            return false;
        Span<byte> bytes = stackalloc byte[MaxLength * 3];
        var length = Encoding.UTF8.GetBytes(secret, bytes);
        credential = new Credential(text[parts[1].Start..parts[2].End], Digest.Of(bytes[..length]));
        return true;
    }

    /// <summary>A new credential and the digest to store for it.</summary>
    public static (string Text, Digest Secret) Create(string tenant, string id, Entropy entropy)
    {
        var secret = Base64Url.EncodeToString(entropy.Bytes(SecretBytes));
        return ($"{Scheme}{tenant}.{id}.{secret}", Digest.Of(Encoding.UTF8.GetBytes(secret)));
    }

    /// <summary>Whether the secret is the one whose digest is stored; takes the same time either way.</summary>
    public bool Proves(Digest stored) => AreSame(Secret, stored);

    /// <summary>Whether two digests are the same; takes the same time either way.</summary>
    public static bool AreSame(Digest one, Digest other)
    {
        Span<byte> left = stackalloc byte[Digest.Length];
        Span<byte> right = stackalloc byte[Digest.Length];
        one.CopyTo(left);
        other.CopyTo(right);
        return CryptographicOperations.FixedTimeEquals(left, right);
    }
}

/// <summary>The form of a tenant's key: it stands in credentials and in the log's origin.</summary>
internal static partial class TenantKeys
{
    /// <summary>Whether the text may be a tenant's key: <c>[a-z0-9][a-z0-9-]{0,39}</c>.</summary>
    [GeneratedRegex(@"^[a-z0-9][a-z0-9-]{0,39}\z", RegexOptions.NonBacktracking)]
    public static partial Regex Form();
}
