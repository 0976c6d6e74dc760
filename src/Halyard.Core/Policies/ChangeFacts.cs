using Halyard.Core.Flags;
using Halyard.Evaluation.Definitions;

namespace Halyard.Core.Policies;

/// <summary>What approval policies are asked about: a change as the server sees it. Nothing here is the caller's word.</summary>
/// <param name="ActorGroups">The groups of whoever sends it.</param>
/// <param name="Parts">
/// One for each resource in each environment that it reaches, and one without environment for a resource that is in none.
/// </param>
public sealed record ChangeFacts(Sequence<string> ActorGroups, Sequence<ChangePart> Parts);

/// <summary>What a change does to one resource in one environment.</summary>
/// <param name="Environment">The environment; <see langword="null"/> counts as the strictest.</param>
/// <param name="Kind">What kind of resource.</param>
/// <param name="Resource">Its key.</param>
/// <param name="Tags">The tags it had before the change, or gets by its creation.</param>
/// <param name="Operations">The names of the operations on it, as in requests: <c>setEnabled</c>.</param>
/// <param name="Direction">Whether it is provably safer.</param>
/// <param name="AudienceDelta">
/// The share of the environment's users whose answer changes, in percentage points, 0…100; <see langword="null"/> where it is not
/// known, which counts as 100.
/// </param>
public sealed record ChangePart(
    PolicyEnvironment? Environment,
    ResourceKind Kind,
    string Resource,
    Sequence<string> Tags,
    Sequence<string> Operations,
    ChangeDirection Direction,
    double? AudienceDelta
);

/// <summary>An environment as policies see it.</summary>
/// <param name="Id">Its id, which no other environment ever has.</param>
/// <param name="Key">Its key.</param>
/// <param name="Type">What it is for: the stricter of what it was and what the change makes it.</param>
/// <param name="RiskLevel">Its risk; <see langword="null"/> counts as critical.</param>
/// <param name="EstimatedUsers">How many people use it; <see langword="null"/> counts as more than any number.</param>
public sealed record PolicyEnvironment(
    string Id,
    string Key,
    EnvironmentType Type,
    RiskLevel? RiskLevel = null,
    long? EstimatedUsers = null
);

/// <summary>
/// Whether a change is safer: each context afterwards gets what it got before, or the off variant. What cannot be proved is riskier.
/// Wire names: safer, riskier.
/// </summary>
public enum ChangeDirection
{
    Safer,
    Riskier,
}
