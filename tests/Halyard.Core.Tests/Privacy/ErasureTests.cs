using System.Text;
using Halyard.Core.Access;
using Halyard.Core.Audit.Holds;
using Halyard.Core.Changes;
using Halyard.Core.Changes.Effects;
using Halyard.Core.Flags;
using Halyard.Core.Reading;
using Halyard.Core.Storage;
using Halyard.Core.Tests.Fixtures;
using Halyard.Ledger;
using Halyard.Storage.Conformance.InMemory;
using Halyard.Storage.Sqlite;

namespace Halyard.Core.Tests.Privacy;

/// <summary>Erasing people; the same for every store.</summary>
public abstract partial class ErasureTests
{
    private const string Ann = "ann@example.com";

    private static readonly string[] AnnInFlag =
    [
        Ops.CreateFlag("f"),
        """{"op":"addOverride","flag":"f","environment":"dev","override":{"id":"o_1","attribute":"targetingKey","value":"ann@example.com","variant":"on"}}""",
    ];

    private const string RemoveAnn = """{"op":"removeOverride","flag":"f","environment":"dev","override":"o_1"}""";

    protected abstract IStore OpenStore();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Erase_SomebodyByName_LeavesEveryProofAndNothingOfTheValue()
    {
        var pipeline = await Pipeline.StartAsync(OpenStore(), [.. AnnInFlag, RemoveAnn]);
        (await TextOfPastAsync(pipeline)).ShouldContain(Ann);
        var before = await pipeline.LeavesAsync();

        var erased = await pipeline.OutcomeAsync<Outcome.Applied>(Erasure(name: Ann));

        var leaves = await pipeline.LeavesAsync();
        leaves.Take(before.Count).ShouldBe(before);
        (await pipeline.LastLeafAsync())["type"]!.GetValue<string>().ShouldBe("privacy.subject_erased");
        var details = (await pipeline.LastLeafAsync())["meta"]!["details"]!;
        details["count"]!.GetValue<long>().ShouldBe(1);
        details["subjects"]!.AsArray().ShouldHaveSingleItem();
        foreach (var index in Enumerable.Range(0, leaves.Count))
        {
            var proof = await new ProofReader(pipeline.Store).ProveAsync(Pipeline.Tenant, index, null, Cancellation);
            proof.ShouldNotBeNull().Root.ShouldBe(erased.Receipt.Root);
            InclusionProof
                .Verify(index, leaves.Count, MerkleTree.HashLeaf(leaves[index]), proof.Hashes, erased.Receipt.Root)
                .ShouldBeTrue($"{index}");
        }
        var past = await TextOfPastAsync(pipeline);
        past.ShouldNotContain(Ann);
        past.ShouldContain("\"$c\"");
    }

    [Fact]
    public async Task Erase_WhatALiveFlagHolds_IsRefusedUntilItIsEdited()
    {
        var pipeline = await Pipeline.StartAsync(OpenStore(), AnnInFlag);
        var size = await pipeline.SizeAsync();

        var refused = await pipeline.ErrorAsync<Error.StillInUse>(Erasure(name: Ann));

        refused.Resources.ShouldBe([new ResourceReference("flag", "web", "f")]);
        (await pipeline.SizeAsync()).ShouldBe(size);
        (await TextOfPastAsync(pipeline)).ShouldContain(Ann);
        await pipeline.AppliedAsync(RemoveAnn);
        await pipeline.OutcomeAsync<Outcome.Applied>(Erasure(name: Ann));
    }

    private static async Task<string> LiveTextAsync(Pipeline pipeline, ResourceName name) =>
        Encoding.UTF8.GetString((await pipeline.StoredAsync(name))!.Document);

