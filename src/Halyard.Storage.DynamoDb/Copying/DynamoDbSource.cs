using Halyard.Core.Audit;
using Halyard.Core.Storage.Copying;
using Halyard.Ledger;
using Halyard.Storage.DynamoDb.Logs;
using Halyard.Storage.DynamoDb.Native;
using Halyard.Storage.DynamoDb.Privacy;
using Halyard.Storage.DynamoDb.Reading;

namespace Halyard.Storage.DynamoDb.Copying;

/// <summary>
/// Reads all of a table. The service has no snapshot of it: what is beside the log is as of when it is read, the log as of the opening, and
/// whether a log went on meanwhile is seen at the end.
/// </summary>
internal sealed class DynamoDbSource : IStoreSource
{
    private readonly Table _table;
    private readonly DynamoDbSubjectKeys _keys;
    private readonly Inventory _inventory;
    private readonly Dictionary<string, EntryReader> _readers = new(StringComparer.Ordinal);
    private readonly Dictionary<string, LogHead> _heads = new(StringComparer.Ordinal);
    private readonly Dictionary<string, HashSet<string>> _erased = new(StringComparer.Ordinal);
    private readonly Dictionary<string, IReadOnlyList<Located>> _documentPrivates = new(StringComparer.Ordinal);

    private DynamoDbSource(Table table, DynamoDbSubjectKeys keys, Inventory inventory) =>
        (_table, _keys, _inventory) = (table, keys, inventory);

    public static async ValueTask<DynamoDbSource> OpenAsync(
        Table table,
        DynamoDbSubjectKeys keys,
        CancellationToken cancellationToken
    )
    {
        var source = new DynamoDbSource(table, keys, await Inventory.TakeAsync(table, cancellationToken));
        foreach (var tenant in source._inventory.Tenants)
        {
            var erasures = await table.QueryAsync(Keys.Erasures(tenant), range: null, cancellationToken);
            source._erased[tenant] = erasures.SelectMany(Erasures.Subjects).ToHashSet(StringComparer.Ordinal);
            if (await Heads.ReadAsync(table, tenant, cancellationToken) is not { } head)
                continue;
            source._heads[tenant] = head;
            source._readers[tenant] = new EntryReader(table, head, source._erased[tenant]);
        }
        return source;
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<string>> TenantsAsync(CancellationToken cancellationToken) =>
        ValueTask.FromResult(_inventory.Tenants);

    /// <inheritdoc/>
    public ValueTask<LogHead?> HeadAsync(string tenant, CancellationToken cancellationToken) =>
        ValueTask.FromResult(_heads.GetValueOrDefault(tenant));

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<CopiedEntry>> BlockAsync(string tenant, long first, CancellationToken cancellationToken) =>
        _readers[tenant].BlockAsync(first, cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<byte[]?> BlobAsync(string tenant, Digest digest, CancellationToken cancellationToken) =>
        (await BlobItems.ReadAsync(_table, tenant, [digest], cancellationToken)).GetValueOrDefault(digest);

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<object?[]>> RowsAsync(
        string tenant,
        Section section,
        object?[]? after,
        int limit,
        CancellationToken cancellationToken
    )
    {
        if (Section.OfKeys.Contains(section))
            return await _keys.RowsAsync(section, after, limit, cancellationToken);
        var located =
            section.Name == "document_private"
                ? await DocumentPrivatesAsync(tenant, cancellationToken)
                : _inventory.RowsOf(tenant, section);
        return await new SectionRows(_table, tenant, section, _erased[tenant]).PageAsync(
            located,
            after,
            limit,
            cancellationToken
        );
    }

    /// <inheritdoc/>
    public async ValueTask<long> TimerFenceAsync(CancellationToken cancellationToken) =>
        (await _table.GetAsync(Keys.TimerFence, cancellationToken))?.Number(TimerItems.Fence) ?? 0;

    /// <inheritdoc/>
    public async ValueTask<bool> WasWrittenAsync(CancellationToken cancellationToken)
    {
        var tenants = await _table.QueryAsync(Keys.Tenants, range: null, cancellationToken);
        if (tenants.Count != _heads.Count)
            return true;
        foreach (var (tenant, head) in _heads)
        {
            if ((await Heads.ReadAsync(_table, tenant, cancellationToken))?.Range.Size != head.Range.Size)
                return true;
        }
        return false;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _keys.Dispose();
        _table.Dispose();
        return ValueTask.CompletedTask;
    }

    private async ValueTask<IReadOnlyList<Located>> DocumentPrivatesAsync(string tenant, CancellationToken cancellationToken)
    {
        if (!_documentPrivates.TryGetValue(tenant, out var located))
            _documentPrivates[tenant] = located = _readers.TryGetValue(tenant, out var reader)
                ? await reader.DocumentPrivatesAsync(cancellationToken)
                : [];
        return located;
    }
}
