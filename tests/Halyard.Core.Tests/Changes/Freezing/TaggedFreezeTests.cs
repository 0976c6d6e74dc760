using System.Text.Json;
using Halyard.Core.Changes;
using Halyard.Core.Flags;
using Halyard.Core.Policies.Freezes;
using Halyard.Core.Storage;
using Halyard.Core.Tests.Fixtures;
using Halyard.Evaluation.Definitions;
using Halyard.Storage.Conformance.InMemory;

namespace Halyard.Core.Tests.Changes.Freezing;

/// <summary>
/// A freeze of the flags with a tag holds whatever changes what they serve, also through flags that they need: 'pay' has the tag, is on
/// and needs 'gate', directly or by way of 'mid' or a segment.
/// </summary>
public sealed class TaggedFreezeTests
{
    private const string Tagged = """{"op":"updateFlag","flag":"pay","tags":["payments"]}""";
    private const string Segment = """{"op":"createSegment","segment":"vip","includes":["ann"]}""";
    private const string SmallerSegment = """{"op":"updateSegment","segment":"vip","includes":[]}""";

    private static readonly string[] Direct = [Ops.Needs("pay", "gate")];
    private static readonly string[] ByAnother = [Ops.Needs("mid", "gate"), Ops.Enable("mid"), Ops.Needs("pay", "mid")];
    private static readonly string[] BySegment =
    [
        Segment,
        Ops.AddRule("gate", "r", Ops.InSegment("vip"), "off"),
        Ops.Needs("pay", "gate"),
    ];

    public static TheoryData<string[], string> Ways =>
        new()
        {
            { Direct, Ops.Enable("gate") },
            { ByAnother, Ops.Enable("gate") },
            { [Ops.Enable("gate"), .. BySegment], SmallerSegment },
        };

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task Change_OfWhatATaggedFlagNeeds_MeetsTheFreezeOfItsTag(string[] before, string change)
    {
        var pipeline = await StartAsync(new InMemoryStore(), before);
        await FreezeAsync(pipeline, """{"tags":["payments"]}""");

        (await pipeline.OutcomeAsync<Outcome.Denied>(Pipeline.Submission(change))).Reason.ShouldStartWith(
            "freeze 'still' holds dev until"
        );
    }

    [Fact]
    public async Task Change_OfWhatATaggedFlagNeedsElsewhere_OrNoLonger_IsNotHeldUp()
    {
        var pipeline = await StartAsync(new InMemoryStore(), [Ops.Needs("pay", "gate", environment: "prod")]);
        await FreezeAsync(pipeline, """{"tags":["payments"]}""");
        await pipeline.AppliedAsync(Ops.Enable("gate"));

        pipeline = await StartAsync(new InMemoryStore(), Direct);
        await pipeline.AppliedAsync("""{"op":"setPrerequisites","flag":"pay","environment":"dev","prerequisites":[]}""");
        await FreezeAsync(pipeline, """{"tags":["payments"]}""");
        await pipeline.AppliedAsync(Ops.Enable("gate"));
    }

    [Fact]
    public async Task Change_OfWhatATaggedFlagNeeds_IsNotHeldUpByFreezesOfOtherTagsOrPlacesOrTimes()
    {
        var pipeline = await StartAsync(new InMemoryStore(), Direct);
        await FreezeAsync(pipeline, """{"tags":["search"]}""", "a");
        await FreezeAsync(pipeline, """{"tags":["payments"],"environments":["prod"]}""", "b");
        await FreezeAsync(pipeline, """{"tags":["payments"]}""", "c", ends: pipeline.Time.Now);

        await pipeline.AppliedAsync(Ops.Enable("gate"));
    }

    [Fact]
    public async Task SaferChange_OfWhatATaggedFlagNeeds_IsNotHeldUp()
    {
        var pipeline = await StartAsync(new InMemoryStore(), [Ops.Enable("gate"), .. Direct]);
        await FreezeAsync(pipeline, """{"tags":["payments"]}""");

        await pipeline.AppliedAsync(Ops.Enable("gate", enabled: false));
    }

    [Fact]
    public async Task Change_WhereNoFreezeOfATagCouldHold_LooksUpNoFlags()
    {
        var listed = new List<ResourceKind>();
        var store = new DisturbedStore(
            new InMemoryStore(),
            _ => ValueTask.FromResult<CommitResult?>(null),
            beforeList: listed.Add
        );
        var pipeline = await StartAsync(store, Direct);
        await FreezeAsync(pipeline, """{"environments":["prod"]}""", "a");
        await FreezeAsync(pipeline, """{"tags":["payments"],"environments":["prod"]}""", "b");
        listed.Clear();

        await pipeline.AppliedAsync(Ops.Enable("gate"));

        listed.ShouldBe([ResourceKind.Freeze]);
    }

    [Fact]
    public async Task Change_OfWhatATaggedFlagComesToNeedMeanwhile_IsJudgedAgain()
    {
        Func<Task>? once = null;
        var store = new DisturbedStore(
            new InMemoryStore(),
            async _ =>
            {
                var act = once;
                once = null;
                if (act is not null)
                    await act();
                return null;
            }
        );
        var pipeline = await StartAsync(store, []);
        await FreezeAsync(pipeline, """{"tags":["payments"]}""");
        // The flag that is off takes 'pay' off with it: that is safer, and no freeze holds it up.
        once = () => new Pipeline(store).AppliedAsync(Ops.Needs("pay", "gate"));

        await pipeline.OutcomeAsync<Outcome.Denied>(Pipeline.Submission(Ops.Enable("gate")));
    }

    [Fact]
    public async Task DryRun_NamesTheFlagsThatNeedWhatIsEdited()
    {
        var pipeline = await StartAsync(new InMemoryStore(), ByAnother);

        var preview = await pipeline.OutcomeAsync<Outcome.Preview>(
            Pipeline.Submission(Ops.Enable("gate")) with
            {
                DryRun = true,
            }
        );

        preview.Impact.Flags.ShouldBe(["gate", "mid", "pay"]);
    }

    [Fact]
    public async Task DryRun_OfASegment_NamesTheFlagsThatUseItAndThoseThatNeedThem()
    {
        var pipeline = await StartAsync(new InMemoryStore(), BySegment);

        var preview = await pipeline.OutcomeAsync<Outcome.Preview>(Pipeline.Submission(SmallerSegment) with { DryRun = true });

        preview.Impact.Flags.ShouldBe(["gate", "pay"]);
    }

    private static Task<Pipeline> StartAsync(IStore store, IReadOnlyList<string> then) =>
        Pipeline.StartAsync(
            store,
            [Ops.CreateFlag("gate"), Ops.CreateFlag("mid"), Ops.CreateFlag("pay"), Tagged, Ops.Enable("pay"), .. then]
        );

    private static async Task FreezeAsync(Pipeline pipeline, string scope, string key = "still", DateTimeOffset? ends = null)
    {
        var end = Rfc3339.Format(ends ?? pipeline.Time.Now.AddDays(9));
        var settings = $$"""{"scope":{{scope}},"intervals":[{"from":"2000-01-01T00:00:00Z","to":"{{end}}"}]}""";
        using var json = JsonDocument.Parse(settings);
        var operation = new CreateFreeze(key, FreezeJson.ReadSettings(JsonCursor.Root(json.RootElement, [])));
        await pipeline.OutcomeAsync<Outcome.Applied>(
            new Submission(Pipeline.Admin, Pipeline.Request, Change.Edit("", [operation], "because", action: "freeze.create"))
        );
    }
}
