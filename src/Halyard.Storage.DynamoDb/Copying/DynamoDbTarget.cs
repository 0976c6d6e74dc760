using Halyard.Core;
using Halyard.Core.Audit;
using Halyard.Core.Storage.Copying;
using Halyard.Ledger;
using Halyard.Storage.DynamoDb.Logs;
using Halyard.Storage.DynamoDb.Native;
using Halyard.Storage.DynamoDb.Privacy;

namespace Halyard.Storage.DynamoDb.Copying;

/// <summary>
/// Fills an empty table. What a call writes is more than a transaction takes: so a log's head, and a mark of the last blob, are written
/// behind what they say is there, and what an interrupted call left is written again.
/// </summary>
internal sealed class DynamoDbTarget : IStoreTarget
{
    private const string LastBlob = "digest";

    private readonly Table _table;
    private readonly DynamoDbSubjectKeys _keys;
    private readonly Entropy _entropy;
    private readonly HashSet<(string, Section)> _written = [];
    private readonly SortedSet<string> _tenants = new(StringComparer.Ordinal);
    private Inventory _inventory;

    private DynamoDbTarget(Table table, DynamoDbSubjectKeys keys, Inventory inventory, Entropy entropy) =>
        (_table, _keys, _inventory, _entropy) = (table, keys, inventory, entropy);

    public static async ValueTask<DynamoDbTarget> OpenAsync(
        Table table,
        DynamoDbSubjectKeys keys,
        Entropy entropy,
        CancellationToken cancellationToken
    ) => new(table, keys, await Inventory.TakeAsync(table, cancellationToken), entropy);

    /// <inheritdoc/>
    public ValueTask<LogHead?> HeadAsync(string tenant, CancellationToken cancellationToken) =>
        Heads.ReadAsync(_table, tenant, cancellationToken);

    /// <inheritdoc/>
    public async ValueTask AddAsync(LogHead head, IReadOnlyList<CopiedEntry> entries, CancellationToken cancellationToken)
    {
        var tenant = head.Tenant;
        var items = Segments.Of(tenant, [.. entries.Select(CopiedEntries.Entry)]).SelectMany(made => made.Items).ToList();
        // An attempt of another version may have cut them elsewhere.
        var (first, last) = (entries[0].Index, entries[^1].Index);
        var left = await _table.QueryAsync(
            Keys.Segments(tenant, first / Keys.LogPart),
            (Keys.Index(first), Keys.Index(last)),
            cancellationToken
        );
        await _table.DeleteAsync(left.Select(item => item.Key).Except(items.Select(item => item.Key)), cancellationToken);
        await _table.PutAsync(items, cancellationToken);
        await Heads.WriteAsync(_table, head, lastErasure: -1, cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask<Digest?> LastBlobAsync(string tenant, CancellationToken cancellationToken) =>
        (await _table.GetAsync(Keys.CopiedBlob(tenant), cancellationToken))?.Digest(LastBlob);

    /// <inheritdoc/>
    public async ValueTask ClearAsync(string tenant, Section section, CancellationToken cancellationToken)
    {
        if (Section.OfKeys.Contains(section))
        {
            await _keys.ClearAsync(section, cancellationToken);
            return;
        }
        _tenants.Add(tenant);
        if (_written.Remove((tenant, section)))
            _inventory = await Inventory.TakeAsync(_table, cancellationToken);
        await _table.DeleteAsync(_inventory.ItemsOf(tenant, section).Distinct(), cancellationToken);
        if (section.Name == "document_private")
            await new DocumentPrivates(_table, tenant).ClearAsync(await SizeAsync(tenant, cancellationToken), cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask WriteAsync(
        string tenant,
        Section section,
        IReadOnlyList<object?[]> rows,
        CancellationToken cancellationToken
    )
    {
        if (Section.OfKeys.Contains(section))
        {
            await _keys.WriteAsync(section, rows, cancellationToken);
            return;
        }
        _written.Add((tenant, section));
        var directory = new PeopleDirectory(_table, tenant, _entropy);
        await new SectionItems(_table, tenant, directory, _entropy).WriteAsync(section, rows, cancellationToken);
        if (section == Section.Blobs)
            await _table.PutAsync(
                new Item(Keys.CopiedBlob(tenant)).With(LastBlob, (byte[])rows[^1][0]!),
                condition: null,
                cancellationToken
            );
    }

    /// <inheritdoc/>
    public async ValueTask LiftTimerFenceAsync(long value, CancellationToken cancellationToken)
    {
        var last = (await _table.GetAsync(Keys.TimerFence, cancellationToken))?.Number(TimerItems.Fence) ?? 0;
        if (value > last)
            await _table.PutAsync(TimerItems.LastFence(value, _entropy), condition: null, cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask FinishAsync(CancellationToken cancellationToken)
    {
        foreach (var tenant in _tenants)
        {
            if (await HeadAsync(tenant, cancellationToken) is { } head)
                await FinishAsync(head, cancellationToken);
            await _table.DeleteAsync([Keys.CopiedBlob(tenant)], cancellationToken);
        }
        await _table.DeleteAsync([Keys.Copying], cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _keys.Dispose();
        _table.Dispose();
        return ValueTask.CompletedTask;
    }

    private async ValueTask<long> SizeAsync(string tenant, CancellationToken cancellationToken) =>
        (await HeadAsync(tenant, cancellationToken))?.Range.Size ?? 0;

    /// <summary>What can be said of a log only when all is there; of what was erased and purged nothing came along.</summary>
    private async ValueTask FinishAsync(LogHead head, CancellationToken cancellationToken)
    {
        await new DocumentPrivates(_table, head.Tenant).MoveAsync(head.Range.Size, cancellationToken);
        var erasures = await _table.QueryAsync(Keys.Erasures(head.Tenant), range: null, cancellationToken);
        var lastErasure = erasures.Count == 0 ? -1 : Erasures.Index(erasures[^1]);
        await Heads.WriteAsync(_table, head, lastErasure, cancellationToken);
        var swept = new SweepState(lastErasure, head.Minimum).Write(head.Tenant);
        await _table.PutAsync(swept, condition: null, cancellationToken);
    }
}
