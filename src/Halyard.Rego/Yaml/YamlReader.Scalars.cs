using System.Globalization;
using System.Text;

namespace Halyard.Rego;

// Scalars and flow collections.
internal sealed partial class YamlReader
{
    // Up to the end of the line, a comment, a colon before a blank, and in flow style a mark of the collection.
    private int PlainEnd(bool isFlow)
    {
        var at = _at;
        for (; at < _text.Length && _text[at] != '\n'; at++)
        {
            var isColon = _text[at] == ':' && (IsFollowedByBlank(at) || isFlow && _text[at + 1] is ',' or ']' or '}');
            var isComment = _text[at] == '#' && at > _at && _text[at - 1] is ' ' or '\t';
            if (isColon || isComment && _text[at] == '#' || isFlow && _text[at] is ',' or '[' or ']' or '{' or '}')
                break;
        }
        context.Spend(1 + (at - _at) / 16);
        return at;
    }

    // A plain scalar, which may run over further lines that are indented deeper than its parent.
    private RegoValue PlainLines(int parent)
    {
        var end = PlainEnd(isFlow: false);
        var lines = new StringBuilder(_text[_at..end].TrimEnd());
        var isOneLine = true;
        _at = end;
        while (Next == '\n')
        {
            var start = _at;
            var breaks = SkipBreaks();
            if (IsAtEnd || Next == '#' || _text[_at - 1] == '\t' || Column <= parent)
            {
                _at = start;
                break;
            }
            end = PlainEnd(isFlow: false);
            if (end < _text.Length && _text[end] == ':')
                throw Problem("mapping values are not allowed in this context");
            lines.Append(breaks == 1 ? " " : new string('\n', breaks - 1)).Append(_text[_at..end].TrimEnd());
            isOneLine = false;
            _at = end;
        }
        var written = lines.ToString();
        return isOneLine ? Resolved(written) : context.Give(written);
    }

    private RegoValue Resolved(string written) =>
        YamlScalars.Resolve(written, out var isInJson) is var value && isInJson
            ? value ?? context.Give(written)
            : throw Problem($"{written} is not in JSON");

    private string Quoted()
    {
        var quote = _text[_at++];
        var value = new StringBuilder();
        for (; _at < _text.Length; _at++)
        {
            var unit = _text[_at];
            if (unit == quote && quote == '\'' && _at + 1 < _text.Length && _text[_at + 1] == quote)
                _at++;
            else if (unit == quote)
            {
                _at++;
                context.Spend(1 + value.Length / 16);
                context.Reserve(2L * value.Length);
                return value.ToString();
            }
            if (unit == '\\' && quote == '"')
                Escape(value);
            else if (unit == '\n')
                FoldBreak(value);
            else
                value.Append(unit);
        }
        throw Problem("found unexpected end of stream");
    }

    // A single line end becomes a blank; of several the first is dropped.
    private void FoldBreak(StringBuilder value)
    {
        while (value.Length > 0 && value[^1] is ' ' or '\t')
            value.Length--;
        var breaks = SkipBreaks();
        value.Append(breaks == 1 ? " " : new string('\n', breaks - 1));
        _at--;
    }

    private int SkipBreaks()
    {
        var breaks = 0;
        for (; _at < _text.Length && _text[_at] is '\n' or ' ' or '\t'; _at++)
            breaks += _text[_at] == '\n' ? 1 : 0;
        return breaks;
    }

    private void Escape(StringBuilder value)
    {
        _at++;
        var digits = Next switch
        {
            'x' => 2,
            'u' => 4,
            'U' => 8,
            _ => 0,
        };
        if (digits > 0)
        {
            var isRune =
                _at + digits < _text.Length
                && int.TryParse(_text.AsSpan(_at + 1, digits), NumberStyles.AllowHexSpecifier, null, out var rune)
                && Rune.TryCreate(rune, out _);
            if (!isRune)
                throw Problem("did not find expected hexdecimal number");
            value.Append(new Rune(int.Parse(_text.AsSpan(_at + 1, digits), NumberStyles.AllowHexSpecifier)));
            _at += digits;
            return;
        }
        const string Letters = "0abtnvfre\"\\/ _NLP\t";
        const string Meanings = "\0\a\b\t\n\v\f\r\u001B\"\\/ \u00A0\u0085\u2028\u2029\t";
        var known = Letters.IndexOf(Next, StringComparison.Ordinal);
        if (Next == '\n')
        {
            while (_at + 1 < _text.Length && _text[_at + 1] is ' ' or '\t')
                _at++;
        }
        else
        {
            value.Append(known >= 0 ? Meanings[known] : throw Problem("found unknown escape character"));
        }
    }

