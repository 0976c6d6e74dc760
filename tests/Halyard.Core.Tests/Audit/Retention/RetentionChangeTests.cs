using System.Text.Json;
using Halyard.Core.Audit.Retention;
using Halyard.Core.Changes;
using Halyard.Core.Reading;
using Halyard.Core.Tests.Fixtures;
using Halyard.Evaluation.Definitions;
using Halyard.Storage.Conformance.InMemory;

namespace Halyard.Core.Tests.Audit.Retention;

/// <summary>How long the log is kept is said through the pipeline, and never so that entries are lost without an archive.</summary>
public sealed class RetentionChangeTests
{
    private const string Everything =
        """{"archiveAfterDays":30,"retentionDays":365,"minimumDays":{"privacy.":400,"change_request.":2555}}""";

    [Fact]
    public async Task SetRetention_IsInTheLogUnderANameOfItsOwn()
    {
        var pipeline = await Pipeline.StartAsync(new InMemoryStore());

        await ApplyAsync(pipeline, Everything);
        (await LastAsync(pipeline)).ShouldBe(
            "retention.changed | retention.changed | the log's entries: archived after 30 days; purged after 365 days; "
                + "'change_request.' at least 2555 days, 'privacy.' at least 400 days"
        );
        await ApplyAsync(pipeline, """{"archiveAfterDays":1}""");
        (await LastAsync(pipeline)).ShouldBe(
            "retention.changed | retention.changed | the log's entries: archived after 1 day; kept for ever; "
                + "no type longer than others"
        );
        await ApplyAsync(pipeline, "{}");
        (await LastAsync(pipeline)).ShouldBe("retention.changed | retention.changed | the log's entries: not archived any more");
        (await pipeline.FoldAsync()).Disagreement.ShouldBeNull();
    }

    [Fact]
    public async Task SetRetention_ToWhatIsThere_WritesNothing()
    {
        var pipeline = await Pipeline.StartAsync(new InMemoryStore());
        await ApplyAsync(pipeline, Everything);

        await pipeline.OutcomeAsync<Outcome.Unchanged>(Submission(Everything));
    }

    [Theory]
    [InlineData("""{"archiveAfterDays":30,"retentionDays":29}""", "/retentionDays")]
    [InlineData("""{"retentionDays":29}""", "/retentionDays")]
    [InlineData("""{"archiveAfterDays":-1}""", "/archiveAfterDays")]
    [InlineData("""{"archiveAfterDays":0,"retentionDays":0}""", "/retentionDays")]
    [InlineData("""{"archiveAfterDays":36501}""", "/archiveAfterDays")]
    [InlineData("""{"minimumDays":{"Approval":1}}""", "/minimumDays/Approval")]
    [InlineData("""{"minimumDays":{"":1}}""", "/minimumDays/")]
    [InlineData("""{"minimumDays":{"hold.":0}}""", "/minimumDays/hold.")]
    [InlineData("""{"minimumDays":{"hold.":1,"approval.":1}}""", "/minimumDays/approval.")]
    [InlineData("""{"minimumDays":{"hold.placed_":1}}""", "/minimumDays/hold.placed_")]
    [InlineData("""{"minimumDays":7}""", "/minimumDays")]
    public void Policy_ThatWouldLoseEntriesOrMakesNoSense_IsRefused(string json, string pointer)
    {
        var (_, problems) = Read(json);

        problems.ShouldHaveSingleItem().Pointer.ShouldBe(pointer);
    }

    [Theory]
    [InlineData(Everything)]
    [InlineData("{}")]
    [InlineData("""{"archiveAfterDays":30,"retentionDays":30}""")]
    [InlineData("""{"archiveAfterDays":0,"retentionDays":null}""")]
    [InlineData("""{"minimumDays":{"flag.":1,"hold.placed":2,"p":3}}""")]
    public void Document_ReadsBackAsTheSame(string json)
    {
        var (policy, problems) = Read(json);
        problems.ShouldBeEmpty();
        var retention = new LogRetention("i_1", policy);

        ResourceDocuments.Read(retention.Name, retention.ToDocument()).ShouldBe(retention);
    }

    /// <summary>Once any beginning was taken; a store that has such a setting goes on.</summary>
    [Fact]
    public void Document_WithABeginningThatNoTypeHas_IsReadAllTheSame()
    {
        var retention = new LogRetention("i_1", RetentionPolicy.KeepForEver with { MinimumDays = [new("approval.", 2555)] });

        ResourceDocuments.Read(retention.Name, retention.ToDocument()).ShouldBe(retention);
    }

    [Fact]
    public void DamagedDocument_IsNotTakenForARetention() =>
        Should.Throw<InvalidDataException>(() =>
            ResourceDocuments.Read(LogRetention.Place, """{"id":"i","retentionDays":1}"""u8.ToArray())
        );

    private static (RetentionPolicy Policy, List<DefinitionProblem> Problems) Read(string json)
    {
        var problems = new List<DefinitionProblem>();
        using var parsed = JsonDocument.Parse(json);
        return (RetentionJson.ReadPolicy(JsonCursor.Root(parsed.RootElement, problems)), problems);
    }

    private static Submission Submission(string json) => Pipeline.Submission([new SetRetention(Read(json).Policy)], project: "");

    private static Task<Outcome.Applied> ApplyAsync(Pipeline pipeline, string json) =>
        pipeline.OutcomeAsync<Outcome.Applied>(Submission(json));

    private static async Task<string> LastAsync(Pipeline pipeline)
    {
        var leaf = await pipeline.LastLeafAsync();
        var actions = string.Join(',', leaf["actions"]!.AsArray().Select(action => action!.GetValue<string>()));
        var words = string.Join("; ", leaf["meta"]!["summary"]!.AsArray().Select(item => item!.GetValue<string>()));
        return $"{leaf["type"]!.GetValue<string>()} | {actions} | {words}";
    }
}
