using System.Text;
using Halyard.Core.Storage;
using Halyard.Ledger;
using Halyard.Storage.Conformance.Building;

namespace Halyard.Storage.Conformance;

public abstract partial class StoreConformance
{
    [Fact]
    public async Task OpenShard_LetsTheLogGoOnUnderItsNewName_FromItsOwnEntryOn()
    {
        var first = CommitBuilder.OriginOf(Tenant);
        await GrowToAsync(3);
        var root = (await Store.HeadAsync(Tenant, Cancellation))!.Range.Root;

        var receipt = (await CommittedAsync(Commit().Opening(first, 3, $"{first}/2")))[0];
        var next = (await CommittedAsync(Commit().Saying("goes on")))[0];

        (receipt.Log, receipt.Index).ShouldBe(($"{first}/2", 3));
        (next.Log, next.Index).ShouldBe(($"{first}/2", 4));
        var head = (await Store.HeadAsync(Tenant, Cancellation)).ShouldNotBeNull();
        (head.Origin, head.Shard, head.Range.Size).ShouldBe(($"{first}/2", 2, 5));
        MerkleTree.Root([.. await Store.LeafHashesAsync(Tenant, 0, 3, Cancellation)]).ShouldBe(root);
        var leaves = (await Store.FeedAsync(Tenant, 0, 10, Cancellation)).Select(entry => Encoding.UTF8.GetString(entry.Leaf));
        leaves
            .Select(leaf => leaf.Contains($"\"log\":\"{first}/2\"", StringComparison.Ordinal))
            .ShouldBe([false, false, false, true, true]);
    }

    [Theory]
    [InlineData(2, "")]
    [InlineData(3, "/2")]
    public async Task OpenShard_DecidedOnAnotherState_IsAConflictAndChangesNothing(long size, string shard)
    {
        var first = CommitBuilder.OriginOf(Tenant);
        await GrowToAsync(3);

        (await CommitAsync(Commit().Opening(first + shard, size, $"{first}/3"))).ShouldBeOfType<CommitResult.Conflict>();

        var head = (await Store.HeadAsync(Tenant, Cancellation)).ShouldNotBeNull();
        (head.Origin, head.Range.Size).ShouldBe((first, 3));
    }
}
