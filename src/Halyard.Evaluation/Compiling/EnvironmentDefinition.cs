using Halyard.Evaluation.Definitions;

namespace Halyard.Evaluation;

/// <summary>Everything that one environment evaluates.</summary>
/// <param name="Project">The project's key.</param>
/// <param name="Environment">The environment's key.</param>
/// <param name="LedgerIndex">The ledger entry that this state includes up to.</param>
/// <param name="Flags">The project's flags with their configuration in the environment.</param>
/// <param name="Segments">The project's segments.</param>
public sealed record EnvironmentDefinition(
    string Project,
    string Environment,
    long LedgerIndex,
    IReadOnlyList<FlagInEnvironment> Flags,
    IReadOnlyList<SegmentDefinition> Segments
);

/// <summary>One flag as one environment serves it.</summary>
/// <param name="Flag">The flag.</param>
/// <param name="Configuration">Its configuration in the environment.</param>
/// <param name="Revision">The revision that results report.</param>
public sealed record FlagInEnvironment(FlagDefinition Flag, FlagEnvironment Configuration, long Revision);

/// <summary>Something that does not compile.</summary>
/// <param name="Key">The flag's key, or the segment's.</param>
/// <param name="Pointer">Where, as an RFC 6901 pointer into the flag (<c>/key</c>, <c>/variants/…</c>), its configuration or the segment.</param>
/// <param name="Message">What, in words for people.</param>
/// <param name="IsSegment">True where <paramref name="Key"/> names a segment.</param>
public sealed record Diagnostic(string Key, string Pointer, string Message, bool IsSegment = false);

/// <summary>What compiling gives: a snapshot in any case, and everything that is wrong.</summary>
/// <param name="Snapshot">All flags; those with a diagnostic serve their off variant with <c>PARSE_ERROR</c>.</param>
/// <param name="Diagnostics">All problems; empty where everything compiled.</param>
public sealed record CompileResult(CompiledSnapshot Snapshot, IReadOnlyList<Diagnostic> Diagnostics);
