using Amazon.DynamoDBv2;
using Amazon.Runtime;
using Halyard.Core;
using Halyard.Storage.DynamoDb;
using Halyard.Storage.DynamoDb.Native;
using Halyard.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Halyard.Storage.Tests.DynamoDb;

/// <summary>A DynamoDB store on tables of its own that go away with it.</summary>
internal sealed class DynamoStore : IAsyncDisposable
{
    private static readonly BasicAWSCredentials Credentials = new("test", "test");

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("halyard-keys-");
    private readonly List<DynamoDbStore> _opened = [];

    private DynamoStore(Moto moto, HttpClientFactory? http, TimeSpan retryFor) =>
        Options = new DynamoDbStoreOptions
        {
            TableName = Entropy.System.NewId("t"),
            ServiceUrl = moto.RequireAddress(),
            Region = "us-east-1",
            KeyFile = Path.Combine(_folder.FullName, "kek"),
            RetryFor = retryFor,
            Http = http,
            Credentials = Credentials,
        };

    public DynamoDbStoreOptions Options { get; }

    /// <summary>The first server on the tables.</summary>
    public DynamoDbStore Store => _opened[0];

    public static async Task<DynamoStore> OpenAsync(Moto moto, HttpClientFactory? http = null, TimeSpan? retryFor = null)
    {
        var opened = new DynamoStore(moto, http, retryFor ?? TimeSpan.FromSeconds(30));
        await opened.OpenAnotherAsync();
        return opened;
    }

    /// <summary>Another server on the same tables, over the same network or one of its own.</summary>
    public async Task<DynamoDbStore> OpenAnotherAsync(HttpClientFactory? http = null, TimeSpan? retryFor = null)
    {
        var store = await DynamoDbStore.OpenAsync(
            Options with
            {
                Http = http ?? Options.Http,
                RetryFor = retryFor ?? Options.RetryFor,
            },
            TimeProvider.System,
            Entropy.System,
            NullLogger.Instance,
            CancellationToken.None
        );
        _opened.Add(store);
        return store;
    }

    /// <summary>A server that knows nothing yet in place of the first.</summary>
    public async Task ReplaceAsync()
    {
        await _opened[0].DisposeAsync();
        var store = await OpenAnotherAsync();
        _opened.Remove(store);
        _opened[0] = store;
    }

    /// <summary>The table behind the store's back.</summary>
    public Table OpenTable() => new(Connect(), Options.TableName, Options.RetryFor, TimeProvider.System, Entropy.System);

    /// <summary>The service behind the store's back.</summary>
    public AmazonDynamoDBClient Connect() =>
        new(Credentials, new AmazonDynamoDBConfig { ServiceURL = Options.ServiceUrl, AuthenticationRegion = Options.Region });

    public async ValueTask DisposeAsync()
    {
        foreach (var store in _opened)
            await store.DisposeAsync();
        using var client = Connect();
        foreach (
            var table in (await client.ListTablesAsync()).TableNames.Where(name =>
                name.StartsWith(Options.TableName, StringComparison.Ordinal)
            )
        )
            await client.DeleteTableAsync(table);
        _folder.Delete(recursive: true);
    }
}
