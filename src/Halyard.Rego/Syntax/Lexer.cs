namespace Halyard.Rego;

/// <summary>Cuts a text into words, in one pass.</summary>
/// <remarks>Strings and template strings in the other file of this class.</remarks>
internal sealed partial class Lexer(string file, string text)
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
        // With a dot right after it a keyword is a name: `input.if`, `if.foo`; so is the built-in of the name of a keyword.
        var isName = Current == '.' || Current == '(' && name == "contains";
        Add(!isName && Keywords.Contains(name) ? TokenKind.Keyword : TokenKind.Name, name, start, place);
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
