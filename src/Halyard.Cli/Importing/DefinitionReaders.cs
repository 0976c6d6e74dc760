using Halyard.Cli.Importing.Flagd;
using Halyard.Cli.Importing.GoFeatureFlag;

namespace Halyard.Cli.Importing;

/// <summary>The readers that <c>halyard import --from</c> knows.</summary>
internal static class DefinitionReaders
{
    /// <summary>All of them, in the order of the documentation.</summary>
    public static IReadOnlyList<IDefinitionReader> All { get; } = [new FlagdReader(), new GoFeatureFlagReader()];
}
