using Halyard.Contracts;
using Halyard.Core.Changes.Gating;
using Halyard.Core.Policies.Checks;
using Halyard.Core.Reading;
using Halyard.Evaluation.Definitions;

namespace Halyard.Server.Gates;

/// <summary>Checks, findings and gates on the wire.</summary>
internal static class CheckAnswers
{
    /// <summary>The checks that ship, in key order.</summary>
    public static IReadOnlyList<string> Shipped { get; } =
    [.. BuiltInChecks.Thresholds.Keys.Append(BuiltInChecks.StagingSoak).Order(StringComparer.Ordinal)];

    public static EnvironmentCheckAnswer Of(ResourceView view)
    {
        var check = (CheckDefinition)view.Resource;
        var settings = check.Settings;
        var isSoak = settings.Source == CheckSource.Soak;
        return new EnvironmentCheckAnswer
        {
            Key = check.Key,
            Ships = Shipped.Contains(check.Key),
            Source = WireNames.Of(settings.Source),
            Name = settings.Title,
            Target = settings.Target.Length == 0 ? null : settings.Target,
            Secret = settings.Secret,
            Measures = settings.Measures.Count == 0 ? null : settings.Measures.ToDictionary(item => item.Name, item => item.From),
            Thresholds = [.. check.Thresholds.Select(Of)],
            ValidMinutes = (int)settings.ValidFor.TotalMinutes,
            EnvironmentType = isSoak ? WireNames.Of(settings.SoakIn) : null,
            SoakMinutes = isSoak ? (int)settings.SoakFor.TotalMinutes : null,
            Revision = view.Revision,
        };
    }

    /// <summary>One that ships and that nobody gave a source.</summary>
    public static EnvironmentCheckAnswer OfShipped(string key)
    {
        var isSoak = key == BuiltInChecks.StagingSoak;
        return new EnvironmentCheckAnswer
        {
            Key = key,
            Ships = true,
            Source = isSoak ? WireNames.Of(CheckSource.Soak) : null,
            Name = "",
            Thresholds = isSoak ? [] : [.. BuiltInChecks.Thresholds[key].Select(Of)],
            EnvironmentType = isSoak ? WireNames.Of(Core.Flags.EnvironmentType.Staging) : null,
            SoakMinutes = isSoak ? (int)BuiltInChecks.StagingSoakTime.TotalMinutes : null,
            Revision = 0,
        };
    }

    public static CheckFindingAnswer Of(CheckFinding finding) =>
        new(finding.Check, WireNames.Of(finding.Outcome.Result), finding.Outcome.Words, Of(finding.Evidence));

    public static PromotionGateBody Of(PromotionGate gate) =>
        new()
        {
            From = WireNames.Of(gate.From),
            To = WireNames.Of(gate.To),
            SoakMinutes = (int)gate.Soak.TotalMinutes,
            MaxErrorRate = gate.MaxErrorRate,
            MinSuccessRate = gate.MinSuccessRate,
            Approvals = gate.Approvals,
            Approvers = [.. gate.Approvers],
        };

    private static EvidenceAnswer? Of(Evidence? evidence) =>
        evidence is null
            ? null
            : new(
                evidence.Subject.Value.ToString(),
                evidence.Subject.Revision,
                evidence.Source,
                evidence.ObservedAt,
                evidence.ExpiresAt,
                WireNames.Of(evidence.Outcome.Result)
            );

    private static ThresholdBody Of(Threshold threshold) =>
        new()
        {
            Field = threshold.Field,
            Bound = WireNames.Of(threshold.Bound),
            Limit = threshold.Limit,
            Unit = threshold.Unit.Length == 0 ? null : threshold.Unit,
        };
}
