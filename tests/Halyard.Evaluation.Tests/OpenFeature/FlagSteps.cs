using System.Globalization;

namespace Halyard.Evaluation.Tests.OpenFeature;

/// <summary>The steps that an evaluation engine can take: those of flags and contexts, none of providers, clients and hooks.</summary>
internal static class FlagSteps
{
    private static readonly Step[] s_steps =
    [
        // Of evaluation_v2.feature.
        new("a stable provider", (_, _) => null),
        new("a {type}-flag with key {string} and a fallback value {string}", Do((flag, p) => flag.Ask(p[0], p[1], p[2]))),
        new(
            "a context containing a key {string}, with type {string} and with value {string}",
            Do((flag, p) => flag.Attribute(p[0], p[1], p[2]))
        ),
        new("a context containing a key {string} with null value", Do((flag, p) => flag.NullAttribute(p[0]))),
        new("the flag was evaluated with details", Do((flag, _) => flag.Evaluate())),
        new("the resolved details value should be {string}", (flag, p) => flag.CheckValue(p[0])),
        new("the flag key should be {string}", (flag, p) => flag.CheckFlagKey(p[0])),
        new("the variant should be {string}", (flag, p) => flag.CheckVariant(p[0])),
        new("the reason should be {string}", (flag, p) => flag.CheckReason(p[0])),
        new("the error-code should be {string}", (flag, p) => flag.CheckErrorCode(p[0])),
        // Of evaluation.feature.
        new("a {type} flag with key {string} is evaluated with default value {value}", Do(AskAndEvaluate)),
        new("an {type} flag with key {string} is evaluated with default value {value}", Do(AskAndEvaluate)),
        new("a {type} flag with key {string} is evaluated with details and default value {value}", Do(AskAndEvaluate)),
        new("an {type} flag with key {string} is evaluated with details and default value {value}", Do(AskAndEvaluate)),
        new("an {type} flag with key {string} is evaluated with a null default value", Do(AskAndEvaluate)),
        new("an {type} flag with key {string} is evaluated with details and a null default value", Do(AskAndEvaluate)),
        new(
            "a non-existent {type} flag with key {string} is evaluated with details and a fallback value {value}",
            Do(AskAndEvaluate)
        ),
        new(
            "a string flag with key {string} is evaluated as an {type}, with details and a fallback value {value}",
            Do((flag, p) => AskAndEvaluate(flag, [p[1], p[0], p[2]]))
        ),
        new("the resolved {type} value should be {value}", (flag, p) => flag.CheckValue(p[1])),
        new(
            "the resolved {type} details value should be {value}, the variant should be {string}, and the reason should be {string}",
            (flag, p) => flag.CheckValue(p[1]) ?? flag.CheckVariant(p[2]) ?? flag.CheckReason(p[3])
        ),
        new(
            "the resolved object value should be contain fields {string}, {string}, and {string}, "
                + "with values {string}, {string} and {number}, respectively",
            CheckTemplate
        ),
        new(
            "the resolved object details value should be contain fields {string}, {string}, and {string}, "
                + "with values {string}, {string} and {number}, respectively",
            CheckTemplate
        ),
        new(
            "the variant should be {string}, and the reason should be {string}",
            (flag, p) => flag.CheckVariant(p[0]) ?? flag.CheckReason(p[1])
        ),
        new("the default {type} value should be returned", (flag, _) => flag.CheckFallback()),
        new("the reason should indicate an error and the error code should indicate a missing flag with {string}", CheckError),
        new("the reason should indicate an error and the error code should indicate a type mismatch with {string}", CheckError),
    ];

    /// <summary>Takes a case's steps up to the first problem.</summary>
    /// <returns>What is wrong, such as a step that there is no definition of; null where all is as the case says.</returns>
    public static string? Run(CompiledSnapshot snapshot, GherkinCase gherkin)
    {
        var scenario = new FlagScenario(snapshot);
        return gherkin.Steps.Select(step => Take(scenario, step)).FirstOrDefault(problem => problem is not null);
    }

    private static string? Take(FlagScenario scenario, GherkinStep step)
    {
        var fitting = s_steps
            .Select(definition => (definition.Act, Parameters: definition.Pattern.Match(step.Text)))
            .Where(definition => definition.Parameters is not null)
            .ToList();
        return fitting switch
        {
            [] => $"there is no step '{step.Text}'",
            [var (act, parameters)] => act(scenario, parameters!),
            _ => throw new InvalidOperationException($"'{step.Text}' is more than one step"),
        };
    }

    private static Func<FlagScenario, string[], string?> Do(Action<FlagScenario, string[]> act) =>
        (flag, parameters) =>
        {
            act(flag, parameters);
            return null;
        };

    private static void AskAndEvaluate(FlagScenario flag, string[] parameters)
    {
        flag.Ask(parameters[0], parameters[1], parameters is [_, _, var fallback] ? fallback : "null");
        flag.Evaluate();
    }

    private static string? CheckTemplate(FlagScenario flag, string[] p) =>
        flag.CheckMembers((p[0], bool.Parse(p[3])), (p[1], p[4]), (p[2], int.Parse(p[5], CultureInfo.InvariantCulture)));

    private static string? CheckError(FlagScenario flag, string[] parameters) =>
        flag.CheckReason("ERROR") ?? flag.CheckErrorCode(parameters[0]);

    private sealed record Step(StepPattern Pattern, Func<FlagScenario, string[], string?> Act)
    {
        public Step(string expression, Func<FlagScenario, string[], string?> act)
            : this(new StepPattern(expression), act) { }
    }
}
