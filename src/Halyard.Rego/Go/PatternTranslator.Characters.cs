using System.Globalization;

namespace Halyard.Rego;

// The characters of a pattern and its classes.
internal sealed partial class PatternTranslator
{
    // "\d", "\pL", "\p{Lu}" and their negations: null, with nothing taken, if the escape is none of these.
    private RuneSet? EscapedSet()
    {
        var start = _at;
        if (_at + 1 >= pattern.Length)
            return null;
        var letter = pattern[_at + 1];
        if (RuneSet.Perl(letter) is { } perl)
        {
            _at += 2;
            return perl;
        }

        if (letter is not ('p' or 'P'))
            return null;
        _at += 2;
        var name = Next.ToString();
        if (Next == '{')
        {
            var end = pattern.IndexOf('}', _at);
            if (end < 0)
            {
                Refuse("invalid character class range", pattern[start..]);
                return RuneSet.All;
            }

            name = pattern[(_at + 1)..end];
            _at = end;
        }

        _at++;
        var negated = letter == 'P';
        if (name.StartsWith('^'))
        {
            negated = !negated;
            name = name[1..];
        }

        var set = RuneSet.Category(name, negated);
        if (set is null)
            Refuse("invalid character class range", pattern[start..Math.Min(_at, pattern.Length)]);
        return set ?? RuneSet.All;
    }

    private int EscapedRune()
    {
        var start = _at++;
        if (_at >= pattern.Length)
        {
            Refuse("trailing backslash at end of expression", "");
            return 0;
        }

        var c = pattern[_at++];
        switch (c)
        {
            case 'a':
                return '\a';
            case 'f':
                return '\f';
            case 't':
                return '\t';
            case 'n':
                return '\n';
            case 'r':
                return '\r';
            case 'v':
                return '\v';
            case 'x':
                return Hexadecimal(start);
            case >= '0' and <= '7' when c == '0' || Next is >= '0' and <= '7':
                var octal = c - '0';
                for (var i = 0; i < 2 && Next is >= '0' and <= '7'; i++)
                    octal = (octal * 8) + (pattern[_at++] - '0');
                return octal;
            case < (char)128 when !char.IsAsciiLetterOrDigit(c):
                return c;
            default:
                Refuse("invalid escape sequence", pattern[start.._at]);
                return 0;
        }
    }

    private int Hexadecimal(int start)
    {
        var end = Next == '{' ? pattern.IndexOf('}', _at) : _at + 2;
        var digits =
            end < 0 || end > pattern.Length ? ""
            : Next == '{' ? pattern[(_at + 1)..end]
            : pattern[_at..end];
        if (
            digits.Length is 0 or > 8
            || !int.TryParse(digits, NumberStyles.AllowHexSpecifier, null, out var rune)
            || rune is < 0 or > 0x10FFFF
        )
        {
            Refuse("invalid escape sequence", pattern[start..Math.Min(_at + 1, pattern.Length)]);
            return 0;
        }

        _at = Next == '{' ? end + 1 : end;
        return rune;
    }

    private RuneSet Brackets()
    {
        var start = _at++;
        var set = new RuneSet();
        if (Next == '^')
        {
            set.Negated = true;
            _at++;
        }

        for (var first = true; first || Next != ']'; first = false)
        {
            if (_at >= pattern.Length)
            {
                Refuse("missing closing ]", pattern[start..]);
                return set;
            }

            if (_problem is not null)
                return set;
            Member(set);
        }

        _at++;
        return set;
    }

    private void Member(RuneSet set)
    {
        var start = _at;
        if (pattern.AsSpan(_at).StartsWith("[:") && pattern.IndexOf(":]", _at, StringComparison.Ordinal) is > 0 and var end)
        {
            _at = end + 2;
            if (!set.AddPosix(pattern[(start + 2)..end]))
                Refuse("invalid character class range", pattern[start.._at]);
            return;
        }

        if (Next == '\\' && EscapedSet() is { } escaped)
        {
            set.Add(escaped);
            return;
        }

        var low = MemberRune();
        var high = low;
        if (Next == '-' && _at + 1 < pattern.Length && pattern[_at + 1] != ']')
        {
            _at++;
            high = MemberRune();
        }

        if (high < low)
        {
            Refuse("invalid character class range", pattern[start..Math.Min(_at, pattern.Length)]);
            return;
        }

        set.Add(low, high);
    }

    private int MemberRune() => Next == '\\' ? EscapedRune() : TakeRune();

    private int TakeRune()
    {
        var rune = char.IsSurrogatePair(pattern, _at) ? char.ConvertToUtf32(pattern, _at) : pattern[_at];
        _at += rune > char.MaxValue ? 2 : 1;
        return rune;
    }
}
