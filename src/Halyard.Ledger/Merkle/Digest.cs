using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Halyard.Ledger;

/// <summary>A SHA-256 digest, 32 bytes, as a value. It has one text: <c>sha256:</c> and 64 lower-case hexadecimal digits.</summary>
[StructLayout(LayoutKind.Sequential)]
public readonly struct Digest : IEquatable<Digest>
{
    /// <summary>The length in bytes.</summary>
    public const int Length = 32;

    /// <summary>The length of the text.</summary>
    internal const int TextLength = 7 + (Length * 2);

    private const string Prefix = "sha256:";

    private readonly ulong _a;
    private readonly ulong _b;
    private readonly ulong _c;
    private readonly ulong _d;

    /// <summary>The plain SHA-256 of the bytes, without any prefix.</summary>
    public static Digest Of(ReadOnlySpan<byte> bytes)
    {
        Span<byte> hash = stackalloc byte[Length];
        SHA256.HashData(bytes, hash);
        return MemoryMarshal.Read<Digest>(hash);
    }

    /// <summary>The digest that these 32 bytes are.</summary>
    /// <exception cref="ArgumentException">There are not exactly 32 bytes.</exception>
    public static Digest FromBytes(ReadOnlySpan<byte> bytes) =>
        bytes.Length == Length
            ? MemoryMarshal.Read<Digest>(bytes)
            : throw new ArgumentException($"A digest has {Length} bytes, not {bytes.Length}.", nameof(bytes));

    /// <summary>Reads either text form.</summary>
    /// <exception cref="FormatException">It is not 64 lower-case hexadecimal digits, with or without <c>sha256:</c>.</exception>
    public static Digest FromHex(string hex) =>
        TryParse(hex, out var digest)
            ? digest
            : throw new FormatException("A digest is written as 64 lower-case hexadecimal digits, with or without 'sha256:'.");

    /// <summary>Reads <c>sha256:</c> and 64 hexadecimal digits, or the digits alone; lower case only.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out Digest digest)
    {
        digest = default;
        var hex = text.AsSpan();
        if (hex.StartsWith(Prefix, StringComparison.Ordinal))
            hex = hex[Prefix.Length..];
        if (hex.Length != Length * 2 || hex.ContainsAnyInRange('A', 'F'))
            return false;
        Span<byte> bytes = stackalloc byte[Length];
        if (Convert.FromHexString(hex, bytes, out _, out _) != System.Buffers.OperationStatus.Done)
            return false;
        digest = MemoryMarshal.Read<Digest>(bytes);
        return true;
    }

    /// <summary>64 lower-case hexadecimal digits.</summary>
    public string ToHex() => Convert.ToHexStringLower(AsSpan());

    /// <summary>Standard base64 (RFC 4648, section 4), padded.</summary>
    public string ToBase64() => Convert.ToBase64String(AsSpan());

    /// <summary>Writes the text of <see cref="ToString"/> in ASCII.</summary>
    internal void Format(Span<byte> destination)
    {
        "sha256:"u8.CopyTo(destination);
        _ = Convert.TryToHexStringLower(AsSpan(), destination[Prefix.Length..], out _);
    }

    /// <summary>Copies the 32 bytes.</summary>
    /// <exception cref="ArgumentException">The destination is shorter.</exception>
    public void CopyTo(Span<byte> destination) => AsSpan().CopyTo(destination);

    /// <summary>The 32 bytes in a new array.</summary>
    public byte[] ToArray() => AsSpan().ToArray();

    /// <summary><c>sha256:</c> and 64 lower-case hexadecimal digits.</summary>
    public override string ToString() => Prefix + ToHex();

    /// <inheritdoc/>
    public bool Equals(Digest other) => _a == other._a && _b == other._b && _c == other._c && _d == other._d;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Digest other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => _a.GetHashCode();

    public static bool operator ==(Digest left, Digest right) => left.Equals(right);

    public static bool operator !=(Digest left, Digest right) => !left.Equals(right);

    [UnscopedRef]
    private ReadOnlySpan<byte> AsSpan() => MemoryMarshal.AsBytes(new ReadOnlySpan<Digest>(in this));
}