    [Theory]
    [InlineData("""{"op":"createSegment","segment":"s","includes":["ann@example.com"]}""")]
    [InlineData("""{"op":"createSegment","segment":"s","excludes":["ann@example.com"]}""")]
    [InlineData(
        """{"op":"createSegment","segment":"s","rules":[{"id":"r","conditions":[{"attribute":"email","operator":"equals","values":["ann@example.com"]}]}]}"""
    )]
    public async Task Erase_WhatALiveSegmentHolds_IsRefused(string operation)
    {
        var pipeline = await Pipeline.StartAsync(OpenStore(), operation);

        (await pipeline.ErrorAsync<Error.StillInUse>(Erasure(name: Ann))).Resources.ShouldBe([new("segment", "web", "s")]);
    }

    [Fact]
    public async Task Erase_AnActor_HidesReasonsAndAddressesOfTheirsAndOfNobodyElse()
    {
        var pipeline = await Pipeline.StartAsync(OpenStore(), Ops.CreateFlag("f"));
        var other = new Actor(Pipeline.Tenant, "s_gone", ActorKind.User, "token", [BuiltInRoles.Admin], null);
        await pipeline.OutcomeAsync<Outcome.Applied>(Pipeline.Submission([Ops.Read(Ops.Enable("f"))], other, "hers"));
        var mine = await pipeline.AppliedAsync(Ops.Enable("f", enabled: false));

        var erased = await pipeline.OutcomeAsync<Outcome.Applied>(Erasure(subject: "s_gone"));

        (await ReadAsync(pipeline, mine.Receipt.Index - 1)).Values.ShouldBeEmpty();
        (await ReadAsync(pipeline, mine.Receipt.Index - 1)).Reason.ShouldBeNull();
        (await ReadAsync(pipeline, mine.Receipt.Index)).Reason.ShouldBe("because");
        (await ReadAsync(pipeline, erased.Receipt.Index)).Reason.ShouldBe("she asked");
        // Whoever was erased writes nothing more.
        await pipeline.ErrorAsync<Error.Contended>(Pipeline.Submission([Ops.Read(Ops.Enable("f"))], other, "again"));
    }

    [Fact]
    public async Task Erase_HolderOfATokenThatWorks_IsRefusedThenErasesItsName()
    {
        var pipeline = await Pipeline.StartAsync(OpenStore());
        var token = new CreateToken("t_1", "Ann's laptop", [BuiltInRoles.Admin], "s_ann", default);
        await pipeline.OutcomeAsync<Outcome.Applied>(Pipeline.Submission([token], project: ""));
        var other = token with { Id = "t_2", Title = "spare", Subject = "s_spare" };
        await pipeline.OutcomeAsync<Outcome.Applied>(Pipeline.Submission([other], project: ""));
        (await pipeline.ErrorAsync<Error.StillInUse>(Erasure(subject: "s_ann"))).Resources.ShouldBe([new("token", "", "t_1")]);
        (await pipeline.ErrorAsync<Error.StillInUse>(Erasure(name: "Ann's laptop"))).Resources.ShouldHaveSingleItem();

        await pipeline.OutcomeAsync<Outcome.Applied>(Pipeline.Submission([new RevokeToken("t_1")], project: ""));
        await pipeline.OutcomeAsync<Outcome.Applied>(Erasure(name: "Ann's laptop"));

        (await pipeline.LastLeafAsync())["meta"]!["details"]!["subjects"]!.ToJsonString().ShouldContain("\"s_ann\"");
    }

    [Fact]
    public async Task Erase_WhoIsHeld_IsRefusedNamingTheHoldUntilItIsReleased()
    {
        var pipeline = await Pipeline.StartAsync(OpenStore(), [.. AnnInFlag, RemoveAnn]);
        var subject = await SubjectAsync(pipeline, Ann);
        await HoldAsync(pipeline, new PlaceHold("case-1", "Ann v. us", subject, null));
        await HoldAsync(pipeline, new PlaceHold("case-2", "", "s_other", null));
        await HoldAsync(pipeline, new PlaceHold("case-3", "", null, new IndexRange(0, 100)));

        (await pipeline.ErrorAsync<Error.Held>(Erasure(name: Ann))).Holds.ShouldBe(["case-1"]);
        (await pipeline.ErrorAsync<Error.Held>(Erasure(name: Ann) with { DryRun = true })).Holds.ShouldBe(["case-1"]);

        await HoldAsync(pipeline, new ReleaseHold("case-1"));
        await pipeline.OutcomeAsync<Outcome.Applied>(Erasure(name: Ann));
    }

