using Halyard.Architecture.Tests.Walking;

namespace Halyard.Architecture.Tests;

/// <summary>
/// Deciding is pure; only the pipeline acts. Chance is handed in as <c>Halyard.Core.Entropy</c>, time as a value.
/// </summary>
public sealed class PurityTests
{
    private static readonly string[] PureNamespaces =
    [
        "Halyard.Contracts",
        "Halyard.Evaluation",
        "Halyard.Ledger",
        "Halyard.Rego",
        "Halyard.Core.Flags",
        "Halyard.Core.Policies",
        "Halyard.Core.Approvals",
        "Halyard.Core.Audit",
    ];

    // Policies name zones of the system's time-zone database; this one type looks them up, and asks for the offset at a time it is given.
    private const string ZoneLookup = "Halyard.Rego.Zone";

    public static TheoryData<string> Pure => [.. PureNamespaces];

    [Theory]
    [MemberData(nameof(Pure))]
    public void PureCode_UsesNoClockChanceStreamLogOrTask(string name)
    {
        var rule = new Rule(name, type => type.IsIn(name) && type.FullName != ZoneLookup, Impurity.Is);

        rule.Violations(Assemblies.ProductTypes).ShouldBeEmpty();
    }

    [Fact]
    public void PureAssembly_HasNoTypeOutsideItsNamespaceThatIsImpure()
    {
        string[] assemblies = ["Halyard.Evaluation", "Halyard.Ledger", "Halyard.Rego"];
        var rule = new Rule(
            "pure assemblies",
            type => assemblies.Contains(type.Assembly, StringComparer.Ordinal) && !PureNamespaces.Any(type.IsIn),
            Impurity.Is
        );

        rule.Violations(Assemblies.ProductTypes).ShouldBeEmpty();
    }
}