    // "|" keeps line ends, ">" folds them; "-" drops the last one, "+" keeps all.
    private string BlockText(int parent)
    {
        var folds = _text[_at++] == '>';
        var (isStripped, isKept, given) = (false, false, 0);
        for (; _at < _text.Length && (_text[_at] is '+' or '-' || char.IsAsciiDigit(_text[_at])); _at++)
        {
            isStripped |= _text[_at] == '-';
            isKept |= _text[_at] == '+';
            given = char.IsAsciiDigit(_text[_at]) ? _text[_at] - '0' : given;
        }
        var rest = _text[_at..LineEnd()].TrimStart();
        if (rest.Length > 0 && rest[0] != '#')
            throw Problem("did not find expected comment or line break");
        _at = Math.Min(_text.Length, LineEnd() + 1);
        var indent = given > 0 ? Math.Max(parent, 0) + given : 0;
        var lines = new List<string>();
        while (_at < _text.Length)
        {
            var line = _text[_at..LineEnd()];
            var spaces = line.Length - line.TrimStart(' ').Length;
            var isBlank = spaces == line.Length;
            if (!isBlank && indent == 0)
                indent = Math.Max(spaces, parent + 1);
            if (!isBlank && (spaces < indent || IsAtEnd))
                break;
            lines.Add(isBlank && spaces <= indent ? "" : line[indent..]);
            context.Spend(1 + line.Length / 16);
            context.Reserve(32 + 4L * line.Length);
            _at = Math.Min(_text.Length, LineEnd() + 1);
        }
        var kept = lines.Count;
        while (kept > 0 && lines[kept - 1].Length == 0)
            kept--;
        var body = folds ? Folded(lines[..kept]) : string.Join('\n', lines[..kept]);
        if (isKept)
            return body + new string('\n', lines.Count - kept + (kept > 0 ? 1 : 0));
        return kept > 0 && !isStripped ? body + "\n" : body;
    }

    // Lines that are indented further keep the ends around them.
    private static string Folded(List<string> lines)
    {
        var text = new StringBuilder();
        for (var i = 0; i < lines.Count; i++)
        {
            var isIndented = lines[i].StartsWith(' ') || i > 0 && lines[i - 1].StartsWith(' ');
            var isAfterEmpty = i > 0 && lines[i - 1].Length == 0;
            if (lines[i].Length == 0 || i > 0 && isIndented && !isAfterEmpty)
                text.Append('\n');
            else if (i > 0 && !isAfterEmpty)
                text.Append(' ');
            text.Append(lines[i]);
        }
        return text.ToString();
    }

    private RegoValue Flow()
    {
        context.Spend(1);
        context.Reserve(48);
        if (++_depth > MaximumDepth)
            throw Problem("exceeded max depth");
        SkipToContent();
        RegoValue value = Next switch
        {
            '[' => FlowSequence(),
            '{' => FlowMapping(),
            '"' or '\'' => RegoValue.Of(Quoted()),
            '&' or '*' or '!' => throw Problem("anchors, aliases and tags are not read"),
            _ => FlowPlain(),
        };
        _depth--;
        return value;
    }

    private RegoValue FlowPlain() => Resolved(FlowWord());

    private string FlowWord()
    {
        var end = PlainEnd(isFlow: true);
        if (end == _at)
            throw Problem("did not find expected node content");
        var word = _text[_at..end].TrimEnd();
        _at = end;
        return word;
    }

    private RegoArray FlowSequence()
    {
        var items = new List<RegoValue>();
        for (_at++; !Closes(']'); )
        {
            items.Add(Flow());
            Separator("did not find expected ',' or ']'", ']');
        }
        return context.Give([.. items]);
    }

    private RegoObject FlowMapping()
    {
        var members = new RegoObjectBuilder();
        for (_at++; !Closes('}'); )
        {
            var isQuoted = Next is '"' or '\'';
            var key = RegoValue.Of(isQuoted ? Quoted() : FlowWord());
            if (members.Get(key) is not null)
                throw Problem($"mapping key {key} already defined");
            SkipToContent();
            var hasValue = Next == ':';
            if (hasValue)
            {
                _at++;
                SkipToContent();
            }
            members.Set(key, hasValue && Next is not (',' or '}') ? Flow() : RegoValue.Null);
            Separator("did not find expected ',' or '}'", '}');
        }
        return context.Give(members);
    }

    private bool Closes(char bracket)
    {
        SkipToContent();
        if (Next != bracket)
            return false;
        _at++;
        return true;
    }

    private void Separator(string problem, char bracket)
    {
        SkipToContent();
        if (Next == ',')
            _at++;
        else if (Next != bracket)
            throw Problem(problem);
    }
}
