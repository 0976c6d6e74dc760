using Halyard.Storage.DynamoDb.Native;

namespace Halyard.Storage.DynamoDb.Blocks;

/// <summary>
/// How far the log stands in blocks, and the fence of whoever writes them: a block counts only if nobody raised the version since its
/// writer began, and no page is written over by one that began with a lower one.
/// </summary>
/// <param name="Size">The first entry that is in no block; a multiple of a block's size.</param>
/// <param name="Version">Raised by each block, and by each sweep before it looks at the pages.</param>
internal sealed record FoldState(long Size, long Version)
{
    private const string SizeName = "size";
    private const string VersionName = "version";

    public static FoldState Of(Item? item) =>
        item is null ? new FoldState(0, 0) : new FoldState(item.Number(SizeName), item.Number(VersionName));

    public static async ValueTask<FoldState> ReadAsync(Table table, string tenant, CancellationToken cancellationToken) =>
        Of(await table.GetAsync(Keys.Folded(tenant), cancellationToken));

    /// <summary>Fences off whoever writes a block now; its pages are then those of the state that this gives.</summary>
    public static async ValueTask<FoldState> RaiseAsync(Table table, string tenant, CancellationToken cancellationToken)
    {
        while (true)
        {
            var state = await ReadAsync(table, tenant, cancellationToken);
            if (await state.AdvanceAsync(table, tenant, state.Size, cancellationToken))
                return new FoldState(state.Size, state.Version + 1);
        }
    }

    /// <summary>Goes on to another size, unless anybody went on from here meanwhile.</summary>
    public ValueTask<bool> AdvanceAsync(Table table, string tenant, long size, CancellationToken cancellationToken) =>
        table.PutAsync(
            new Item(Keys.Folded(tenant)).With(SizeName, size).With(VersionName, Version + 1),
            Condition.Revision(VersionName, Version),
            cancellationToken
        );
}
