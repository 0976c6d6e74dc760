using Halyard.Core.Audit.Holds;
using Halyard.Core.Changes;
using Halyard.Core.Changes.Effects;
using Halyard.Core.Flags;
using Halyard.Core.Storage;
using Halyard.Core.Storage.Privacy;
using Halyard.Core.Tests.Fixtures;
using Halyard.Evaluation.Definitions;
using Halyard.Storage.Conformance.InMemory;

namespace Halyard.Core.Tests.Privacy;

public abstract partial class ErasureTests
{
    [Fact]
    public async Task Replay_AfterADeathBeforeTheKeysWereRemoved_RemovesThem()
    {
        var keys = new InMemorySubjectKeys();
        var dying = new DyingKeys(keys);
        var store = OpenStore();
        var pipeline = new Pipeline(store, keys: dying);
        await pipeline.StructureAsync();
        foreach (var operation in new[] { AnnInFlag[0], AnnInFlag[1], RemoveAnn })
            await pipeline.AppliedAsync(operation);
        var subject = await SubjectAsync(pipeline, Ann);
        dying.IsDying = true;
        await Should.ThrowAsync<IOException>(async () => await pipeline.SubmitAsync(Erasure(name: Ann)));
        (await keys.FindAsync(Pipeline.Tenant, [subject], Cancellation)).ShouldNotBeEmpty();
        var size = await pipeline.SizeAsync();

        var restarted = new Pipeline(store, keys: keys);
        (await ReplayAsync(restarted)).ShouldBe(0);

        (await keys.FindAsync(Pipeline.Tenant, [subject], Cancellation)).ShouldBeEmpty();
        (await keys.ErasedAsync(Pipeline.Tenant, Cancellation)).ShouldBe([new ErasedSubject(subject, size - 1)]);
        (await restarted.SizeAsync()).ShouldBe(size, "the log said it already");
    }

    [Fact]
    public async Task Replay_OnAStoreRestoredFromBefore_ErasesAgainAndSaysSo()
    {
        var keys = new InMemorySubjectKeys();
        var pipeline = new Pipeline(OpenStore(), keys: keys);
        await pipeline.StructureAsync();
        foreach (var operation in new[] { AnnInFlag[0], AnnInFlag[1], RemoveAnn })
            await pipeline.AppliedAsync(operation);
        var subject = await SubjectAsync(pipeline, Ann);
        // As if another copy of the store had been erased, and this one is what was restored.
        await keys.EraseAsync(Pipeline.Tenant, [subject], 99, Cancellation);
        await HoldAsync(pipeline, new PlaceHold("case-1", "", subject, null));

        (await ReplayAsync(pipeline)).ShouldBe(1);

        (await TextOfPastAsync(pipeline)).ShouldNotContain(Ann);
        (await pipeline.Store.SubjectExtentAsync(Pipeline.Tenant, [subject], Cancellation)).Values.ShouldBe(0);
        var leaf = await pipeline.LastLeafAsync();
        leaf["type"]!.GetValue<string>().ShouldBe("privacy.subject_erased");
        leaf["actor"]!["kind"]!.GetValue<string>().ShouldBe("system");
        (await ReplayAsync(pipeline)).ShouldBe(0, "once is enough");
    }

    [Fact]
    public async Task Replay_OfAnErasureWhoseEntryWasPurged_FindsItDone()
    {
        var keys = new InMemorySubjectKeys();
        var pipeline = new Pipeline(OpenStore(), keys: keys);
        await pipeline.StructureAsync();
        foreach (var operation in new[] { AnnInFlag[0], AnnInFlag[1], RemoveAnn })
            await pipeline.AppliedAsync(operation);
        var subject = await SubjectAsync(pipeline, Ann);
        (await pipeline.SubmitAsync(Erasure(name: Ann))).Value.ShouldBeOfType<Outcome.Applied>();
        while (await pipeline.SizeAsync() < 256)
        {
            var viewed = Change.Record("log.view", "", new ChangeEvent("log.viewed", "looked at"));
            await pipeline.SubmitAsync(new Submission(Pipeline.Admin, Pipeline.Request, viewed));
        }
        var purge = new Halyard.Storage.Conformance.Building.CommitBuilder(Pipeline.Tenant).Purging(0, 256).Build();
        (await pipeline.Store.CommitAsync(purge, Cancellation)).ShouldBeOfType<CommitResult.Committed>();
        var size = await pipeline.SizeAsync();

        (await ReplayAsync(pipeline)).ShouldBe(0);

        (await pipeline.SizeAsync()).ShouldBe(size, "the log said it, in what the archive has");
        (await keys.ErasedAsync(Pipeline.Tenant, Cancellation)).ShouldHaveSingleItem().Subject.ShouldBe(subject);
    }

