namespace Halyard.Rego;

internal sealed partial class Parser
{
    private static readonly (string Symbol, string Function)[][] Operators =
    [
        [("==", "equal"), ("!=", "neq"), ("<", "lt"), ("<=", "lte"), (">", "gt"), (">=", "gte")],
        [("|", "or")],
        [("&", "and")],
        [("+", "plus"), ("-", "minus")],
        [("*", "mul"), ("/", "div"), ("%", "rem")],
    ];

    // Where `|` ends a term instead of joining two: in the head of a comprehension.
    private bool _barEnds;

    private Term ReadTerm()
    {
        using var _ = Nest();
        var left = ReadRelation();
        while (Current.Is("in"))
        {
            var place = Next().Place;
            left = new Call(place, "internal.member_2", [left, ReadRelation()]);
            if (++_operators > MaxOperators)
                throw new SyntaxError(place, "the expression is too long");
        }
        return left;
    }

    private Term ReadRelation() => ReadInfix(0);

    private Term ReadInfix(int level)
    {
        if (level == Operators.Length)
            return ReadPrimary();
        var left = ReadInfix(level + 1);
        while (OperatorAt(level) is { } function)
        {
            var place = Next().Place;
            left = new Call(place, function, [left, ReadInfix(level + 1)]);
            if (++_operators > MaxOperators)
                throw new SyntaxError(place, "the expression is too long");
        }
        return left;
    }

    private string? OperatorAt(int level)
    {
        if (Current.Kind != TokenKind.Symbol || _barEnds && level == 1)
            return null;
        foreach (var (symbol, function) in Operators[level])
        {
            if (Current.Text == symbol)
                return function;
        }
        return null;
    }

    private Term ReadPrimary()
    {
        using var _ = Nest();
        var start = Current;
        var term = ReadHead();
        List<Term>? path = null;
        while (IsAdjacent && _tokens[_at - 1].Kind != TokenKind.HoleStart)
        {
            CheckPath(path?.Count ?? 0);
            if (Current.Is(".") && CanBeAsked(term))
            {
                Next();
                (path ??= []).Add(new Constant(Current.Place, RegoValue.Of(ExpectAnyName())));
            }
            else if (Current.Is("[") && CanBeAsked(term))
            {
                Next();
                (path ??= []).Add(Inside(ReadTerm));
                Expect("]");
            }
            else if (Current.Is("(") && DottedName(term, path) is { } function)
            {
                Next();
                term = new Call(start.Place, function, ReadList(")"));
                path = null;
            }
            else
            {
                break;
            }
        }
        return path is null ? term : new Reference(start.Place, term, path);
    }

    private static bool CanBeAsked(Term term) => term is not (Constant or Template);

    private static string? DottedName(Term term, List<Term>? path) =>
        term is not Name name ? null
        : path is null ? name.Text
        : path.TrueForAll(part => part is Constant { Value: RegoString })
            ? $"{name.Text}.{string.Join('.', path.Select(part => ((RegoString)((Constant)part).Value).Value))}"
        : null;

    private Term ReadHead()
    {
        var token = Current;
        switch (token.Kind)
        {
            case TokenKind.Name:
                Next();
                if (token.Text == "set" && Current.Is("(") && IsAdjacent && Following.Is(")"))
                {
                    _at += 2;
                    return new SetTerm(token.Place, []);
                }
                return new Name(token.Place, token.Text);
            case TokenKind.Text:
                return new Constant(token.Place, RegoValue.Of(Next().Text));
            case TokenKind.Number:
                return ReadNumber(token.Place, "");
            case TokenKind.TemplateStart:
                return ReadTemplate(token.Place);
            case TokenKind.Keyword:
                return ReadKeyword(token);
        }
        if (Take("["))
            return Inside(() => ReadArray(token.Place));
        if (Take("{"))
            return Inside(() => ReadBraces(token.Place));
        if (Take("("))
        {
            var inner = Inside(ReadParenthesized);
            Expect(")");
            return inner;
        }
        if (token.Is("-") && Following.Kind == TokenKind.Number && Following.Start == token.End)
        {
            Next();
            return ReadNumber(token.Place, "-");
        }
        throw Unexpected("expected a term");
    }

