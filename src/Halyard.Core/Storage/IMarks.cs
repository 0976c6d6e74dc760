namespace Halyard.Core.Storage;

/// <summary>
/// Marks: small values outside the log that remember how far something has come: a sink's cursor, a job's progress, a lease. They
/// govern nothing; whoever loses one starts again from the log. Written by compare-and-set, so that of two who hold the same
/// version one wins.
/// </summary>
public interface IMarks
{
    /// <summary>The most bytes of a mark's value.</summary>
    public const int MaxBytes = 65_536;

    /// <summary>The most characters of a mark's name.</summary>
    public const int MaxName = 256;

    /// <summary>One mark, or <see langword="null"/> where it was never set.</summary>
    ValueTask<Mark?> MarkAsync(string tenant, string name, CancellationToken cancellationToken);

    /// <summary>The marks whose names begin with <paramref name="prefix"/>, in ordinal order.</summary>
    ValueTask<IReadOnlyList<Mark>> MarksAsync(string tenant, string prefix, CancellationToken cancellationToken);

    /// <summary>
    /// Sets a mark if its version is still <paramref name="expectedVersion"/> (0: it was never set); its version is then one more.
    /// Durable when it returns. A version comes again only where the mark was removed.
    /// </summary>
    /// <returns>False where another was faster: nothing was written.</returns>
    /// <exception cref="ArgumentException">The name or the value is too long.</exception>
    ValueTask<bool> SetMarkAsync(
        string tenant,
        string name,
        long expectedVersion,
        ReadOnlyMemory<byte> value,
        CancellationToken cancellationToken
    );

    /// <summary>
    /// Removes a mark if its version is still <paramref name="expectedVersion"/>; it was then never set. For marks that somebody is
    /// done with: versions begin anew, so that none is removed whose version is a fencing token.
    /// </summary>
    /// <returns>False where another was faster, or there is none: nothing was removed.</returns>
    ValueTask<bool> RemoveMarkAsync(string tenant, string name, long expectedVersion, CancellationToken cancellationToken);
}

/// <summary>One mark.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Version">1 when first set, one more each time.</param>
/// <param name="Value">Its value.</param>
public sealed record Mark(string Name, long Version, byte[] Value)
{
    /// <summary>Refuses what no store may take.</summary>
    /// <exception cref="ArgumentException">The name or the value is too long.</exception>
    public static void Validate(string name, ReadOnlyMemory<byte> value)
    {
        if (name.Length is 0 or > IMarks.MaxName)
            throw new ArgumentException($"A mark's name has 1 to {IMarks.MaxName} characters.", nameof(name));
        if (value.Length > IMarks.MaxBytes)
            throw new ArgumentException($"A mark's value has at most {IMarks.MaxBytes} bytes.", nameof(value));
    }
}
