using System.Runtime.CompilerServices;
using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Amazon.Runtime;
using Halyard.Core;
using Halyard.Core.Storage;

namespace Halyard.Storage.DynamoDb.Native;

/// <summary>
/// One table, read with strong consistency. What fails for a reason that passes (throttling, a request that met another, a lost
/// answer) is tried again for as long as <see cref="DynamoDbStoreOptions.RetryFor"/>; what fails for good is an
/// <see cref="IOException"/>, and what it would have passed a <see cref="StoreAwayException"/>. A write may so arrive twice: each says by a condition what it takes to be there.
/// </summary>
internal sealed class Table(IAmazonDynamoDB client, string name, TimeSpan retryFor, TimeProvider time, Entropy entropy)
    : IDisposable
{
    /// <summary>The most actions of one transaction.</summary>
    public const int MaxActions = 100;

    /// <summary>The most items that are read as of one moment: the service takes more, but 4 MB of them at most.</summary>
    public const int MaxTogether = 10;

    /// <summary>How often it is looked again for what a transaction that is under way has not written everywhere yet.</summary>
    private const int MaxLooks = 10;

    /// <summary>The most keys that are read at once.</summary>
    private const int MaxKeys = 100;

    /// <summary>The most items that are written at once without a transaction.</summary>
    public const int MaxPuts = 25;

    /// <summary>The index that holds timers by when they can be taken.</summary>
    public const string DueIndex = "due";

    public string Name => name;

    public IAmazonDynamoDB Client => client;

    /// <summary>One item, or <see langword="null"/>.</summary>
    public async ValueTask<Item?> GetAsync(Key key, CancellationToken cancellationToken)
    {
        var request = new GetItemRequest
        {
            TableName = name,
            Key = Item.KeyOf(key),
            ConsistentRead = true,
        };
        var response = await DoAsync(token => client.GetItemAsync(request, token), cancellationToken);
        return response.Item is { Count: > 0 } found ? new Item(found) : null;
    }

    /// <summary>Those that exist, in no order.</summary>
    public async ValueTask<Dictionary<Key, Item>> GetAsync(IEnumerable<Key> keys, CancellationToken cancellationToken)
    {
        var found = new Dictionary<Key, Item>();
        foreach (var some in keys.Distinct().Chunk(MaxKeys))
        {
            var wanted = new KeysAndAttributes { Keys = [.. some.Select(Item.KeyOf)], ConsistentRead = true };
            for (var tries = 0; wanted is not null; tries++)
            {
                if (tries > 0)
                    await Task.Delay(Delay(tries), time, cancellationToken);
                var request = new BatchGetItemRequest
                {
                    RequestItems = new Dictionary<string, KeysAndAttributes>(StringComparer.Ordinal) { [name] = wanted },
                };
                var response = await DoAsync(token => client.BatchGetItemAsync(request, token), cancellationToken);
                foreach (var item in (response.Responses?.GetValueOrDefault(name) ?? []).Select(item => new Item(item)))
                    found[item.Key] = item;
                wanted = response.UnprocessedKeys?.GetValueOrDefault(name);
                if (wanted is { Keys: not { Count: > 0 } })
                    wanted = null;
            }
        }
        return found;
    }

    /// <summary>
    /// Those that exist of a few, as of one moment: reads apart from each other may see one item of a transaction and miss another of it.
    /// </summary>
    public async ValueTask<Dictionary<Key, Item>> GetTogetherAsync(
        IReadOnlyCollection<Key> keys,
        CancellationToken cancellationToken
    )
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(keys.Count, MaxTogether, nameof(keys));
        var request = new TransactGetItemsRequest
        {
            TransactItems =
            [
                .. keys.Select(key => new TransactGetItem
                {
                    Get = new Get { TableName = name, Key = Item.KeyOf(key) },
                }),
            ],
        };
        var response = await DoAsync(token => client.TransactGetItemsAsync(request, token), cancellationToken);
        return (response.Responses ?? [])
            .Where(found => found.Item is { Count: > 0 })
            .Select(found => new Item(found.Item))
            .ToDictionary(item => item.Key);
    }

    /// <summary>Reads again, a few times, until all is there that must be: who says so may be seen before it.</summary>
    /// <returns>What was read last, whole or not.</returns>
    public async ValueTask<T> ReadWholeAsync<T>(
        Func<ValueTask<T>> read,
        Func<T, bool> isWhole,
        CancellationToken cancellationToken
    )
    {
        for (var looks = 1; ; looks++)
        {
            var found = await read();
            if (looks == MaxLooks || isWhole(found))
                return found;
            await Task.Delay(Delay(looks), time, cancellationToken);
        }
    }

    /// <summary>Items of one partition in the order of their sort keys or against it, from one to another, both included.</summary>
    public async ValueTask<List<Item>> QueryAsync(
        string partition,
        (string From, string To)? range,
        CancellationToken cancellationToken,
        int limit = int.MaxValue,
        bool lastFirst = false
    )
    {
        var request = new QueryRequest
        {
            TableName = name,
            ConsistentRead = true,
            ScanIndexForward = !lastFirst,
            KeyConditionExpression = $"{Item.Partition} = :p",
            ExpressionAttributeValues = new Dictionary<string, AttributeValue>(StringComparer.Ordinal)
            {
                [":p"] = Item.Of(partition),
            },
        };
        if (range is { } bounds)
        {
            request.KeyConditionExpression += $" AND {Item.Sort} BETWEEN :f AND :t";
            request.ExpressionAttributeValues[":f"] = Item.Of(bounds.From);
            request.ExpressionAttributeValues[":t"] = Item.Of(bounds.To);
        }
        return await QueryAsync(request, limit, cancellationToken);
    }

    /// <summary>Items of one partition of an index, at most up to a sort key. An index may lag behind the table.</summary>
    public async ValueTask<List<Item>> QueryIndexAsync(
        string index,
        string partition,
        string to,
        int limit,
        CancellationToken cancellationToken
    )
    {
        var request = new QueryRequest
        {
            TableName = name,
            IndexName = index,
            KeyConditionExpression = $"{index}PK = :p AND {index}SK <= :t",
            ExpressionAttributeValues = new Dictionary<string, AttributeValue>(StringComparer.Ordinal)
            {
                [":p"] = Item.Of(partition),
                [":t"] = Item.Of(to),
            },
        };
        return await QueryAsync(request, limit, cancellationToken);
    }

    /// <summary>
    /// Some attributes of every item, in no order. It reads the whole table, a page at a time, as somebody goes on with it.
    /// </summary>
    public async IAsyncEnumerable<Item> ScanAsync(
        IReadOnlyList<string> attributes,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        // By number, for some of the names are words of the language.
        var names = attributes.Select((attribute, number) => KeyValuePair.Create($"#{number}", attribute)).ToList();
        var request = new ScanRequest
        {
            TableName = name,
            ConsistentRead = true,
            ProjectionExpression = string.Join(", ", names.Select(pair => pair.Key)),
            ExpressionAttributeNames = new Dictionary<string, string>(names, StringComparer.Ordinal),
        };
        do
        {
            var page = await DoAsync(token => client.ScanAsync(request, token), cancellationToken);
            foreach (var item in page.Items ?? [])
                yield return new Item(item);
            request.ExclusiveStartKey = page.LastEvaluatedKey;
        } while (request.ExclusiveStartKey is { Count: > 0 });
    }

    /// <summary>Whether it has no item.</summary>
    public async ValueTask<bool> IsEmptyAsync(CancellationToken cancellationToken)
    {
        await foreach (var _ in ScanAsync([Item.Partition], cancellationToken))
            return false;
        return true;
    }

    /// <summary>Writes items, whatever is there. Not all or nothing.</summary>
    public ValueTask PutAsync(IEnumerable<Item> items, CancellationToken cancellationToken) =>
        WriteAsync(
            items.Select(item => new WriteRequest { PutRequest = new PutRequest { Item = item.Attributes } }),
            cancellationToken
        );

    /// <summary>Removes items, those that are there. Not all or nothing.</summary>
    public ValueTask DeleteAsync(IEnumerable<Key> keys, CancellationToken cancellationToken) =>
        WriteAsync(
            keys.Select(key => new WriteRequest { DeleteRequest = new DeleteRequest { Key = Item.KeyOf(key) } }),
            cancellationToken
        );

    /// <summary>Writes one item if the condition holds.</summary>
    /// <returns>False where it does not; also where it no longer does because an earlier try took effect.</returns>
    public async ValueTask<bool> PutAsync(Item item, Condition? condition, CancellationToken cancellationToken)
    {
        var request = new PutItemRequest
        {
            TableName = name,
            Item = item.Attributes,
            ConditionExpression = condition?.Expression,
            ExpressionAttributeNames = condition?.Names,
            ExpressionAttributeValues = condition?.Values,
        };
        return await HoldsAsync(token => client.PutItemAsync(request, token), cancellationToken);
    }

    /// <summary>Removes one item if the condition holds.</summary>
    /// <inheritdoc cref="PutAsync(Item, Condition?, CancellationToken)"/>
    public async ValueTask<bool> DeleteAsync(Key key, Condition? condition, CancellationToken cancellationToken)
    {
        var request = new DeleteItemRequest
        {
            TableName = name,
            Key = Item.KeyOf(key),
            ConditionExpression = condition?.Expression,
            ExpressionAttributeNames = condition?.Names,
            ExpressionAttributeValues = condition?.Values,
        };
        return await HoldsAsync(token => client.DeleteItemAsync(request, token), cancellationToken);
    }

    /// <summary>
    /// All of it or nothing. Sent again under the same token, the service itself does it once (for ten minutes); beyond that
    /// conditions have to.
    /// </summary>
    /// <returns>False where a condition does not hold; also where it no longer does because an earlier try took effect.</returns>
    public ValueTask<bool> TransactAsync(IEnumerable<WriteAction> actions, CancellationToken cancellationToken)
    {
        var request = new TransactWriteItemsRequest
        {
            TransactItems = [.. actions.Select(action => action.ToRequest(name))],
            ClientRequestToken = Convert.ToHexStringLower(entropy.Bytes(16)),
        };
        return HoldsAsync(token => client.TransactWriteItemsAsync(request, token), cancellationToken);
    }

    public void Dispose() => client.Dispose();

    private async ValueTask WriteAsync(IEnumerable<WriteRequest> requests, CancellationToken cancellationToken)
    {
        foreach (var some in requests.Chunk(MaxPuts))
        {
            List<WriteRequest>? waiting = [.. some];
            for (var tries = 0; waiting is { Count: > 0 }; tries++)
            {
                if (tries > 0)
                    await Task.Delay(Delay(tries), time, cancellationToken);
                var request = new BatchWriteItemRequest
                {
                    RequestItems = new Dictionary<string, List<WriteRequest>>(StringComparer.Ordinal) { [name] = waiting },
                };
                var response = await DoAsync(token => client.BatchWriteItemAsync(request, token), cancellationToken);
                waiting = response.UnprocessedItems?.GetValueOrDefault(name);
            }
        }
    }

    private async ValueTask<List<Item>> QueryAsync(QueryRequest request, int limit, CancellationToken cancellationToken)
    {
        var found = new List<Item>();
        do
        {
            if (limit < int.MaxValue)
                request.Limit = limit - found.Count;
            var page = await DoAsync(token => client.QueryAsync(request, token), cancellationToken);
            found.AddRange((page.Items ?? []).Select(item => new Item(item)));
            request.ExclusiveStartKey = page.LastEvaluatedKey;
        } while (request.ExclusiveStartKey is { Count: > 0 } && found.Count < limit);
        return found;
    }

    private async ValueTask<bool> HoldsAsync<T>(Func<CancellationToken, Task<T>> send, CancellationToken cancellationToken)
    {
        try
        {
            await DoAsync(send, cancellationToken);
            return true;
        }
        catch (IOException refused) when (Failures.IsCondition(refused.InnerException))
        {
            return false;
        }
    }

    private async ValueTask<T> DoAsync<T>(Func<CancellationToken, Task<T>> send, CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        for (var tries = 0; ; tries++)
        {
            try
            {
                return await send(cancellationToken);
            }
            catch (Exception broken) when (Failures.Passes(broken, cancellationToken) && time.GetElapsedTime(began) < retryFor)
            {
                // Below it is tried again.
            }
            catch (Exception broken) when (Failures.Passes(broken, cancellationToken))
            {
                throw new StoreAwayException($"DynamoDB: {broken.Message}", broken);
            }
            catch (AmazonServiceException refused)
            {
                throw new IOException($"DynamoDB: {refused.Message}", refused);
            }
            await Task.Delay(Delay(tries), time, cancellationToken);
        }
    }

    // Twice as long each time, half of it by chance, so that those who met do not meet again.
    private TimeSpan Delay(int tries)
    {
        const int first = 5;
        const int longest = 500;
        Span<byte> chance = stackalloc byte[1];
        entropy.Fill(chance);
        return TimeSpan.FromMilliseconds(Math.Min(first << Math.Min(tries, 10), longest) * (1 + (chance[0] / 255.0)) / 2);
    }
}
