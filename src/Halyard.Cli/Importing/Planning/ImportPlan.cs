using Halyard.Evaluation.Definitions;

namespace Halyard.Cli.Importing.Planning;

/// <summary>What an import would create, and all that it would not.</summary>
/// <param name="Segments">Segments to create; each after those it refers to.</param>
/// <param name="Flags">Flags to create; each after its prerequisites.</param>
/// <param name="Notes">The reader's notes, and those that follow from them.</param>
/// <param name="LeftOut">How many flags, segments and parts of the file are not imported, and configurations left off.</param>
internal sealed record ImportPlan(
    IReadOnlyList<ImportedSegment> Segments,
    IReadOnlyList<PlannedFlag> Flags,
    IReadOnlyList<ImportNote> Notes,
    int LeftOut
);

/// <summary>A flag to create.</summary>
/// <param name="Source">What it is made from.</param>
/// <param name="Configurations">How each of Halyard's environments will serve it.</param>
internal sealed record PlannedFlag(ImportedFlag Source, IReadOnlyList<PlannedConfiguration> Configurations)
{
    /// <summary>The flag's key.</summary>
    public string Key => Source.Definition.Key;
}

/// <summary>How one environment will serve a flag.</summary>
/// <param name="Environment">The key of Halyard's environment.</param>
/// <param name="Configuration">The configuration; disabled where <paramref name="IsLeftOff"/>.</param>
/// <param name="IsLeftOff">The source's configuration has no exact equivalent.</param>
internal sealed record PlannedConfiguration(string Environment, FlagEnvironment Configuration, bool IsLeftOff);

/// <summary>Which of Halyard's environments takes an environment of the source.</summary>
/// <param name="Source">Its name in the source.</param>
/// <param name="Key">The key of Halyard's environment.</param>
internal sealed record EnvironmentMapping(string Source, string Key);
