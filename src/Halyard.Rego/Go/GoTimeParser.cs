using System.Numerics;

namespace Halyard.Rego;

/// <summary>Reads a moment written by a layout of Go's package time.</summary>
internal sealed class GoTimeParser(string layout, string value)
{
    private readonly string _layout = GoLayout.Of(layout);
    private int _at;
    private int _year;
    private int _month = 1;
    private int _day = 1;
    private int? _dayOfYear;
    private int _hour;
    private int _minute;
    private int _second;
    private bool? _afternoon;
    private int _nanosecond;
    private int _offset;

    /// <summary>Nanoseconds since 1970, or null with what does not fit.</summary>
    public BigInteger? Parse(out string problem)
    {
        problem = "";
        for (var from = 0; ; )
        {
            var (start, element) = GoLayout.Next(_layout, from);
            if (!Literal(_layout.AsSpan(from, start - from)))
            {
                problem = Problem(_layout[from..start]);
                return null;
            }
            from = start + element.Length;
            if (element.Length == 0)
                break;
            if (!Take(element, GoLayout.Next(_layout, from).Element))
            {
                problem = Problem(element);
                return null;
            }
        }
        if (_at < value.Length)
        {
            problem = $"parsing time {Quoted(value)}: extra text: {Quoted(value[_at..])}";
            return null;
        }
        return Moment(out problem);
    }

    private static string Quoted(string text) => $"\"{(text.Length > 200 ? text[..200] : text)}\"";

    private string Problem(string element) =>
        $"parsing time {Quoted(value)} as {Quoted(_layout)}: cannot parse {Quoted(value[_at..])} as {Quoted(element)}";

    private BigInteger? Moment(out string problem)
    {
        problem = "";
        var hour = _hour;
        if (_afternoon is { } afternoon)
            hour = hour % 12 + (afternoon ? 12 : 0);
        var days = _dayOfYear is { } dayOfYear ? WallTime.DaysOf(_year, 1, dayOfYear) : WallTime.DaysOf(_year, _month, _day);
        var yearDays = WallTime.DaysOf(_year + 1, 1, 1) - WallTime.DaysOf(_year, 1, 1);
        var monthDays = WallTime.DaysOf(_year, _month + 1, 1) - WallTime.DaysOf(_year, _month, 1);
        if (_dayOfYear is { } place ? place < 1 || place > yearDays : _day < 1 || _day > monthDays)
        {
            problem = $"parsing time {Quoted(value)}: day out of range";
            return null;
        }
        var second = hour * 3600 + _minute * 60 + _second;
        return new WallTime("", _offset, days, second, _nanosecond).Nanoseconds;
    }

    // Text must be there as it is; one blank of it stands for any number of blanks.
    private bool Literal(ReadOnlySpan<char> text)
    {
        while (text.Length > 0)
        {
            if (text[0] == ' ')
            {
                if (_at < value.Length && value[_at] != ' ')
                    return false;
                text = text.TrimStart(' ');
                while (_at < value.Length && value[_at] == ' ')
                    _at++;
                continue;
            }
            if (_at >= value.Length || value[_at] != text[0])
                return false;
            _at++;
            text = text[1..];
        }
        return true;
    }

    private bool Take(string element, string next)
    {
        switch (element)
        {
            case "2006":
                return Number(4, 4, 0, 9999, out _year);
            case "06":
                var isYear = Number(2, 2, 0, 99, out _year);
                _year += _year >= 69 ? 1900 : 2000;
                return isYear;
            case "January" or "Jan":
                return Name(GoLayout.MonthName, 12, element == "Jan", out _month);
            case "01" or "1":
                return Number(element.Length, 2, 1, 12, out _month);
            case "Monday" or "Mon":
                return Name(i => ((DayOfWeek)(i - 1)).ToString(), 7, element == "Mon", out _);
            case "02" or "2" or "_2":
                SkipBlanks(element == "_2" ? 1 : 0);
                return Number(element == "02" ? 2 : 1, 2, 0, 99, out _day);
            case "002" or "__2":
                SkipBlanks(element == "__2" ? 2 : 0);
                var isPlace = Number(element == "002" ? 3 : 1, 3, 1, 366, out var dayOfYear);
                _dayOfYear = dayOfYear;
                return isPlace;
            case "15":
                return Number(1, 2, 0, 23, out _hour);
            case "03" or "3":
                return Number(element.Length, 2, 0, 12, out _hour);
            case "04" or "4":
                return Number(element.Length, 2, 0, 59, out _minute);
            case "05" or "5":
                return Number(element.Length, 2, 0, 59, out _second) && SilentFraction(next);
            case "PM" or "pm":
                return AfternoonMark(element);
            case "MST":
                return ZoneName();
            case ['.' or ',', ..]:
                return Fraction(element);
            default:
                return Offset(element);
        }
    }

