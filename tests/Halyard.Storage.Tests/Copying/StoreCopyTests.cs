using Halyard.Core;
using Halyard.Core.Audit;
using Halyard.Core.Audit.Privacy;
using Halyard.Core.Storage;
using Halyard.Core.Storage.Copying;
using Halyard.Core.Storage.Privacy;
using Halyard.Storage.Conformance.Building;
using Halyard.Storage.Conformance.Model;

namespace Halyard.Storage.Tests.Copying;

/// <summary>What every adapter's copies promise: from a SQLite file to a place of the adapter's, and back.</summary>
public abstract class StoreCopyTests
{
    private const int Steps = 60;

    protected virtual int Sequences => 12;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    protected abstract Task<CopyPlace> NewPlaceAsync();

    [Fact]
    public async Task RandomHistory_CopiedThereAndBack_AnswersAsTheModelDoes_AndGoesOnAsItDoes()
    {
        var soak = Environment.GetEnvironmentVariable("HALYARD_SOAK") == "1";
        for (var seed = 1; seed <= (soak ? Sequences * 10 : Sequences); seed++)
        {
            await using var first = new SqlitePlace();
            await using var second = await NewPlaceAsync();
            await using var third = new SqlitePlace();
            var run = new ModelRun(seed);
            await first.UseAsync(store => StepsAsync(run, store));
            await CopyAsync(first, second);
            await second.UseAsync(store => StepsAsync(run, store));
            await CopyAsync(second, third);
            await third.UseAsync(store => StepsAsync(run, store));
        }
    }

    [Fact]
    public async Task ManyEntries_PurgedAndErased_AreFoundAsBefore_AndNothingThatWasForgotten()
    {
        await using var first = new SqlitePlace();
        await using var second = await NewPlaceAsync();
        await using var third = new SqlitePlace();
        var before = "";
        await first.UseAsync(async store =>
        {
            await ManyEntries.CommitAsync(store, 4_500, Cancellation);
            await CommitAsync(store, new CommitBuilder().Put(Names.Flag("a"), "f_a", 0, "1").Hiding(Value("c_1", "s_2")));
            await CommitAsync(store, new CommitBuilder().Erasing(4_501, "s_3"));
            await CommitAsync(store, new CommitBuilder().Purging(0, 2_304));
            before = await ReadAsync(store);
        });
        before.Split('\n').Single(line => line.StartsWith("because: ", StringComparison.Ordinal)).ShouldBe("because: 471");
        await CopyAsync(first, second);
        await second.UseAsync(async store => (await ReadAsync(store)).ShouldBe(before));
        await CopyAsync(second, third);
        await third.UseAsync(async store =>
        {
            (await ReadAsync(store)).ShouldBe(before);
            // Whoever was erased stays so, and what was purged is not put back.
            (
                await store.CommitAsync(new CommitBuilder().Hiding(Value("c_2", "s_3")).Build(), Cancellation)
            ).ShouldBeOfType<CommitResult.Conflict>();
            await CommitAsync(store, new CommitBuilder().Purging(2_304, 4_096));
        });
    }

