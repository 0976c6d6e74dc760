using Halyard.Core.Flags;
using Halyard.Evaluation.Definitions;

namespace Halyard.Core.Policies.Conditions;

/// <summary>The facts that conditions can look at; there are no others.</summary>
public enum PolicyField
{
    EnvironmentKey,
    EnvironmentId,
    EnvironmentType,
    EnvironmentRiskLevel,
    EnvironmentEstimatedUsers,
    FlagTags,
    ResourceKind,
    Operations,
    Direction,
    AudienceDelta,
    ActorGroups,
}

/// <summary>What kind of fact it is, which decides the operators.</summary>
internal enum FactKind
{
    Text,
    Number,
    Texts,
}

/// <summary>How a field is written.</summary>
/// <param name="Field">The field.</param>
/// <param name="Kind">What kind of fact.</param>
/// <param name="Values">All values there can be, the least first, where that is known; else <see langword="null"/>.</param>
/// <param name="Highest">The highest number there can be.</param>
/// <param name="IsOrdered">Whether one value can be greater than another.</param>
internal sealed record FieldForm(
    PolicyField Field,
    FactKind Kind,
    IReadOnlyList<string>? Values = null,
    double Highest = 0,
    bool IsOrdered = false
);

/// <summary>The names of fields in policies.</summary>
internal static class PolicyFields
{
    /// <summary>By name, aliases too.</summary>
    public static readonly SortedDictionary<string, FieldForm> ByName = new(StringComparer.Ordinal)
    {
        ["environment"] = new(PolicyField.EnvironmentKey, FactKind.Text),
        ["environment.key"] = new(PolicyField.EnvironmentKey, FactKind.Text),
        ["environment.id"] = new(PolicyField.EnvironmentId, FactKind.Text),
        ["environment.type"] = new(PolicyField.EnvironmentType, FactKind.Text, WireNames.All<EnvironmentType>()),
        ["environment.riskLevel"] = new(
            PolicyField.EnvironmentRiskLevel,
            FactKind.Text,
            WireNames.All<RiskLevel>(),
            IsOrdered: true
        ),
        ["environment.estimatedUsers"] = new(
            PolicyField.EnvironmentEstimatedUsers,
            FactKind.Number,
            Highest: ProjectEnvironment.MaxUsers
        ),
        ["flag.tags"] = new(PolicyField.FlagTags, FactKind.Texts),
        ["resource.kind"] = new(
            PolicyField.ResourceKind,
            FactKind.Text,
            [.. Enum.GetValues<ResourceKind>().Select(kind => kind.Name())]
        ),
        ["operations"] = new(PolicyField.Operations, FactKind.Texts, OperationJson.Names),
        ["direction"] = new(PolicyField.Direction, FactKind.Text, WireNames.All<ChangeDirection>()),
        ["audience.delta"] = new(PolicyField.AudienceDelta, FactKind.Number, Highest: 100),
        ["actor.groups"] = new(PolicyField.ActorGroups, FactKind.Texts),
    };
}
