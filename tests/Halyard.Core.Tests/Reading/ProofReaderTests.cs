using Halyard.Core.Changes;
using Halyard.Core.Reading;
using Halyard.Core.Tests.Fixtures;
using Halyard.Ledger;
using Halyard.Storage.Conformance.InMemory;

namespace Halyard.Core.Tests.Reading;

/// <summary>Proofs made in bulk are the proofs made one by one, at every size and at every edge of a group of 256.</summary>
public sealed class ProofReaderTests
{
    private const int Entries = 800;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Proofs_OfEveryEntryInTreesOfAnySize_LeadToTheirRoots()
    {
        var pipeline = await FilledAsync();
        var reader = new ProofReader(pipeline.Store);
        var range = CompactRange.Empty;
        var leaves = await pipeline.LeavesAsync();
        var roots = new List<Digest> { range.Root };
        foreach (var leaf in leaves)
            roots.Add((range = range.Append(MerkleTree.HashLeaf(leaf))).Root);

        foreach (var size in new[] { 1, 2, 3, 255, 256, 257, 300, 511, 512, 513, 767, 768, 769, Entries })
        {
            var proofs = (await reader.OpenAsync(Pipeline.Tenant, size, Cancel)).ShouldNotBeNull();
            for (var index = 0; index < size; index++)
            {
                var proof = await proofs.ProveAsync(index, Cancel);
                InclusionProof
                    .Verify(index, size, MerkleTree.HashLeaf(leaves[index]), proof, roots[size])
                    .ShouldBeTrue($"{index} {size}");
            }
            var last = (await reader.ProveAsync(Pipeline.Tenant, size - 1, size, Cancel)).ShouldNotBeNull();
            last.Root.ShouldBe(roots[size]);
            last.Hashes.ShouldBe(await proofs.ProveAsync(size - 1, Cancel));
        }
    }

    [Fact]
    public async Task Proofs_OutOfOrder_AreTheSame()
    {
        var pipeline = await FilledAsync();
        var proofs = (await new ProofReader(pipeline.Store).OpenAsync(Pipeline.Tenant, 700, Cancel)).ShouldNotBeNull();
        foreach (var index in new[] { 699, 0, 650, 300, 0, 699, 512, 511 })
        {
            var single = await new ProofReader(pipeline.Store).ProveAsync(Pipeline.Tenant, index, 700, Cancel);
            (await proofs.ProveAsync(index, Cancel)).ShouldBe(single.ShouldNotBeNull().Hashes);
        }
    }

    [Fact]
    public async Task Proofs_OfWhatTheTreeDoesNotHold_AreRefused()
    {
        var pipeline = await FilledAsync();
        var reader = new ProofReader(pipeline.Store);

        (await reader.OpenAsync(Pipeline.Tenant, Entries * 2, Cancel)).ShouldBeNull();
        (await reader.OpenAsync("nobody", 0, Cancel)).ShouldBeNull();
        var proofs = (await reader.OpenAsync(Pipeline.Tenant, 300, Cancel)).ShouldNotBeNull();
        await Should.ThrowAsync<ArgumentOutOfRangeException>(async () => await proofs.ProveAsync(300, Cancel));
        await Should.ThrowAsync<ArgumentOutOfRangeException>(async () => await proofs.ProveAsync(-1, Cancel));
    }

    private static async Task<Pipeline> FilledAsync()
    {
        var pipeline = await Pipeline.StartAsync(new InMemoryStore(TimeProvider.System));
        while (await pipeline.SizeAsync() < Entries)
        {
            var change = Change.Record("audit.read", "", new ChangeEvent("log.viewed", "once more"));
            await pipeline.OutcomeAsync<Outcome.Applied>(new Submission(Pipeline.Admin, Pipeline.Request, change));
        }
        return pipeline;
    }
}
