using System.Text;

namespace Halyard.Rego;

/// <summary>
/// Turns a pattern of Go's regular expressions (RE2's syntax) into one that .NET's non-backtracking engine reads the
/// same way, or says what is wrong with it in Go's words. Everything RE2 does not know (look-around, back-references,
/// atomic groups) is refused, whatever .NET thinks of it.
/// </summary>
/// <remarks>
/// .NET counts in UTF-16 units and Go in code points. Text without surrogates does not show the difference, so only
/// for text that has some does <paramref name="astral"/> ask for the longer translation in which every class also
/// matches pairs. Word boundaries follow Unicode's letters, not ASCII's alone.
/// </remarks>
internal sealed partial class PatternTranslator(string pattern, bool astral)
{
    private const int MaximumDepth = 200;
    private const int MaximumRepeat = 1000;

    private readonly StringBuilder _out = new(pattern.Length + 16);
    private readonly List<string?> _groups = [null];
    private string? _problem;
    private int _at;

    // Where in the translation the thing begins that a quantifier would repeat: -1 if there is none.
    private int _atom = -1;
    private bool _repeated;
    private int _repeatStart;

    /// <summary>The translation, or null if <see cref="Problem"/> says what is wrong.</summary>
    public string? Translate()
    {
        Alternatives(default, depth: 0);
        if (_problem is null && _at < pattern.Length)
            Refuse("unexpected )", pattern);
        return _problem is null ? _out.ToString() : null;
    }

    /// <summary>What is wrong with the pattern, as Go says it.</summary>
    public string? Problem => _problem;

    /// <summary>The names of the groups by their numbers: null for the whole match and for groups without a name.</summary>
    public IReadOnlyList<string?> Groups => _groups;

    private char Next => _at < pattern.Length ? pattern[_at] : '\0';

    private void Alternatives(Flags flags, int depth)
    {
        if (depth > MaximumDepth)
        {
            Refuse("expression nests too deeply", pattern);
            return;
        }

        _atom = -1;
        while (_problem is null && _at < pattern.Length && pattern[_at] != ')')
        {
            var before = _at;
            switch (pattern[_at])
            {
                case '|':
                    _at++;
                    _out.Append('|');
                    _atom = -1;
                    break;
                case '(':
                    var open = _out.Length;
                    _atom = Group(ref flags, depth) ? open : -1;
                    _repeated = false;
                    break;
                case '*' or '+' or '?':
                    _at++;
                    Repeat(pattern[before].ToString(), before, flags);
                    break;
                case '{' when Bounds() is { } bounds:
                    Repeat(bounds, before, flags);
                    break;
                default:
                    _atom = _out.Length;
                    _repeated = false;
                    Atom(flags);
                    break;
            }
        }
    }

    // A quantifier with its laziness; Go refuses a second one ("a**") where .NET reads it in another way.
    private void Repeat(string quantifier, int start, Flags flags)
    {
        var lazy = Next == '?';
        if (lazy)
            _at++;
        if (_repeated && _atom >= 0)
        {
            Refuse("invalid nested repetition operator", pattern[_repeatStart.._at]);
            return;
        }

        if (_atom < 0)
        {
            Refuse("missing argument to repetition operator", pattern[start.._at]);
            return;
        }

        _out.Insert(_atom, "(?:").Append(')').Append(quantifier).Append(lazy != flags.Ungreedy ? "?" : "");
        (_repeated, _repeatStart) = (true, start);
    }

    // "{n}", "{n,}" or "{n,m}"; anything else that begins with a brace is the brace itself.
    private string? Bounds()
    {
        var end = pattern.IndexOf('}', _at);
        if (end < 0 || end - _at > 12)
            return null;
        var inside = pattern[(_at + 1)..end];
        var comma = inside.IndexOf(',', StringComparison.Ordinal);
        var low = comma < 0 ? inside : inside[..comma];
        var high = comma < 0 ? low : inside[(comma + 1)..];
        if (!IsCount(low) || (high.Length > 0 && !IsCount(high)))
            return null;
        var text = pattern[_at..(end + 1)];
        _at = end + 1;
        var least = int.Parse(low);
        var most = high.Length > 0 ? int.Parse(high) : least;
        if (least > MaximumRepeat || most > MaximumRepeat || most < least)
            Refuse("invalid repeat count", text);
        return text;
    }

    private static bool IsCount(string digits) =>
        digits.Length is > 0 and <= 5 && digits.AsSpan().IndexOfAnyExceptInRange('0', '9') < 0;

