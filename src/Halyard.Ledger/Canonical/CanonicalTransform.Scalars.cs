using System.Buffers;
using System.Text;

namespace Halyard.Ledger;

internal ref partial struct CanonicalTransform
{
    // A double holds every integer of this many digits, and ECMAScript writes it as it stands.
    private const int PlainDigits = 15;

    private static readonly SearchValues<byte> NotPlain = SearchValues.Create(SpecialBytes());

    private bool ReadString()
    {
        var opened = _at++;
        Put((byte)'"');
        while (true)
        {
            var rest = _input[_at..];
            var run = rest.IndexOfAny(NotPlain);
            if (run < 0)
                return Fail("the string is not closed", opened);
            Put(rest[..run]);
            _at += run;
            switch (_input[_at])
            {
                case (byte)'"':
                    _at++;
                    Put((byte)'"');
                    return true;
                case (byte)'\\':
                    if (!ReadEscape())
                        return false;
                    break;
                case < 0x20:
                    return Fail("a control character in a string must be escaped");
                default:
                    if (Rune.DecodeFromUtf8(rest[run..], out _, out var bytes) != OperationStatus.Done)
                        return Fail("the text is not valid UTF-8");
                    Put(rest.Slice(run, bytes));
                    _at += bytes;
                    break;
            }
        }
    }

    private bool ReadEscape()
    {
        var next = _at + 1 < _input.Length ? _input[_at + 1] : (byte)0;
        if (next == (byte)'u')
            return ReadUnicodeEscape();
        var character = next switch
        {
            (byte)'b' => '\b',
            (byte)'t' => '\t',
            (byte)'n' => '\n',
            (byte)'f' => '\f',
            (byte)'r' => '\r',
            (byte)'"' or (byte)'\\' or (byte)'/' => (char)next,
            _ => '\0',
        };
        if (character == '\0')
            return Fail("this is not an escape that JSON knows");
        _at += 2;
        PutScalar(new Rune(character));
        return true;
    }

    private bool ReadUnicodeEscape()
    {
        var unit = HexAt(_at + 2);
        if (unit < 0)
            return Fail("four hexadecimal digits must follow \\u");
        var length = 6;
        if (!Rune.TryCreate(unit, out var rune))
        {
            var pair = _input[_at..];
            var low = pair.Length >= 12 && pair[6] == (byte)'\\' && pair[7] == (byte)'u' ? HexAt(_at + 8) : -1;
            if (low < 0 || !Rune.TryCreate((char)unit, (char)low, out rune))
                return Fail("half of a surrogate pair is not a character");
            length = 12;
        }
        _at += length;
        PutScalar(rune);
        return true;
    }

    private readonly int HexAt(int offset)
    {
        if (offset + 4 > _input.Length)
            return -1;
        var value = 0;
        foreach (var digit in _input.Slice(offset, 4))
        {
            if (!char.IsAsciiHexDigit((char)digit))
                return -1;
            value = (value << 4) | (digit <= '9' ? digit - '0' : (digit | 0x20) - 'a' + 10);
        }
        return value;
    }

    private void PutScalar(Rune rune)
    {
        Span<byte> text = stackalloc byte[6];
        Put(text[..CanonicalString.Write(rune, text)]);
    }

    private bool ReadNumber()
    {
        var start = _at;
        var negative = Take((byte)'-');
        var first = _at;
        var digits = SkipDigits();
        if (digits == 0)
            return Fail($"a digit is expected, found {Found()}");
        if (digits > 1 && _input[first] == (byte)'0')
            return Fail("a number may not start with 0", first);

        var whole = true;
        if (Take((byte)'.'))
        {
            whole = false;
            if (SkipDigits() == 0)
                return Fail($"a digit is expected after the point, found {Found()}");
        }
        if (Take((byte)'e') || Take((byte)'E'))
        {
            whole = false;
            _ = Take((byte)'+') || Take((byte)'-');
            if (SkipDigits() == 0)
                return Fail($"a digit is expected in the exponent, found {Found()}");
        }

        if (whole && digits <= PlainDigits)
        {
            var minusZero = negative && _input[first] == (byte)'0';
            Put(_input[(minusZero ? first : start).._at]);
            return true;
        }
        Span<byte> text = stackalloc byte[CanonicalNumber.MaxLength];
        if (!CanonicalNumber.TryWrite(_input[start.._at], text, out var length, out var reason))
            return Fail(reason, start);
        Put(text[..length]);
        return true;
    }

    private int SkipDigits()
    {
        var start = _at;
        while (_at < _input.Length && char.IsAsciiDigit((char)_input[_at]))
            _at++;
        return _at - start;
    }

    private static byte[] SpecialBytes() =>
        [.. Enumerable.Range(0, 256).Where(b => b is < 0x20 or '"' or '\\' or >= 0x80).Select(b => (byte)b)];
}
