using System.Text.RegularExpressions;

namespace Halyard.Cli.Importing.GoFeatureFlag;

/// <summary>Splits a query into words, texts and punctuation.</summary>
internal static partial class QueryLexer
{
    /// <summary>The tokens; <see langword="null"/> where a character belongs to none.</summary>
    public static IReadOnlyList<string>? Split(string query)
    {
        var tokens = new List<string>();
        for (var at = 0; at < query.Length; )
        {
            if (query[at] == ' ')
            {
                at++;
                continue;
            }
            var match = Token().Match(query, at);
            if (!match.Success)
                return null;
            tokens.Add(match.Value);
            at += match.Length;
        }
        return tokens;
    }

    // A text with a backslash is no token: GO Feature Flag keeps the backslash, which its author hardly meant.
    [GeneratedRegex(
        @"\G(""[^""\\]*""|[()\[\],]|==|!=|>=|<=|>|<|[^\s()\[\],""=!<>]+)",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1_000
    )]
    private static partial Regex Token();
}
