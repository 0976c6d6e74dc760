using Halyard.Core.Access;
using Halyard.Core.Access.Deciding;
using Halyard.Core.Changes.Importing;
using Halyard.Core.Flags;
using Halyard.Core.Storage;
using Halyard.Core.Tests.Fixtures;

namespace Halyard.Core.Tests.Changes.Importing;

/// <content>A batch is made ready while the one before it is committed; what becomes of it when that one fails.</content>
public abstract partial class HistoryImportTests
{
    private static CommitResult? Undisturbed => null;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task BatchThatTheStoreCannotCommit_TakesTheOneAfterItAlong_AndIsResumed(int failing)
    {
        var batches = 0;
        var broken = true;
        var store = new DisturbedStore(
            Store,
            commit => IsBatch(commit) && ++batches == failing && broken ? throw new IOException("disk full") : new(Undisturbed)
        );
        var bench = await ImportBench.CreateAsync(store);
        await Should.ThrowAsync<IOException>(() => bench.ImportAsync(Long));
        batches.ShouldBe(failing);
        var done = failing == 1 ? 0 : Ends[failing - 2];
        (await bench.ImportedLeavesAsync()).Count.ShouldBe(done);

        broken = false;
        var told = await bench.ImportAsync(Long);

        told[0].ShouldBe(new ImportEvent.Validated(LongLines, done));
        told[^1].ShouldBeOfType<ImportEvent.Finished>();
        await EveryLineIsThereOnceAsync(bench);
    }

    [Fact]
    public async Task BatchThatLosesARace_IsMadeAgain_AndTheOneAfterItOnTop()
    {
        var lost = new HashSet<long>();
        var store = new DisturbedStore(
            Store,
            commit => new(IsBatch(commit) && lost.Add(FirstLine(commit)) ? new CommitResult.Conflict([]) : Undisturbed)
        );
        var bench = await ImportBench.CreateAsync(store);

        var told = await bench.ImportAsync(Long);

        lost.Order().ShouldBe([1, .. Ends[..^1].Select(end => end + 1L)]);
        told.ShouldBe([
            new ImportEvent.Validated(LongLines, 0),
            .. Ends.Select(end => new ImportEvent.Progress(end, LongLines)),
            told[^1].ShouldBeOfType<ImportEvent.Finished>(),
        ]);
        await EveryLineIsThereOnceAsync(bench);
        await EveryFlagHasTheIdOfItsCreationAsync(bench);
    }

    /// <summary>The other one's batch raises the fence to the very value that the batch made ready in advance was to find.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task OtherImporterWhoIsFasterWithABatch_StopsThisOne_AndNothingMadeReadyIsWritten(int overtaken)
    {
        var other = await ImportBench.CreateAsync(Store);
        var batches = 0;
        var store = new DisturbedStore(
            Store,
            async commit =>
            {
                if (IsBatch(commit) && ++batches == overtaken)
                    await other.ImportAsync(Long, events: 2);
                return Undisturbed;
            }
        );

        var told = await ImportBench.On(store).ImportAsync(Long);

        told[^1].ShouldBe(new ImportEvent.Refused(new Error.Contended()));
        batches.ShouldBe(overtaken);
        (await other.ImportedLeavesAsync()).Count.ShouldBe(overtaken * First);
        (await other.ImportAsync(Long))[^1].ShouldBeOfType<ImportEvent.Finished>();
        await EveryLineIsThereOnceAsync(other);
        await EveryFlagHasTheIdOfItsCreationAsync(other);
    }

    [Fact]
    public async Task NextBatch_IsMadeReadyMeanwhile_AndCommittedAfterwards()
    {
        var authorizer = new CountingAuthorizer();
        var underWay = 0;
        var committed = 0;
        var store = new DisturbedStore(
            Store,
            async commit =>
            {
                if (!IsBatch(commit))
                    return Undisturbed;
                Interlocked.Increment(ref underWay).ShouldBe(1);
                // Each batch is decided once: this one and, while it is under way, the one after it.
                if (++committed < Ends.Length)
                    await authorizer.AskedAsync(committed + 1).WaitAsync(TimeSpan.FromSeconds(30), Token);
                Interlocked.Decrement(ref underWay);
                return Undisturbed;
            }
        );
        var bench = await ImportBench.CreateAsync(store);

        (await ImportBench.On(store, authorizer).ImportAsync(Long))[^1].ShouldBeOfType<ImportEvent.Finished>();
        committed.ShouldBe(Ends.Length);
        await EveryLineIsThereOnceAsync(bench);
    }

    [Fact]
    public async Task CancelledWhileABatchIsUnderWay_ThatBatchEndsBeforeTheImportDoes()
    {
        using var cancelling = new CancellationTokenSource();
        var ended = false;
        var store = new DisturbedStore(
            Store,
            async commit =>
            {
                if (!IsBatch(commit))
                    return Undisturbed;
                await cancelling.CancelAsync();
                await Task.Delay(50, Token);
                ended = true;
                return Undisturbed;
            }
        );
        var bench = await ImportBench.CreateAsync(store);

        await Should.ThrowAsync<OperationCanceledException>(() => bench.ImportAsync(Long, cancellation: cancelling.Token));

        ended.ShouldBeTrue();
        (await ImportBench.On(Store).ImportAsync(Long))[^1].ShouldBeOfType<ImportEvent.Finished>();
        await EveryLineIsThereOnceAsync(bench);
    }

    private static bool IsBatch(Commit commit) => commit.Entries[0].Index.Import is not null;

    private static long FirstLine(Commit commit) => commit.Entries[0].Index.ImportLine;

    /// <summary>An entry built on a creation that never took effect would name an id that nothing has.</summary>
    private static async Task EveryFlagHasTheIdOfItsCreationAsync(ImportBench bench)
    {
        var stored = new Dictionary<ResourceName, StoredResource>();
        await bench.Store.AddAllAsync(ImportBench.Tenant, ResourceKind.Flag, ImportBench.Project, stored, Token);
        var ids = stored.Values.ToDictionary(resource => resource.Name.Key, resource => resource.Id, StringComparer.Ordinal);
        ids.ShouldNotBeEmpty();
        foreach (var leaf in await bench.ImportedLeavesAsync())
        {
            var resource = leaf.GetProperty("resource");
            if (resource.GetProperty("kind").GetString() == "flag")
                resource.GetProperty("id").GetString().ShouldBe(ids[resource.GetProperty("key").GetString()!]);
        }
    }

    /// <summary>Allows everything, and tells when it was asked about so many batches.</summary>
    private sealed class CountingAuthorizer : IAuthorizer
    {
        private readonly TaskCompletionSource[] _asked =
        [
            .. Enumerable.Range(0, Ends.Length + 1).Select(_ => new TaskCompletionSource()),
        ];
        private int _batches = -2;

        public Task AskedAsync(int batches) => _asked[batches].Task;

        public ValueTask<AuthorizationDecision> DecideAsync(AuthorizationRequest request, CancellationToken cancellationToken)
        {
            // The first two questions are about the import as a whole and its announcement.
            if (++_batches > 0 && _batches <= Ends.Length)
                _asked[_batches].SetResult();
            return ValueTask.FromResult(new AuthorizationDecision(true, "all@1", "anybody may"));
        }

        public ValueTask<AccessPlan> PlanAsync(AuthorizationRequest request, CancellationToken cancellationToken) =>
            ValueTask.FromResult(new AccessPlan(PlanKind.Always, null, ["anybody may"], "all@1"));

        public ValueTask<bool> RefreshAsync(string tenant, CancellationToken cancellationToken) => ValueTask.FromResult(false);
    }
}
