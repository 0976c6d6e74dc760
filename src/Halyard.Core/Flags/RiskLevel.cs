namespace Halyard.Core.Flags;

/// <summary>How much harm a wrong change can do in an environment, the strictest last. An environment without one counts as critical.</summary>
public enum RiskLevel
{
    Low,
    Medium,
    High,
    Critical,
}
