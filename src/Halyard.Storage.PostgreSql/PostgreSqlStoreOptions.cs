using System.Text.RegularExpressions;
using Halyard.Storage.PostgreSql.Native;

namespace Halyard.Storage.PostgreSql;

/// <summary>Where and how the PostgreSQL store keeps its data.</summary>
public sealed partial record PostgreSqlStoreOptions
{
    /// <summary>The default of <see cref="Schema"/>.</summary>
    public const string DefaultSchema = "halyard";

    /// <summary>The default of <see cref="MaxBatch"/>.</summary>
    public const int DefaultMaxBatch = 128;

    /// <summary>The default of <see cref="MaxQueue"/>.</summary>
    public const int DefaultMaxQueue = 1_024;

    /// <summary>The default of <see cref="RetryFor"/>.</summary>
    public static readonly TimeSpan DefaultRetryFor = TimeSpan.FromSeconds(5);

    /// <summary>The database and the role that the server uses, as Npgsql reads it.</summary>
    public required string ConnectionString { get; init; }

    /// <summary>
    /// The same database with the role that owns the tables: it migrates, and grants the server's role what that needs.
    /// </summary>
    /// <value>The default value is <see cref="ConnectionString"/>: one role does both.</value>
    public string? OwnerConnectionString { get; init; }

    /// <summary>The database of the subjects' keys.</summary>
    /// <value>The default value is <see cref="ConnectionString"/>: a schema of their own in the same database.</value>
    public string? KeysConnectionString { get; init; }

    /// <summary>
    /// The schema of the tables, made where it is missing: 1…50 of a-z, 0-9 and '_', a letter first. The keys' has <c>_keys</c>
    /// behind it.
    /// </summary>
    /// <value>The default value is <see cref="DefaultSchema"/>.</value>
    public string Schema { get; init; } = DefaultSchema;

    /// <summary>A role that may read the views for reporting, and nothing else.</summary>
    /// <value>The default value is <see langword="null"/>: none may.</value>
    public string? ReportingRole { get; init; }

    /// <summary>
    /// Gives the password of each new connection whose connection string has none: a token that is short-lived, or a secret
    /// that is changed while the server runs.
    /// </summary>
    /// <value>The default value is <see langword="null"/>: the connection strings say all.</value>
    public Func<CancellationToken, ValueTask<string>>? Password { get; init; }

    /// <summary>
    /// The file of the key-encryption key. Where it does not exist it is made, readable by its owner alone, unless there are keys
    /// that need it. Every server on the database needs the same.
    /// </summary>
    public required string KeyFile { get; init; }

    /// <summary>How long something that fails for a passing reason is tried again, 0…5 minutes.</summary>
    /// <value>The default value is <see cref="DefaultRetryFor"/>.</value>
    public TimeSpan RetryFor { get; init; } = DefaultRetryFor;

    /// <summary>How many commits of one tenant may share one transaction, 1…10,000.</summary>
    /// <value>The default value is <see cref="DefaultMaxBatch"/>.</value>
    public int MaxBatch { get; init; } = DefaultMaxBatch;

    /// <summary>How many commits of one tenant may wait for their turn, 1…100,000; further callers wait for room.</summary>
    /// <value>The default value is <see cref="DefaultMaxQueue"/>.</value>
    public int MaxQueue { get; init; } = DefaultMaxQueue;

    /// <summary>The schema of the subjects' keys.</summary>
    internal string KeysSchema => Schema + "_keys";

    /// <summary>Says in words what is wrong, if anything is.</summary>
    /// <exception cref="ArgumentException">An option is missing or outside its range.</exception>
    internal void Validate()
    {
#pragma warning disable MA0015 // The option's name tells more than the parameter that holds all options.
        CheckConnection(ConnectionString, nameof(ConnectionString));
        CheckConnection(OwnerConnectionString, nameof(OwnerConnectionString));
        CheckConnection(KeysConnectionString, nameof(KeysConnectionString));
        if (!SchemaName().IsMatch(Schema))
            throw new ArgumentException(
                $"Schema must be 1 to 50 of a-z, 0-9 and '_', a letter first; it is '{Schema}'.",
                nameof(Schema)
            );
        if (string.IsNullOrWhiteSpace(KeyFile))
            throw new ArgumentException("KeyFile must name a file.", nameof(KeyFile));
        if (RetryFor < TimeSpan.Zero || RetryFor > TimeSpan.FromMinutes(5))
            throw new ArgumentException($"RetryFor must be between 0 and 5 minutes; it is {RetryFor}.", nameof(RetryFor));
        CheckRange(MaxBatch, 10_000, nameof(MaxBatch));
        CheckRange(MaxQueue, 100_000, nameof(MaxQueue));
#pragma warning restore MA0015
    }

    [GeneratedRegex("^[a-z][a-z0-9_]{0,49}$", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex SchemaName();

    // What is wrong with it is not repeated: it may hold a password.
    private static void CheckConnection(string? connectionString, string name)
    {
        if (connectionString is null)
            return;
        try
        {
            if (!string.IsNullOrWhiteSpace(Connections.Settings(connectionString).Host))
                return;
        }
        catch (ArgumentException broken)
        {
            throw new ArgumentException($"{name} is not a connection string.", name, broken);
        }
        throw new ArgumentException($"{name} must name a host.", name);
    }

    private static void CheckRange(int value, int most, string name)
    {
        if (value < 1 || value > most)
            throw new ArgumentException($"{name} must be between 1 and {most}; it is {value}.", name);
    }
}
