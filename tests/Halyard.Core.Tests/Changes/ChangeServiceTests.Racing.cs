using Halyard.Core.Changes;
using Halyard.Core.Flags;
using Halyard.Core.Tests.Fixtures;
using Halyard.Ledger;

namespace Halyard.Core.Tests.Changes;

public abstract partial class ChangeServiceTests
{
    private const int Writers = 50;

    [Fact]
    public async Task ManyWriters_OfOneFlagWithoutBase_AllApplyOneAfterTheOther()
    {
        var pipeline = await StartAsync(CreateF);

        var outcomes = await RaceAsync(pipeline, i => Pipeline.Submission(Ops.AddRule("f", $"r{i}")));

        outcomes.ShouldAllBe(outcome => outcome.Error == null);
        outcomes
            .Select(outcome => ((Outcome.Applied)outcome.Value).Revisions[0].Revision)
            .Order()
            .ShouldBe(Enumerable.Range(2, Writers).Select(i => (long)i));
        var flag = await pipeline.FlagAsync("f");
        flag!.Environments["dev"].Settings.Rules.Count.ShouldBe(Writers);
        await FoldMatchesAsync(pipeline);
    }

    [Fact]
    public async Task ManyWriters_OfOneFlagOnTheSameBase_ExactlyOneWins()
    {
        var pipeline = await StartAsync(CreateF);

        var outcomes = await RaceAsync(pipeline, i => Pipeline.Submission(Ops.Rename("f", $"name {i}", baseRevision: 1)));

        outcomes.Count(outcome => outcome.Error is null).ShouldBe(1);
        outcomes.Where(outcome => outcome.Error is not null).ShouldAllBe(outcome => outcome.Error is Error.StaleRevision);
        await FoldMatchesAsync(pipeline);
    }

    [Fact]
    public async Task ManyWriters_OfManyFlags_GetReceiptsThatMatchTheLog()
    {
        var pipeline = await StartAsync();

        var outcomes = await RaceAsync(pipeline, i => Pipeline.Submission(Ops.CreateFlag($"f{i}")));

        var hashes = (await pipeline.LeavesAsync()).Select(leaf => MerkleTree.HashLeaf(leaf)).ToList();
        foreach (var receipt in outcomes.Select(outcome => ((Outcome.Applied)outcome.Value).Receipt))
            receipt.Root.ShouldBe(MerkleTree.Root(hashes[..(int)(receipt.Index + 1)]));
        await FoldMatchesAsync(pipeline);
    }

    [Fact]
    public async Task CreatorsOfOneFlag_ExactlyOneWins()
    {
        var pipeline = await StartAsync();

        var outcomes = await RaceAsync(pipeline, _ => Pipeline.Submission(CreateF));

        outcomes.Count(outcome => outcome.Error is null).ShouldBe(1);
        outcomes.Where(outcome => outcome.Error is not null).ShouldAllBe(outcome => outcome.Error is Error.Invalid);
    }

    [Fact]
    public async Task SegmentDeletedWhileItIsBeingUsed_OneOfTheTwoIsRefused()
    {
        for (var round = 0; round < 10; round++)
        {
            var pipeline = await StartAsync(CreateF, """{"op":"createSegment","segment":"s"}""");

            var outcomes = await Task.WhenAll(
                Task.Run(
                    () => pipeline.SubmitAsync(Pipeline.Submission(Ops.AddRule("f", "r", Ops.InSegment("s")))),
                    Cancellation
                ),
                Task.Run(
                    () => pipeline.SubmitAsync(Pipeline.Submission("""{"op":"deleteSegment","segment":"s"}""")),
                    Cancellation
                )
            );

            outcomes.Count(outcome => outcome.Error is null).ShouldBe(1);
            var used = (await pipeline.FlagAsync("f"))!.Environments.Values.Any(item => item.Settings.Rules.Count > 0);
            (await pipeline.StoredAsync(Segment.NameOf("web", "s")) is not null).ShouldBe(used);
        }
    }

    [Fact]
    public async Task TwoFlagsThatWouldNeedEachOther_OneOfTheTwoIsRefused()
    {
        for (var round = 0; round < 10; round++)
        {
            var pipeline = await StartAsync(CreateF, Ops.CreateFlag("g"));

            var outcomes = await Task.WhenAll(
                Task.Run(() => pipeline.SubmitAsync(Pipeline.Submission(Ops.Needs("f", "g"))), Cancellation),
                Task.Run(() => pipeline.SubmitAsync(Pipeline.Submission(Ops.Needs("g", "f"))), Cancellation)
            );

            outcomes.Count(outcome => outcome.Error is null).ShouldBe(1);
        }
    }

    private static async Task<Result<Outcome>[]> RaceAsync(Pipeline pipeline, Func<int, Submission> submission) =>
        await Task.WhenAll(
            Enumerable.Range(0, Writers).Select(i => Task.Run(() => pipeline.SubmitAsync(submission(i)), Cancellation))
        );
}
