using System.Globalization;
using Halyard.Evaluation.Definitions;

namespace Halyard.Cli.Importing.Logic;

/// <summary>Comparisons that more than one product makes.</summary>
internal static class Comparisons
{
    /// <summary>The attribute is one of the texts, however many they are; never where there are none.</summary>
    public static Formula IsOneOf(string attribute, IEnumerable<string> texts) =>
        Matches(attribute, ConditionOperator.Equals, texts.Select(FlagValue.Of));

    /// <summary>The comparison holds with one of the values, however many they are; never where there are none.</summary>
    public static Formula Matches(string attribute, ConditionOperator comparison, IEnumerable<FlagValue> values) =>
        Formula.Any(values.Distinct().Chunk(Limits.Values).Select(some => Formula.Test(attribute, comparison, some)));

    /// <summary>The attribute is a semantic version that stands so to another, and begins with a digit.</summary>
    /// <remarks>Halyard reads a leading <c>v</c>, which the products that this is for do not take for a version.</remarks>
    public static Formula Version(string attribute, ConditionOperator comparison, string version, bool mayBeShort) =>
        Formula.All(
            Formula.Test(attribute, comparison, [FlagValue.Of(version)]),
            Formula.Test(attribute, ConditionOperator.Matches, [FlagValue.Of(mayBeShort ? "^[0-9]" : @"^[0-9]+\.[0-9]+\.[0-9]")])
        );

    /// <summary>The attribute is absent, empty text or no text at all.</summary>
    public static Formula IsEmpty(string attribute) =>
        Formula.Test(attribute, ConditionOperator.Equals, [FlagValue.Of("")], whenMissing: true);

    /// <summary>A number as definitions keep it; <see langword="null"/> where the text is no finite number.</summary>
    public static FlagValue? NumberOf(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number)
            ? new FlagValue(number.ToString("R", CultureInfo.InvariantCulture).Replace('E', 'e'))
            : null;

    /// <summary>Whether Halyard takes a text for a value of the comparison.</summary>
    public static bool Accepts(ConditionOperator comparison, string text) => Accepts(comparison, FlagValue.Of(text));

    /// <summary>Whether Halyard takes a value for one of the comparison.</summary>
    public static bool Accepts(ConditionOperator comparison, FlagValue value)
    {
        var rule = new SegmentRule("r", [new Condition("a", comparison, [value])]);
        return DefinitionRules.CheckSegment(new SegmentDefinition("s", [], [], [rule])).Count == 0;
    }
}
