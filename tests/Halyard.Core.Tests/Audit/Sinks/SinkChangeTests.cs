using System.Text.Json;
using Halyard.Core.Access;
using Halyard.Core.Audit.Sinks;
using Halyard.Core.Changes;
using Halyard.Core.Flags;
using Halyard.Core.Reading;
using Halyard.Core.Tests.Fixtures;
using Halyard.Evaluation.Definitions;
using Halyard.Storage.Conformance.InMemory;

namespace Halyard.Core.Tests.Audit.Sinks;

/// <summary>Sinks are made and changed by the one pipeline, and the log says what changed.</summary>
public sealed class SinkChangeTests
{
    private const string Webhook = """{"kind":"webhook","target":"https://hooks.example.com/in","secret":"s"}""";

    private const string Everything = """
        {"kind":"webhook","mode":"alert","targetSecret":"t","secret":"s","previousSecret":"p","groupSeconds":5,"enabled":false,
         "filter":{"projects":["web"],"actions":["flag.*","key.created"],"environmentTypes":["production"],"tags":["critical"],
                   "succeeded":true,"classes":["access-change"]}}
        """;

    [Fact]
    public async Task Life_OfASink_IsInTheLogUnderNamesOfItsOwn()
    {
        var pipeline = await Pipeline.StartAsync(new InMemoryStore());

        await ApplyAsync(pipeline, new CreateSink("hook", Read(Webhook), null));
        (await LastAsync(pipeline)).ShouldBe("sink.created | sink.created | webhook sink 'hook' created");
        await ApplyAsync(pipeline, new UpdateSink("hook", Read(Webhook) with { Enabled = false }));
        (await LastAsync(pipeline)).ShouldBe("sink.updated | sink.disabled | disabled");
        await ApplyAsync(pipeline, new UpdateSink("hook", Read(Webhook)));
        (await LastAsync(pipeline)).ShouldBe("sink.updated | sink.enabled | enabled");
        await ApplyAsync(pipeline, new UpdateSink("hook", Read(Webhook) with { Target = "https://other.example.com/in" }));
        (await LastAsync(pipeline)).ShouldBe(
            "sink.updated | sink.updated | target 'https://hooks.example.com/in' → 'https://other.example.com/in'"
        );
        await ApplyAsync(pipeline, new DeleteSink("hook"));
        (await LastAsync(pipeline)).ShouldBe("sink.deleted | sink.deleted | webhook sink 'hook' deleted");
        (await pipeline.FoldAsync()).Disagreement.ShouldBeNull();
    }

    [Fact]
    public async Task UpdateToWhatIsThere_WritesNothing()
    {
        var pipeline = await Pipeline.StartAsync(new InMemoryStore());
        await ApplyAsync(pipeline, new CreateSink("hook", Read(Everything), 7));
        var size = await pipeline.SizeAsync();

        await pipeline.OutcomeAsync<Outcome.Unchanged>(
            Pipeline.Submission([new UpdateSink("hook", Read(Everything))], project: "")
        );

        (await pipeline.SizeAsync()).ShouldBe(size);
    }

    [Theory]
    [InlineData("mode")]
    [InlineData("targetSecret")]
    [InlineData("secret")]
    [InlineData("previousSecret")]
    [InlineData("groupSeconds")]
    [InlineData("filter")]
    public void EachSetting_ThatDiffers_IsSaid(string member)
    {
        var (before, after) = (Read(Webhook), Read(Everything));
        var changed = member switch
        {
            "mode" => before with { Mode = after.Mode },
            "targetSecret" => before with { TargetSecret = after.TargetSecret },
            "secret" => before with { Secret = "another" },
            "previousSecret" => before with { PreviousSecret = after.PreviousSecret },
            "groupSeconds" => before with { GroupSeconds = after.GroupSeconds },
            _ => before with { Filter = after.Filter },
        };

        var change = SinkEditor.Compare(new Sink("i", "k", null, before), new Sink("i", "k", null, changed));

        change.ShouldHaveSingleItem().Action.ShouldBe("sink.updated");
    }

    [Theory]
    [InlineData(Webhook)]
    [InlineData(Everything)]
    [InlineData("""{"kind":"slack","targetSecret":"t"}""")]
    [InlineData("""{"kind":"file","target":"audit.jsonl"}""")]
    [InlineData("""{"kind":"opensearch","target":"https://search.example.com/audit-log"}""")]
    public void Document_ReadsBackAsTheSameSink(string settings)
    {
        var sink = new Sink("i_1", "hook", 7, Read(settings));

        ResourceDocuments.Read(sink.Name, sink.ToDocument()).ShouldBe(sink);
    }

    [Fact]
    public void DamagedDocument_IsNotTakenForASink() =>
        Should.Throw<InvalidDataException>(() =>
            ResourceDocuments.Read(Sink.NameOf("x"), """{"id":"i","key":"x"}"""u8.ToArray())
        );

    [Theory]
    [InlineData("sink.dead_lettered")]
    [InlineData("sink.retried")]
    [InlineData("sink.tested")]
    [InlineData("log.verification_failed")]
    public async Task EventOfDelivery_IsDeclared(string type)
    {
        var pipeline = await Pipeline.StartAsync(new InMemoryStore());
        var happened = new ChangeEvent(type, "it happened") { About = [Sink.NameOf("hook")] };

        await pipeline.OutcomeAsync<Outcome.Applied>(
            new Submission(Actor.System(Pipeline.Tenant), Pipeline.Request, Change.Record("sink.deliver", "", happened))
        );

        (await LastAsync(pipeline)).ShouldBe($"{type} | {type} | it happened");
    }

    private static SinkSettings Read(string json)
    {
        var problems = new List<DefinitionProblem>();
        using var parsed = JsonDocument.Parse(json);
        var settings = SinkJson.ReadSettings(JsonCursor.Root(parsed.RootElement, problems));
        problems.ShouldBeEmpty();
        return settings;
    }

    private static Task<Outcome.Applied> ApplyAsync(Pipeline pipeline, Operation operation) =>
        pipeline.OutcomeAsync<Outcome.Applied>(Pipeline.Submission([operation], project: ""));

    private static async Task<string> LastAsync(Pipeline pipeline)
    {
        var leaf = await pipeline.LastLeafAsync();
        var actions = string.Join(',', leaf["actions"]!.AsArray().Select(action => action!.GetValue<string>()));
        var words = string.Join("; ", leaf["meta"]!["summary"]!.AsArray().Select(item => item!.GetValue<string>()));
        return $"{leaf["type"]!.GetValue<string>()} | {actions} | {words}";
    }
}
