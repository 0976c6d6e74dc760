using Halyard.Cli.Importing.FeatBit;
using Halyard.Cli.Importing.Flagd;
using Halyard.Cli.Importing.GoFeatureFlag;
using Halyard.Cli.Importing.LaunchDarkly;
using Halyard.Cli.Importing.Unleash;

namespace Halyard.Cli.Importing;

/// <summary>The readers that <c>halyard import --from</c> knows.</summary>
internal static class DefinitionReaders
{
    /// <summary>All of them, in the order of the documentation.</summary>
    public static IReadOnlyList<IDefinitionReader> All { get; } =
    [new FlagdReader(), new GoFeatureFlagReader(), new UnleashReader(), new LaunchDarklyReader(), new FeatBitReader()];
}