    [Fact]
    public async Task Hold_PlacedWhileAnErasureIsDecided_Wins()
    {
        var inner = OpenStore();
        Pipeline? pipeline = null;
        var disturbed = new DisturbedStore(
            inner,
            async commit =>
            {
                if (commit.Effect is CommitEffect.EraseSubjects erase && pipeline is { } place)
                {
                    pipeline = null;
                    await HoldAsync(place, new PlaceHold("case-1", "", erase.Subjects[0], null));
                }
                return null;
            }
        );
        var started = await Pipeline.StartAsync(disturbed, [.. AnnInFlag, RemoveAnn]);
        pipeline = started;

        (await started.ErrorAsync<Error.Held>(Erasure(name: Ann))).Holds.ShouldBe(["case-1"]);
    }

    [Fact]
    public async Task Value_WrittenWhileItsErasureIsDecided_IsSeen()
    {
        Pipeline? pipeline = null;
        var disturbed = new DisturbedStore(
            OpenStore(),
            async commit =>
            {
                if (commit.Effect is not null && pipeline is { } again)
                {
                    pipeline = null;
                    await again.AppliedAsync(AnnInFlag[1]);
                }
                return null;
            }
        );
        var started = await Pipeline.StartAsync(disturbed, [.. AnnInFlag, RemoveAnn]);
        pipeline = started;

        (await started.ErrorAsync<Error.StillInUse>(Erasure(name: Ann))).Resources.ShouldHaveSingleItem().Key.ShouldBe("f");
    }