    [Fact]
    public async Task Replay_WhereALiveFlagHoldsThePersonAgain_NamesIt()
    {
        var keys = new InMemorySubjectKeys();
        var pipeline = new Pipeline(OpenStore(), keys: keys);
        await pipeline.StructureAsync();
        foreach (var operation in AnnInFlag)
            await pipeline.AppliedAsync(operation);
        await keys.EraseAsync(Pipeline.Tenant, [await SubjectAsync(pipeline, Ann)], 99, Cancellation);

        var replayed = await new ErasureReplay(pipeline.Store, pipeline.Vault, pipeline.Service, pipeline.Entropy).RunAsync(
            Cancellation
        );

        replayed.StillIn.ShouldBe(["acme: flag web/f"]);
        (await pipeline.LastLeafAsync())["meta"]!["details"]!["stillIn"]!.ToJsonString().ShouldBe("[\"flag web/f\"]");
    }

    [Fact]
    public async Task Replay_WhereMoreHoldThePersonThanAnEntryCanName_NamesSomeAndCountsAll()
    {
        const int segments = 120;
        var project = new string('p', Limits.Identifier);
        var keys = new InMemorySubjectKeys();
        var pipeline = new Pipeline(OpenStore(), keys: keys);
        await pipeline.StructureAsync();
        await pipeline.OutcomeAsync<Outcome.Applied>(Pipeline.Submission([new CreateProject(project, "Long", "")], project: ""));
        foreach (var some in Enumerable.Range(0, segments).Chunk(Change.MaxResources))
        {
            var operations = some.Select(i =>
                $$"""{"op":"createSegment","segment":"{{$"{i}".PadLeft(Limits.Identifier, 's')}}","includes":["ann@example.com"]}"""
            );
            await pipeline.OutcomeAsync<Outcome.Applied>(Pipeline.Submission(Ops.ReadAll(operations), project: project));
        }
        await keys.EraseAsync(Pipeline.Tenant, [await SubjectAsync(pipeline, Ann)], 99, Cancellation);

        var replayed = await new ErasureReplay(pipeline.Store, pipeline.Vault, pipeline.Service, pipeline.Entropy).RunAsync(
            Cancellation
        );

        var details = (await pipeline.LastLeafAsync())["meta"]!["details"]!;
        details["stillInCount"]!.GetValue<int>().ShouldBe(segments);
        var named = details["stillIn"]!.AsArray().Count;
        named.ShouldBeInRange(10, 100);
        replayed.StillIn.Count.ShouldBe(named + 1);
        replayed.StillIn[^1].ShouldBe($"acme: {segments - named} more");
        (await ReplayAsync(pipeline)).ShouldBe(0);
    }

    private static async Task<int> ReplayAsync(Pipeline pipeline) =>
        (
            await new ErasureReplay(pipeline.Store, pipeline.Vault, pipeline.Service, pipeline.Entropy).RunAsync(Cancellation)
        ).Count;

    /// <summary>Keys of a process that ends before it can remove them.</summary>
    private sealed class DyingKeys(ISubjectKeys inner) : ISubjectKeys
    {
        public bool IsDying { get; set; }

        public ValueTask<byte[]> DirectoryKeyAsync(CancellationToken cancellationToken) =>
            inner.DirectoryKeyAsync(cancellationToken);

        public ValueTask<IReadOnlyList<SubjectKey>> EnsureAsync(
            string tenant,
            IReadOnlyList<SubjectRequest> requests,
            CancellationToken cancellationToken
        ) => inner.EnsureAsync(tenant, requests, cancellationToken);

        public ValueTask<IReadOnlyDictionary<string, byte[]>> FindAsync(
            string tenant,
            IReadOnlyCollection<string> subjects,
            CancellationToken cancellationToken
        ) => inner.FindAsync(tenant, subjects, cancellationToken);

        public ValueTask<IReadOnlyList<string>> NamedAsync(
            string tenant,
            IReadOnlyCollection<string> pseudonyms,
            CancellationToken cancellationToken
        ) => inner.NamedAsync(tenant, pseudonyms, cancellationToken);

        public ValueTask EraseAsync(
            string tenant,
            IReadOnlyCollection<string> subjects,
            long index,
            CancellationToken cancellationToken
        ) => IsDying ? throw new IOException("The process ends.") : inner.EraseAsync(tenant, subjects, index, cancellationToken);

        public ValueTask<IReadOnlyList<ErasedSubject>> ErasedAsync(string tenant, CancellationToken cancellationToken) =>
            inner.ErasedAsync(tenant, cancellationToken);
    }
}
