namespace Halyard.Storage.Sqlite;

/// <summary>Where and how the SQLite store keeps its data.</summary>
public sealed record SqliteStoreOptions
{
    /// <summary>The default of <see cref="MaxBatch"/>.</summary>
    public const int DefaultMaxBatch = 128;

    /// <summary>The default of <see cref="MaxQueue"/>.</summary>
    public const int DefaultMaxQueue = 1_024;

    /// <summary>The default of <see cref="MaxReaders"/>.</summary>
    public const int DefaultMaxReaders = 8;

    /// <summary>The default of <see cref="CheckpointPages"/>: 64 MB.</summary>
    public const int DefaultCheckpointPages = 16_000;

    /// <summary>The database file. It and its folder are created where they do not exist.</summary>
    public required string Path { get; init; }

    /// <summary>
    /// The file of the key-encryption key. Where it does not exist it is made, readable by its owner alone, unless there are keys
    /// that need it.
    /// </summary>
    /// <value>The default value is <see cref="Path"/> with <c>.kek</c> behind it.</value>
    public string? KeyFile { get; init; }

    /// <summary>How many commits may share one transaction, 1…10,000.</summary>
    /// <value>The default value is <see cref="DefaultMaxBatch"/>.</value>
    public int MaxBatch { get; init; } = DefaultMaxBatch;

    /// <summary>How many commits may wait for the writer, 1…100,000; further callers wait for room.</summary>
    /// <value>The default value is <see cref="DefaultMaxQueue"/>.</value>
    public int MaxQueue { get; init; } = DefaultMaxQueue;

    /// <summary>How many reads may run at once, 1…256; each has a connection of its own.</summary>
    /// <value>The default value is <see cref="DefaultMaxReaders"/>.</value>
    public int MaxReaders { get; init; } = DefaultMaxReaders;

    /// <summary>
    /// After how many pages of 4 KB the write-ahead log is moved into the file, 1…1,000,000: more meet a page that is written often
    /// less often, fewer keep the log small.
    /// </summary>
    /// <value>The default value is <see cref="DefaultCheckpointPages"/>.</value>
    public int CheckpointPages { get; init; } = DefaultCheckpointPages;

    /// <summary>Says in words what is wrong, if anything is.</summary>
    /// <exception cref="ArgumentException">An option is missing or outside its range.</exception>
    internal void Validate()
    {
#pragma warning disable MA0015 // The option's name tells more than the parameter that holds all options.
        if (string.IsNullOrWhiteSpace(Path) || Path.StartsWith(':') || Path.StartsWith("file:", StringComparison.Ordinal))
            throw new ArgumentException($"Path must name a file; '{Path}' does not.", nameof(Path));
        CheckRange(MaxBatch, 10_000, nameof(MaxBatch));
        CheckRange(MaxQueue, 100_000, nameof(MaxQueue));
        CheckRange(MaxReaders, 256, nameof(MaxReaders));
        CheckRange(CheckpointPages, 1_000_000, nameof(CheckpointPages));
#pragma warning restore MA0015
    }

    private static void CheckRange(int value, int most, string name)
    {
        if (value < 1 || value > most)
            throw new ArgumentException($"{name} must be between 1 and {most}; it is {value}.", name);
    }
}
