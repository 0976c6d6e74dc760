using Halyard.Core;
using Halyard.Core.Storage;
using Halyard.Core.Storage.Copying;
using Halyard.Core.Storage.Privacy;
using Halyard.Storage.Conformance.Building;
using Halyard.Storage.PostgreSql;
using Halyard.Storage.PostgreSql.Copying;
using Halyard.Storage.PostgreSql.Privacy;
using Halyard.Storage.Tests.Copying;
using Halyard.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Halyard.Storage.Tests.PostgreSql;

[Collection(PostgresCollection.Name)]
public sealed class PostgreSqlCopyTests(Postgres postgres) : StoreCopyTests
{
    protected override int Sequences => 4;

    protected override Task<CopyPlace> NewPlaceAsync() => Task.FromResult<CopyPlace>(new PostgresPlace(postgres));

    [Fact]
    public async Task SourceThatAServerWritesTo_IsCopiedAsOfOneMoment_AndRefusedAtTheEnd()
    {
        await using var first = new PostgresPlace(postgres);
        await using var second = new SqlitePlace();
        await first.UseAsync(async store =>
        {
            await store.CommitAsync(new CommitBuilder().Build(), default);
            var written = false;
            var copy = new StoreCopy(first.Copies, second.Copies);
            var refused = await Should.ThrowAsync<IOException>(async () =>
                await copy.RunAsync(
                    _ =>
                    {
                        if (!written)
                            store.CommitAsync(new CommitBuilder().Build(), default).AsTask().GetAwaiter().GetResult();
                        written = true;
                    },
                    default
                )
            );
            refused.Message.ShouldContain("was written while it was copied");
        });
    }
}

/// <summary>A schema of its own, that goes away with it.</summary>
internal sealed class PostgresPlace(Postgres postgres) : CopyPlace
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("halyard-keys-");
    private readonly string _schema = postgres.NewSchema();
    private readonly string _connectionString = postgres.RequireConnectionString();

    public override IStoreCopies Copies => new PostgreSqlCopies(Options, TimeProvider.System, Entropy.System);

    private PostgreSqlStoreOptions Options =>
        new()
        {
            ConnectionString = _connectionString,
            Schema = _schema,
            KeyFile = Path.Combine(_folder.FullName, "kek"),
            RetryFor = TimeSpan.FromSeconds(30),
        };

    public override async Task<IStore> OpenAsync() =>
        await PostgreSqlStore.OpenAsync(Options, TimeProvider.System, Entropy.System, NullLogger.Instance, default);

    public override async Task<ISubjectKeys> OpenKeysAsync() =>
        await PostgreSqlSubjectKeys.OpenAsync(Options, TimeProvider.System, Entropy.System, default);

    public override async ValueTask DisposeAsync()
    {
        await using var source = Npgsql.NpgsqlDataSource.Create(_connectionString + ";Pooling=false");
        await using var drop = source.CreateCommand(
            $"DROP SCHEMA IF EXISTS {_schema} CASCADE; DROP SCHEMA IF EXISTS {_schema}_keys CASCADE"
        );
        await drop.ExecuteNonQueryAsync();
        _folder.Delete(recursive: true);
    }
}