    private void SkipBlanks(int most)
    {
        for (; most > 0 && _at < value.Length && value[_at] == ' '; most--)
            _at++;
    }

    private bool Number(int least, int most, int low, int high, out int number)
    {
        number = 0;
        var start = _at;
        while (_at < value.Length && _at - start < most && char.IsAsciiDigit(value[_at]))
            number = number * 10 + (value[_at++] - '0');
        return _at - start >= least && number >= low && number <= high;
    }

    private bool Name(Func<int, string> nameOf, int count, bool isShort, out int found)
    {
        for (found = 1; found <= count; found++)
        {
            var name = isShort ? nameOf(found)[..3] : nameOf(found);
            if (value.AsSpan(_at).StartsWith(name, StringComparison.OrdinalIgnoreCase))
            {
                _at += name.Length;
                return true;
            }
        }
        return false;
    }

    private bool AfternoonMark(string element)
    {
        var mark = _at + 2 <= value.Length ? value[_at..(_at + 2)] : "";
        _at += mark.Length;
        _afternoon = mark == element;
        return mark == element || mark == (element == "PM" ? "AM" : "am");
    }

    // Seconds may be followed by a fraction although the layout has none.
    private bool SilentFraction(string next)
    {
        var isThere = _at + 1 < value.Length && value[_at] is '.' or ',' && char.IsAsciiDigit(value[_at + 1]);
        if (!isThere || next.StartsWith('.') || next.StartsWith(','))
            return true;
        var end = _at + 1;
        while (end < value.Length && char.IsAsciiDigit(value[end]))
            end++;
        return Digits(end);
    }

    private bool Fraction(string element)
    {
        var end = _at + 1;
        if (element[1] == '9')
        {
            if (_at + 1 >= value.Length || value[_at] is not ('.' or ',') || !char.IsAsciiDigit(value[_at + 1]))
                return true;
            while (end < value.Length && char.IsAsciiDigit(value[end]))
                end++;
        }
        else
            end = _at + element.Length;
        return end <= value.Length && value[_at] is '.' or ',' && Digits(end);
    }

    private bool Digits(int end)
    {
        var digits = value.AsSpan(_at + 1, end - _at - 1);
        if (digits.Length == 0 || digits.IndexOfAnyExceptInRange('0', '9') >= 0)
            return false;
        _nanosecond = 0;
        for (var i = 0; i < 9; i++)
            _nanosecond = _nanosecond * 10 + (i < digits.Length ? digits[i] - '0' : 0);
        _at = end;
        return true;
    }

    // Abbreviations say no offset, as in Go where the local zone is UTC; "GMT+3" does.
    private bool ZoneName()
    {
        var start = _at;
        while (_at < value.Length && char.IsAsciiLetterUpper(value[_at]))
            _at++;
        var name = value[start.._at];
        if (name.Length is < 3 or > 5)
            return false;
        if (name != "GMT" || _at >= value.Length || value[_at] is not ('+' or '-'))
            return true;
        var sign = value[_at++] == '-' ? -1 : 1;
        var isOffset = Number(1, 2, 0, 23, out var hours);
        _offset = sign * hours * 3600;
        return isOffset;
    }

    private bool Offset(string element)
    {
        if (element[0] == 'Z' && _at < value.Length && value[_at] == 'Z')
        {
            _at++;
            return true;
        }
        if (_at >= value.Length || value[_at] is not ('+' or '-'))
            return false;
        var sign = value[_at++] == '-' ? -1 : 1;
        var colons = element.Contains(':', StringComparison.Ordinal);
        var (minutes, seconds) = (0, 0);
        var fits =
            Number(2, 2, 0, 24, out var hours)
            && (element.Count(char.IsAsciiDigit) < 4 || Colon(colons) && Number(2, 2, 0, 60, out minutes))
            && (element.Count(char.IsAsciiDigit) < 6 || Colon(colons) && Number(2, 2, 0, 60, out seconds));
        _offset = sign * (hours * 3600 + minutes * 60 + seconds);
        return fits;
    }

    private bool Colon(bool wanted)
    {
        if (!wanted)
            return true;
        return _at < value.Length && value[_at++] == ':';
    }
}
