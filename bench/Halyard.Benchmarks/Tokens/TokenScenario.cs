using System.Buffers.Text;
using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using Halyard.Benchmarks.Measuring;
using Halyard.Server.Authentication.Jwt;

namespace Halyard.Benchmarks.Tokens;

/// <summary>
/// What it takes to believe an access token of an identity provider, beside the floor: the bare verification of its signature by the
/// system's library. Processor time of one thread.
/// </summary>
internal static class TokenScenario
{
    private const int Rounds = 15;
    private const int Calls = 2_000;
    private const string Issuer = "https://issuer.example/realm";
    private const string Audience = "halyard-api";

    private static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    public static void Run()
    {
        Machine.Describe();
        using var rsa = RSA.Create(2_048);
        using var elliptic = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var keys = KeySet.Read(Encoding.UTF8.GetBytes($$"""{"keys":[{{Jwk(rsa)}},{{Jwk(elliptic)}}]}"""))!;
        Measure(
            "RS256",
            keys,
            signed => rsa.SignData(signed, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1),
            (signed, signature) => rsa.VerifyData(signed, signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
        );
        Measure(
            "ES256",
            keys,
            signed => elliptic.SignData(signed, HashAlgorithmName.SHA256),
            (signed, signature) => elliptic.VerifyData(signed, signature, HashAlgorithmName.SHA256)
        );
        Console.WriteLine($"median (least–most) of {Rounds} rounds of {Calls:N0}; load average {Machine.Load}");
    }

    private static void Measure(string algorithm, KeySet keys, Func<byte[], byte[]> sign, Func<byte[], byte[], bool> verify)
    {
        var rules = new TokenRules(
            Issuer,
            Audience,
            [algorithm],
            TokenRules.AccessTypes,
            TimeSpan.FromSeconds(60),
            TimeSpan.FromDays(1)
        );
        var token = Token(algorithm, sign);
        var parsed = Parse(token);
        bool Believe() => TokenValidator.Validate(Parse(token), keys, rules, Now) is null;
        bool Bare() => verify(parsed.Signed, parsed.Signature);
        bool Read() => Parse(token).Algorithm == algorithm;
        var (whole, floor, reading) = (new Spread(), new Spread(), new Spread());
        foreach (var work in new Func<bool>[] { Believe, Bare, Read })
            _ = Microseconds(work);
        for (var round = 0; round < Rounds; round++)
        {
            whole.Add(Microseconds(Believe));
            floor.Add(Microseconds(Bare));
            reading.Add(Microseconds(Read));
        }
        var before = GC.GetAllocatedBytesForCurrentThread();
        _ = Believe();
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Console.WriteLine(
            $"{algorithm}  {token.Length:N0} characters: believed in {whole.ToString("N1")} µs, of that reading {reading.ToString("N1")} µs; "
                + $"bare signature {floor.ToString("N1")} µs; {allocated:N0} B allocated"
        );
    }

    private static double Microseconds(Func<bool> work)
    {
        var before = ProcessorClock.OfThisThread();
        for (var i = 0; i < Calls; i++)
        {
            if (!work())
                throw new UnreachableException("A good token was refused.");
        }
        return (ProcessorClock.OfThisThread() - before).TotalMicroseconds / Calls;
    }

    private static UnverifiedToken Parse(string token) =>
        UnverifiedToken.TryParse(token, out var parsed) ? parsed : throw new UnreachableException("A good token cannot be read.");

    private static string Token(string algorithm, Func<byte[], byte[]> sign)
    {
        var header = $$"""{"alg":"{{algorithm}}","typ":"at+jwt","kid":"{{algorithm}}"}""";
        var issued = Now.ToUnixTimeSeconds() - 10;
        var groups = string.Join(',', Enumerable.Range(0, 12).Select(i => $"\"team-{i}-members\""));
        var claims = $$"""
            {"iss":"{{Issuer}}","aud":"{{Audience}}","sub":"8f14e45f-ceea-467f-9f3a-1d2c3b4a5e6f","iat":{{issued}},"exp":{{issued
                + 600}},
            "client_id":"tool","scope":"openid profile email","email":"somebody@example.com","name":"Somebody Ordinary",
            "groups":[{{groups}}]}
            """;
        var signed = $"{Encode(header)}.{Encode(claims)}";
        return $"{signed}.{Base64Url.EncodeToString(sign(Encoding.ASCII.GetBytes(signed)))}";
    }

    private static string Encode(string text) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(text));

    private static string Jwk(RSA key)
    {
        var parameters = key.ExportParameters(includePrivateParameters: false);
        return $$"""{"kty":"RSA","kid":"RS256","n":"{{Base64Url.EncodeToString(parameters.Modulus)}}","e":"{{Base64Url.EncodeToString(parameters.Exponent)}}"}""";
    }

    private static string Jwk(ECDsa key)
    {
        var point = key.ExportParameters(includePrivateParameters: false).Q;
        return $$"""{"kty":"EC","kid":"ES256","crv":"P-256","x":"{{Base64Url.EncodeToString(point.X)}}","y":"{{Base64Url.EncodeToString(point.Y)}}"}""";
    }
}
