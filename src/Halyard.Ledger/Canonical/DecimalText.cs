using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Halyard.Ledger;

/// <summary>
/// The magnitude of a decimal number as its significant digits: 0.d₁d₂…dₙ × 10^Point, without leading or trailing zeros.
/// At most <see cref="MaxDigits"/> + 1 digits are kept: with more than 17 a number is no form of a double.
/// </summary>
[StructLayout(LayoutKind.Auto)]
internal struct DecimalText : IEquatable<DecimalText>
{
    public const int MaxDigits = 17;

    // Far outside a double's range, far inside a long's: exponents beyond it need not be told apart.
    private const long ExponentLimit = 1_000_000_000_000;

    private Buffer _digits;

    public int Count { get; private set; }

    public long Point { get; private set; }

    /// <summary>True when no digit stands behind the decimal point.</summary>
    public readonly bool IsInteger => Point >= Count;

    [UnscopedRef]
    public readonly ReadOnlySpan<byte> Digits => ((ReadOnlySpan<byte>)_digits)[..Count];

    /// <summary>Reads a well-formed number: sign, digits, fraction, exponent.</summary>
    public static DecimalText Read(ReadOnlySpan<byte> number)
    {
        var result = default(DecimalText);
        var inFraction = false;
        var zeros = 0;
        var at = 0;
        for (; at < number.Length && number[at] is not ((byte)'e' or (byte)'E'); at++)
        {
            var digit = number[at];
            if (digit == (byte)'.')
                inFraction = true;
            if (!char.IsAsciiDigit((char)digit))
                continue;
            var significant = result.Count > 0 || digit != (byte)'0';
            if (significant && !inFraction)
                result.Point++;
            if (!significant && inFraction)
                result.Point--;
            if (digit != (byte)'0')
                result.Append(digit, ref zeros);
            else if (significant)
                zeros++;
        }
        if (result.Count == 0)
            return default;
        if (at < number.Length)
            result.Point += ReadExponent(number[(at + 1)..]);
        return result;
    }

    public readonly bool Equals(DecimalText other) => Point == other.Point && Digits.SequenceEqual(other.Digits);

    public override readonly bool Equals(object? obj) => obj is DecimalText other && Equals(other);

    public override readonly int GetHashCode() => HashCode.Combine(Point, Count);

    private void Append(byte digit, ref int zeros)
    {
        for (; zeros > 0 && Count <= MaxDigits; zeros--)
            _digits[Count++] = (byte)'0';
        zeros = 0;
        if (Count <= MaxDigits)
            _digits[Count++] = digit;
    }

    private static long ReadExponent(ReadOnlySpan<byte> text)
    {
        var negative = text[0] == (byte)'-';
        long exponent = 0;
        foreach (var digit in text)
        {
            if (char.IsAsciiDigit((char)digit) && exponent < ExponentLimit)
                exponent = (exponent * 10) + digit - '0';
        }
        return negative ? -exponent : exponent;
    }

    [InlineArray(MaxDigits + 1)]
    private struct Buffer
    {
        private byte _first;
    }
}
