using Halyard.Evaluation.Definitions;

namespace Halyard.Core.Policies.Checks;

/// <summary>What must hold of a check's settings, by source.</summary>
internal static class CheckRules
{
    private static readonly string[] Placeholders = ["$project", "$flag", "$environment", "$request", "$content", "$revision"];

    /// <summary>Reports all that is wrong.</summary>
    public static void Check(CheckSettings settings, JsonCursor json)
    {
        var isAsked = settings.Source is CheckSource.Http or CheckSource.JsonMetric or CheckSource.Prometheus;
        if (isAsked)
            CheckAddress(settings, json["target"]);
        else if (settings.Target.Length > 0)
            json["target"].Problem($"is nothing that source {WireNames.Of(settings.Source)} asks");
        if (settings is { Source: CheckSource.Push, Secret: null })
            json["secret"].Problem("is required: reports are signed with it");
        if (settings is { Source: CheckSource.Soak, Secret: not null })
            json["secret"].Problem("is nothing that source soak uses");
        CheckMeasures(settings, json);
        if (settings.Source != CheckSource.Soak && (json["soakMinutes"].Exists || json["environmentType"].Exists))
            json["soakMinutes"].Problem("and environmentType are for source soak alone");
        if (settings.Source == CheckSource.Soak && settings.SoakFor <= TimeSpan.Zero)
            json["soakMinutes"].Problem("must be at least 1");
    }

    private static void CheckMeasures(CheckSettings settings, JsonCursor json)
    {
        var isMeasured = settings.Source is CheckSource.JsonMetric or CheckSource.Prometheus;
        if (isMeasured && settings.Measures.Count == 0)
            json["measures"].Problem("is required: it says where each number is found");
        if (!isMeasured && settings.Measures.Count > 0)
            json["measures"].Problem("is for sources json-metric and prometheus alone");
        if (settings.Source == CheckSource.Soak && settings.Thresholds.Count > 0)
            json["thresholds"].Problem("are nothing that source soak uses");
        if (!isMeasured)
            return;
        foreach (var threshold in settings.Thresholds.Where(item => settings.Measures.All(known => known.Name != item.Field)))
            json["thresholds"].Problem($"name '{threshold.Field}', which is not measured");
    }

    private static void CheckAddress(CheckSettings settings, JsonCursor json)
    {
        if (settings.Target.Length == 0)
        {
            json.Problem("is required");
            return;
        }
        if (
            !Uri.TryCreate(settings.Target, UriKind.Absolute, out var address)
            || address.Scheme is not ("http" or "https")
            || address.UserInfo.Length > 0
            || address.Fragment.Length > 0
        )
        {
            json.Problem("must be an absolute http or https address without a user and without a fragment");
            return;
        }
        if (settings.Source == CheckSource.Prometheus && address.Query.Length > 0)
            json.Problem("must have no query: what is asked stands in measures");
        // A value in a path could climb out of it.
        var beforeQuery = settings.Target.Split('?')[0];
        if (Placeholders.Any(name => beforeQuery.Contains(name, StringComparison.Ordinal)))
            json.Problem("may have names such as $flag in its query alone");
    }
}
