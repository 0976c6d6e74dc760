namespace Halyard.Evaluation.Definitions;

/// <summary>How large a definition may be. Readers and <see cref="DefinitionRules"/> report what exceeds these.</summary>
public static class Limits
{
    /// <summary>Variants of one flag.</summary>
    public const int Variants = 100;

    /// <summary>Rules in one environment's configuration of a flag, or in one segment.</summary>
    public const int Rules = 200;

    /// <summary>Conditions of one rule.</summary>
    public const int Conditions = 50;

    /// <summary>Values of one condition.</summary>
    public const int Values = 1_000;

    /// <summary>Overrides in one environment's configuration of a flag.</summary>
    public const int Overrides = 1_000;

    /// <summary>Prerequisites in one environment's configuration of a flag.</summary>
    public const int Prerequisites = 50;

    /// <summary>Targeting keys that a segment includes, and as many that it excludes.</summary>
    public const int SegmentMembers = 10_000;

    /// <summary>UTF-16 code units of any string that has no narrower limit.</summary>
    public const int Text = 4_096;

    /// <summary>UTF-16 code units of an identifier: the key of a flag, variant, segment or experiment, the id of a rule or override.</summary>
    public const int Identifier = 128;

    /// <summary>UTF-16 code units of a regular expression.</summary>
    public const int Regex = 512;

    /// <summary>UTF-8 bytes of a value's JSON text.</summary>
    public const int ValueBytes = 64 * 1024;

    /// <summary>How deep a value may be nested: what holds it (document, patch, entry) must still fit 64 levels.</summary>
    public const int ValueDepth = 32;

    /// <summary>The largest total of a rollout's weights, 2³¹−1.</summary>
    public const int TotalWeight = int.MaxValue;

    /// <summary>The scale of an experiment's traffic share and of a gate's: thousandths of a percent.</summary>
    public const int Traffic = 100_000;

    /// <summary>How deep prerequisites, or segments inside segments, may be chained.</summary>
    public const int Depth = 64;
}
