using System.Globalization;
using System.Text;

namespace Halyard.Rego;

internal sealed partial class Lexer
{
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
}
