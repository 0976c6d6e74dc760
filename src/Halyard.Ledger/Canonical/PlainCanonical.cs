using System.Buffers;

namespace Halyard.Ledger;

/// <summary>
/// Sees at a glance that a text is canonical, where it is plain: printable ASCII without escapes, and whole numbers of at most 15
/// digits. That is nearly every leaf. For any other text it says nothing, and <see cref="CanonicalTransform"/> must look.
/// </summary>
internal ref struct PlainCanonical
{
    private const int MaxDigits = 15;

    private static readonly SearchValues<byte> Plain = SearchValues.Create([
        .. Enumerable
            .Range(0x20, 0x7f - 0x20)
            .Select(value => (byte)value)
            .Where(value => value is not ((byte)'"' or (byte)'\\')),
    ]);

    private ReadOnlySpan<byte> _rest;

    /// <summary>True only for a text that is canonical.</summary>
    public static bool IsSeenIn(ReadOnlySpan<byte> utf8)
    {
        var text = new PlainCanonical { _rest = utf8 };
        return text.Value(0) && text._rest.IsEmpty;
    }

    private bool Value(int depth)
    {
        if (_rest.IsEmpty)
            return false;
        return _rest[0] switch
        {
            (byte)'{' => depth < CanonicalJson.MaxDepth && Members(depth + 1),
            (byte)'[' => depth < CanonicalJson.MaxDepth && Elements(depth + 1),
            (byte)'"' => String(out _),
            (byte)'t' => Skip("true"u8),
            (byte)'f' => Skip("false"u8),
            (byte)'n' => Skip("null"u8),
            _ => Number(),
        };
    }

    private bool Members(int depth)
    {
        _rest = _rest[1..];
        if (Skip("}"u8))
            return true;
        ReadOnlySpan<byte> last = default;
        for (var first = true; ; first = false)
        {
            // In ASCII the order of bytes is that of UTF-16. A name twice is not in order.
            if (!String(out var name) || (!first && name.SequenceCompareTo(last) <= 0) || !Skip(":"u8) || !Value(depth))
                return false;
            last = name;
            if (Skip("}"u8))
                return true;
            if (!Skip(","u8))
                return false;
        }
    }

    private bool Elements(int depth)
    {
        _rest = _rest[1..];
        if (Skip("]"u8))
            return true;
        while (Value(depth))
        {
            if (Skip("]"u8))
                return true;
            if (!Skip(","u8))
                return false;
        }
        return false;
    }

    private bool String(out ReadOnlySpan<byte> text)
    {
        text = default;
        if (!Skip("\""u8))
            return false;
        var end = _rest.IndexOfAnyExcept(Plain);
        if (end < 0 || _rest[end] != '"')
            return false;
        text = _rest[..end];
        _rest = _rest[(end + 1)..];
        return true;
    }

    private bool Number()
    {
        var negative = Skip("-"u8);
        var end = _rest.IndexOfAnyExceptInRange((byte)'0', (byte)'9');
        var length = end < 0 ? _rest.Length : end;
        if (length is 0 or > MaxDigits || (_rest[0] == '0' && (length > 1 || negative)))
            return false;
        // A fraction or an exponent is left standing and fits nowhere.
        _rest = _rest[length..];
        return true;
    }

    private bool Skip(ReadOnlySpan<byte> expected)
    {
        if (!_rest.StartsWith(expected))
            return false;
        _rest = _rest[expected.Length..];
        return true;
    }
}
