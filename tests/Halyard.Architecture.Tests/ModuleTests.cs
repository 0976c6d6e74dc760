using Halyard.Architecture.Tests.Walking;

namespace Halyard.Architecture.Tests;

/// <summary>Which module of a project may use which.</summary>
public sealed class ModuleTests
{
    private const string Core = "Halyard.Core";

    /// <summary>Core's modules in order: each uses itself and those before it. The first is what lies in no folder (errors, results).</summary>
    private static readonly string[] CoreOrder =
    [
        Core,
        "Halyard.Core.Flags",
        "Halyard.Core.Access",
        "Halyard.Core.Policies",
        "Halyard.Core.Approvals",
        "Halyard.Core.Audit",
        "Halyard.Core.Storage",
        "Halyard.Core.Reading",
        "Halyard.Core.Changes",
    ];

    public static TheoryData<string> CoreModules => [.. CoreOrder];

    [Theory]
    [MemberData(nameof(CoreModules))]
    public void CoreModule_UsesOnlyItselfAndThoseBeforeIt(string module)
    {
        var allowed = CoreOrder[..(Array.IndexOf(CoreOrder, module) + 1)];
        var rule = new Rule(
            module,
            type => ModuleOf(type.Namespace) == module,
            use => Names.IsIn(use.Namespace, Core) && !allowed.Contains(ModuleOf(use.Namespace), StringComparer.Ordinal)
        );

        rule.Violations(Assemblies.ProductTypes).ShouldBeEmpty();
    }

    [Fact]
    public void CoreOrder_NamesEveryModule()
    {
        var modules = Assemblies
            .ProductTypes.Where(type => type.Assembly == Core && type.IsIn(Core))
            .Select(type => ModuleOf(type.Namespace))
            .Distinct(StringComparer.Ordinal);

        modules.ShouldBe(CoreOrder, ignoreOrder: true);
    }

    [Fact]
    public void Core_NeverUsesTheWireContracts_NorAnyHost()
    {
        string[] strangers = ["Halyard.Contracts", "Halyard.Server", "Halyard.Storage", "Microsoft"];
        var rule = new Rule("core", type => type.Assembly == Core, use => strangers.Any(use.IsOf) && !IsCompilerOwn(use));

        rule.Violations(Assemblies.ProductTypes).ShouldBeEmpty();
    }

    // Attributes that the compiler embeds where it needs them.
    private static bool IsCompilerOwn(Use use) => use.IsOf("Microsoft.CodeAnalysis");

    private static string ModuleOf(string name)
    {
        var parts = name.Split('.');
        return string.Join('.', parts.Take(3));
    }
}
