namespace Halyard.Rego;

/// <summary>
/// Reads one YAML document of the plain kind that configuration is written in: mappings, sequences, scalars, in block and in flow style.
/// Anchors, aliases, tags, complex keys and a second document are refused, and so is what would have no place in JSON.
/// </summary>
internal sealed partial class YamlReader(BuiltinContext context, string text)
{
    private const int MaximumDepth = 100;

    private readonly string _text = text.ReplaceLineEndings("\n");
    private int _at;
    private int _depth;

    private char Next => _at < _text.Length ? _text[_at] : '\0';

    // Where the line of the next character begins is looked for backwards; lines are short, and long ones count on the budget.
    private int Column
    {
        get
        {
            var start = _at == 0 ? -1 : _text.LastIndexOf('\n', _at - 1);
            context.Spend(1 + (_at - start) / 32);
            return _at - start - 1;
        }
    }

    private bool IsAtEnd => _at >= _text.Length || IsMarker("...") || IsMarker("---");

    /// <summary>The value of the document; an empty one is null.</summary>
    /// <exception cref="YamlException">The text is no such document.</exception>
    public RegoValue Read()
    {
        SkipToContent();
        if (IsMarker("---"))
        {
            _at += 3;
            SkipToContent();
        }
        var value = IsAtEnd ? RegoValue.Null : Node(-1, isInline: false);
        SkipToContent();
        if (IsMarker("..."))
        {
            _at += 3;
            SkipToContent();
        }
        return _at >= _text.Length ? value : throw Problem("did not find expected <document start>");
    }

    private YamlException Problem(string what) => new(1 + _text.AsSpan(0, Math.Min(_at, _text.Length)).Count('\n'), what);

    private bool IsMarker(string marker) =>
        string.CompareOrdinal(_text, _at, marker, 0, 3) == 0
        && (_at == 0 || _text[_at - 1] == '\n')
        && (_at + 3 >= _text.Length || _text[_at + 3] is ' ' or '\n');

    // Blanks, line ends and comments; only spaces may indent.
    private void SkipToContent()
    {
        for (var isIndent = _at == 0 || _text[_at - 1] == '\n'; _at < _text.Length; _at++)
        {
            if (_text[_at] == '#' && (isIndent || char.IsWhiteSpace(_text[_at - 1])))
                _at = LineEnd() - 1;
            else if (_text[_at] == '\n')
                isIndent = true;
            else if (_text[_at] == '\t' && isIndent)
                throw Problem("found character that cannot start any token");
            else if (_text[_at] is not (' ' or '\t'))
                return;
        }
    }

    private int LineEnd() => _text.IndexOf('\n', _at) is >= 0 and var end ? end : _text.Length;

    private bool IsFollowedByBlank(int at) => at + 1 >= _text.Length || _text[at + 1] is ' ' or '\n' or '\t';

    // A node deeper than its parent. What stands on the line of a mapping's key is no block mapping or sequence itself.
    private RegoValue Node(int parent, bool isInline)
    {
        context.Spend(1);
        context.Reserve(48);
        if (++_depth > MaximumDepth)
            throw Problem("exceeded max depth");
        var value = Next switch
        {
            '-' when IsFollowedByBlank(_at) => isInline
                ? throw Problem("block sequence entries are not allowed in this context")
                : Sequence(Column),
            '?' when IsFollowedByBlank(_at) => throw Problem("complex keys are not read"),
            '|' or '>' => RegoValue.Of(BlockText(parent)),
            '[' or '{' => Ended(Flow()),
            '&' or '*' or '!' => throw Problem("anchors, aliases and tags are not read"),
            '%' or '@' or '`' => throw Problem("found character that cannot start any token"),
            _ => IsKey(out _)
                ? isInline
                    ? throw Problem("mapping values are not allowed in this context")
                    : Mapping(Column)
                : Scalar(parent),
        };
        _depth--;
        return value;
    }

    private RegoValue Scalar(int parent) => Next is '"' or '\'' ? Ended(RegoValue.Of(Quoted())) : PlainLines(parent);

    // After a quoted or flow value nothing else may stand on the line.
    private RegoValue Ended(RegoValue value)
    {
        var start = _at;
        SkipToContent();
        if (_at < _text.Length && !_text.AsSpan(start, _at - start).Contains('\n'))
            throw Problem("did not find expected key");
        return value;
    }

    private RegoArray Sequence(int column)
    {
        var items = new List<RegoValue>();
        while (!IsAtEnd && Column == column && Next == '-' && IsFollowedByBlank(_at))
        {
            _at++;
            SkipToContent();
            items.Add(IsAtEnd || Column <= column ? RegoValue.Null : Node(column, isInline: false));
            SkipToContent();
        }
        if (!IsAtEnd && Column > column)
            throw Problem("did not find expected '-' indicator");
        return context.Give([.. items]);
    }

    private RegoObject Mapping(int column)
    {
        var members = new RegoObjectBuilder();
        while (!IsAtEnd && Column == column)
        {
            if (!IsKey(out var colon))
                throw Problem("could not find expected ':'");
            var key = RegoValue.Of(Next is '"' or '\'' ? Quoted() : _text[_at..colon].TrimEnd());
            if (members.Get(key) is not null)
                throw Problem($"mapping key {key} already defined");
            _at = colon + 1;
            members.Set(key, MemberValue(column));
            SkipToContent();
        }
        if (!IsAtEnd && Column > column)
            throw Problem("did not find expected key");
        return context.Give(members);
    }

    private RegoValue MemberValue(int column)
    {
        var line = LineEnd();
        SkipToContent();
        if (IsAtEnd)
            return RegoValue.Null;
        if (_at < line)
            return Node(column, isInline: true);
        // The items of a sequence may stand as far left as its key.
        var isSequence = Column == column && Next == '-' && IsFollowedByBlank(_at);
        return Column > column || isSequence ? Node(column, isInline: false) : RegoValue.Null;
    }

    // Whether a key stands here: a scalar and a colon after it on the same line.
    private bool IsKey(out int colon)
    {
        var start = _at;
        if (Next is '"' or '\'')
        {
            var line = LineEnd();
            Quoted();
            while (Next == ' ')
                _at++;
            colon = _at;
            _at = start;
            return colon < line && _text[colon] == ':' && IsFollowedByBlank(colon);
        }
        colon = PlainEnd(isFlow: false);
        return colon < _text.Length && _text[colon] == ':' && colon > start;
    }
}
