using Halyard.Cli.Importing.Logic;
using Halyard.Evaluation.Definitions;

namespace Halyard.Cli.Importing.Unleash;

/// <summary>Reads dependencies between features as prerequisites.</summary>
internal sealed class DependencyReader(IReadOnlyList<UnleashFeature> features)
{
    /// <summary>The prerequisites of a feature in one environment.</summary>
    public Sequence<Prerequisite> Read(string environment, IReadOnlyList<SourceNode> written, ICollection<Gap> gaps)
    {
        var prerequisites = new List<Prerequisite>();
        foreach (var dependency in written)
        {
            var (prerequisite, gap) = ReadOne(environment, dependency);
            if (prerequisite is not null)
                prerequisites.Add(prerequisite);
            if (gap is not null)
                gaps.Add(new Gap(dependency.Pointer, gap));
        }
        return prerequisites.ToSequence();
    }

    private (Prerequisite? Prerequisite, string? Gap) ReadOne(string environment, SourceNode dependency)
    {
        var name = dependency.RequiredText("feature");
        var parent = features.FirstOrDefault(feature => feature.Name == name);
        if (parent is null || !parent.Environments.TryGetValue(environment, out var state))
            return (null, $"a dependency on '{name}', which is not in the file");
        if (state.Dependencies.Count > 0)
            return (null, $"a dependency on '{name}', which has dependencies itself: Unleash never takes it for met");
        var variants = UnleashFlagReader.VariantsOf(parent);
        var names = dependency.Texts("variants");
        if (dependency.Flag("enabled", otherwise: true))
        {
            return variants.Enabled(names) is { Count: > 0 } enabled
                ? (new Prerequisite(name, enabled), null)
                : (null, $"a dependency on variants that '{name}' does not have");
        }
        if (names.Count > 0)
            return (null, $"a dependency on '{name}' being off with a variant, on which Unleash's SDKs differ");
        // A prerequisite that is disabled never holds here, not even one that has to be off.
        return state.Enabled
            ? (new Prerequisite(name, [variants.Off]), null)
            : (null, $"a dependency on '{name}' being off, which is disabled");
    }
}
