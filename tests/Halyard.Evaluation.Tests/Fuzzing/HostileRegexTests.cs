using System.Diagnostics;
using Halyard.Evaluation.Definitions;

namespace Halyard.Evaluation.Tests.Fuzzing;

/// <summary>
/// Patterns that take a backtracking matcher longer than the age of the universe on these texts: that the tests end is the
/// proof, and the answers must be right too. No test asserts a time; the times are printed.
/// </summary>
public sealed class HostileRegexTests(ITestOutputHelper output)
{
    private const int Half = 1 << 19;

    [Theory]
    [InlineData("(a+)+$", "a", "!", false)]
    [InlineData("(a+)+$", "a", "", true)]
    [InlineData("^(a|aa)+$", "a", "!", false)]
    [InlineData("^(a|a?)+$", "a", "!", false)]
    [InlineData("^([a-zA-Z]+)*$", "aB", "1", false)]
    [InlineData("^(.*a){12}$", "a", "!", false)]
    [InlineData("^(([a-z])+.)+[A-Z]([a-z])+$", "a", "", false)]
    [InlineData("(.*)*(.*)*(.*)*x", "a", "", false)]
    [InlineData(@"^\s*(\S+\s*)*$", "a ", "\0\u2028!", true)]
    [InlineData(@"^(\w+\s?)*$", "word ", "!", false)]
    [InlineData("(x+x+)+y", "x", "", false)]
    [InlineData("(?i)(é|É|e)*!$", "éÉ", "?", false)]
    [InlineData("^(a?){50}a{50}$", "a", "", false)]
    [InlineData("(😀+)+$", "😀", "!", false)]
    public void Pattern_ThatBacktracksWithoutEnd_AnswersOnAMegabyte(string pattern, string unit, string end, bool matches)
    {
        foreach (var length in new[] { Half, 2 * Half })
        {
            var text = string.Concat(Enumerable.Repeat(unit, length / unit.Length)) + end;
            var started = Stopwatch.GetTimestamp();
            Matches(pattern, text).ShouldBe(matches);
            output.WriteLine($"{text.Length} characters: {Stopwatch.GetElapsedTime(started).TotalMilliseconds:0} ms");
        }
    }

    [Theory]
    [InlineData("(a+)+b", 85)]
    [InlineData("(a|b?)*", 73)]
    [InlineData("[a-z]*?", 73)]
    [InlineData("(?:a{0,9})", 51)]
    public void Pattern_OfFiveHundredAndTwelveCharacters_IsRefusedOrAnswers(string part, int times)
    {
        var pattern = string.Concat(Enumerable.Repeat(part, times));
        pattern.Length.ShouldBeInRange(490, Limits.Regex);
        var problems = Problems(pattern);
        output.WriteLine(problems.Count == 0 ? "accepted" : problems[0].Message);
        if (problems.Count == 0)
            Matches(pattern, new string('a', 20_000)).ShouldBe(!part.EndsWith('b'));
        Problems(pattern + new string('x', Limits.Regex)).ShouldNotBeEmpty();
    }

    private static bool Matches(string pattern, string text)
    {
        var rule = new TargetingRule("r", "", true, [Condition(pattern)], Serve.One("on"));
        var environment = new FlagEnvironment(true, "off", [], [], [rule], Serve.One("off"));
        var snapshot = Given.Snapshot(new FlagInEnvironment(Given.Boolean(), environment, 1));
        var context = new EvaluationContextBuilder("user").Set("text", text).Build();
        return Evaluator.Evaluate(snapshot, "flag", context, Given.Now).BooleanValue(false);
    }

    private static IReadOnlyList<DefinitionProblem> Problems(string pattern) =>
        DefinitionRules.CheckSegment(new("s", [], [], [new("r", [Condition(pattern)])]));

    private static Condition Condition(string pattern) => new("text", ConditionOperator.Matches, [FlagValue.Of(pattern)]);
}
