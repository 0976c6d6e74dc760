using Halyard.Core.Storage;
using Halyard.Storage.DynamoDb.Native;

namespace Halyard.Storage.DynamoDb.Reading;

/// <summary>
/// Items of a tenant's state as of one head. Each request reads the head with its items in a transaction, so that those are as the head
/// says; and where all requests read the same head, all of it is one state, for nothing of it is written without the head.
/// </summary>
internal static class Snapshots
{
    /// <summary>How many requests are under way at once.</summary>
    private const int AtOnce = 8;

    /// <summary>A read of some requests that meets a commit is read again, but not for ever.</summary>
    private const int MaxTries = 20;

    /// <summary>Those that exist, and the size of the log then; of no key nothing is asked.</summary>
    /// <exception cref="StoreAwayException">Others commit faster than it can be read.</exception>
    public static async ValueTask<(long Size, Dictionary<Key, Item> Items)> ReadAsync(
        Table table,
        string tenant,
        IEnumerable<Key> keys,
        CancellationToken cancellationToken
    )
    {
        var head = Keys.Head(tenant);
        Key[][] parts = [.. keys.Distinct().Chunk(Table.MaxTogether - 1)];
        if (parts.Length == 0)
            return (0, []);
        for (var tries = 0; tries < MaxTries; tries++)
        {
            var read = new List<Dictionary<Key, Item>>();
            foreach (var some in parts.Chunk(AtOnce))
                read.AddRange(
                    await Task.WhenAll(some.Select(part => table.GetTogetherAsync([head, .. part], cancellationToken).AsTask()))
                );
            var sizes = read.ConvertAll(part => part.Remove(head, out var item) ? item.Number("size") : 0);
            if (sizes.TrueForAll(size => size == sizes[0]))
                return (sizes[0], read.SelectMany(part => part).ToDictionary());
        }
        throw new StoreAwayException($"DynamoDB: '{tenant}' is written faster than it can be read.");
    }
}
