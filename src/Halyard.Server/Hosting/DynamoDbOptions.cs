namespace Halyard.Server.Hosting;

/// <summary>Where DynamoDB is, under <c>Halyard:DynamoDb</c>. Credentials are those that the SDK's own chain finds.</summary>
internal sealed class DynamoDbOptions
{
    /// <summary>The table; that of the subjects' keys has <c>-keys</c> behind it.</summary>
    /// <value>The default value is <c>halyard</c>.</value>
    public string TableName { get; set; } = "halyard";

    /// <summary>The region: <c>eu-central-1</c>.</summary>
    /// <value>The default value is empty: the one that the SDK's own chain finds.</value>
    public string Region { get; set; } = "";

    /// <summary>The address of another service that speaks DynamoDB's protocol.</summary>
    /// <value>The default value is empty: the region's own.</value>
    public string ServiceUrl { get; set; } = "";

    /// <summary>Whether missing tables are made; without it the server's role needs no right to.</summary>
    /// <value>The default value is <c>true</c>.</value>
    public bool CreateTables { get; set; } = true;

    /// <summary>How long what fails for a passing reason is tried again, in seconds: 0 to 300.</summary>
    /// <value>The default value is 5.</value>
    public int RetrySeconds { get; set; } = 5;
}
