using Amazon;
using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Amazon.Runtime;
using Halyard.Core;

namespace Halyard.Storage.DynamoDb.Native;

/// <summary>Opens tables, and makes them where they are missing.</summary>
internal static class Opening
{
    /// <summary>The attribute by which the table removes items that are over; nothing of the log has it.</summary>
    public const string Expiry = "ttl";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan CreationPatience = TimeSpan.FromMinutes(2);

    /// <summary>The table, ready to be used.</summary>
    /// <exception cref="IOException">It cannot be reached, is missing and must not be made, or is of another form.</exception>
    public static async Task<Table> OpenAsync(
        DynamoDbStoreOptions options,
        string name,
        bool withTimers,
        TimeProvider time,
        Entropy entropy,
        CancellationToken cancellationToken
    )
    {
        options.Validate();
#pragma warning disable CA2000 // The table disposes it.
        var table = new Table(Client(options), name, options.RetryFor, time, entropy);
#pragma warning restore CA2000
        try
        {
            await PrepareAsync(table, options, withTimers, time, cancellationToken);
            return table;
        }
        catch (Exception broken) when (broken is AmazonServiceException or AmazonClientException or HttpRequestException)
        {
            table.Dispose();
            throw new IOException($"The table '{name}' cannot be opened: {broken.Message}", broken);
        }
        catch
        {
            table.Dispose();
            throw;
        }
    }

    private static AmazonDynamoDBClient Client(DynamoDbStoreOptions options)
    {
        var config = new AmazonDynamoDBConfig
        {
            MaxErrorRetry = options.SdkRetries,
            RetryMode = RequestRetryMode.Standard,
            Timeout = Patience,
            HttpClientFactory = options.Http,
        };
        if (options.ServiceUrl.Length > 0)
        {
            config.ServiceURL = options.ServiceUrl;
            config.AuthenticationRegion = options.Region.Length > 0 ? options.Region : RegionEndpoint.USEast1.SystemName;
        }
        else if (options.Region.Length > 0)
            config.RegionEndpoint = RegionEndpoint.GetBySystemName(options.Region);
        return options.Credentials is { } credentials
            ? new AmazonDynamoDBClient(credentials, config)
            : new AmazonDynamoDBClient(config);
    }

    private static async Task PrepareAsync(
        Table table,
        DynamoDbStoreOptions options,
        bool withTimers,
        TimeProvider time,
        CancellationToken cancellationToken
    )
    {
        var began = time.GetTimestamp();
        var isMade = false;
        while (true)
        {
            var found = await DescribeAsync(table, cancellationToken);
            if (found?.TableStatus == TableStatus.ACTIVE || found?.TableStatus == TableStatus.UPDATING)
            {
                Check(found, table.Name, withTimers);
                if (options.CreateTables && withTimers)
                    await ExpireAsync(table, cancellationToken);
                return;
            }
            if (found is null && !options.CreateTables)
                throw new IOException($"There is no table '{table.Name}', and none is to be made.");
            if (found is null && !isMade)
            {
                await CreateAsync(table, withTimers, cancellationToken);
                isMade = true;
            }
            else if (time.GetElapsedTime(began) > CreationPatience)
                throw new IOException($"The table '{table.Name}' is {found?.TableStatus ?? "made"} and does not become active.");
            else
                await Task.Delay(Interval, time, cancellationToken);
        }
    }

    /// <summary>Lets the table remove what is over: also one that was restored, or whose maker did not come so far.</summary>
    private static async Task ExpireAsync(Table table, CancellationToken cancellationToken)
    {
        if (await ExpiresAsync(table, cancellationToken))
            return;
        try
        {
            await table.Client.UpdateTimeToLiveAsync(
                new UpdateTimeToLiveRequest
                {
                    TableName = table.Name,
                    TimeToLiveSpecification = new TimeToLiveSpecification { AttributeName = Expiry, Enabled = true },
                },
                cancellationToken
            );
        }
        catch (AmazonDynamoDBException)
        {
            // Another server may have done it at the same time; refused for any other reason it is not done.
            if (!await ExpiresAsync(table, cancellationToken))
                throw;
        }
    }

    /// <summary>Whether that is so or about to be. What somebody is just turning off stays off.</summary>
    private static async Task<bool> ExpiresAsync(Table table, CancellationToken cancellationToken)
    {
        var request = new DescribeTimeToLiveRequest { TableName = table.Name };
        var known = (await table.Client.DescribeTimeToLiveAsync(request, cancellationToken)).TimeToLiveDescription;
        return known?.TimeToLiveStatus is { } status && status != TimeToLiveStatus.DISABLED;
    }

    private static async Task<TableDescription?> DescribeAsync(Table table, CancellationToken cancellationToken)
    {
        try
        {
            return (await table.Client.DescribeTableAsync(table.Name, cancellationToken)).Table;
        }
        catch (ResourceNotFoundException)
        {
            return null;
        }
    }

    private static void Check(TableDescription found, string name, bool withTimers)
    {
        string[] keys = [.. (found.KeySchema ?? []).Select(element => element.AttributeName)];
        var hasTimers = (found.GlobalSecondaryIndexes ?? []).Exists(index => index.IndexName == Table.DueIndex);
        if (keys is not [Item.Partition, Item.Sort] || (withTimers && !hasTimers))
            throw new IOException($"The table '{name}' is of another form than ours: see docs/dynamodb.md.");
    }

    private static async Task CreateAsync(Table table, bool withTimers, CancellationToken cancellationToken)
    {
        string[] keys = withTimers
            ? [Item.Partition, Item.Sort, Timers.IndexPartition, Timers.IndexSort]
            : [Item.Partition, Item.Sort];
        var request = new CreateTableRequest
        {
            TableName = table.Name,
            BillingMode = BillingMode.PAY_PER_REQUEST,
            KeySchema = Schema(Item.Partition, Item.Sort),
            AttributeDefinitions = [.. keys.Select(key => new AttributeDefinition(key, ScalarAttributeType.S))],
        };
        if (withTimers)
            request.GlobalSecondaryIndexes =
            [
                new GlobalSecondaryIndex
                {
                    IndexName = Table.DueIndex,
                    KeySchema = Schema(Timers.IndexPartition, Timers.IndexSort),
                    Projection = new Projection { ProjectionType = ProjectionType.ALL },
                },
            ];
        try
        {
            await table.Client.CreateTableAsync(request, cancellationToken);
        }
        catch (ResourceInUseException)
        {
            // Another server makes it at the same time.
        }
    }

    private static List<KeySchemaElement> Schema(string partition, string sort) =>
        [new KeySchemaElement(partition, KeyType.HASH), new KeySchemaElement(sort, KeyType.RANGE)];
}
