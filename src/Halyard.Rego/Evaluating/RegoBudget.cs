namespace Halyard.Rego;

/// <summary>What one evaluation may take; counted, not timed, so that the same policy ends the same way everywhere.</summary>
/// <param name="Steps">How many simple operations; one is a few nanoseconds to a microsecond.</param>
/// <param name="Bytes">How many bytes of values it may build in all, freed or not.</param>
public sealed record RegoBudget(long Steps, long Bytes)
{
    /// <summary>Ten million steps and 64 MiB: seconds at worst.</summary>
    public static RegoBudget Default { get; } = new(10_000_000, 64 << 20);
}
