namespace Halyard.Core.Storage;

/// <summary>
/// Files by path: where the ledger is published, archived and anchored, and exports are kept. A folder or a bucket. Paths are
/// relative, of letters, digits, '.', '-', '_' and '/', without empty, '.' or '..' parts; anything else throws
/// (<see cref="ObjectPath"/>). A path is an object or a folder of objects, never both.
/// </summary>
public interface IObjectStore
{
    /// <summary>The most bytes of an object, 256 MiB.</summary>
    public const int MaxBytes = 256 * 1024 * 1024;

    /// <summary>The bytes at a path, or <see langword="null"/>.</summary>
    /// <exception cref="InvalidDataException">There are more than <see cref="MaxBytes"/>.</exception>
    ValueTask<byte[]?> ReadAsync(string path, CancellationToken cancellationToken);

    /// <summary>Writes what must not be there with other bytes: all of it or nothing, durable when it returns.</summary>
    ValueTask<Creation> CreateAsync(string path, ReadOnlyMemory<byte> content, CancellationToken cancellationToken);

    /// <summary>Writes over what is there, if anything: readers see the old bytes or the new, never a mixture.</summary>
    ValueTask ReplaceAsync(string path, ReadOnlyMemory<byte> content, CancellationToken cancellationToken);

    /// <summary>Removes what is there, if anything.</summary>
    ValueTask DeleteAsync(string path, CancellationToken cancellationToken);

    /// <summary>The paths that begin with <paramref name="prefix"/>, in ordinal order.</summary>
    IAsyncEnumerable<string> ListAsync(string prefix, CancellationToken cancellationToken);
}

/// <summary>What became of an object that was to be created.</summary>
public enum Creation
{
    /// <summary>It was not there and is now.</summary>
    Created,

    /// <summary>The very same bytes were there.</summary>
    Same,

    /// <summary>Other bytes are there; they stay.</summary>
    Different,
}
