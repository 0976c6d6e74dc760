using Halyard.Core.Flags;
using Halyard.Evaluation.Definitions;

namespace Halyard.Core.Policies.Conditions;

/// <summary>Reads facts of a change. What is not known counts as what policies guard most.</summary>
internal static class FactReader
{
    /// <summary>A text; <see langword="null"/> where there is none, which no condition on it matches.</summary>
    public static string? Text(PolicyField field, ChangePart part) =>
        field switch
        {
            PolicyField.EnvironmentKey => part.Environment?.Key,
            PolicyField.EnvironmentId => part.Environment?.Id,
            PolicyField.EnvironmentType => WireNames.Of(part.Environment?.Type ?? EnvironmentType.Production),
            PolicyField.EnvironmentRiskLevel => WireNames.Of(part.Environment?.RiskLevel ?? RiskLevel.Critical),
            PolicyField.ResourceKind => part.Kind.Name(),
            PolicyField.Direction => WireNames.Of(part.Direction),
            _ => throw new ArgumentOutOfRangeException(nameof(field), field, "is no text"),
        };

    /// <summary>A number.</summary>
    public static double Number(PolicyField field, ChangePart part) =>
        field switch
        {
            PolicyField.EnvironmentEstimatedUsers => part.Environment?.EstimatedUsers ?? double.PositiveInfinity,
            PolicyField.AudienceDelta => part.AudienceDelta is { } delta && !double.IsNaN(delta) ? delta : 100,
            _ => throw new ArgumentOutOfRangeException(nameof(field), field, "is no number"),
        };

    /// <summary>Several texts.</summary>
    public static Sequence<string> Texts(PolicyField field, ChangeFacts change, ChangePart part) =>
        field switch
        {
            PolicyField.FlagTags => part.Tags,
            PolicyField.Operations => part.Operations,
            PolicyField.ActorGroups => change.ActorGroups,
            _ => throw new ArgumentOutOfRangeException(nameof(field), field, "is no list"),
        };
}
