using System.Text.RegularExpressions;
using Halyard.Core.Policies.Conditions;
using Halyard.Evaluation.Definitions;

namespace Halyard.Core.Policies.Loading;

/// <summary>Reads a rule's condition: a field, an operator that fits it, and a value that fits both.</summary>
internal static class ConditionReader
{
    private const int MaxValues = 100;
    private const int MaxText = 256;

    /// <summary>The condition; <see langword="null"/> where something was reported.</summary>
    public static PolicyCondition? Read(YamlCursor place)
    {
        if (!place.IsMap("field", "operator", "value"))
            return null;
        var (operation, value) = (place.Required("operator"), place.Required("value"));
        if (place.Required("field").Choice([.. PolicyFields.ByName.Keys]) is not { } field)
            return null;
        var form = PolicyFields.ByName[field];
        return operation.Choice(OperatorsOf(form)) is { } name && Test(form, name, value) is { } test
            ? new PolicyCondition(form.Field, test, $"{field} {name} {Said(value)}")
            : null;
    }

    private static string[] OperatorsOf(FieldForm form) =>
        form switch
        {
            { Kind: FactKind.Number } => ["equals", "greaterThan", "lessThan"],
            { Kind: FactKind.Texts } => ["contains", "containsAny"],
            { IsOrdered: true } => ["equals", "in", "greaterThan", "lessThan"],
            { Values: not null } => ["equals", "in"],
            _ => ["equals", "in", "regex"],
        };

    private static ConditionTest? Test(FieldForm form, string name, YamlCursor value) =>
        (form.Kind, name) switch
        {
            (FactKind.Number, "equals") => Number(form, value) is { } number ? new ConditionTest.Exactly(number) : null,
            (FactKind.Number, "greaterThan") => Number(form, value) is { } number ? new ConditionTest.Above(number) : null,
            (FactKind.Number, _) => Number(form, value) is { } number ? new ConditionTest.Below(number) : null,
            (FactKind.Texts, "contains") => Text(form, value) is { } text ? new ConditionTest.ContainsAny([text]) : null,
            (FactKind.Texts, _) => Texts(form, value) is { } texts ? new ConditionTest.ContainsAny(texts) : null,
            (_, "equals") => Text(form, value) is { } text ? new ConditionTest.OneOf([text]) : null,
            (_, "in") => Texts(form, value) is { } texts ? new ConditionTest.OneOf(texts) : null,
            (_, "regex") => Pattern(value) is { } pattern ? new ConditionTest.Matches(pattern) : null,
            _ => Beyond(form, value, isAbove: name == "greaterThan"),
        };

    private static double? Number(FieldForm form, YamlCursor value) => value.Number(0, form.Highest);

    private static string? Text(FieldForm form, YamlCursor value)
    {
        if (form.Values is not null)
            return value.Choice(form.Values);
        if (value.Text(MaxText) is not { } text)
            return null;
        if (text.Length > 0)
            return text;
        value.Problem("must not be empty");
        return null;
    }

    private static Sequence<string>? Texts(FieldForm form, YamlCursor value)
    {
        var items = value.Items(MaxValues);
        if (value.Node is YamlNode.List && items.Count == 0)
            value.Problem("must name at least one value");
        var texts = items.Select(item => Text(form, item)).OfType<string>().ToSequence();
        return texts.Count > 0 && texts.Count == items.Count ? texts : null;
    }

    // What is greater, or less, among values that are all known is a list of them.
    private static ConditionTest.OneOf? Beyond(FieldForm form, YamlCursor value, bool isAbove)
    {
        if (Text(form, value) is not { } text)
            return null;
        var place = form.Values!.ToList().IndexOf(text);
        var beyond = isAbove ? form.Values!.Skip(place + 1) : form.Values!.Take(place);
        if (beyond.Any())
            return new ConditionTest.OneOf(beyond.ToSequence());
        value.Problem($"nothing is {(isAbove ? "greater" : "less")} than {text}: the rule would match nothing");
        return null;
    }

    private static Regex? Pattern(YamlCursor value)
    {
        const RegexOptions options = RegexOptions.NonBacktracking | RegexOptions.CultureInvariant;
        if (value.Text(MaxText) is not { } pattern)
            return null;
        if (pattern.Contains('{', StringComparison.Ordinal))
        {
            value.Problem(
                "counted repetition is not possible in a policy: it is multiplied out, and could take any amount of memory"
            );
            return null;
        }
        try
        {
            // By itself first: 'a)|(b' would break out of the anchors.
            _ = new Regex(pattern, options);
            return new Regex($@"\A(?:{pattern})\z", options);
        }
        catch (Exception problem) when (problem is ArgumentException or NotSupportedException)
        {
            value.Problem($"is no regular expression of linear time: {problem.Message}");
            return null;
        }
    }

    private static string Said(YamlCursor value) =>
        value.Node switch
        {
            YamlNode.Scalar scalar => $"'{Words.Short(scalar.Text)}'",
            YamlNode.List list => Words.Short(Words.List(list.Items.OfType<YamlNode.Scalar>().Select(item => $"'{item.Text}'"))),
            _ => "",
        };
}