    private Term ReadParenthesized()
    {
        var place = Current.Place;
        var first = ReadTerm();
        if (!Take(","))
            return first;
        var value = ReadRelation();
        Expect("in");
        return new Call(place, "internal.member_3", [first, value, ReadRelation()]);
    }

    private Constant ReadKeyword(Token token)
    {
        var value = token.Text switch
        {
            "true" => RegoBoolean.True,
            "false" => RegoBoolean.False,
            "null" => RegoValue.Null,
            _ => throw Unexpected("expected a term"),
        };
        Next();
        return new Constant(token.Place, value);
    }

    private Constant ReadNumber(Place place, string sign) =>
        RegoNumber.TryParse(sign + Next().Text, out var number)
            ? new Constant(place, number)
            : throw new SyntaxError(place, "the number is out of range");

    private Template ReadTemplate(Place place)
    {
        Next();
        var parts = new List<TemplatePart>();
        while (Current.Kind != TokenKind.TemplateEnd)
        {
            if (Current.Kind == TokenKind.Text)
            {
                parts.Add(new TemplatePart(Next().Text, null));
                continue;
            }
            Next();
            parts.Add(new TemplatePart(null, Inside(ReadStatement)));
            if (Current.Kind != TokenKind.HoleEnd)
                throw Unexpected("expected }");
            Next();
        }
        Next();
        return new Template(place, parts);
    }

    private T Inside<T>(Func<T> read)
    {
        var before = _barEnds;
        _barEnds = false;
        var result = read();
        _barEnds = before;
        return result;
    }

    private Term ReadComprehensionHead()
    {
        _barEnds = true;
        var head = ReadTerm();
        _barEnds = false;
        return head;
    }

    private List<Statement> ReadComprehensionBody(string close)
    {
        Expect("|");
        var body = ReadStatements(token => token.Is(close));
        if (body.Count == 0)
            throw Unexpected("found empty body");
        Expect(close);
        return body;
    }

    private Term ReadArray(Place place)
    {
        if (Take("]"))
            return new ArrayTerm(place, []);
        return Attempt<Term>(() =>
            {
                var head = ReadComprehensionHead();
                return Current.Is("|")
                    ? new Comprehension(place, RegoKind.Array, null, head, ReadComprehensionBody("]"))
                    : new ArrayTerm(place, ReadRest(head, "]"));
            }) ?? new ArrayTerm(place, ReadList("]"));
    }

    private Term ReadBraces(Place place)
    {
        if (Take("}"))
            return new ObjectTerm(place, []);
        return Attempt<Term>(() => ReadBraces(place, ReadComprehensionHead, mayCollect: true))
            ?? ReadBraces(place, ReadTerm, mayCollect: false);
    }

    private Term ReadBraces(Place place, Func<Term> readHead, bool mayCollect)
    {
        var first = readHead();
        if (Take(":"))
        {
            var value = readHead();
            if (mayCollect && Current.Is("|"))
                return new Comprehension(place, RegoKind.Object, first, value, ReadComprehensionBody("}"));
            return ReadMembers(place, first, value);
        }
        if (mayCollect && Current.Is("|"))
            return new Comprehension(place, RegoKind.Set, null, first, ReadComprehensionBody("}"));
        return new SetTerm(place, ReadRest(first, "}"));
    }

    private ObjectTerm ReadMembers(Place place, Term key, Term value)
    {
        var members = new List<(Term, Term)> { (key, value) };
        while (Take(",") && !Current.Is("}"))
        {
            var next = ReadTerm();
            Expect(":");
            members.Add((next, ReadTerm()));
        }
        Expect("}");
        return new ObjectTerm(place, members);
    }

    private List<Term> ReadRest(Term first, string close)
    {
        var items = new List<Term> { first };
        while (Take(",") && !Current.Is(close))
            items.Add(ReadTerm());
        Expect(close);
        return items;
    }

    private List<Term> ReadList(string close) =>
        Inside(() =>
        {
            if (Take(close))
                return [];
            return ReadRest(ReadTerm(), close);
        });
}
