using Mono.Cecil;

namespace Halyard.Architecture.Tests.Walking;

/// <summary>Compiled assemblies beside the test binaries, read from their files and never loaded.</summary>
internal static class Assemblies
{
    private static readonly FileResolver Resolver = new();

    /// <summary>Every project under <c>src</c>.</summary>
    public static IReadOnlyList<ModuleDefinition> Product { get; } =
    [.. ProjectFile.Product.Select(project => Read(project.AssemblyName))];

    /// <summary>The assembly in which every type breaks a rule on purpose.</summary>
    public static IReadOnlyList<ModuleDefinition> Fixtures { get; } = [Read("Halyard.Architecture.Fixtures")];

    /// <summary>What every product type uses.</summary>
    public static IReadOnlyList<CodeType> ProductTypes { get; } = CodeType.AllOf(Product);

    /// <summary>What every fixture uses.</summary>
    public static IReadOnlyList<CodeType> FixtureTypes { get; } = CodeType.AllOf(Fixtures);

    private static ModuleDefinition Read(string name)
    {
        var path = Path.Combine(AppContext.BaseDirectory, name + ".dll");
        if (!File.Exists(path))
            throw new FileNotFoundException(
                $"{name} is not beside the tests: this project must reference every project it judges."
            );
        return ModuleDefinition.ReadModule(path, new ReaderParameters { AssemblyResolver = Resolver });
    }

    // Attribute arguments that are enumerations can be read only with the enumeration at hand, which may be the framework's.
    private sealed class FileResolver : BaseAssemblyResolver
    {
        private readonly Dictionary<string, string> _paths = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!)
            .Split(Path.PathSeparator)
            .DistinctBy(Path.GetFileNameWithoutExtension)
            .ToDictionary(path => Path.GetFileNameWithoutExtension(path), StringComparer.Ordinal);

        private readonly Dictionary<string, AssemblyDefinition> _read = new(StringComparer.Ordinal);

        public override AssemblyDefinition Resolve(AssemblyNameReference name)
        {
            if (_read.TryGetValue(name.Name, out var known))
                return known;
            var parameters = new ReaderParameters { AssemblyResolver = this };
            return _read[name.Name] = AssemblyDefinition.ReadAssembly(_paths[name.Name], parameters);
        }
    }
}
