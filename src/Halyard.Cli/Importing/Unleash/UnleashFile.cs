namespace Halyard.Cli.Importing.Unleash;

/// <summary>A file of Unleash as features in environments, whichever of the two forms it was written in.</summary>
/// <param name="Environments">The environments' names.</param>
/// <param name="Segments">The segments.</param>
/// <param name="Features">The features.</param>
internal sealed record UnleashFile(
    IReadOnlyList<string> Environments,
    IReadOnlyList<SourceNode> Segments,
    IReadOnlyList<UnleashFeature> Features
)
{
    /// <summary>
    /// Reads what <c>/api/client/features</c> answers, or what an export
    /// (<c>/api/admin/features-batch/export</c>) holds; the latter says <c>featureEnvironments</c>.
    /// </summary>
    public static UnleashFile Read(SourceNode root)
    {
        if (root["features"] is not { } features)
            throw new UnreadableSourceException("it has no features: Unleash's files have a member 'features'");
        return root["featureEnvironments"] is null
            ? new([ImportedProject.OnlyEnvironment], root.Items("segments"), [.. features.Items().Select(OfClient)])
            : OfExport(root, features.Items());
    }

    private static UnleashFeature OfClient(SourceNode feature) =>
        new(
            feature,
            new Dictionary<string, UnleashState>(StringComparer.Ordinal)
            {
                [ImportedProject.OnlyEnvironment] = new(
                    feature.Flag("enabled"),
                    feature.Items("strategies"),
                    feature.Items("variants"),
                    feature.Items("dependencies")
                ),
            },
            []
        );

    private static UnleashFile OfExport(SourceNode root, IReadOnlyList<SourceNode> features)
    {
        var states = root.Items("featureEnvironments");
        var strategies = root.Items("featureStrategies")
            .OrderBy(strategy => strategy.Whole("sortOrder") ?? 0)
            .ToLookup(strategy => (strategy.RequiredText("featureName"), strategy.Text("environment")));
        var dependencies = root.Items("dependencies").ToLookup(each => each.RequiredText("feature"));
        var tags = root.Items("featureTags")
            .ToLookup(tag => tag.RequiredText("featureName"), tag => tag.RequiredText("tagValue"));

        var all = new List<UnleashFeature>();
        foreach (var feature in features)
        {
            var name = feature.RequiredText("name");
            var environments = new Dictionary<string, UnleashState>(StringComparer.Ordinal);
            foreach (var state in states.Where(state => FeatureOf(state) == name))
            {
                var environment = state.RequiredText("environment");
                var own = strategies[(name, environment)].Concat(strategies[(name, null)]);
                var read = new UnleashState(
                    state.Flag("enabled"),
                    [.. own],
                    state.Items("variants"),
                    [.. dependencies[name].SelectMany(each => each.Items("dependencies"))]
                );
                if (!environments.TryAdd(environment, read))
                    throw new UnreadableSourceException($"at '{state.Pointer}' is a second state of '{name}' in '{environment}'");
            }
            all.Add(new UnleashFeature(feature, environments, [.. tags[name]]));
        }
        var names = states.Select(state => state.RequiredText("environment")).Distinct(StringComparer.Ordinal);
        return new UnleashFile([.. names], root.Items("segments"), all);
    }

    private static string FeatureOf(SourceNode state) => state.Text("featureName") ?? state.RequiredText("name");
}

/// <summary>A feature.</summary>
/// <param name="Node">Where its own members are.</param>
/// <param name="Environments">How each environment serves it.</param>
/// <param name="Tags">Labels.</param>
internal sealed record UnleashFeature(
    SourceNode Node,
    IReadOnlyDictionary<string, UnleashState> Environments,
    IReadOnlyList<string> Tags
)
{
    /// <summary>The feature's name, which is its key.</summary>
    public string Name { get; } = Node.RequiredText("name");
}

/// <summary>How one environment serves a feature.</summary>
internal sealed record UnleashState(
    bool Enabled,
    IReadOnlyList<SourceNode> Strategies,
    IReadOnlyList<SourceNode> Variants,
    IReadOnlyList<SourceNode> Dependencies
);
