using Halyard.Core.Reading;
using Halyard.Core.Reading.Compliance;
using Halyard.Core.Reading.Pasts;
using Halyard.Core.Reading.Rollouts;
using Halyard.Core.Tests.Fixtures;
using Halyard.Evaluation;
using Halyard.Storage.Conformance.InMemory;

namespace Halyard.Core.Tests.Reading;

/// <summary>What begins a period, and what it says. Each change is made an hour after the one before.</summary>
public sealed class ComplianceTests
{
    private const string OnForEverybody = """{"op":"createFlag","flag":"f","environments":{"dev":{"enabled":true} } }""";

    private static CancellationToken None => TestContext.Current.CancellationToken;

    [Fact]
    public async Task EnvironmentSwitchedOffAndOn_BeginsPeriods() =>
        (
            await SummariesAsync(
                OnForEverybody,
                """{"op":"setEnvironmentEnabled","environment":"dev","enabled":false}""",
                """{"op":"setEnvironmentEnabled","environment":"dev","enabled":true}"""
            )
        ).ShouldBe([
            "on: the fallthrough served 'on'",
            "off: the environment was off, serving 'off'",
            "on: the fallthrough served 'on'",
        ]);

    [Fact]
    public async Task ChangeOfAPrerequisite_BeginsAPeriod() =>
        (
            await SummariesAsync(
                Ops.CreateFlag("needed"),
                OnForEverybody,
                Ops.Needs("f", "needed"),
                Ops.Enable("needed"),
                Ops.Rename("needed", "other")
            )
        ).ShouldBe([
            "on: the fallthrough served 'on'",
            "off: prerequisite 'needed' did not hold, serving 'off'",
            "on: the fallthrough served 'on'",
        ]);

    [Fact]
    public async Task ChangeOfASegment_BeginsAPeriod() =>
        (
            await SummariesAsync(
                """{"op":"createSegment","segment":"beta"}""",
                OnForEverybody,
                """{"op":"setFallthrough","flag":"f","environment":"dev","serve":{"variant":"off"} }""",
                Ops.AddRule("f", "r", Ops.InSegment("beta")),
                """{"op":"updateSegment","segment":"beta","rules":[{"id":"m","conditions":[{"attribute":"plan","operator":"equals","values":["enterprise"]}]}]}"""
            )
        ).ShouldBe(["on: the fallthrough served 'on'", "off: the fallthrough served 'off'", "on: rule 'r' served 'on'"]);

    [Fact]
    public async Task MembersOfASegment_AreAskedAbout_WhateverMakesThemMembers()
    {
        var pipeline = await PipelineAsync(
            """{"op":"createSegment","segment":"beta","includes":["u1"],"excludes":["u2"],"rules":[{"id":"m","conditions":[{"attribute":"stage","operator":"equals","values":["beta"]}]}]}""",
            """{"op":"createSegment","segment":"wider","rules":[{"id":"m","conditions":[{"operator":"segment","values":["beta"]}]}]}""",
            OnForEverybody,
            """{"op":"setFallthrough","flag":"f","environment":"dev","serve":{"variant":"off"} }""",
            Ops.AddRule("f", "r", Ops.InSegment("wider")),
            """{"op":"updateSegment","segment":"wider","rules":[]}"""
        );

        var members = (await ReportAsync(pipeline, Question() with { Segment = "beta" })).Value;
        var anybody = (await ReportAsync(pipeline, Question())).Value;

        Words(members)
            .ShouldBe([
                "on: the fallthrough served 'on'",
                "off: the fallthrough served 'off'",
                "on: rule 'r' served 'on'",
                "off: the fallthrough served 'off'",
            ]);
        anybody.Periods[2].State.State.ShouldBe(ComplianceState.Depends);
    }

    [Fact]
    public async Task SegmentThatNeverWas_IsNotFound() =>
        (await ReportAsync(await PipelineAsync(OnForEverybody), Question() with { Segment = "gone" }))
            .Error.ShouldBeOfType<Error.NotFound>()
            .Kind.ShouldBe("segment");

    [Fact]
    public async Task OverrideThatExpires_EndsItsPeriodWithoutAnEntry()
    {
        var expires = new ManualTime().Now.AddHours(20);
        var report = await ReportAsync(
            OnForEverybody,
            $$"""{"op":"addOverride","flag":"f","environment":"dev","override":{"id":"pin","attribute":"plan","value":"enterprise","variant":"off","expiresAt":"{{expires:yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'}}"} }"""
        );

        Words(report)
            .ShouldBe(["on: the fallthrough served 'on'", "off: override 'pin' served 'off'", "on: the fallthrough served 'on'"]);
        var last = report.Periods[2].Started.ShouldNotBeNull();
        last.Expired.ShouldBe("pin");
        last.At.ShouldBe(expires);
        last.Index.ShouldBe(report.Periods[1].Started.ShouldNotBeNull().Index);
    }

    [Fact]
    public async Task FlagDeletedAndRecreated_IsAbsentInBetweenAndNotOff_Defect168() =>
        (await SummariesAsync(OnForEverybody, """{"op":"deleteFlag","flag":"f"}""", Ops.CreateFlag("f"))).ShouldBe([
            "on: the fallthrough served 'on'",
            "absent: there was no such flag",
            "off: the flag was off, serving 'off'",
        ]);

    [Fact]
    public async Task ChangeThatAltersNoAnswer_BeginsNoPeriod() =>
        (await SummariesAsync(OnForEverybody, Ops.Rename("f", "another name"))).ShouldHaveSingleItem();

