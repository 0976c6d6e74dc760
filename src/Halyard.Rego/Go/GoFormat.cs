using System.Globalization;
using System.Numerics;
using System.Text;

namespace Halyard.Rego;

/// <summary>
/// Formats by the verbs of Go's package fmt, byte for byte: flags, widths, precisions, argument numbers, and the texts
/// in which Go complains ("%!d(string=x)", "%!v(MISSING)") instead of failing. The arguments are each a <see cref="long"/>, a
/// <see cref="BigInteger"/>, a <see cref="double"/> or a <see cref="string"/>.
/// </summary>
internal sealed class GoFormat(BuiltinContext context, string format, IReadOnlyList<object> arguments)
{
    // Go's own bound on widths and precisions.
    private const int MaximumWidth = 1_000_000;

    private readonly StringBuilder _out = new();
    private GoFormatSpec _spec;
    private int _at;
    private int _argument;
    private bool _reordered;
    private bool _goodNumber;
    private bool _afterIndex;

    /// <summary>The formatted text; what it takes counts on the budget while it grows.</summary>
    public string Format()
    {
        var counted = 0;
        while (_at < format.Length)
        {
            var percent = format.IndexOf('%', _at);
            _out.Append(format, _at, (percent < 0 ? format.Length : percent) - _at);
            if (percent < 0)
                break;
            _at = percent + 1;
            Directive();
            context.Spend(1);
            context.Reserve(2L * (_out.Length - counted));
            counted = _out.Length;
        }

        if (!_reordered && _argument < arguments.Count)
        {
            _spec = default;
            _out.Append("%!(EXTRA ");
            for (var i = _argument; i < arguments.Count; i++)
            {
                _out.Append(i > _argument ? ", " : "").Append(TypeName(arguments[i])).Append('=');
                Value(arguments[i], 'v');
            }

            _out.Append(')');
        }

        context.Reserve(2L * (_out.Length - counted));
        return _out.ToString();
    }

    private void Directive()
    {
        _spec = default;
        _goodNumber = true;
        _afterIndex = false;
        ReadFlags();
        ArgumentNumber();
        ReadWidth();
        ReadPrecision();
        if (!_afterIndex)
            ArgumentNumber();
        if (_at >= format.Length)
        {
            _out.Append("%!(NOVERB)");
            return;
        }

        var verb = Rune.GetRuneAt(Sound(format, _at), 0);
        _at += verb.Utf16SequenceLength;
        if (verb.Value == '%')
            _out.Append('%');
        else if (!_goodNumber)
            _out.Append("%!").Append(verb).Append("(BADINDEX)");
        else if (_argument >= arguments.Count)
            _out.Append("%!").Append(verb).Append("(MISSING)");
        else
        {
            var argument = arguments[_argument++];
            if (!(verb.IsAscii && Value(argument, (char)verb.Value)))
                BadVerb(verb, argument);
        }
    }

    // One code point as a string that is whole even where the text has half a pair.
    private static string Sound(string text, int at) =>
        char.IsSurrogatePair(text, at) ? text.Substring(at, 2)
        : char.IsSurrogate(text[at]) ? "\uFFFD"
        : text[at].ToString();

    private void ReadFlags()
    {
        for (; _at < format.Length; _at++)
        {
            switch (format[_at])
            {
                case '#':
                    _spec.Sharp = true;
                    break;
                case '0':
                    _spec.Zero = true;
                    break;
                case '+':
                    _spec.Plus = true;
                    break;
                case '-':
                    _spec.Minus = true;
                    break;
                case ' ':
                    _spec.Space = true;
                    break;
                default:
                    return;
            }
        }
    }

    private void ReadWidth()
    {
        if (_at < format.Length && format[_at] == '*')
        {
            _at++;
            if (StarArgument() is { } width)
            {
                _spec.Width = Math.Abs(width);
                _spec.Minus |= width < 0;
            }
            else
                _out.Append("%!(BADWIDTH)");
            _afterIndex = false;
            return;
        }

        _spec.Width = Number();
        if (_afterIndex && _spec.Width is not null)
            _goodNumber = false;
    }

    private void ReadPrecision()
    {
        if (_at >= format.Length || format[_at] != '.')
            return;
        _at++;
        if (_afterIndex)
            _goodNumber = false;
        ArgumentNumber();
        if (_at < format.Length && format[_at] == '*')
        {
            _at++;
            if (StarArgument() is >= 0 and var precision)
                _spec.Precision = precision;
            else
                _out.Append("%!(BADPREC)");
            _afterIndex = false;
            return;
        }

        _spec.Precision = Number() ?? 0;
    }

    private int? StarArgument()
    {
        if (_argument >= arguments.Count)
            return null;
        return arguments[_argument++] is long and >= -MaximumWidth and <= MaximumWidth and var number ? (int)number : null;
    }

    private int? Number()
    {
        var start = _at;
        while (_at < format.Length && char.IsAsciiDigit(format[_at]))
            _at++;
        if (_at == start)
            return null;
        return int.TryParse(format.AsSpan(start, _at - start), NumberStyles.None, null, out var n) && n <= MaximumWidth
            ? n
            : null;
    }

    // "[3]": the number of the argument that is next, counted from one.
    private void ArgumentNumber()
    {
        _afterIndex = false;
        if (_at >= format.Length || format[_at] != '[')
            return;
        _reordered = true;
        var close = format.IndexOf(']', _at);
        if (close < 0)
        {
            _goodNumber = false;
            _at++;
            return;
        }

        var inside = format.AsSpan(_at + 1, close - _at - 1);
        _at = close + 1;
        _afterIndex = true;
        if (int.TryParse(inside, NumberStyles.None, null, out var number) && number >= 1 && number <= arguments.Count)
            _argument = number - 1;
        else
            _goodNumber = false;
    }

    private void BadVerb(Rune verb, object argument)
    {
        _out.Append("%!").Append(verb).Append('(').Append(TypeName(argument)).Append('=');
        Value(argument, 'v');
        _out.Append(')');
    }

    private static string TypeName(object argument) =>
        argument switch
        {
            long => "int",
            BigInteger => "*big.Int",
            double => "float64",
            _ => "string",
        };

    // False if the verb says nothing about this kind of argument.
    private bool Value(object argument, char verb)
    {
        if (verb == 'T')
        {
            GoText.Append(_out, TypeName(argument), 's', _spec);
            return true;
        }

        return argument switch
        {
            long number => GoNumber.AppendInteger(_out, number, verb, _spec, big: false),
            BigInteger number => GoNumber.AppendInteger(_out, number, verb, _spec, big: true),
            double number => GoNumber.AppendFloat(_out, number, verb, _spec),
            _ => GoText.Append(_out, (string)argument, verb, _spec),
        };
    }
}
