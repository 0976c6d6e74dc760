namespace Halyard.Core.Policies.Checks;

/// <summary>Checks that have a meaning wherever they get their numbers from.</summary>
public static class BuiltInChecks
{
    /// <summary>The id of the check whose measure is time in force, not numbers.</summary>
    public const string StagingSoak = "staging-soak-24h";

    /// <summary>How long <see cref="StagingSoak"/> wants a configuration to have been in force in staging.</summary>
    public static readonly TimeSpan StagingSoakTime = TimeSpan.FromHours(24);

    /// <summary>What the measured ones want, by id. A test run of no tests proves nothing.</summary>
    public static IReadOnlyDictionary<string, IReadOnlyList<Threshold>> Thresholds { get; } =
        new Dictionary<string, IReadOnlyList<Threshold>>(StringComparer.Ordinal)
        {
            ["integration-tests-pass"] = [new("total", Bound.AtLeast, 1, ""), new("failed", Bound.AtMost, 0, "")],
            ["load-tests-pass"] =
            [
                new("requests", Bound.AtLeast, 1, ""),
                new("p99Milliseconds", Bound.Below, 500, " ms"),
                new("errorRate", Bound.Below, 0.01, ""),
            ],
            ["security-scan-pass"] = [new("critical", Bound.AtMost, 0, ""), new("high", Bound.AtMost, 0, "")],
        };

    /// <summary>Judges the answer of a check by its thresholds. A check that nobody declared is inconclusive, never a pass.</summary>
    public static CheckOutcome Judge(string check, ReadOnlyMemory<byte> answer)
    {
        if (!Thresholds.TryGetValue(check, out var thresholds))
            return CheckOutcome.Unknown($"there is no check '{check}'");
        var readings = MetricDocument.Read(answer, thresholds.Select(threshold => threshold.Field));
        return CheckOutcome.All([.. thresholds.Select(threshold => threshold.Judge(readings[threshold.Field]))]);
    }
}
