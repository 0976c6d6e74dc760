using Halyard.Storage.DynamoDb.Native;

namespace Halyard.Storage.DynamoDb.Logs;

/// <summary>How far what erasures and purges hide is also removed.</summary>
/// <param name="Erased">The last entry whose erasure is carried out, or -1.</param>
/// <param name="Purged">The first entry that is not removed.</param>
internal sealed record SweepState(long Erased, long Purged)
{
    private const string ErasedName = "erased";
    private const string PurgedName = "purged";

    public static SweepState Of(Item? item) =>
        item is null ? new SweepState(-1, 0) : new SweepState(item.Number(ErasedName), item.Number(PurgedName));

    public Item Write(string tenant) => new Item(Keys.Swept(tenant)).With(ErasedName, Erased).With(PurgedName, Purged);
}
