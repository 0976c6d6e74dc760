using System.Text.RegularExpressions;

namespace Halyard.Evaluation;

internal enum TextPlace
{
    Anywhere,
    Start,
    End,
}

/// <summary>Contains, starts with or ends with one of the texts, by ordinal comparison.</summary>
internal readonly struct TextMatcher(string[] texts, TextPlace place, bool ignoreCase) : IMatcher
{
    private readonly StringComparison _comparison = ignoreCase ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal;

    public Verdict Match(in AttributeValue value)
    {
        if (value.Kind != AttributeKind.String)
            return Verdict.WrongType;
        foreach (var text in texts)
        {
            var found = place switch
            {
                TextPlace.Start => value.Text.StartsWith(text, _comparison),
                TextPlace.End => value.Text.EndsWith(text, _comparison),
                _ => value.Text.Contains(text, _comparison),
            };
            if (found)
                return Verdict.Yes;
        }
        return Verdict.No;
    }
}

/// <summary>One of the regular expressions finds a match anywhere; each matches in time linear in the text.</summary>
internal readonly struct RegexMatcher(Regex[] expressions) : IMatcher
{
    public Verdict Match(in AttributeValue value)
    {
        if (value.Kind != AttributeKind.String)
            return Verdict.WrongType;
        foreach (var expression in expressions)
        {
            if (expression.IsMatch(value.Text.AsSpan()))
                return Verdict.Yes;
        }
        return Verdict.No;
    }
}
