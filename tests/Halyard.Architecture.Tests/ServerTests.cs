using Halyard.Architecture.Tests.Walking;

namespace Halyard.Architecture.Tests;

/// <summary>What the server's capabilities may use of Halyard, beyond themselves.</summary>
public sealed class ServerTests
{
    private const string Hosting = "Halyard.Server.Hosting";

    /// <summary>Reading paths, kept narrow so that no request for a value can touch the store or the pipeline.</summary>
    private static readonly Dictionary<string, string[]> Allowed = new(StringComparer.Ordinal)
    {
        ["Halyard.Server.Ofrep"] =
        [
            "Halyard.Contracts",
            "Halyard.Evaluation",
            "Halyard.Server.Authentication",
            "Halyard.Server.Edges",
            "Halyard.Server.Requests",
            "Halyard.Server.Snapshots",
        ],
    };

    public static TheoryData<string> Capabilities => [.. Allowed.Keys];

    [Theory]
    [MemberData(nameof(Capabilities))]
    public void Capability_UsesOnlyWhatTheTableSays(string capability)
    {
        string[] allowed = [capability, .. Allowed[capability]];
        var rule = new Rule(capability, type => type.IsIn(capability), use => use.IsOf("Halyard") && !allowed.Any(use.IsOf));

        rule.Violations(Assemblies.ProductTypes).ShouldBeEmpty();
    }

    [Fact]
    public void StorageAdapters_AreTouchedByHostingAlone()
    {
        var rule = new Rule(
            "adapters",
            type => type.Assembly == "halyard-server" && !type.IsIn(Hosting),
            use => use.IsOf("Halyard.Storage") || use.IsOf("Halyard.Archive")
        );

        rule.Violations(Assemblies.ProductTypes).ShouldBeEmpty();
        Assemblies
            .ProductTypes.Any(type => type.IsIn(Hosting) && type.Uses.Any(rule.Forbids))
            .ShouldBeTrue("hosting is seen to choose the adapter");
    }
}
