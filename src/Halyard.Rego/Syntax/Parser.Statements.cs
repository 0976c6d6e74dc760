namespace Halyard.Rego;

internal sealed partial class Parser
{
    private List<Statement> ReadStatements(Func<Token, bool> isEnd)
    {
        var statements = new List<Statement>();
        while (!isEnd(Current))
        {
            if (Take(";"))
                continue;
            if (statements.Count > 0 && !IsOnNewRow && !_tokens[_at - 1].Is(";"))
                throw Unexpected("expected \n or ; or }");
            statements.Add(ReadStatement());
        }
        return statements;
    }

    private Statement ReadStatement()
    {
        using var _ = Nest();
        if (_statements++ == 0)
            _operators = 0;
        var statement = ReadBareStatement();
        var replacements = new List<Replacement>();
        while (Current.Is("with"))
        {
            var place = Next().Place;
            var target = ReadPrimary();
            Expect("as");
            replacements.Add(new Replacement(place, target, ReadTerm()));
        }
        _statements--;
        return replacements.Count == 0 ? statement : statement with { With = replacements };
    }

    private Statement ReadBareStatement()
    {
        var place = Current.Place;
        if (Take("some"))
            return ReadSome(place);
        if (Take("every"))
            return ReadEvery(place);
        return Take("not") ? new Not(place, ReadNegated()) : ReadExpression();
    }

    private Statement ReadNegated()
    {
        using var _ = Nest();
        return Current.Is("some") ? throw Unexpected("unexpected some keyword") : ReadBareStatement();
    }

    private Statement ReadExpression()
    {
        var place = Current.Place;
        var left = ReadTerm();
        if (Take(","))
        {
            var value = ReadRelation();
            Expect("in");
            left = new Call(place, "internal.member_3", [left, value, ReadRelation()]);
        }
        if (Take(":="))
            return new Unify(place, left, ReadTerm(), Declares: true);
        return Take("=") ? new Unify(place, left, ReadTerm(), Declares: false) : new Holds(place, left);
    }

    private Statement ReadSome(Place place)
    {
        var terms = new List<Term> { ReadRelation() };
        while (Take(","))
            terms.Add(ReadRelation());
        if (Take("in"))
        {
            return terms.Count > 2
                ? throw new SyntaxError(place, "expected at most two terms before in")
                : new SomeIn(place, terms.Count == 2 ? terms[0] : null, terms[^1], ReadRelation());
        }
        if (terms.Find(term => term is not Name) is { } wrong)
            throw new SyntaxError(wrong.Place, "expected var");
        return new Some(place, [.. terms.Cast<Name>()]);
    }

    private Every ReadEvery(Place place)
    {
        var first = ReadName();
        var second = Take(",") ? ReadName() : null;
        Expect("in");
        var domain = ReadRelation();
        Expect("{");
        var body = ReadStatements(token => token.Is("}"));
        if (body.Count == 0)
            throw Unexpected("found empty body");
        Expect("}");
        return new Every(place, second is null ? null : first, second ?? first, domain, body);
    }

    private Name ReadName()
    {
        var token = Current;
        return token.Kind == TokenKind.Name ? new Name(token.Place, Next().Text) : throw Unexpected("expected var");
    }

    private Nested Nest()
    {
        if (++_nesting > MaxNesting)
            throw new SyntaxError(Current.Place, $"the text nests deeper than {MaxNesting}");
        return new Nested(this);
    }

    private readonly struct Nested(Parser parser) : IDisposable
    {
        public void Dispose() => parser._nesting--;
    }
}
