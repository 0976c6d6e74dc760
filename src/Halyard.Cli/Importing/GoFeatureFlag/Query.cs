using System.Text.RegularExpressions;
using Halyard.Cli.Importing.Logic;

namespace Halyard.Cli.Importing.GoFeatureFlag;

/// <summary>
/// Reads GO Feature Flag's query language, that of https://github.com/nikunjy/rules (parser/JsonQuery.g4). <c>and</c> and
/// <c>or</c> bind alike, from left to right; <c>not</c> stands before a parenthesis only.
/// </summary>
internal sealed partial class Query
{
    private const int MaxDepth = 100;

    private readonly IReadOnlyList<string> _tokens;
    private int _at;
    private int _depth;
    private string _problem = "";

    private Query(IReadOnlyList<string> tokens) => _tokens = tokens;

    /// <summary>When the query holds; <see langword="null"/> with the problem in words where it has no exact equivalent.</summary>
    public static Formula? TryRead(string query, out string problem)
    {
        // GO Feature Flag takes line breaks and the indentation after them away before it reads a query.
        var line = string.Concat(query.Split('\n').Select(part => part.TrimStart(' ')));
        if (line.Length == 0)
        {
            problem = "";
            return Formula.True;
        }
        if (QueryLexer.Split(line) is not { } tokens)
        {
            problem = "it holds a character that belongs to nothing, or a text with a backslash";
            return null;
        }
        var reader = new Query(tokens);
        var formula = reader.ReadChain();
        if (reader._problem.Length == 0 && reader._at < tokens.Count)
            reader.Fail($"'{tokens[reader._at]}' is not expected");
        problem = reader._problem;
        return problem.Length == 0 ? formula : null;
    }

    private string Next => _at < _tokens.Count ? _tokens[_at] : "";

    private bool IsFailed => _problem.Length > 0;

    private Formula ReadChain()
    {
        if (++_depth > MaxDepth)
            return Fail("it is nested too deep");
        // What one word joins is one formula: a long list of users is as deep as a short one.
        var joined = new List<Formula> { ReadOne() };
        var word = "";
        while (!IsFailed && Next is "and" or "or")
        {
            var next = Take();
            if (next != word)
                joined = [Join(word, joined)];
            word = next;
            joined.Add(ReadOne());
        }
        _depth--;
        return Join(word, joined);
    }

    private static Formula Join(string word, List<Formula> formulas) =>
        word switch
        {
            "and" => Formula.All(formulas),
            "or" => Formula.Any(formulas),
            _ => formulas[0],
        };

    private Formula ReadOne()
    {
        var negated = Next is "not" or "NOT";
        if (negated)
            _at++;
        if (Next != "(")
            return negated ? Fail("'not' stands before a parenthesis only") : ReadComparison();
        _at++;
        var inner = ReadChain();
        if (IsFailed || Next != ")")
            return Fail("a parenthesis is not closed");
        _at++;
        return negated ? Formula.Not(inner) : inner;
    }

    private Formula ReadComparison()
    {
        var attribute = Take();
        if (!AttributePath().IsMatch(attribute))
            return Fail($"'{attribute}' is no attribute");
        if (attribute == "env")
            return Fail("'env' is set by GO Feature Flag itself, not by the user's context");
        // The user's key is an attribute of its own there.
        attribute = attribute == "key" ? "targetingKey" : attribute;
        var operation = Take();
        if (operation == "pr")
            return Formula.Exists(attribute);
        var values = ReadValues(out var isList);
        if (IsFailed)
            return Formula.False;
        return QueryComparison.Of(attribute, operation, values, isList) is { } formula
            ? formula
            : Fail($"'{operation}' with {(isList ? "a list" : "this value")} has no equivalent");
    }

    private List<string> ReadValues(out bool isList)
    {
        isList = Next == "[";
        var values = new List<string> { Take() };
        if (!isList)
            return values;
        values.Clear();
        do values.Add(Take());
        while (!IsFailed && Take() == ",");
        if (_tokens[_at - 1] != "]")
            Fail("a list is not closed");
        return values;
    }

    private string Take()
    {
        if (_at < _tokens.Count)
            return _tokens[_at++];
        Fail("it ends too early");
        return "";
    }

    private Formula Fail(string problem)
    {
        if (!IsFailed)
            _problem = problem;
        return Formula.False;
    }

    [GeneratedRegex(
        @"\A[A-Za-z][A-Za-z0-9_:-]*(\.[A-Za-z][A-Za-z0-9_:-]*)*\z",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1_000
    )]
    private static partial Regex AttributePath();
}
