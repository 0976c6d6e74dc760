using System.Text.RegularExpressions;

namespace Halyard.Evaluation.Tests.OpenFeature;

/// <summary>
/// A step's text with parameters, in the manner of Cucumber's expressions: <c>{string}</c> in quotes with <c>\"</c> inside,
/// <c>{number}</c>, <c>{value}</c> either of the two, <c>{type}</c> a flag's type in any case.
/// </summary>
internal sealed class StepPattern(string expression)
{
    private const string Text = """
        "((?:[^"\\]|\\.)*)"
        """;
    private const string Number = "(-?[0-9]+(?:[.][0-9]+)?)";

    private readonly Regex _regex = new(
        $"^{Regex.Escape(expression)
            .Replace(@"\{string}", Text, StringComparison.Ordinal)
            .Replace(@"\{number}", Number, StringComparison.Ordinal)
            .Replace(@"\{value}", $"(?:{Text}|{Number})", StringComparison.Ordinal)
            .Replace(@"\{type}", "((?i:boolean|string|integer|float|object))", StringComparison.Ordinal)}$",
        RegexOptions.CultureInvariant | RegexOptions.NonBacktracking
    );

    /// <summary>The parameters in order where the step is of this pattern, else null.</summary>
    public string[]? Match(string step)
    {
        var match = _regex.Match(step);
        return match.Success
            ?
            [
                .. match
                    .Groups.Values.Skip(1)
                    .Where(group => group.Success)
                    .Select(group => group.Value.Replace("\\\"", "\"", StringComparison.Ordinal)),
            ]
            : null;
    }
}
