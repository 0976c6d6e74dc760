using System.Globalization;
using System.Numerics;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Halyard.Evaluation.Definitions;

namespace Halyard.Cli.Exporting.Flagd;

/// <summary>
/// Writes comparisons of versions as flagd's <c>sem_ver</c>. Its <c>~</c> and <c>^</c> know no lowest version and no major 0, so
/// that Halyard's are written with the lowest version beside them.
/// </summary>
internal static partial class VersionWriter
{
    /// <summary>The comparison with one version.</summary>
    public static JsonNode Write(ConditionOperator comparison, JsonObject variable, FlagValue bound, List<string> gaps)
    {
        var text = JsonNode.Parse(bound.Json)!.GetValue<string>();
        if (Parts().Match(text) is not { Success: true } parts)
        {
            gaps.Add($"the version '{text}'");
            return false;
        }
        var (major, minor, patch) = (Number(parts, "major"), Number(parts, "minor"), Number(parts, "patch"));
        // flagd's schema wants all three numbers and no v.
        var full = $"{major}.{minor}.{patch}{parts.Groups["rest"].Value}";
        return comparison switch
        {
            ConditionOperator.SemverEquals => Test("=", full),
            ConditionOperator.SemverLessThan => Test("<", full),
            ConditionOperator.SemverLessThanOrEqual => Test("<=", full),
            ConditionOperator.SemverGreaterThan => Test(">", full),
            ConditionOperator.SemverGreaterThanOrEqual => Test(">=", full),
            ConditionOperator.SemverTilde => From(Test("~", full)),
            _ when major != "0" => From(Test("^", full)),
            _ when minor != "0" => From(Test("~", full)),
            _ => From(Test("<", $"0.0.{BigInteger.Parse(patch, CultureInfo.InvariantCulture) + 1}-0")),
        };

        JsonNode From(JsonNode same) => new JsonObject { ["and"] = new JsonArray(Test(">=", full), same) };

        JsonNode Test(string name, string version) =>
            new JsonObject { ["sem_ver"] = new JsonArray(variable.DeepClone(), name, version) };
    }

    private static string Number(Match parts, string name) => parts.Groups[name] is { Success: true } found ? found.Value : "0";

    [GeneratedRegex(
        @"\A[vV]?(?<major>[0-9]+)(\.(?<minor>[0-9]+)(\.(?<patch>[0-9]+)(?<rest>[-+].*)?)?)?\z",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1_000
    )]
    private static partial Regex Parts();
}