    [Fact]
    public async Task MarksCountersPeopleAndKeys_AreCopied()
    {
        await using var first = new SqlitePlace();
        await using var second = await NewPlaceAsync();
        byte[] directory = [];
        IReadOnlyList<SubjectKey> made = [];
        var at = CommitBuilder.Noon;
        await first.UseAsync(async store =>
        {
            await CommitAsync(store, new CommitBuilder());
            for (var version = 0; version < 3; version++)
                (await store.SetMarkAsync("default", "lease", version, new byte[] { 1, 2 }, Cancellation)).ShouldBeTrue();
            (await store.SetMarkAsync("without a log", "x", 0, Array.Empty<byte>(), Cancellation)).ShouldBeTrue();
            await store.AddEvaluationsAsync(
                "default",
                [new EvaluationDelta("e_1", [new("f", "on", 7, at), new("f", "on", 5, at.AddHours(3))])],
                Cancellation
            );
            await store.SubjectsAsync("default", ["Zoë", "a\0b"], () => Entropy.System.NewId("s"), Cancellation);
        });
        await first.UseKeysAsync(async keys =>
        {
            made = await keys.EnsureAsync("default", [new("s_1", "p_1"), new(null, "p_2"), new("s_3", null)], Cancellation);
            await keys.EraseAsync("default", ["s_3"], 7, Cancellation);
            directory = await keys.DirectoryKeyAsync(Cancellation);
        });

        await CopyAsync(first, second);

        await second.UseAsync(async store =>
        {
            (await store.MarkAsync("default", "lease", Cancellation)).ShouldNotBeNull().Version.ShouldBe(3);
            (await store.MarkAsync("without a log", "x", Cancellation)).ShouldNotBeNull().Value.ShouldBeEmpty();
            (await store.EvaluationTotalsAsync("default", "e_1", Cancellation)).ShouldBe([new("f", "on", 12, at.AddHours(3))]);
            (await store.EvaluationHoursAsync("default", "e_1", "f", at, at.AddDays(1), Cancellation)).Count.ShouldBe(2);
            (await store.KnownSubjectsAsync("default", ["Zoë", "a\0b", "nobody"], Cancellation)).Count.ShouldBe(2);
        });
        await second.UseKeysAsync(async keys =>
        {
            (await keys.DirectoryKeyAsync(Cancellation)).ShouldBe(directory);
            (await keys.FindAsync("default", ["s_1"], Cancellation))["s_1"].ShouldBe(made[0].Key);
            (await keys.NamedAsync("default", ["p_2"], Cancellation)).ShouldBe([made[1].Subject]);
            (await keys.EnsureAsync("default", [new(null, "p_2")], Cancellation))[0].Key.ShouldBe(made[1].Key);
            (await keys.EnsureAsync("default", [new("s_3", null)], Cancellation))[0].Key.ShouldBeNull();
            (await keys.ErasedAsync("default", Cancellation)).ShouldBe([new ErasedSubject("s_3", 7)]);
        });
    }

    [Fact]
    public async Task InterruptedCopy_CannotBeOpened_AndGoesOnWhereItWas()
    {
        await using var first = new SqlitePlace();
        await using var second = await NewPlaceAsync();
        var before = "";
        await first.UseAsync(async store =>
        {
            await ManyEntries.CommitAsync(store, 5_000, Cancellation);
            for (var i = 0; i < 250; i++)
                await CommitAsync(store, new CommitBuilder().Put(Names.Flag($"f{i}"), $"f_{i}", 0, $"{i}").Holding(Blobs(i)));
            before = await ReadAsync(store);
        });

        var interrupted = new List<CopyProgress>();
        for (var more = true; more; )
        {
            using var interrupt = new CancellationTokenSource();
            var steps = 0;
            try
            {
                await new StoreCopy(first.Copies, second.Copies).RunAsync(
                    progress =>
                    {
                        // One step further each time, so that it is interrupted after each of them.
                        if (progress.What is "entries" or "blobs" || ++steps > 1)
                        {
                            interrupted.Add(progress);
                            throw new OperationCanceledException();
                        }
                    },
                    interrupt.Token
                );
                more = false;
            }
            catch (OperationCanceledException)
            {
                (await Should.ThrowAsync<IOException>(second.OpenAsync)).Message.ShouldContain("not whole");
                // What is copied whole each time would be interrupted for ever.
                if (interrupted[^1].What is not ("entries" or "blobs"))
                {
                    await CopyAsync(first, second);
                    more = false;
                }
            }
        }

        interrupted.Where(step => step.What == "entries").Select(step => step.Done).ShouldBe([2_048, 4_096, 5_250]);
        interrupted.Count(step => step.What == "blobs").ShouldBe(3);
        await second.UseAsync(async store => (await ReadAsync(store)).ShouldBe(before));
    }

