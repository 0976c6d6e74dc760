using Halyard.Architecture.Fixtures.Forbidden;

namespace Halyard.Architecture.Fixtures.BlindSpots;

/// <summary>The compiler copies a constant's value: no trace of where it came from.</summary>
public static class ConstantCopied
{
    public static int Limit() => Service.Limit;
}

/// <summary>The compiler writes the name as text.</summary>
public static class NameTaken
{
    public static string Name() => nameof(Service);
}
