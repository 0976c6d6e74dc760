using System.Data.Common;
using Npgsql;

namespace Halyard.Storage.PostgreSql.Native;

/// <summary>Where connections go, from a connection string of the operator's.</summary>
internal static class Connections
{
    private const int PreparedStatements = 200;
    private const int KeepAliveSeconds = 30;
    private const string MaxAutoPrepare = "Max Auto Prepare";
    private const string OnePlanByKeys = "-c plan_cache_mode=force_generic_plan -c enable_seqscan=off";

    /// <summary>A pool of connections whose tables are in a schema.</summary>
    /// <exception cref="ArgumentException">The connection string is none.</exception>
    public static NpgsqlDataSource Source(string connectionString, string schema, PostgreSqlStoreOptions options) =>
        Source(Settings(connectionString), schema, options);

    /// <summary>
    /// The same for statements that look up and write rows by their keys, whatever the sizes of tables and arrays: one plan each, made
    /// once, and never one that reads a whole table because it was small at the time. A pool of its own, so that few connections
    /// are used often, and each knows its statements.
    /// </summary>
    public static NpgsqlDataSource ForLookups(string connectionString, string schema, PostgreSqlStoreOptions options)
    {
        var settings = Settings(connectionString);
        // Without prepared statements (behind a pooler) plans are not kept, and such options may not be let through.
        if (!Says(settings, MaxAutoPrepare) || settings.MaxAutoPrepare > 0)
            settings.Options = $"{settings.Options} {OnePlanByKeys}".TrimStart();
        return Source(settings, schema, options);
    }

    private static NpgsqlDataSource Source(NpgsqlConnectionStringBuilder settings, string schema, PostgreSqlStoreOptions options)
    {
        settings.SearchPath = schema;
        // Nothing that is done here outlives its transaction, so nothing has to be reset between two uses.
        settings.NoResetOnClose = true;
        if (!Says(settings, MaxAutoPrepare))
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

    /// <summary>Whether the operator set it. (<c>ContainsKey</c> tells only that there is such a setting.)</summary>
    private static bool Says(NpgsqlConnectionStringBuilder settings, string keyword) =>
        ((DbConnectionStringBuilder)settings).Keys.Cast<string>().Contains(keyword, StringComparer.OrdinalIgnoreCase);

    /// <summary>The connection string, read.</summary>
    /// <exception cref="ArgumentException">It is none.</exception>
    public static NpgsqlConnectionStringBuilder Settings(string connectionString) => new(connectionString);
}
