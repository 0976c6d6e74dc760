using Halyard.Storage.DynamoDb;
using Halyard.Storage.PostgreSql;
using Halyard.Storage.Sqlite;
using Microsoft.Extensions.Options;

namespace Halyard.Server.Hosting;

/// <summary>Adds the store that the operator chose.</summary>
internal static class StoreComposition
{
    /// <summary>A secret is far shorter, and a short-lived token of a cloud is about 2 KB.</summary>
    private const int MaxPasswordBytes = 16_384;

    public static void AddStore(this IServiceCollection services, HalyardOptions options)
    {
        var keyFile = options.Privacy.KeyFile.Length == 0 ? null : Path.GetFullPath(options.Privacy.KeyFile);
        var database = Path.GetFullPath(options.Database);
        if (options.UsesPostgreSql)
            Add(
                () => services.AddHalyardPostgreSql(PostgreSql(options.PostgreSql, keyFile ?? database + ".kek")),
                nameof(HalyardOptions.PostgreSql)
            );
        else if (options.UsesDynamoDb)
            Add(
                () => services.AddHalyardDynamoDb(DynamoDb(options.DynamoDb, keyFile ?? database + ".kek")),
                nameof(HalyardOptions.DynamoDb)
            );
        else
            services.AddHalyardSqlite(new SqliteStoreOptions { Path = database, KeyFile = keyFile });
    }

    private static void Add(Action add, string section)
    {
        try
        {
            add();
        }
        catch (ArgumentException wrong)
        {
            throw new OptionsValidationException(
                HalyardOptions.Section,
                typeof(HalyardOptions),
                [$"{HalyardOptions.Section}:{section}: {wrong.Message}"]
            );
        }
    }

    private static DynamoDbStoreOptions DynamoDb(DynamoDbOptions options, string keyFile) =>
        new()
        {
            TableName = options.TableName,
            Region = options.Region,
            ServiceUrl = options.ServiceUrl,
            CreateTables = options.CreateTables,
            KeyFile = keyFile,
            RetryFor = TimeSpan.FromSeconds(options.RetrySeconds),
        };

    private static PostgreSqlStoreOptions PostgreSql(PostgreSqlOptions options, string keyFile) =>
        new()
        {
            ConnectionString = options.ConnectionString,
            OwnerConnectionString = OrNull(options.OwnerConnectionString),
            KeysConnectionString = OrNull(options.KeysConnectionString),
            Schema = options.Schema,
            ReportingRole = OrNull(options.ReportingRole),
            Password =
                options.PasswordFile.Length == 0
                    ? null
                    : cancellationToken => PasswordAsync(Path.GetFullPath(options.PasswordFile), cancellationToken),
            KeyFile = keyFile,
            RetryFor = TimeSpan.FromSeconds(options.RetrySeconds),
        };

    /// <summary>Read at each new connection: whoever writes the file may change it at any time.</summary>
    private static async ValueTask<string> PasswordAsync(string file, CancellationToken cancellationToken)
    {
        await using var stream = File.OpenRead(file);
        if (stream.Length > MaxPasswordBytes)
            throw new IOException($"'{file}' holds no password: it is longer than {MaxPasswordBytes} bytes.");
        using var reader = new StreamReader(stream);
        return (await reader.ReadToEndAsync(cancellationToken)).TrimEnd('\r', '\n');
    }

    private static string? OrNull(string value) => value.Length == 0 ? null : value;
}
