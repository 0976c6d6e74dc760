namespace Halyard.Rego;

/// <summary>
/// Reads modules and queries of Rego v1. Input is hostile: size, nesting and the work of reading are bounded.
/// </summary>
/// <remarks>Modules here; statements and terms in the other files of this class.</remarks>
internal sealed partial class Parser
{
    /// <summary>The longest text, in UTF-16 units.</summary>
    public const int MaxLength = 1 << 20;

    private const int MaxNesting = 128;
    private const int WorkPerToken = 64;

    // Keys of one reference or path; each deepens what walks along it.
    private const int MaxPath = 64;

    // Operators in one statement with all that is in it; each may deepen the tree by one.
    private const int MaxOperators = 250;

    // Each costs an exception.
    private const int MaxFailures = 2_000;

    private readonly Token[] _tokens;
    private int _at;
    private int _nesting;
    private long _work;
    private int _failures;
    private int _operators;
    private int _statements;
    private SyntaxError? _furthest;

    private Parser(string file, string text)
    {
        if (text.Length > MaxLength)
            throw new SyntaxError(new Place(file, 1, 1), "the text is too long");
        _tokens = new Lexer(file, text).Read();
        _work = 1000 + (long)WorkPerToken * _tokens.Length;
    }

    /// <summary>Reads a module.</summary>
    /// <exception cref="SyntaxError">It is not Rego v1.</exception>
    public static Module ReadModule(RegoSource source)
    {
        var parser = new Parser(source.Name, source.Text);
        return parser.Whole(() => parser.ReadModule(source.Name));
    }

    /// <summary>Reads a query.</summary>
    /// <exception cref="SyntaxError">It is not a query of Rego v1.</exception>
    public static IReadOnlyList<Statement> ReadQuery(string text)
    {
        var parser = new Parser("", text);
        var body = parser.Whole(() => parser.ReadStatements(token => token.Kind == TokenKind.End));
        return body.Count > 0 ? body : throw new SyntaxError(parser.Current.Place, "the query is empty");
    }

    private Token Current => _tokens[_at];

    private Token Following => _tokens[Math.Min(_at + 1, _tokens.Length - 1)];

    private bool IsAdjacent => _at > 0 && _tokens[_at - 1].End == Current.Start;

    private bool IsOnNewRow => _at == 0 || _tokens[_at - 1].Place.Row != Current.Place.Row;

    private Module ReadModule(string file)
    {
        var place = Current.Place;
        Expect("package");
        var package = ReadDottedPath();
        var imports = new List<Import>();
        var rules = new List<Rule>();
        while (Current.Kind != TokenKind.End)
        {
            if (Take(";"))
                continue;
            if (rules.Count > 0 && !IsOnNewRow && !_tokens[_at - 1].Is(";"))
                throw Unexpected("expected a new line before the next rule");
            if (Current.Is("import"))
                ReadImport(imports);
            else
                rules.Add(ReadRule());
        }
        return new Module(file, place, package, imports, rules);
    }

    private List<RegoValue> ReadDottedPath()
    {
        var path = new List<RegoValue> { RegoValue.Of(ExpectAnyName()) };
        while (IsAdjacent && Current.Is(".") || IsAdjacent && Current.Is("["))
        {
            CheckPath(path.Count);
            if (Take("."))
            {
                path.Add(RegoValue.Of(ExpectAnyName()));
                continue;
            }
            Expect("[");
            path.Add(Current.Kind == TokenKind.Text ? RegoValue.Of(Next().Text) : throw Unexpected("expected string"));
            Expect("]");
        }
        return path;
    }

    private void ReadImport(List<Import> imports)
    {
        var place = Next().Place;
        var path = ReadDottedPath();
        var root = ((RegoString)path[0]).Value;
        var alias = Take("as") ? ExpectAnyName() : ((RegoString)path[^1]).Value;
        if (root is "rego" or "future")
            return;
        if (root is not ("data" or "input"))
            throw new SyntaxError(place, "path must begin with one of: data, future, input, rego");
        imports.Add(new Import(place, path, alias));
    }

    private Rule ReadRule()
    {
        _operators = 0;
        var place = Current.Place;
        var isDefault = Current.Is("default");
        if (isDefault)
            _at++;
        var path = ReadRulePath();
        var arguments = IsAdjacent && Take("(") ? ReadList(")") : null;
        Term? element = null;
        if (Current.Is("contains") && arguments is null)
        {
            _at++;
            element = ReadTerm();
        }
        var value = Take(":=") || Take("=") ? ReadTerm() : null;
        if (isDefault)
        {
            if (value is null)
                throw Unexpected("expected := or = and a value");
            return IsGround(value)
                ? new Rule(place, path, arguments, null, [new Branch(place, value, [])], IsDefault: true)
                : throw new SyntaxError(place, "default rules must have a ground value: no variables, references or calls");
        }
        if (element is not null && value is not null)
            throw new SyntaxError(place, "a contains rule has no value");
        var hasBody = Current.Is("if");
        if (!hasBody && value is null && element is null && (path.Count == 1 || arguments is not null))
            throw Current.Is("{")
                ? Unexpected("`if` keyword is required before rule body")
                : Unexpected("var cannot be used for rule name");
        var branches = new List<Branch> { new(place, value ?? True(place), hasBody ? ReadIfBody() : []) };
        while (Current.Is("else"))
            branches.Add(ReadElse(element));
        return new Rule(place, path, arguments, element, branches, IsDefault: false);
    }

