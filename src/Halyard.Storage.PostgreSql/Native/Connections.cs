using Npgsql;

namespace Halyard.Storage.PostgreSql.Native;

/// <summary>Where connections go, from a connection string of the operator's.</summary>
internal static class Connections
{
    private const int PreparedStatements = 200;
    private const int KeepAliveSeconds = 30;

    /// <summary>A pool of connections whose tables are in a schema.</summary>
    /// <exception cref="ArgumentException">The connection string is none.</exception>
    public static NpgsqlDataSource Source(string connectionString, string schema, PostgreSqlStoreOptions options)
    {
        var settings = Settings(connectionString);
        settings.SearchPath = schema;
        // Nothing that is done here outlives its transaction, so nothing has to be reset between two uses.
        settings.NoResetOnClose = true;
        if (!settings.ContainsKey("Max Auto Prepare"))
            settings.MaxAutoPrepare = PreparedStatements;
        if (settings.AutoPrepareMinUsages > 2)
            settings.AutoPrepareMinUsages = 2;
        if (settings.KeepAlive == 0)
            settings.KeepAlive = KeepAliveSeconds;
        if (string.IsNullOrEmpty(settings.ApplicationName))
            settings.ApplicationName = "halyard";
        var builder = new NpgsqlDataSourceBuilder(settings.ConnectionString);
        if (options.Password is { } password && string.IsNullOrEmpty(settings.Password))
            builder.UsePasswordProvider(
                _ => throw new InvalidOperationException("Connections are opened asynchronously."),
                async (_, cancellationToken) => await password(cancellationToken)
            );
        return builder.Build();
    }

    /// <summary>The connection string, read.</summary>
    /// <exception cref="ArgumentException">It is none.</exception>
    public static NpgsqlConnectionStringBuilder Settings(string connectionString) => new(connectionString);
}
