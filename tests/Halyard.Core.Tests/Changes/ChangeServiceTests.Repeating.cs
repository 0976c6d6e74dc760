using Halyard.Core.Changes;
using Halyard.Core.Storage;
using Halyard.Core.Tests.Fixtures;

namespace Halyard.Core.Tests.Changes;

public abstract partial class ChangeServiceTests
{
    [Fact]
    public async Task SameKey_SameRequest_GetsTheSameAnswerAndNoSecondEntry()
    {
        var pipeline = await StartAsync(CreateF);
        var submission = Pipeline.Keyed("k", Pipeline.Admin, Ops.Enable("f"), Ops.CreateFlag("g"));
        var first = await pipeline.OutcomeAsync<Outcome.Applied>(submission);
        await pipeline.AppliedAsync(Ops.Enable("f", enabled: false));
        var size = await pipeline.SizeAsync();

        var second = await pipeline.OutcomeAsync<Outcome.Applied>(submission);

        second.Replayed.ShouldBeTrue();
        second.Receipt.ShouldBe(first.Receipt);
        second.Revisions.ShouldBe(first.Revisions);
        (await pipeline.SizeAsync()).ShouldBe(size);
    }

    [Fact]
    public async Task SameKey_AnotherRequest_IsRefused()
    {
        var pipeline = await StartAsync(CreateF);
        await pipeline.OutcomeAsync<Outcome.Applied>(Pipeline.Keyed("k", Pipeline.Admin, Ops.Enable("f")));

        (
            await pipeline.ErrorAsync<Error.IdempotencyKeyReused>(Pipeline.Keyed("k", Pipeline.Admin, Ops.Enable("f", "prod")))
        ).Key.ShouldBe("k");
    }

    [Fact]
    public async Task SameKey_AfterADenial_IsDeniedAgainWithTheSameReceipt()
    {
        var pipeline = await StartAsync(CreateF);
        var submission = Pipeline.Keyed("k", Pipeline.Client, Ops.Enable("f"));
        var first = await pipeline.OutcomeAsync<Outcome.Denied>(submission);
        var size = await pipeline.SizeAsync();

        var second = await pipeline.OutcomeAsync<Outcome.Denied>(submission);

        second.ShouldBe(first with { Replayed = true });
        (await pipeline.SizeAsync()).ShouldBe(size);
        await pipeline.ErrorAsync<Error.IdempotencyKeyReused>(Pipeline.Keyed("k", Pipeline.Client, Ops.Enable("f", "prod")));
    }

    [Fact]
    public async Task SameKey_AfterARefusalAsInvalid_IsTriedAgain()
    {
        var pipeline = await StartAsync();
        var submission = Pipeline.Keyed("k", Pipeline.Admin, Ops.Enable("f"));
        await pipeline.ErrorAsync<Error.Invalid>(submission);
        await pipeline.AppliedAsync(CreateF);

        (await pipeline.OutcomeAsync<Outcome.Applied>(submission)).Replayed.ShouldBeFalse();
    }

    [Fact]
    public async Task SameKey_OfAnotherCredential_IsAnotherKey()
    {
        var pipeline = await StartAsync(CreateF);
        await pipeline.OutcomeAsync<Outcome.Applied>(Pipeline.Keyed("k", Pipeline.Admin, Ops.Enable("f")));

        var other = Pipeline.Keyed("k", Pipeline.Admin with { Credential = "tok_2" }, Ops.Rename("f", "x"));

        (await pipeline.OutcomeAsync<Outcome.Applied>(other)).Replayed.ShouldBeFalse();
    }

    [Fact]
    public async Task SameKey_AfterADay_MayBeUsedAnew()
    {
        var pipeline = await StartAsync(CreateF);
        await pipeline.OutcomeAsync<Outcome.Applied>(Pipeline.Keyed("k", Pipeline.Admin, Ops.Enable("f")));
        pipeline.Time.Now += TimeSpan.FromHours(24);

        (
            await pipeline.OutcomeAsync<Outcome.Applied>(Pipeline.Keyed("k", Pipeline.Admin, Ops.Rename("f", "x")))
        ).Replayed.ShouldBeFalse();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task SameKey_AnsweredBetweenTheLookAndTheLoad_GetsThatAnswer(bool onAnOldBase)
    {
        var pipeline = await StartAsync(CreateF);
        var operation = onAnOldBase ? """{"op":"updateFlag","flag":"f","name":"x","baseRevision":1}""" : Ops.Enable("f");
        var submission = Pipeline.Keyed("k", Pipeline.Admin, operation);
        Outcome.Applied? first = null;
        // The same request comes through another node at the worst moment: here it finds nothing to do, or a stale base.
        var late = new Pipeline(
            new DisturbedStore(
                pipeline.Store,
                _ => ValueTask.FromResult<CommitResult?>(null),
                async () => first ??= await pipeline.OutcomeAsync<Outcome.Applied>(submission)
            )
        );

        var second = await late.OutcomeAsync<Outcome.Applied>(submission);

        second.Replayed.ShouldBeTrue();
        second.Receipt.ShouldBe(first.ShouldNotBeNull().Receipt);
    }

    [Fact]
    public async Task SameKey_ManyAtOnce_MakesOneEntryAndOneAnswer()
    {
        var pipeline = await StartAsync(CreateF);
        var size = await pipeline.SizeAsync();
        var submission = Pipeline.Keyed("k", Pipeline.Admin, Ops.Enable("f"));

        var outcomes = await Task.WhenAll(
            Enumerable.Range(0, 20).Select(_ => Task.Run(() => pipeline.OutcomeAsync<Outcome.Applied>(submission), Cancellation))
        );

        outcomes.Select(outcome => outcome.Receipt).Distinct().ShouldHaveSingleItem();
        outcomes.Count(outcome => !outcome.Replayed).ShouldBe(1);
        (await pipeline.SizeAsync()).ShouldBe(size + 1);
    }
}