    [Fact]
    public async Task ReportAsOfThePast_NamesTheEntryThatBeganItBefore()
    {
        var pipeline = await PipelineAsync(OnForEverybody, Ops.Rename("f", "another name"));
        var question = Question() with { From = pipeline.Time.Now, To = pipeline.Time.Now.AddMinutes(1) };

        var report = (await ReportAsync(pipeline, question)).Value;

        var only = report.Periods.ShouldHaveSingleItem();
        (only.From, only.To).ShouldBe((question.From!.Value, question.To!.Value));
        only.Started.ShouldNotBeNull().At.ShouldBeLessThan(only.From);
    }

    [Fact]
    public async Task MorePeriodsThanAreGiven_AreRefused()
    {
        var pipeline = await PipelineAsync(OnForEverybody);
        for (var i = 0; i < 1_001; i++)
        {
            pipeline.Time.Now = pipeline.Time.Now.AddMinutes(1);
            await pipeline.AppliedAsync(Ops.Enable("f", enabled: i % 2 == 1));
        }
        (await ReportAsync(pipeline, Question()))
            .Error.ShouldBeOfType<Error.Invalid>()
            .Problems.ShouldHaveSingleItem()
            .Pointer.ShouldBe("/from");
        (await ReportAsync(pipeline, Question() with { From = pipeline.Time.Now.AddHours(-1) })).Error.ShouldBeNull();
    }

    [Fact]
    public async Task MorePeriodsThanAreGiven_AreNotJudgedToTheEnd()
    {
        var past = await PastAsync();
        var judged = 0;

        var refused = Timeline<int>.Of(
            Often(past, Timeline<int>.MaxPeriods * 3),
            DateTimeOffset.MaxValue,
            (null, null),
            -1,
            (_, _) => judged++,
            _ => [],
            None
        );

        refused.Error.ShouldBeOfType<Error.Invalid>().Problems.ShouldHaveSingleItem().Pointer.ShouldBe("/from");
        judged.ShouldBe(Timeline<int>.MaxPeriods + 1);
    }

    [Fact]
    public async Task MoreWorkThanIsDoneForOneQuestion_IsRefused()
    {
        var past = await PastAsync();
        var huge = Often(past with { Bytes = Timeline<int>.MaxWork / 10 }, 20);
        var judged = 0;

        var refused = Timeline<int>.Of(huge, DateTimeOffset.MaxValue, (null, null), -1, (_, _) => judged++, _ => [], None);

        refused.Error.ShouldBeOfType<Error.Invalid>().Problems.ShouldHaveSingleItem().Pointer.ShouldBe("/flag");
        judged.ShouldBe(10);
    }

    [Fact]
    public async Task Judging_StopsWhenNobodyWaitsAnyMore()
    {
        var past = await PastAsync();
        using var gone = new CancellationTokenSource();
        var judged = 0;

        Should.Throw<OperationCanceledException>(() =>
            Timeline<int>.Of(Often(past, 20), DateTimeOffset.MaxValue, (null, null), -1, Judge, _ => [], gone.Token)
        );

        judged.ShouldBe(1);

        int Judge(Moment moment, DateTimeOffset at)
        {
            gone.Cancel();
            return judged++;
        }
    }

    private static async Task<PastVersion> PastAsync()
    {
        var pipeline = await PipelineAsync(OnForEverybody);
        var read = await new FlagPastReader(pipeline.Store, pipeline.Vault).ReadAsync(
            Pipeline.Tenant,
            Pipeline.Project,
            "f",
            "dev",
            all: true,
            None
        );
        return read.Value.Versions[^1];
    }

    /// <summary>As if the same had been written many times, a minute after the one before.</summary>
    private static List<PastVersion> Often(PastVersion past, int times) =>
        [
            .. Enumerable
                .Range(0, times)
                .Select(i =>
                    past with
                    {
                        Version = past.Version with
                        {
                            Index = past.Version.Index + i,
                            EffectiveAt = past.Version.EffectiveAt.AddMinutes(i),
                        },
                    }
                ),
        ];

    [Fact]
    public void Shares_AreWholeThousandthsOfAPercentAndTogetherTheWhole()
    {
        var shares = RolloutShare.Of([
            new ServedShare(null, 1 / 3.0),
            new ServedShare(null, 1 / 3.0),
            new ServedShare(null, 1 / 3.0),
        ]);
        shares.ShouldHaveSingleItem().Share.ShouldBe(RolloutShare.Whole);
    }

    private static ComplianceQuestion Question() =>
        new(Pipeline.Project, "f", "dev", new EvaluationContextBuilder(null).Set("plan", "enterprise").Build(), null, null);

    private static async Task<IReadOnlyList<string>> SummariesAsync(params string[] operations) =>
        Words(await ReportAsync(operations));

    private static List<string> Words(ComplianceReport report) =>
        [.. report.Periods.Select(period => ComplianceWords.Describe(period.State))];

    private static async Task<ComplianceReport> ReportAsync(params string[] operations) =>
        (await ReportAsync(await PipelineAsync(operations), Question())).Value;

    private static async Task<Result<ComplianceReport>> ReportAsync(Pipeline pipeline, ComplianceQuestion question) =>
        await new ComplianceReader(pipeline.Store, pipeline.Vault, new EntryReader(pipeline.Store, pipeline.Vault)).ReportAsync(
            Pipeline.Tenant,
            question,
            pipeline.Time.Now.AddDays(2),
            None
        );

    private static async Task<Pipeline> PipelineAsync(params string[] operations)
    {
        var pipeline = await Pipeline.StartAsync(new InMemoryStore());
        foreach (var operation in operations)
        {
            pipeline.Time.Now = pipeline.Time.Now.AddHours(1);
            await pipeline.AppliedAsync(operation);
        }
        return pipeline;
    }
}