    [Fact]
    public async Task SourceThatWasWrittenMeanwhile_AndTargetThatIsNotEmpty_AreRefused()
    {
        await using var first = new SqlitePlace();
        await using var second = await NewPlaceAsync();
        await first.UseAsync(store => CommitAsync(store, new CommitBuilder()));
        await Should.ThrowAsync<OperationCanceledException>(async () =>
            await new StoreCopy(first.Copies, second.Copies).RunAsync(_ => throw new OperationCanceledException(), Cancellation)
        );
        await first.UseAsync(store => CommitAsync(store, new CommitBuilder()));
        (await Should.ThrowAsync<IOException>(() => CopyAsync(first, second))).Message.ShouldContain("not empty");

        await using var third = await NewPlaceAsync();
        await CopyAsync(first, third);
        (await Should.ThrowAsync<IOException>(() => CopyAsync(first, third))).Message.ShouldContain("not empty");
        await third.UseAsync(store => CommitAsync(store, new CommitBuilder()));
    }

    protected static async Task CopyAsync(CopyPlace from, CopyPlace to) =>
        await new StoreCopy(from.Copies, to.Copies).RunAsync(null, Cancellation);

    private static async Task StepsAsync(ModelRun run, IStore store)
    {
        await run.CompareAllAsync(store);
        for (var step = 0; step < Steps; step++)
            await run.StepAsync(store);
        await run.CompareAllAsync(store);
    }

    private static async Task CommitAsync(IStore store, CommitBuilder commit) =>
        (await store.CommitAsync(commit.Build(), Cancellation)).ShouldBeOfType<CommitResult.Committed>();

    private static SealedValue Value(string commitment, string subject) =>
        new("/a", commitment, [1, 2, 3], subject, InDocument: true);

    private static Blob Blobs(int i) => Blob.Of([1, (byte)i]);

    /// <summary>How often everything is found that an entry is found by.</summary>
    private static async Task<string> ReadAsync(IStore store)
    {
        var seen = new List<string>();
        var head = (await store.HeadAsync("default", Cancellation)).ShouldNotBeNull();
        seen.Add($"{head.Origin} {head.Range.Size} {head.Range.Root} {head.Minimum} {head.LastAt:O}");
        AuditQuery[] queries =
        [
            new(),
            new() { Text = "switched" },
            new() { Text = "because" },
            new() { Text = "\"because of 5 on\"" },
            new() { Text = "\"production number\"" },
            new() { Actions = ["flag.enabled"] },
            new() { Actor = "s_3" },
            new() { ActorKind = "user" },
            new() { Environment = "production" },
            new() { ResourceKey = "flag-12", ResourceKind = Core.Flags.ResourceKind.Flag },
            new() { ResourceId = "f_12" },
            new() { Succeeded = false },
            new() { Ticket = "FEAT-4000" },
            new() { Import = "imp_1" },
            new() { Imported = true, From = CommitBuilder.Noon.AddDays(-3) },
            new() { Project = "web" },
        ];
        foreach (var query in queries)
            seen.Add($"{query.Text ?? query.ToString()}: {await store.CountAsync("default", query, Cancellation)}");
        var feed = await store.FeedAsync("default", 0, 10_000, Cancellation);
        seen.AddRange(
            feed.Select(entry => $"{entry.Index} {Convert.ToHexString(entry.Leaf)} {string.Join(' ', entry.Resources)}")
        );
        var hashes = await store.LeafHashesAsync("default", 0, 10_000, Cancellation);
        seen.Add(string.Join(' ', hashes));
        var privates = await store.EntryPrivatesAsync("default", [.. feed.Select(entry => entry.Index)], Cancellation);
        seen.AddRange(privates.Select(value => $"{value.Pointer} {value.Commitment} {value.Subject}"));
        return string.Join('\n', seen);
    }
}

public sealed class SqliteCopyTests : StoreCopyTests
{
    protected override Task<CopyPlace> NewPlaceAsync() => Task.FromResult<CopyPlace>(new SqlitePlace());
}
