using System.Text.RegularExpressions;
using Halyard.Evaluation.Definitions;

namespace Halyard.Core.Policies.Conditions;

/// <summary>One condition of a rule.</summary>
/// <param name="Field">The fact it looks at.</param>
/// <param name="Test">What the fact must be.</param>
/// <param name="Words">The condition as it was written, in words for people.</param>
public sealed record PolicyCondition(PolicyField Field, ConditionTest Test, string Words)
{
    /// <summary>Whether it holds for a part of a change.</summary>
    public bool Holds(ChangeFacts change, ChangePart part) =>
        Test switch
        {
            ConditionTest.OneOf one => FactReader.Text(Field, part) is { } text
                && one.Values.Contains(text, StringComparer.Ordinal),
            ConditionTest.Matches matches => FactReader.Text(Field, part) is { } text && matches.Pattern.IsMatch(text),
            ConditionTest.ContainsAny any => FactReader
                .Texts(Field, change, part)
                .Any(text => any.Values.Contains(text, StringComparer.Ordinal)),
            ConditionTest.Exactly exactly => FactReader.Number(Field, part) == exactly.Number,
            ConditionTest.Above above => FactReader.Number(Field, part) > above.Number,
            ConditionTest.Below below => FactReader.Number(Field, part) < below.Number,
        };

    /// <summary>Whether it holds wherever the other does.</summary>
    public bool Covers(PolicyCondition other) =>
        Field == other.Field
        && (Test, other.Test) switch
        {
            (ConditionTest.OneOf mine, ConditionTest.OneOf its) => its.Values.All(mine.Values.Contains),
            (ConditionTest.Matches mine, ConditionTest.OneOf its) => its.Values.All(mine.Pattern.IsMatch),
            (ConditionTest.Matches mine, ConditionTest.Matches its) => mine.Pattern.ToString() == its.Pattern.ToString(),
            (ConditionTest.ContainsAny mine, ConditionTest.ContainsAny its) => its.Values.All(mine.Values.Contains),
            (ConditionTest.Exactly mine, ConditionTest.Exactly its) => mine.Number == its.Number,
            (ConditionTest.Above mine, ConditionTest.Exactly its) => its.Number > mine.Number,
            (ConditionTest.Above mine, ConditionTest.Above its) => its.Number >= mine.Number,
            (ConditionTest.Below mine, ConditionTest.Exactly its) => its.Number < mine.Number,
            (ConditionTest.Below mine, ConditionTest.Below its) => its.Number <= mine.Number,
            _ => false,
        };
}

/// <summary>What a fact must be. Closed.</summary>
public abstract record ConditionTest
{
    private ConditionTest() { }

    /// <summary>The text is one of these.</summary>
    public sealed record OneOf(Sequence<string> Values) : ConditionTest;

    /// <summary>The whole text matches; in linear time.</summary>
    public sealed record Matches(Regex Pattern) : ConditionTest;

    /// <summary>One of the texts is one of these.</summary>
    public sealed record ContainsAny(Sequence<string> Values) : ConditionTest;

    /// <summary>The number is this.</summary>
    public sealed record Exactly(double Number) : ConditionTest;

    /// <summary>The number is greater.</summary>
    public sealed record Above(double Number) : ConditionTest;

    /// <summary>The number is less.</summary>
    public sealed record Below(double Number) : ConditionTest;
}
