using System.Globalization;
using Halyard.Evaluation.Definitions;

namespace Halyard.Evaluation.Tests.OpenFeature;

/// <summary>
/// The expressions of the in-memory provider's <c>contextEvaluator</c>, as far as the flags use CEL: comparisons joined by
/// <c>&amp;&amp;</c>, and the variant where they hold. An attribute that is missing is an error in CEL and so the default variant,
/// which is what a condition that does not hold comes to.
/// </summary>
internal static class ContextEvaluator
{
    /// <summary>The rule that says the same.</summary>
    /// <exception cref="FormatException">The expression is of another form.</exception>
    public static TargetingRule Rule(string expression)
    {
        if (expression.Split(" ? ") is not [var test, var branches] || branches.Split(" : ") is not [var variant, "''"])
            throw Refused(expression);
        var conditions = test.Split(" && ").Select(Condition);
        return new TargetingRule("contextEvaluator", "", true, [.. conditions], Serve.One(Text(variant)));
    }

    private static Condition Condition(string comparison) =>
        comparison.Split(' ') switch
        {
            [['!', .. var name]] => new(Name(name), ConditionOperator.Equals, [FlagValue.Of(false)]),
            [var name, "==", var text] => new(Name(name), ConditionOperator.Equals, [FlagValue.Of(Text(text))]),
            [var name, ">", var number] => new(Name(name), ConditionOperator.GreaterThan, [Number(number)]),
            _ => throw Refused(comparison),
        };

    private static string Name(string name) => name.Length > 0 && name.All(char.IsAsciiLetter) ? name : throw Refused(name);

    private static string Text(string literal) =>
        literal is ['\'', .. var text, '\''] && text.Length > 0 && !text.AsSpan().ContainsAny('\'', '\\')
            ? text
            : throw Refused(literal);

    private static FlagValue Number(string literal) =>
        int.TryParse(literal, NumberStyles.None, CultureInfo.InvariantCulture, out _)
            ? new FlagValue(literal)
            : throw Refused(literal);

    private static FormatException Refused(string text) => new($"'{text}' is not understood");
}
