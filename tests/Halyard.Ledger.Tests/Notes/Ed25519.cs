using System.Numerics;
using System.Security.Cryptography;

namespace Halyard.Ledger.Tests.Notes;

/// <summary>RFC 8032, 5.1.7, with whole numbers and without haste: others' published notes are signed with Ed25519, ours are not.</summary>
internal sealed class Ed25519(NoteKey key) : INoteVerifier
{
    private static readonly BigInteger P = BigInteger.Pow(2, 255) - 19;
    private static readonly BigInteger L = BigInteger.Pow(2, 252) + BigInteger.Parse("27742317777372353535851937790883648493");
    private static readonly BigInteger D = Mod(-121665 * Inverse(121666));
    private static readonly BigInteger RootOfMinusOne = BigInteger.ModPow(2, (P - 1) / 4, P);
    private static readonly Point Base = Decode(Convert.FromHexString("58" + new string('6', 62)))!;

    public string Name => key.Name;

    public uint KeyId => key.KeyId;

    public bool Verify(ReadOnlySpan<byte> text, ReadOnlySpan<byte> signature)
    {
        if (signature.Length != 64 || Decode(key.Material.Span) is not { } a || Decode(signature[..32]) is not { } r)
            return false;
        var s = Number(signature[32..]);
        if (s >= L)
            return false;
        var k = Number(SHA512.HashData([.. signature[..32], .. key.Material.Span, .. text])) % L;
        return Same(Times(s, Base), Add(r, Times(k, a)));
    }

    private static Point? Decode(ReadOnlySpan<byte> bytes)
    {
        var odd = bytes[31] >> 7;
        byte[] masked = [.. bytes[..31], (byte)(bytes[31] & 0x7f)];
        var y = Number(masked);
        if (y >= P)
            return null;
        var square = Mod((y * y - 1) * Inverse(D * y * y + 1));
        var x = BigInteger.ModPow(square, (P + 3) / 8, P);
        if (Mod(x * x) != square)
            x = Mod(x * RootOfMinusOne);
        if (Mod(x * x) != square || (x.IsZero && odd == 1))
            return null;
        if (x.IsEven == (odd == 1))
            x = P - x;
        return new Point(x, y, 1, Mod(x * y));
    }

    private static Point Times(BigInteger factor, Point point)
    {
        var sum = new Point(0, 1, 1, 0);
        for (; !factor.IsZero; factor >>= 1, point = Add(point, point))
        {
            if (!factor.IsEven)
                sum = Add(sum, point);
        }
        return sum;
    }

    // RFC 8032, 5.1.4; complete, so doubling is adding.
    private static Point Add(Point p, Point q)
    {
        var a = (p.Y - p.X) * (q.Y - q.X);
        var b = (p.Y + p.X) * (q.Y + q.X);
        var c = 2 * p.T * q.T * D;
        var d = 2 * p.Z * q.Z;
        var (e, f, g, h) = (Mod(b - a), Mod(d - c), Mod(d + c), Mod(b + a));
        return new Point(Mod(e * f), Mod(g * h), Mod(f * g), Mod(e * h));
    }

    private static bool Same(Point p, Point q) => Mod(p.X * q.Z - q.X * p.Z).IsZero && Mod(p.Y * q.Z - q.Y * p.Z).IsZero;

    private static BigInteger Number(ReadOnlySpan<byte> littleEndian) => new(littleEndian, isUnsigned: true);

    private static BigInteger Inverse(BigInteger value) => BigInteger.ModPow(Mod(value), P - 2, P);

    private static BigInteger Mod(BigInteger value) => ((value % P) + P) % P;

    /// <summary>x = X/Z, y = Y/Z, xy = T/Z.</summary>
    private sealed record Point(BigInteger X, BigInteger Y, BigInteger Z, BigInteger T);
}
