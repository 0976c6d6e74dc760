using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using System.Text;

namespace Halyard.Rego;

/// <summary>
/// A number, exact: a decimal of at most 1,000 digits between 1e-1000 and 1e1000. Equal by value (<c>1 == 1.0</c>); the text it
/// was written with stays with it.
/// </summary>
public sealed class RegoNumber : RegoValue
{
    private const int CachedBelow = 256;

    private static readonly RegoNumber[] Cached =
    [
        .. Enumerable.Range(0, CachedBelow).Select(value => new RegoNumber(value, null)),
    ];

    private readonly long _small;
    private readonly Decimal10? _wide;
    private string? _text;

    private RegoNumber(long value, string? text)
    {
        _small = value;
        _text = text;
    }

    private RegoNumber(Decimal10 value, string? text)
    {
        _wide = value;
        _text = text;
    }

    public override RegoKind Kind => RegoKind.Number;

    /// <summary>The number as JSON writes it.</summary>
    public string Text => _text ??= _wide?.ToString() ?? _small.ToString();

    /// <summary>Whether it has no fraction.</summary>
    public bool IsInteger => _wide is null || _wide.Value.IsInteger;

    public static new RegoNumber Of(long value) => (ulong)value < CachedBelow ? Cached[value] : new RegoNumber(value, null);

    public static RegoNumber Of(BigInteger value) => Of(new Decimal10(value, 0), null);

    /// <summary>The number nearest to a finite double.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is not finite.</exception>
    public static RegoNumber Of(double value) =>
        double.IsFinite(value) && TryParse(value.ToString("R"), out var number)
            ? number
            : throw new ArgumentOutOfRangeException(nameof(value));

    /// <summary>Reads a decimal number, with or without a power of ten; false when it is none or out of range.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out RegoNumber? number)
    {
        number = Decimal10.TryParse(text, out var value) ? Of(value, IsJson(text) ? text : null) : null;
        return number is not null;
    }

    /// <summary>The value as a 64-bit integer, if it is one.</summary>
    public bool TryGetInt64(out long value)
    {
        value = _small;
        return _wide is null;
    }

    /// <summary>The value as an integer of any size, if it is one.</summary>
    public bool TryGetInteger(out BigInteger value)
    {
        value = _wide is { IsInteger: true } wide ? wide.ToInteger() : _small;
        return IsInteger;
    }

    /// <summary>The nearest double.</summary>
    public double ToDouble() => _wide is null ? _small : double.Parse(Text);

    internal static RegoNumber Of(Decimal10 value, string? text) =>
        value.TryGetInt64(out var small)
            ? text is null || IsPlain(text)
                ? Of(small)
                : new RegoNumber(small, text)
            : new RegoNumber(value, text);

    internal Decimal10 Exact => _wide ?? new Decimal10(_small, 0);

    internal override void AppendTo(StringBuilder text) => text.Append(Text);

    private protected override int CompareSameKind(RegoValue other)
    {
        var that = (RegoNumber)other;
        return _wide is null && that._wide is null ? _small.CompareTo(that._small) : Exact.CompareWith(that.Exact);
    }

    private protected override bool EqualsSameKind(RegoValue other)
    {
        var that = (RegoNumber)other;
        return _wide is null && that._wide is null ? _small == that._small : _wide == that._wide;
    }

    private protected override int ComputeHash() =>
        // Seeded, so that nobody can choose numbers that collide.
        HashCode.Combine(_wide, _small);

    // +1, 01, .5 and 1. are numbers that JSON writes otherwise.
    private static bool IsJson(string text)
    {
        var digits = text.AsSpan(text[0] == '-' ? 1 : 0);
        return char.IsAsciiDigit(digits[0])
            && (digits[0] != '0' || digits.Length == 1 || !char.IsAsciiDigit(digits[1]))
            && char.IsAsciiDigit(digits[^1])
            && (digits.IndexOf('.') is var point && (point < 0 || char.IsAsciiDigit(digits[point + 1])));
    }

    private static bool IsPlain(string text) => text.AsSpan().IndexOfAnyExceptInRange('0', '9') <= 0 && text != "-0";
}
