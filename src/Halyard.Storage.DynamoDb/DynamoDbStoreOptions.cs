using System.Text.RegularExpressions;
using Amazon.Runtime;

namespace Halyard.Storage.DynamoDb;

/// <summary>Where and how the DynamoDB store keeps its data. Credentials are those that the SDK's own chain finds.</summary>
public sealed partial record DynamoDbStoreOptions
{
    /// <summary>The default of <see cref="TableName"/>.</summary>
    public const string DefaultTableName = "halyard";

    /// <summary>The default of <see cref="RetryFor"/>.</summary>
    public static readonly TimeSpan DefaultRetryFor = TimeSpan.FromSeconds(5);

    /// <summary>The table, made where it is missing: 3…250 of a-z, A-Z, 0-9, '_', '-' and '.'. That of the keys has <c>-keys</c> behind it.</summary>
    /// <value>The default value is <see cref="DefaultTableName"/>.</value>
    public string TableName { get; init; } = DefaultTableName;

    /// <summary>The region, or empty for the one that the SDK's own chain finds.</summary>
    /// <value>The default value is empty.</value>
    public string Region { get; init; } = "";

    /// <summary>The address of another service that speaks DynamoDB's protocol, or empty for the region's own.</summary>
    /// <value>The default value is empty.</value>
#pragma warning disable CA1056 // As configuration has it; it is looked at before it is used.
    public string ServiceUrl { get; init; } = "";
#pragma warning restore CA1056

    /// <summary>
    /// The file of the key-encryption key. Where it does not exist it is made, readable by its owner alone, unless there are keys
    /// that need it. Every server on the table needs the same.
    /// </summary>
    public required string KeyFile { get; init; }

    /// <summary>Whether missing tables are made; else their absence is an error.</summary>
    /// <value>The default value is <see langword="true"/>.</value>
    public bool CreateTables { get; init; } = true;

    /// <summary>How long something that fails for a passing reason is tried again, 0…5 minutes.</summary>
    /// <value>The default value is <see cref="DefaultRetryFor"/>.</value>
    public TimeSpan RetryFor { get; init; } = DefaultRetryFor;

    /// <summary>How often the SDK itself repeats a request, 0…10, before <see cref="RetryFor"/> is looked at.</summary>
    /// <value>The default value is 2.</value>
    public int SdkRetries { get; init; } = 2;

    /// <summary>Makes the HTTP clients of the SDK; <see langword="null"/> for its own.</summary>
    internal HttpClientFactory? Http { get; init; }

    /// <summary>Given instead of what the SDK's chain finds.</summary>
    internal AWSCredentials? Credentials { get; init; }

    /// <summary>The table of the subjects' keys.</summary>
    internal string KeysTableName => TableName + "-keys";

    /// <summary>Says in words what is wrong, if anything is.</summary>
    /// <exception cref="ArgumentException">An option is missing or outside its range.</exception>
    internal void Validate()
    {
#pragma warning disable MA0015 // The option's name tells more than the parameter that holds all options.
        if (!TableNames().IsMatch(TableName))
            throw new ArgumentException(
                $"TableName must be 3 to 250 letters, digits, '_', '-' and '.'; it is '{TableName}'.",
                nameof(TableName)
            );
        if (
            ServiceUrl.Length > 0
            && !(Uri.TryCreate(ServiceUrl, UriKind.Absolute, out var url) && url.Scheme is "http" or "https")
        )
            throw new ArgumentException("ServiceUrl must be an http or https address.", nameof(ServiceUrl));
        if (!RegionNames().IsMatch(Region))
            throw new ArgumentException($"Region must be one such as eu-central-1; it is '{Region}'.", nameof(Region));
        if (string.IsNullOrWhiteSpace(KeyFile))
            throw new ArgumentException("KeyFile must name a file.", nameof(KeyFile));
        if (RetryFor < TimeSpan.Zero || RetryFor > TimeSpan.FromMinutes(5))
            throw new ArgumentException($"RetryFor must be between 0 and 5 minutes; it is {RetryFor}.", nameof(RetryFor));
        if (SdkRetries is < 0 or > 10)
            throw new ArgumentException($"SdkRetries must be between 0 and 10; it is {SdkRetries}.", nameof(SdkRetries));
#pragma warning restore MA0015
    }

    [GeneratedRegex("^[a-zA-Z0-9_.-]{3,250}$", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex TableNames();

    [GeneratedRegex(
        "^([a-z]{2,4}(-[a-z]+)+-[0-9]+)?$",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1_000
    )]
    private static partial Regex RegionNames();
}
