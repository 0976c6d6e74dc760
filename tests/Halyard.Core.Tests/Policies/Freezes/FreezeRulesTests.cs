using System.Text.Json;
using Halyard.Core.Flags;
using Halyard.Core.Policies;
using Halyard.Core.Policies.Freezes;
using Halyard.Core.Reading;
using Halyard.Evaluation.Definitions;

namespace Halyard.Core.Tests.Policies.Freezes;

/// <summary>What a freeze covers, what it lets through, and how it is written.</summary>
public sealed class FreezeRulesTests
{
    private static readonly SystemTimeZones Zones = new();
    private static readonly DateTimeOffset Now = new(2026, 12, 24, 12, 0, 0, TimeSpan.Zero);
    private static readonly ProjectEnvironment Production = Environment("prod", EnvironmentType.Production);
    private static readonly ProjectEnvironment Staging = Environment("stage", EnvironmentType.Staging);

    [Fact]
    public void RiskierChange_InAFrozenEnvironment_IsHeldUpWithTheEndInWords()
    {
        var met = Met([Freeze("xmas", scope: """{"environmentTypes":["production"]}""")], [Staging, Production]);

        var freeze = met.ShouldHaveSingleItem();
        freeze.Environments.ShouldBe(["prod"]);
        freeze.Words.ShouldBe("freeze 'xmas' holds prod until 2027-01-02T00:00:00Z");
    }

    [Fact]
    public void SaferChange_IsNeverHeldUp() => Met([Freeze("xmas")], [Production], safer: true).ShouldBeEmpty();

    [Theory]
    [InlineData("""{"projects":["web"]}""", true)]
    [InlineData("""{"projects":["mobile"]}""", false)]
    [InlineData("""{"environments":["prod"]}""", true)]
    [InlineData("""{"environments":["stage"]}""", false)]
    [InlineData("""{"environmentTypes":["staging","production"]}""", true)]
    [InlineData("""{"environmentTypes":["development"]}""", false)]
    [InlineData("""{"tags":["payment","critical"]}""", true)]
    [InlineData("""{"tags":["search"]}""", false)]
    [InlineData("""{"tags":["payment"],"environments":["stage"]}""", false)]
    [InlineData("{}", true)]
    public void Scope_NarrowsByEachListThatIsSet(string scope, bool covers) =>
        Met([Freeze("f", scope: scope)], [Production], tags: ["payment"]).Count.ShouldBe(covers ? 1 : 0);

    [Fact]
    public void Change_ThatReachesNoEnvironment_MeetsNoFreeze() => Met([Freeze("f")], []).ShouldBeEmpty();

    [Fact]
    public void Freeze_BeforeItBeginsAndWhenItIsOver_HoldsNothing()
    {
        foreach (var (at, count) in new[] { (Start.AddTicks(-1), 0), (Start, 1), (End.AddTicks(-1), 1), (End, 0) })
            FreezeRules.Met([Freeze("f")], Zones, [Production], [], safer: false, at).Count.ShouldBe(count);
    }

    [Fact]
    public void Exception_FromSeveralFreezes_WantsTheLargestNumberOfTheirApprovers()
    {
        var met = Met([Freeze("b", approvers: 3), Freeze("a", approvers: 1)], [Production]);

        met.Select(item => item.Freeze.Key).ShouldBe(["a", "b"]);
        FreezeRules.Exception(met)!.Stages.ShouldHaveSingleItem().Groups.ShouldBe([new QuorumGroup(3, ["freeze-approver"])]);
        FreezeRules.Exception([]).ShouldBeNull();
    }

    [Fact]
    public void Document_ReadsBackAsItWasWritten()
    {
        var (settings, problems) = Read(
            """
            {"name":"N","enabled":false,"approvers":4,"zone":"Europe/Berlin",
             "scope":{"projects":["web"],"environments":["prod"],"environmentTypes":["production"],"tags":["a b"]},
             "intervals":[{"from":"2026-12-20T00:00:00+01:00","to":"2027-01-02T00:00:00Z"}],
             "recurring":[{"every":"weekly","days":["friday","monday"],"at":"17:05","minutes":3780,"from":"2026-01-01","until":"2026-12-31"},
                          {"every":"monthly","day":-1,"at":"00:00","minutes":1},
                          {"every":"yearly","month":11,"nth":4,"days":["friday"],"at":"00:00","minutes":44640}]}
            """
        );
        problems.ShouldBeEmpty();
        var freeze = new Freeze("r_1", "f", settings);

        FreezeJson.Read(freeze.Name, freeze.ToDocument()).ShouldBe(freeze);
    }

