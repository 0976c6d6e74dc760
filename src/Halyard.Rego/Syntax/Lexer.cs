using System.Globalization;
using System.Text;

namespace Halyard.Rego;

/// <summary>Cuts a text into words, in one pass.</summary>
internal sealed class Lexer(string file, string text)
{
    private const int MaxTemplateDepth = 16;

    private static readonly HashSet<string> Keywords = new(StringComparer.Ordinal)
    {
        "as",
        "contains",
        "default",
        "else",
        "every",
        "false",
        "if",
        "import",
        "in",
        "not",
        "null",
        "package",
        "some",
        "true",
        "with",
    };

    private static readonly string[] Symbols =
    [
        ":=",
        "==",
        "!=",
        "<=",
        ">=",
        "{",
        "}",
        "[",
        "]",
        "(",
        ")",
        ",",
        ";",
        ":",
        ".",
        "=",
        "<",
        ">",
        "+",
        "-",
        "*",
        "/",
        "%",
        "&",
        "|",
    ];

    private readonly List<Token> _tokens = [];
    private int _at;
    private int _row = 1;
    private int _rowStart;
    private int _templates;

    /// <summary>The words, the last of which is <see cref="TokenKind.End"/>.</summary>
    /// <exception cref="SyntaxError">A character or text is none of Rego's.</exception>
    public Token[] Read()
    {
        ReadUntilHoleEnds(inHole: false);
        Add(TokenKind.End, "", _at, Here);
        return [.. _tokens];
    }

    private Place Here => new(file, _row, _at - _rowStart + 1);

    private char Current => _at < text.Length ? text[_at] : '\0';

    private char Following => _at + 1 < text.Length ? text[_at + 1] : '\0';

    private void ReadUntilHoleEnds(bool inHole)
    {
        var braces = 0;
        while (SkipSpace())
        {
            if (inHole && Current == '}' && braces == 0)
                return;
            braces += Current switch
            {
                '{' => 1,
                '}' => -1,
                _ => 0,
            };
            ReadOne();
        }
        if (inHole)
            throw new SyntaxError(Here, "the template string does not end");
    }

    private bool SkipSpace()
    {
        while (_at < text.Length)
        {
            switch (text[_at])
            {
                case '\n':
                    NextRow();
                    break;
                case ' ' or '\t' or '\r':
                    _at++;
                    break;
                case '#':
                    while (_at < text.Length && text[_at] != '\n')
                        _at++;
                    break;
                default:
                    return true;
            }
        }
        return false;
    }

    private void NextRow()
    {
        _row++;
        _rowStart = ++_at;
    }

    private void ReadOne()
    {
        var (start, place, unit) = (_at, Here, Current);
        if (unit == '_' || char.IsAsciiLetter(unit))
            ReadName(start, place);
        else if (char.IsAsciiDigit(unit))
            ReadNumber(start, place);
        else if (unit is '"' or '`')
            Add(TokenKind.Text, unit == '"' ? ReadQuoted(place) : ReadRaw(place), start, place);
        else if (unit == '$' && Following is '"' or '`')
            ReadTemplate(start, place);
        else
            ReadSymbol(start, place);
    }

    private void ReadName(int start, Place place)
    {
        while (Current == '_' || char.IsAsciiLetterOrDigit(Current))
            _at++;
        var name = text[start.._at];
        Add(Keywords.Contains(name) ? TokenKind.Keyword : TokenKind.Name, name, start, place);
    }

    private void ReadNumber(int start, Place place)
    {
        SkipDigits();
        if (Current == '.' && char.IsAsciiDigit(Following))
        {
            _at++;
            SkipDigits();
        }
        if (Current is 'e' or 'E' && (char.IsAsciiDigit(Following) || Following is '+' or '-'))
        {
            _at += 2;
            SkipDigits();
        }
        var number = text[start.._at];
        if (number.Length > 1 && number[0] == '0' && char.IsAsciiDigit(number[1]))
            throw new SyntaxError(place, "a number must not begin with 0");
        if (char.IsAsciiLetter(Current) || Current == '_' || !char.IsAsciiDigit(number[^1]))
            throw new SyntaxError(place, "illegal number format");
        Add(TokenKind.Number, number, start, place);
    }