    private Branch ReadElse(Term? element)
    {
        var place = Next().Place;
        if (element is not null)
            throw new SyntaxError(place, "else keyword cannot be used on multi-value rules");
        var value = Take(":=") || Take("=") ? ReadTerm() : null;
        if (value is null && !Current.Is("if"))
            throw Unexpected("expected else value term or rule body");
        return new Branch(place, value ?? True(place), Current.Is("if") ? ReadIfBody() : []);
    }

    private List<Statement> ReadIfBody()
    {
        Expect("if");
        if (!Current.Is("{"))
            return [ReadStatement()];
        if (Following.Is("}"))
            throw Unexpected("found empty body");
        // `if {"a": 1}.a` or `if {1} == x` is a statement; most of the time it is a body.
        return Attempt(ReadBracedBody) ?? [ReadStatement()];
    }

    private List<Statement> ReadBracedBody()
    {
        Expect("{");
        var body = ReadStatements(token => token.Is("}"));
        if (body.Count == 0)
            throw Unexpected("found empty body");
        Expect("}");
        if (
            !IsOnNewRow
            && Current.Kind != TokenKind.End
            && !Current.Is("else")
            && !Current.Is(";")
            && !Current.Is("}")
            && !Current.Is("with")
        )
            throw Unexpected("expected the rule to end");
        return body;
    }

    private List<Term> ReadRulePath()
    {
        var place = Current.Place;
        var path = new List<Term> { new Constant(place, RegoValue.Of(ExpectAnyName())) };
        while (IsAdjacent && (Current.Is(".") || Current.Is("[")))
        {
            CheckPath(path.Count);
            place = Current.Place;
            if (Take("."))
            {
                path.Add(new Constant(place, RegoValue.Of(ExpectAnyName())));
                continue;
            }
            Expect("[");
            path.Add(ReadTerm());
            Expect("]");
        }
        return path;
    }

    private void CheckPath(int keys)
    {
        if (keys > MaxPath)
            throw new SyntaxError(Current.Place, $"a path has at most {MaxPath} keys");
    }

    private static bool IsGround(Term value) =>
        value switch
        {
            Constant or Comprehension => true,
            ArrayTerm array => array.Items.All(IsGround),
            SetTerm set => set.Items.All(IsGround),
            ObjectTerm members => members.Members.All(member => IsGround(member.Key) && IsGround(member.Value)),
            _ => false,
        };

    private static Constant True(Place place) => new(place, RegoBoolean.True);

    private string ExpectAnyName() =>
        Current.Kind is TokenKind.Name or TokenKind.Keyword ? Next().Text : throw Unexpected("expected ident");

    private Token Next()
    {
        if (--_work < 0)
            throw new SyntaxError(Current.Place, "the text is too ambiguous to be read");
        return _tokens[Current.Kind == TokenKind.End ? _at : _at++];
    }

    private bool Take(string symbol)
    {
        if (!Current.Is(symbol))
            return false;
        Next();
        return true;
    }

    private void Expect(string symbol)
    {
        if (!Take(symbol))
            throw Unexpected($"expected {symbol}");
    }

    private SyntaxError Unexpected(string expectation) =>
        new(Current.Place, $"unexpected {(Current.Kind == TokenKind.End ? "eof" : Current.Text)} token: {expectation}");

    /// <summary>Reads one way; where that fails, nothing has happened, so that the text can be read another way.</summary>
    private T? Attempt<T>(Func<T> read)
        where T : class
    {
        var (at, nesting, statements, barEnds) = (_at, _nesting, _statements, _barEnds);
        try
        {
            return read();
        }
        catch (SyntaxError error) when (++_failures <= MaxFailures)
        {
            Remember(error);
            (_at, _nesting, _statements, _barEnds) = (at, nesting, statements, barEnds);
            return null;
        }
    }

    private void Remember(SyntaxError error)
    {
        if (_furthest is null || error.IsAfter(_furthest))
            _furthest = error;
    }

    // Of all the ways that failed, the one that came furthest is what the author meant.
    private T Whole<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (SyntaxError error) when (_furthest?.IsAfter(error) == true)
        {
            throw _furthest;
        }
    }
}