    [Fact]
    public async Task Erasure_WhileAValueIsWritten_MakesItSomebodyNew()
    {
        Pipeline? pipeline = null;
        var disturbed = new DisturbedStore(
            OpenStore(),
            async commit =>
            {
                if (commit.Effect is null && pipeline is { } erase)
                {
                    pipeline = null;
                    await erase.OutcomeAsync<Outcome.Applied>(Erasure(name: Ann));
                }
                return null;
            }
        );
        var started = await Pipeline.StartAsync(disturbed, [.. AnnInFlag, RemoveAnn]);
        pipeline = started;
        var before = await SubjectAsync(started, Ann);

        await started.AppliedAsync(AnnInFlag[1]);

        (await SubjectAsync(started, Ann)).ShouldNotBe(before);
        (await started.ErrorAsync<Error.StillInUse>(Erasure(name: Ann))).Resources.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Erase_AsADryRun_TellsWhatItWouldDoAndWritesNothing()
    {
        var pipeline = await Pipeline.StartAsync(OpenStore(), [.. AnnInFlag, RemoveAnn]);
        var size = await pipeline.SizeAsync();

        var preview = await pipeline.OutcomeAsync<Outcome.Preview>(Erasure(name: Ann) with { DryRun = true });

        preview.Changes.ShouldHaveSingleItem().Words.ShouldStartWith("1 personal values of p_");
        (await pipeline.SizeAsync()).ShouldBe(size);
        (await TextOfPastAsync(pipeline)).ShouldContain(Ann);
    }

    [Fact]
    public async Task Erase_Unauthorized_IsDeniedAndAudited()
    {
        var pipeline = await Pipeline.StartAsync(OpenStore(), [.. AnnInFlag, RemoveAnn]);

        await pipeline.OutcomeAsync<Outcome.Denied>(Erasure(name: Ann) with { Actor = Pipeline.Client });

        (await pipeline.LastLeafAsync())["type"]!.GetValue<string>().ShouldBe("access.denied");
        (await TextOfPastAsync(pipeline)).ShouldContain(Ann);
    }

    [Fact]
    public async Task Erase_NobodyKnown_IsNotFound_AndTheSystemIsNobody()
    {
        var pipeline = await Pipeline.StartAsync(OpenStore());

        await pipeline.ErrorAsync<Error.NotFound>(Erasure(name: Ann));
        await pipeline.ErrorAsync<Error.NotFound>(Erasure(subject: "s_nobody"));
        await pipeline.ErrorAsync<Error.Invalid>(Erasure(subject: "system"));
        var unreasoned = Change.Erase(new EffectRequest.Erase(["s_admin"], null), " ");
        await pipeline.ErrorAsync<Error.Invalid>(new Submission(Pipeline.Admin, Pipeline.Request, unreasoned));
    }

    [Fact]
    public async Task Revert_ToARevisionWithErasedValues_IsRefusedWithTheReason()
    {
        var pipeline = await Pipeline.StartAsync(OpenStore(), [.. AnnInFlag, RemoveAnn]);
        await pipeline.OutcomeAsync<Outcome.Applied>(Erasure(name: Ann));

        var refused = await pipeline.ErrorAsync<Error.Invalid>(
            Pipeline.Submission("""{"op":"revertToRevision","flag":"f","revision":2}""")
        );

        refused.Problems.ShouldHaveSingleItem().Message.ShouldContain("erased");
    }

    private static async Task<string> SubjectAsync(Pipeline pipeline, string name) =>
        (await pipeline.Vault.NamedAsync(Pipeline.Tenant, name, Cancellation)).ShouldHaveSingleItem();

    private static Task<Outcome.Applied> HoldAsync(Pipeline pipeline, Operation operation) =>
        pipeline.OutcomeAsync<Outcome.Applied>(
            new Submission(Pipeline.Admin, Pipeline.Request, Change.Edit("", [operation], "a court asks", action: "hold.place"))
        );

    private static Submission Erasure(string? subject = null, string? name = null) =>
        new(
            Pipeline.Admin,
            Pipeline.Request,
            Change.Erase(new EffectRequest.Erase(subject is null ? [] : [subject], name), "she asked", "DSR-1")
        );

    private static async Task<EntryView> ReadAsync(Pipeline pipeline, long index) =>
        (
            await new EntryReader(pipeline.Store, pipeline.Vault).FindAsync(
                Pipeline.Tenant,
                $"{index}",
                Disclosure.Everything,
                _ => true,
                Cancellation
            )
        ).ShouldNotBeNull();

    /// <summary>Every revision of every flag, as far as it can be read, and every value of every entry.</summary>
    private static async Task<string> TextOfPastAsync(Pipeline pipeline)
    {
        var text = new StringBuilder();
        foreach (var entry in await pipeline.Store.FeedAsync(Pipeline.Tenant, 0, 1_000, Cancellation))
        {
            var past = await History.ReadAsync(pipeline.Store, pipeline.Vault, Pipeline.Tenant, entry.Resources, Cancellation);
            foreach (var resource in past)
                text.Append(Encoding.UTF8.GetString(resource.Document));
            foreach (var value in (await ReadAsync(pipeline, entry.Index)).Values)
                text.Append(value.Value);
        }
        return text.ToString();
    }
}

public sealed class InMemoryErasureTests : ErasureTests
{
    protected override IStore OpenStore() => new InMemoryStore();
}

public sealed class SqliteErasureTests : ErasureTests, IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("halyard-erase-");
    private readonly List<SqliteStore> _stores = [];

    protected override IStore OpenStore()
    {
        _stores.Add(SqliteStore.Open(new SqliteStoreOptions { Path = Path.Combine(_folder.FullName, $"{_stores.Count}.db") }));
        return _stores[^1];
    }

    public void Dispose()
    {
        _stores.ForEach(store => store.Dispose());
        _folder.Delete(recursive: true);
    }
}
