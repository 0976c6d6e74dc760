using System.Text.Json;
using Halyard.Core.Audit;
using Halyard.Core.Changes;
using Halyard.Core.Flags;
using Halyard.Core.Tests.Fixtures;

namespace Halyard.Core.Tests.Changes;

/// <summary>What is recorded although no resource is edited.</summary>
public abstract partial class ChangeServiceTests
{
    private static readonly ChangeEvent Viewed = new("flag.viewed", "flag 'f' looked at")
    {
        About = [Flag.NameOf(Pipeline.Project, "f")],
        Environments = ["prod"],
        Details = """{"address":"/flags/f"}"""u8.ToArray(),
    };

    [Fact]
    public async Task Event_OfAnExistingFlag_IsAnEntryThatNamesItAndMakesNoVersion()
    {
        var pipeline = await StartAsync(CreateF);

        var applied = await pipeline.OutcomeAsync<Outcome.Applied>(Recording(Viewed));

        applied.Revisions.ShouldBeEmpty();
        var leaf = await LeafAsync(pipeline, applied.Receipt.Index);
        leaf.GetProperty("type").GetString().ShouldBe("flag.viewed");
        leaf.GetProperty("resource").GetProperty("rev_from").GetInt64().ShouldBe(1);
        leaf.GetProperty("resource").GetProperty("rev_to").GetInt64().ShouldBe(1);
        leaf.GetProperty("meta").GetProperty("details").GetProperty("address").GetString().ShouldBe("/flags/f");
        leaf.GetProperty("meta").GetProperty("summary")[0].GetString().ShouldBe("flag 'f' looked at");
        leaf.GetProperty("outcome").GetProperty("ok").GetBoolean().ShouldBeTrue();
        var feed = await pipeline.Store.FeedAsync(Pipeline.Tenant, applied.Receipt.Index, 1, Cancellation);
        feed.ShouldHaveSingleItem().Resources.ShouldBeEmpty();
        var byFlag = new AuditQuery { ResourceKind = ResourceKind.Flag, ResourceKey = "f" };
        (await pipeline.Store.QueryAsync(Pipeline.Tenant, byFlag, Cancellation))[0].Index.ShouldBe(applied.Receipt.Index);
    }

    [Fact]
    public async Task Event_OfAMissingFlag_IsRecordedWithoutAnId()
    {
        var pipeline = await StartAsync();

        var applied = await pipeline.OutcomeAsync<Outcome.Applied>(Recording(Viewed));

        (await LeafAsync(pipeline, applied.Receipt.Index)).GetProperty("resource").GetProperty("id").GetString().ShouldBeEmpty();
    }

    [Fact]
    public async Task Event_ByWhoeverMayNot_IsADenial()
    {
        var pipeline = await StartAsync(CreateF);

        var denied = await pipeline.OutcomeAsync<Outcome.Denied>(Recording(Viewed) with { Actor = Pipeline.Client });

        (await LeafAsync(pipeline, denied.Receipt.Index)).GetProperty("type").GetString().ShouldBe("access.denied");
    }

    [Fact]
    public async Task Event_ThatFailed_SaysWhatWentWrong()
    {
        var pipeline = await StartAsync();
        var failed = new ChangeEvent("job.finished", "the copy cannot be read back") { FailureCode = "job.failed" };

        var applied = await pipeline.OutcomeAsync<Outcome.Applied>(Recording(failed));

        var outcome = (await LeafAsync(pipeline, applied.Receipt.Index)).GetProperty("outcome");
        outcome.GetProperty("ok").GetBoolean().ShouldBeFalse();
        outcome.GetProperty("code").GetString().ShouldBe("job.failed");
        outcome.GetProperty("message").GetString().ShouldBe("the copy cannot be read back");
    }

    [Fact]
    public async Task Event_SentAgainUnderItsKey_IsRecordedOnce()
    {
        var pipeline = await StartAsync(CreateF);
        var submission = Recording(Viewed) with { IdempotencyKey = "k" };

        var first = await pipeline.OutcomeAsync<Outcome.Applied>(submission);
        var second = await pipeline.OutcomeAsync<Outcome.Applied>(submission);

        second.Replayed.ShouldBeTrue();
        second.Receipt.Index.ShouldBe(first.Receipt.Index);
    }

    [Fact]
    public async Task Event_WithAReasonThatIsTooLong_IsRefused()
    {
        var pipeline = await StartAsync();
        var size = await pipeline.SizeAsync();

        await pipeline.ErrorAsync<Error.Invalid>(Recording(Viewed, new string('x', Change.MaxReason + 1)));

        (await pipeline.SizeAsync()).ShouldBe(size);
    }

    [Fact]
    public async Task DryRunOfAnEvent_RecordsNothing()
    {
        var pipeline = await StartAsync();
        var size = await pipeline.SizeAsync();

        var preview = await pipeline.OutcomeAsync<Outcome.Preview>(Recording(Viewed) with { DryRun = true });

        preview.Changes.ShouldHaveSingleItem().Action.ShouldBe("flag.viewed");
        (await pipeline.SizeAsync()).ShouldBe(size);
    }

    private static Submission Recording(ChangeEvent happened, string reason = "") =>
        new(Pipeline.Admin, Pipeline.Request, Change.Record("flag.read", Pipeline.Project, happened, reason));

    private static async Task<JsonElement> LeafAsync(Pipeline pipeline, long index)
    {
        var entry = await pipeline.Store.EntryAsync(Pipeline.Tenant, index, Cancellation);
        using var parsed = JsonDocument.Parse(entry!.Leaf);
        return parsed.RootElement.Clone();
    }
}
