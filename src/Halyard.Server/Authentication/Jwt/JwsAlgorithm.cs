using System.Collections.Frozen;
using System.Security.Cryptography;

namespace Halyard.Server.Authentication.Jwt;

/// <summary>
/// An algorithm of signatures (RFC 7518) with a public and a private key. There is no other: neither <c>none</c> nor one with a
/// shared secret can be named.
/// </summary>
/// <param name="Name">As tokens name it, letter for letter.</param>
/// <param name="Hash">What is hashed with.</param>
/// <param name="Padding">RSA's padding; <see langword="null"/> for elliptic curves.</param>
/// <param name="Curve">The curve as keys name it; <see langword="null"/> for RSA.</param>
internal sealed record JwsAlgorithm(string Name, HashAlgorithmName Hash, RSASignaturePadding? Padding, string? Curve)
{
    private static readonly FrozenDictionary<string, JwsAlgorithm> ByName = new[]
    {
        Rsa("RS256", HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1),
        Rsa("RS384", HashAlgorithmName.SHA384, RSASignaturePadding.Pkcs1),
        Rsa("RS512", HashAlgorithmName.SHA512, RSASignaturePadding.Pkcs1),
        Rsa("PS256", HashAlgorithmName.SHA256, RSASignaturePadding.Pss),
        Rsa("PS384", HashAlgorithmName.SHA384, RSASignaturePadding.Pss),
        Rsa("PS512", HashAlgorithmName.SHA512, RSASignaturePadding.Pss),
        Elliptic("ES256", HashAlgorithmName.SHA256, "P-256"),
        Elliptic("ES384", HashAlgorithmName.SHA384, "P-384"),
        Elliptic("ES512", HashAlgorithmName.SHA512, "P-521"),
    }.ToFrozenDictionary(algorithm => algorithm.Name, StringComparer.Ordinal);

    /// <summary>Every name, in ordinal order.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. ByName.Keys.Order(StringComparer.Ordinal)];

    /// <summary>The algorithm of this name, or <see langword="null"/>.</summary>
    public static JwsAlgorithm? Find(string name) => ByName.GetValueOrDefault(name);

    private static JwsAlgorithm Rsa(string name, HashAlgorithmName hash, RSASignaturePadding padding) =>
        new(name, hash, padding, null);

    private static JwsAlgorithm Elliptic(string name, HashAlgorithmName hash, string curve) => new(name, hash, null, curve);
}