    private void SkipDigits()
    {
        while (char.IsAsciiDigit(Current))
            _at++;
    }

    private string ReadQuoted(Place place)
    {
        _at++;
        var read = new StringBuilder();
        while (Current != '"')
            ReadUnit(read, place);
        _at++;
        return read.ToString();
    }

    private void ReadUnit(StringBuilder read, Place place)
    {
        if (_at >= text.Length || Current == '\n')
            throw new SyntaxError(place, "the string does not end");
        if (Current == '\\')
            ReadEscape(read);
        else
            read.Append(text[_at++]);
    }

    private void ReadEscape(StringBuilder read)
    {
        var place = Here;
        _at++;
        var escaped = Current;
        _at++;
        if (escaped == 'u')
        {
            if (
                !ushort.TryParse(
                    text.AsSpan(_at, Math.Min(4, text.Length - _at)),
                    NumberStyles.AllowHexSpecifier,
                    null,
                    out var unit
                )
            )
                throw new SyntaxError(place, "illegal escape sequence");
            _at += 4;
            read.Append((char)unit);
            return;
        }
        read.Append(
            escaped switch
            {
                '"' or '\\' or '/' => escaped,
                'b' => '\b',
                'f' => '\f',
                'n' => '\n',
                'r' => '\r',
                't' => '\t',
                _ => throw new SyntaxError(place, "illegal escape sequence"),
            }
        );
    }

    private string ReadRaw(Place place)
    {
        var start = ++_at;
        while (Current != '`')
            SkipRawUnit(place);
        return text[start.._at++];
    }

    private void SkipRawUnit(Place place)
    {
        if (_at >= text.Length)
            throw new SyntaxError(place, "the string does not end");
        if (Current == '\n')
            NextRow();
        else
            _at++;
    }

    private void ReadTemplate(int start, Place place)
    {
        if (++_templates > MaxTemplateDepth)
            throw new SyntaxError(place, "template strings nest too deep");
        var quote = Following;
        _at += 2;
        Add(TokenKind.TemplateStart, "$", start, place);
        var part = new StringBuilder();
        while (Current != quote)
        {
            if (Current == '\\' && Following == '{')
            {
                part.Append('{');
                _at += 2;
            }
            else if (Current == '{')
            {
                AddPart(part, place);
                ReadHole();
            }
            else if (quote == '"')
            {
                ReadUnit(part, place);
            }
            else
            {
                var from = _at;
                SkipRawUnit(place);
                part.Append(text, from, 1);
            }
        }
        AddPart(part, place);
        _at++;
        Add(TokenKind.TemplateEnd, "", _at - 1, place);
        _templates--;
    }

    private void ReadHole()
    {
        _at++;
        Add(TokenKind.HoleStart, "{", _at - 1, Here);
        ReadUntilHoleEnds(inHole: true);
        _at++;
        Add(TokenKind.HoleEnd, "}", _at - 1, Here);
    }

    private void AddPart(StringBuilder part, Place place)
    {
        if (part.Length > 0)
            Add(TokenKind.Text, part.ToString(), _at, place);
        part.Clear();
    }

    private void ReadSymbol(int start, Place place)
    {
        foreach (var symbol in Symbols)
        {
            if (string.CompareOrdinal(text, _at, symbol, 0, symbol.Length) == 0)
            {
                _at += symbol.Length;
                Add(TokenKind.Symbol, symbol, start, place);
                return;
            }
        }
        throw new SyntaxError(place, "illegal token");
    }

    private void Add(TokenKind kind, string word, int start, Place place) =>
        _tokens.Add(new Token(kind, word, start, _at, place));
}