    // True if the group is something that can be repeated; "(?i)" only changes the flags of what follows.
    private bool Group(ref Flags flags, int depth)
    {
        var start = _at++;
        var inner = flags;
        if (Next != '?')
        {
            _groups.Add(null);
            _out.Append('(');
        }
        else if (GroupName(start) is { } name)
        {
            if (_groups.Contains(name))
                Refuse("duplicate capture group name", name);
            _groups.Add(name);
            _out.Append('(');
        }
        else if (_problem is null)
        {
            _at++;
            if (!FlagLetters(ref inner, start))
                return false;
            if (pattern[_at - 1] == ')')
            {
                flags = inner;
                return false;
            }

            _out.Append("(?:");
        }

        Alternatives(inner, depth + 1);
        if (_problem is null && Next != ')')
            Refuse("missing closing )", pattern);
        _at++;
        _out.Append(')');
        return true;
    }

    private string? GroupName(int start)
    {
        var from =
            pattern.AsSpan(_at).StartsWith("?P<") ? _at + 3
            : pattern.AsSpan(_at).StartsWith("?<") ? _at + 2
            : -1;
        if (from < 0)
            return null;
        var end = pattern.IndexOf('>', from);
        var name = end < 0 ? "" : pattern[from..end];
        if (name.Length == 0 || !name.All(c => char.IsAsciiLetterOrDigit(c) || c == '_'))
        {
            Refuse("invalid named capture", end < 0 ? pattern[start..] : pattern[start..(end + 1)]);
            return null;
        }

        _at = end + 1;
        return name;
    }

    private bool FlagLetters(ref Flags flags, int start)
    {
        var on = true;
        for (; _at < pattern.Length; _at++)
        {
            switch (pattern[_at])
            {
                case 'i':
                    flags = flags with { IgnoreCase = on };
                    break;
                case 'm':
                    flags = flags with { Lines = on };
                    break;
                case 's':
                    flags = flags with { DotAll = on };
                    break;
                case 'U':
                    flags = flags with { Ungreedy = on };
                    break;
                case '-' when on:
                    on = false;
                    break;
                case ':' or ')':
                    _at++;
                    return true;
                default:
                    Refuse("invalid or unsupported Perl syntax", pattern[start..(_at + 1)]);
                    return false;
            }
        }

        Refuse("missing closing )", pattern);
        return false;
    }

    private void Atom(Flags flags)
    {
        switch (pattern[_at])
        {
            case '.':
                _at++;
                Class(flags.DotAll ? RuneSet.All : RuneSet.NotNewline, flags);
                break;
            case '^':
                _at++;
                _out.Append(flags.Lines ? "(?m:^)" : @"\A");
                break;
            case '$':
                _at++;
                _out.Append(flags.Lines ? "(?m:$)" : @"\z");
                break;
            case '[':
                Class(Brackets(), flags);
                break;
            case '\\':
                Escape(flags);
                break;
            default:
                Literal(TakeRune(), flags);
                break;
        }
    }

    private void Escape(Flags flags)
    {
        var start = _at++;
        switch (Next)
        {
            case 'A':
                Anchor(@"\A");
                break;
            case 'z':
                Anchor(@"\z");
                break;
            case 'b':
                Anchor(@"\b");
                break;
            case 'B':
                Anchor(@"\B");
                break;
            case 'Q':
                _at++;
                var end = pattern.IndexOf(@"\E", _at, StringComparison.Ordinal);
                var stop = end < 0 ? pattern.Length : end;
                while (_at < stop)
                {
                    _atom = _out.Length;
                    Literal(TakeRune(), flags);
                }

                _at = end < 0 ? stop : stop + 2;
                break;
            case 'E':
                _at++;
                break;
            default:
                _at = start;
                if (EscapedSet() is { } set)
                    Class(set, flags);
                else
                    Literal(EscapedRune(), flags);
                break;
        }
    }

    private void Anchor(string anchor)
    {
        _at++;
        _out.Append(anchor);
    }

    private void Literal(int rune, Flags flags)
    {
        var open =
            flags.IgnoreCase ? "(?i:"
            : rune > char.MaxValue ? "(?:"
            : "";
        _out.Append(open);
        RuneSet.AppendRune(_out, rune);
        _out.Append(open.Length > 0 ? ")" : "");
    }

    private void Class(RuneSet set, Flags flags)
    {
        _out.Append(flags.IgnoreCase ? "(?i:" : "(?:");
        set.AppendTo(_out, astral);
        _out.Append(')');
    }

    private void Refuse(string what, string where) => _problem ??= $"error parsing regexp: {what}: `{where}`";

    private readonly record struct Flags(bool IgnoreCase, bool Lines, bool DotAll, bool Ungreedy);
}
