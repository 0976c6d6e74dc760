using System.Text.Json;
using Halyard.Core.Policies.Checks;
using Halyard.Evaluation.Definitions;

namespace Halyard.Server.Gates;

/// <summary>Reads <c>result</c> or <c>measures</c>: what somebody outside says that a check came to.</summary>
internal static class ReportReader
{
    /// <summary>
    /// Judges numbers by the check's thresholds where it has any, and then takes nobody's word; else takes the result as it is said. What
    /// is wrong with the form is among the cursor's problems.
    /// </summary>
    public static (CheckOutcome Outcome, IReadOnlyList<CheckNumber> Measures) Judge(
        JsonCursor json,
        CheckDefinition check,
        List<DefinitionProblem> problems
    )
    {
        var readings = Readings(json["measures"], problems);
        if (check.Thresholds.Count > 0)
        {
            if (json["result"].Exists)
                json["result"].Problem($"of '{check.Key}' is judged here: send measures");
            return (check.Judge(readings), CheckPull.Numbers(readings));
        }
        var result = json.RequiredEnum<CheckResult>("result");
        var outcome = result switch
        {
            CheckResult.Pass => CheckOutcome.Passed,
            CheckResult.Fail => CheckOutcome.Failed("it was reported as failed"),
            _ => CheckOutcome.Unknown("it was reported as inconclusive"),
        };
        return (outcome, CheckPull.Numbers(readings));
    }

    private static Dictionary<string, Measured> Readings(JsonCursor json, List<DefinitionProblem> problems)
    {
        var readings = new Dictionary<string, Measured>(StringComparer.Ordinal);
        if (!json.Exists)
            return readings;
        if (json.Element.ValueKind != JsonValueKind.Object)
        {
            problems.Add(new DefinitionProblem(json.Pointer, "must be an object of numbers"));
            return readings;
        }
        var members = json.Members();
        if (members.Count > CheckJson.MaxMeasures)
            json.Problem($"must have at most {CheckJson.MaxMeasures} members");
        foreach (var (name, value) in members.Take(CheckJson.MaxMeasures))
        {
            if (!JsonCursor.IsKey(name))
                value.Problem("is named by what is no key");
            readings[name] =
                value.Element.ValueKind == JsonValueKind.Number && value.Element.TryGetDouble(out var number)
                    ? Measured.Of(number)
                    : Measured.Missing("it is not a number");
        }
        return readings;
    }
}