    [Theory]
    [InlineData("{}", "/intervals")]
    [InlineData("""{"intervals":[{"from":"2026-01-02T00:00:00Z","to":"2026-01-02T00:00:00Z"}]}""", "/intervals/0/to")]
    [InlineData("""{"intervals":[{"to":"2026-01-02T00:00:00Z"}]}""", "/intervals/0/from")]
    [InlineData("""{"intervals":[{"from":"yesterday","to":"2026-01-02T00:00:00Z"}]}""", "/intervals/0/from")]
    [InlineData("""{"intervals":[],"approvers":0}""", "/approvers")]
    [InlineData("""{"intervals":[],"scope":{"environmentTypes":["prod"]}}""", "/scope/environmentTypes/0")]
    [InlineData("""{"recurring":[{"every":"daily","at":"17:00","minutes":1,"days":["monday"]}]}""", "/recurring/0/every")]
    [InlineData("""{"recurring":[{"every":"weekly","at":"17:00","minutes":1}]}""", "/recurring/0/days")]
    [InlineData("""{"recurring":[{"every":"weekly","at":"24:00","minutes":1,"days":["monday"]}]}""", "/recurring/0/at")]
    [InlineData("""{"recurring":[{"every":"weekly","at":"17:00","minutes":0,"days":["monday"]}]}""", "/recurring/0/minutes")]
    [InlineData("""{"recurring":[{"every":"weekly","at":"17:00","minutes":1,"days":["monday"],"day":3}]}""", "/recurring/0/day")]
    [InlineData("""{"recurring":[{"every":"monthly","at":"17:00","minutes":1}]}""", "/recurring/0/day")]
    [InlineData("""{"recurring":[{"every":"monthly","at":"17:00","minutes":1,"day":0}]}""", "/recurring/0/day")]
    [InlineData("""{"recurring":[{"every":"monthly","at":"17:00","minutes":1,"day":3,"month":2}]}""", "/recurring/0/month")]
    [InlineData("""{"recurring":[{"every":"monthly","at":"17:00","minutes":1,"nth":1}]}""", "/recurring/0/days")]
    [InlineData("""{"recurring":[{"every":"yearly","at":"17:00","minutes":1,"day":3}]}""", "/recurring/0/month")]
    [InlineData("""{"recurring":[{"every":"yearly","at":"17:00","minutes":1,"day":30,"month":2}]}""", "/recurring/0")]
    [InlineData(
        """{"recurring":[{"every":"weekly","at":"17:00","minutes":1,"days":["monday"],"from":"2026-01-02","until":"2026-01-01"}]}""",
        "/recurring/0/until"
    )]
    [InlineData(
        """{"recurring":[{"every":"weekly","at":"17:00","minutes":1,"days":["monday"],"from":"9999-12-31"}]}""",
        "/recurring/0/from"
    )]
    public void Settings_ThatSayNoTime_AreRefusedWhereTheyAreWrong(string json, string pointer) =>
        Read(json).Problems.Select(problem => problem.Pointer).ShouldContain(pointer);

    private static readonly DateTimeOffset Start = new(2026, 12, 20, 0, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset End = new(2027, 1, 2, 0, 0, 0, TimeSpan.Zero);

    private static IReadOnlyList<MetFreeze> Met(
        Freeze[] freezes,
        ProjectEnvironment[] environments,
        bool safer = false,
        string[]? tags = null
    ) => FreezeRules.Met(freezes, Zones, environments, tags ?? [], safer, Now);

    private static Freeze Freeze(string key, int approvers = 2, string scope = "{}")
    {
        var (settings, problems) = Read(
            $$"""{"approvers":{{approvers}},"scope":{{scope}},"intervals":[{"from":"2026-12-20T00:00:00Z","to":"2027-01-02T00:00:00Z"}]}"""
        );
        problems.ShouldBeEmpty();
        return new Freeze($"r_{key}", key, settings);
    }

    private static (FreezeSettings Settings, List<DefinitionProblem> Problems) Read(string json)
    {
        using var parsed = JsonDocument.Parse(json);
        var problems = new List<DefinitionProblem>();
        return (FreezeJson.ReadSettings(JsonCursor.Root(parsed.RootElement, problems)), problems);
    }

    private static ProjectEnvironment Environment(string key, EnvironmentType type) =>
        new($"r_{key}", "web", key, key, type, 0, Enabled: true);
}
