using Halyard.Evaluation.Definitions;

namespace Halyard.Cli.Importing;

/// <summary>What a reader found in another product's file: all that has an exact equivalent, and a note for all that has none.</summary>
/// <param name="Environments">The names of the source's environments, in its order; a format without environments has <see cref="OnlyEnvironment"/>.</param>
/// <param name="Segments">Segments that evaluate exactly as in the source.</param>
/// <param name="Flags">Flags in the source's order; a flag that cannot be created at all is missing here and has a note.</param>
/// <param name="Notes">Everything that has no exact equivalent.</param>
internal sealed record ImportedProject(
    IReadOnlyList<string> Environments,
    IReadOnlyList<ImportedSegment> Segments,
    IReadOnlyList<ImportedFlag> Flags,
    IReadOnlyList<ImportNote> Notes
)
{
    /// <summary>The name of the one environment of a format that knows none.</summary>
    public const string OnlyEnvironment = "default";
}

/// <summary>A segment of the source.</summary>
/// <param name="Definition">The segment.</param>
/// <param name="Name">Words for people; empty means the key.</param>
/// <param name="Description">Words for people; may be empty.</param>
internal sealed record ImportedSegment(SegmentDefinition Definition, string Name = "", string Description = "");

/// <summary>A flag of the source.</summary>
/// <param name="Definition">The flag, the same in all environments.</param>
/// <param name="On">The variant that a later environment starts from when it is enabled.</param>
/// <param name="Off">The variant that an environment serves which the source does not configure.</param>
/// <param name="Environments">How each of the source's environments serves it, by the name in <see cref="ImportedProject.Environments"/>.</param>
internal sealed record ImportedFlag(
    FlagDefinition Definition,
    string On,
    string Off,
    IReadOnlyDictionary<string, ImportedConfiguration> Environments
)
{
    /// <summary>Words for people; empty means the key.</summary>
    public string Name { get; init; } = "";

    /// <summary>Words for people.</summary>
    public string Description { get; init; } = "";

    /// <summary>The wire name of the kind: release, experiment, operational, kill-switch or permission.</summary>
    public string Kind { get; init; } = "release";

    /// <summary>Who answers for it, at most 256 characters; empty where the source does not say.</summary>
    public string Owner { get; init; } = "";

    /// <summary>Labels.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];
}

/// <summary>How one environment of the source serves a flag.</summary>
/// <param name="Exact">
/// A configuration that evaluates exactly as the source does for every context; <see langword="null"/> where there is none,
/// and then a note says why.
/// </param>
/// <param name="LeftOff">The variant served, with the flag disabled, where <paramref name="Exact"/> cannot be imported.</param>
internal sealed record ImportedConfiguration(FlagEnvironment? Exact, string LeftOff);
