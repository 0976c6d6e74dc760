using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Json;

namespace Halyard.Server.Authentication.Jwt;

/// <summary>
/// A token in its parts, before anything in it may be believed. Only the compact form is read (RFC 7515, 3.1); keys and addresses of
/// keys in its header are not even looked at.
/// </summary>
internal sealed class UnverifiedToken
{
    /// <summary>The most characters of a token.</summary>
    public const int MaxLength = 16_384;

    private const int MaxHeaderText = 256;

    private UnverifiedToken(JsonElement header, JsonElement claims, byte[] signed, byte[] signature)
    {
        Algorithm = Text(header, "alg") ?? "";
        KeyId = Text(header, "kid");
        Type = Text(header, "typ");
        HasCritical = header.TryGetProperty("crit", out _);
        UnverifiedClaims = new TokenClaims(claims);
        Signed = signed;
        Signature = signature;
    }

    /// <summary>The algorithm that it names; empty where it names none.</summary>
    public string Algorithm { get; }

    /// <summary>The key that it names, or <see langword="null"/>.</summary>
    public string? KeyId { get; }

    /// <summary>What it says that it is, or <see langword="null"/>.</summary>
    public string? Type { get; }

    /// <summary>Whether it names extensions that must be understood.</summary>
    public bool HasCritical { get; }

    /// <summary>What it says; to be believed only after <see cref="TokenValidator"/> said so.</summary>
    public TokenClaims UnverifiedClaims { get; }

    /// <summary>The bytes that are signed.</summary>
    public byte[] Signed { get; }

    /// <summary>The signature.</summary>
    public byte[] Signature { get; }

    /// <summary>Reads a token; false for whatever is not exactly one.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, [NotNullWhen(true)] out UnverifiedToken? token)
    {
        token = null;
        if (text.Length > MaxLength)
            return false;
        Span<Range> parts = stackalloc Range[4];
        if (
            text.Split(parts, '.') != 3
            || !StrictBase64Url.TryDecode(text[parts[0]], out var header)
            || !StrictBase64Url.TryDecode(text[parts[1]], out var claims)
            || !StrictBase64Url.TryDecode(text[parts[2]], out var signature)
            || !StrictJson.TryReadObject(header, out var headerJson)
        )
            return false;
        using (headerJson)
        {
            if (!HasReadableHeader(headerJson.RootElement) || !StrictJson.TryReadObject(claims, out var claimsJson))
                return false;
            using (claimsJson)
            {
                var signed = new byte[parts[1].End.Value];
                Encoding.ASCII.GetBytes(text[..signed.Length], signed);
                token = new UnverifiedToken(headerJson.RootElement, claimsJson.RootElement.Clone(), signed, signature);
                return true;
            }
        }
    }

    private static bool HasReadableHeader(JsonElement header) =>
        IsTextOrAbsent(header, "alg") && IsTextOrAbsent(header, "kid") && IsTextOrAbsent(header, "typ");

    private static bool IsTextOrAbsent(JsonElement json, string member) =>
        !json.TryGetProperty(member, out _) || Text(json, member) is not null;

    private static string? Text(JsonElement json, string member) =>
        json.TryGetProperty(member, out var value)
        && value.ValueKind == JsonValueKind.String
        && value.GetString() is { Length: <= MaxHeaderText } text
            ? text
            : null;
}
