namespace Halyard.Evaluation;

/// <summary>Finds segments by key, while conditions are compiled.</summary>
internal interface ISegmentSource
{
    /// <summary>The segment, which need not be complete yet; null where there is none.</summary>
    CompiledSegment? Find(string key);
}

/// <summary>Knows every segment: for checks that see one definition alone.</summary>
internal sealed class AnySegment : ISegmentSource
{
    public static AnySegment Instance { get; } = new();

    public CompiledSegment? Find(string key) => new(key);
}
