using Halyard.Storage.DynamoDb;
using Halyard.Storage.PostgreSql;
using Halyard.Storage.Sqlite;
using Microsoft.Extensions.DependencyInjection;

namespace Halyard.Crash;

/// <summary>A store to write to, as one argument of a process.</summary>
internal abstract record CrashTarget
{
    private const char Separator = '|';

    private CrashTarget() { }

    /// <summary>Adds the store and the keys beside it.</summary>
    public abstract IServiceCollection AddTo(IServiceCollection services);

    /// <summary>Reads what <see cref="object.ToString"/> gave.</summary>
    /// <exception cref="FormatException">It is none of ours.</exception>
    public static CrashTarget Parse(string text) =>
        text.Split(Separator) switch
        {
            [var path] => new Sqlite(path),
            [var connectionString, var schema, var keyFile] => new Postgres(connectionString, schema, keyFile),
            [var serviceUrl, var table, var keyFile, DynamoDb.Name] => new DynamoDb(serviceUrl, table, keyFile),
            _ => throw new FormatException($"Not a store: {text}"),
        };

    /// <summary>A file.</summary>
    public sealed record Sqlite(string Path) : CrashTarget
    {
        /// <summary>Few, so that kills also meet the write-ahead log on its way into the file.</summary>
        private const int CheckpointPages = 100;

        public override IServiceCollection AddTo(IServiceCollection services) =>
            services.AddHalyardSqlite(new SqliteStoreOptions { Path = Path, CheckpointPages = CheckpointPages });

        public override string ToString() => Path;
    }

    /// <summary>A schema in a database; its server may be away for a while.</summary>
    public sealed record Postgres(string ConnectionString, string Schema, string KeyFile) : CrashTarget
    {
        private static readonly TimeSpan RetryFor = TimeSpan.FromMinutes(1);

        public override IServiceCollection AddTo(IServiceCollection services) =>
            services.AddHalyardPostgreSql(
                new PostgreSqlStoreOptions
                {
                    ConnectionString = ConnectionString,
                    Schema = Schema,
                    KeyFile = KeyFile,
                    RetryFor = RetryFor,
                }
            );

        public override string ToString() => string.Join(Separator, ConnectionString, Schema, KeyFile);
    }

    /// <summary>A table of a service that knows no credentials: those that it is given are anybody's.</summary>
    public sealed record DynamoDb(string ServiceUrl, string Table, string KeyFile) : CrashTarget
    {
        public const string Name = "dynamodb";

        public override IServiceCollection AddTo(IServiceCollection services)
        {
            Environment.SetEnvironmentVariable("AWS_ACCESS_KEY_ID", "test");
            Environment.SetEnvironmentVariable("AWS_SECRET_ACCESS_KEY", "test");
            return services.AddHalyardDynamoDb(
                new DynamoDbStoreOptions
                {
                    ServiceUrl = ServiceUrl,
                    Region = "us-east-1",
                    TableName = Table,
                    KeyFile = KeyFile,
                    RetryFor = TimeSpan.FromMinutes(1),
                }
            );
        }

        public override string ToString() => string.Join(Separator, ServiceUrl, Table, KeyFile, Name);
    }
}
