using Halyard.Core.Changes;
using Halyard.Core.Tests.Fixtures;
using Halyard.Evaluation.Definitions;

namespace Halyard.Core.Tests.Changes;

public abstract partial class ChangeServiceTests
{
    [Fact]
    public async Task Log_OfEveryKindOfChange_FoldsToTheLiveState()
    {
        var pipeline = await StartAsync(CreateF, Ops.CreateFlag("g"));
        await pipeline.AppliedAsync(
            """{"op":"createSegment","segment":"s","includes":["alice","bob"]}""",
            Ops.AddRule("f", "r1", Ops.InSegment("s")),
            """{"op":"addOverride","flag":"g","environment":"prod","override":{"id":"o","targetingKey":"alice","variant":"on"}}"""
        );
        await pipeline.AppliedAsync("""{"op":"promote","flag":"f","from":"dev","environment":"prod"}""");
        await pipeline.AppliedAsync("""{"op":"updateSegment","segment":"s","includes":["bob"],"excludes":["carol"]}""");
        await pipeline.AppliedAsync("""{"op":"deleteFlag","flag":"g"}""");
        await pipeline.AppliedAsync(Ops.CreateFlag("g"));
        await pipeline.AppliedAsync("""{"op":"deleteEnvironment","environment":"dev"}""");
        await pipeline.AppliedAsync("""{"op":"createEnvironment","environment":"dev","type":"staging"}""");
        await pipeline.AppliedAsync("""{"op":"revertToRevision","flag":"f","revision":1}""");
        await pipeline.OutcomeAsync<Outcome.Denied>(Pipeline.Submission(Ops.ReadAll(Ops.Enable("f")), Pipeline.Client));

        await FoldMatchesAsync(pipeline);
        foreach (var leaf in await pipeline.LeavesAsync())
        {
            var text = Text(leaf);
            foreach (var personal in new[] { "alice", "bob", "carol", "192.0.2.7", "because" })
                text.ShouldNotContain(personal);
        }
    }

    [Fact]
    public async Task Log_OfHugeChanges_FoldsThroughItsBlobs()
    {
        var pipeline = await StartAsync();
        var value = FlagValue.Of(new string('v', 3_000)).Json;
        var flags = Enumerable
            .Range(0, 20)
            .Select(i =>
                $$"""{"op":"createFlag","flag":"f{{i}}","type":"string","variants":[{"key":"a","value":{{value}}},{"key":"b","value":""}]}"""
            );
        await pipeline.AppliedAsync(flags);
        var members = string.Join(',', Enumerable.Range(0, 10_000).Select(i => $"\"user-{i}\""));
        await pipeline.AppliedAsync($$"""{"op":"createSegment","segment":"s","includes":[{{members}}]}""");
        await pipeline.AppliedAsync(
            """{"op":"updateSegment","segment":"s","includes":[]}""",
            """{"op":"deleteFlag","flag":"f0"}"""
        );

        (await pipeline.LeavesAsync()).ShouldAllBe(leaf => leaf.Length < 61_000);
        await FoldMatchesAsync(pipeline);
    }

    [Fact]
    public async Task Log_OfNaughtyNames_FoldsToTheLiveState()
    {
        var pipeline = await StartAsync(CreateF);
        foreach (var chunk in Naughty.All().Where(text => text.Length > 0).Chunk(60))
        {
            var rules = chunk.Select(
                (text, i) =>
                    $$"""{"id":{{FlagValue.Of($"{i}{text}"[..Math.Min(100, $"{i}{text}".Length)])}},"name":{{FlagValue.Of(text)}},"conditions":[{"attribute":"email","operator":"equals","values":[{{FlagValue.Of(text)}}]}],"serve":{"variant":"on"} }"""
            );
            var submission = Pipeline.Submission(
                Ops.ReadAll(
                    $$"""{"op":"setRules","flag":"f","environment":"dev","rules":[{{string.Join(',', rules)}}]}""",
                    Ops.Rename("f", chunk[0])
                ),
                reason: string.Concat(chunk)[..200]
            );
            await pipeline.OutcomeAsync<Outcome.Applied>(submission);
        }

        await FoldMatchesAsync(pipeline);
    }
}
