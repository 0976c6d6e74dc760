namespace Halyard.Server.Hosting;

/// <summary>Where PostgreSQL is, under <c>Halyard:PostgreSql</c>.</summary>
internal sealed class PostgreSqlOptions
{
    /// <summary>The database and the role that the server uses: <c>Host=db;Username=halyard;Database=halyard</c>.</summary>
    /// <value>The default value is empty.</value>
    public string ConnectionString { get; set; } = "";

    /// <summary>The same database with the role that owns the tables, which migrates and grants.</summary>
    /// <value>The default value is empty: the server's role does both.</value>
    public string OwnerConnectionString { get; set; } = "";

    /// <summary>The database of the subjects' keys.</summary>
    /// <value>The default value is empty: a schema of their own in the same database.</value>
    public string KeysConnectionString { get; set; } = "";

    /// <summary>The schema of the tables; the keys' has <c>_keys</c> behind it.</summary>
    /// <value>The default value is <c>halyard</c>.</value>
    public string Schema { get; set; } = "halyard";

    /// <summary>A role that may read the views for reporting.</summary>
    /// <value>The default value is empty: none may.</value>
    public string ReportingRole { get; set; } = "";

    /// <summary>
    /// A file with the password for connection strings that have none, read at each new connection: a secret that is changed, or a
    /// token that is short-lived.
    /// </summary>
    /// <value>The default value is empty: the connection strings say all.</value>
    public string PasswordFile { get; set; } = "";

    /// <summary>How long what fails for a passing reason is tried again, in seconds: 0 to 300.</summary>
    /// <value>The default value is 5.</value>
    public int RetrySeconds { get; set; } = 5;
}
