using Halyard.Core.Storage;
using Halyard.Storage.DynamoDb.Native;
using Halyard.Storage.DynamoDb.Reading;

namespace Halyard.Storage.DynamoDb;

internal sealed partial class DynamoDbStore
{
    /// <inheritdoc/>
    public async ValueTask<Mark?> MarkAsync(string tenant, string name, CancellationToken cancellationToken) =>
        await _table.GetAsync(Keys.Mark(tenant, name), cancellationToken) is { } item ? MarkItems.Read(item) : null;

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<Mark>> MarksAsync(string tenant, string prefix, CancellationToken cancellationToken)
    {
        var first = Keys.Mark(tenant, prefix).Sort;
        // No name has a character this large, so that what begins with the prefix is one range.
        var items = await _table.QueryAsync(Keys.Marks(tenant), (first, first + "\U0010FFFF"), cancellationToken);
        return [.. items.Select(MarkItems.Read).OrderBy(mark => mark.Name, StringComparer.Ordinal)];
    }

    /// <inheritdoc/>
    public async ValueTask<bool> SetMarkAsync(
        string tenant,
        string name,
        long expectedVersion,
        ReadOnlyMemory<byte> value,
        CancellationToken cancellationToken
    )
    {
        Core.Storage.Mark.Validate(name, value);
        if (expectedVersion < 0)
            return false;
        var item = MarkItems.Write(tenant, name, expectedVersion + 1, value, _entropy);
        // An earlier try may have won, and its answer been lost on the way.
        return await _table.PutAsync(item, Condition.Revision(MarkItems.Version, expectedVersion), cancellationToken)
            || (await _table.GetAsync(item.Key, cancellationToken))?.Text(MarkItems.Stamp) == item.Text(MarkItems.Stamp);
    }

    /// <inheritdoc/>
    public async ValueTask<bool> RemoveMarkAsync(
        string tenant,
        string name,
        long expectedVersion,
        CancellationToken cancellationToken
    ) =>
        expectedVersion > 0
        // As a transaction, whose token the service knows: repeated after a lost answer it is still told that it took effect.
        && await _table.TransactAsync(
            [new WriteAction.Delete(Keys.Mark(tenant, name), Condition.Is(MarkItems.Version, expectedVersion))],
            cancellationToken
        );
}
