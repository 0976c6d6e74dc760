using Halyard.Cli.Importing;
using Halyard.Cli.Importing.Planning;
using Halyard.Evaluation.Definitions;

namespace Halyard.Cli.Tests.Importing.Planning;

public sealed class ImportPlannerTests
{
    private static readonly EnvironmentMapping[] Both = [new("test", "staging"), new("live", "production")];

    [Fact]
    public void Flags_ComeAfterTheirPrerequisites_AndSegmentsAfterThoseTheyName()
    {
        var plan = Plan(
            [Flag("c", needs: "b"), Flag("b", needs: "a"), Flag("a")],
            [Segment("outer", names: "inner"), Segment("inner")]
        );
        plan.Flags.Select(flag => flag.Key).ShouldBe(["a", "b", "c"]);
        plan.Segments.Select(segment => segment.Definition.Key).ShouldBe(["inner", "outer"]);
        (plan.LeftOut, plan.Notes.Count).ShouldBe((0, 0));
    }

    [Fact]
    public void Configuration_WithANote_IsLeftOff_AndSoIsEveryOneThatNeedsIt()
    {
        var note = new ImportNote(Subject.Flag, "a", "live", "/x", "a moon phase", Loss.Evaluation);
        var plan = Plan([Flag("c", needs: "b"), Flag("b", needs: "a"), Flag("a")], notes: [note]);
        foreach (var flag in plan.Flags)
        {
            flag.Configurations.Select(each => (each.Environment, each.IsLeftOff, each.Configuration.Enabled))
                .ShouldBe([("staging", false, true), ("production", true, false)]);
            flag.Configurations[1].Configuration.OffVariant.ShouldBe("off");
        }
        plan.Notes.Select(each => each.Key).ShouldBe(["a", "b", "c"]);
        plan.LeftOut.ShouldBe(3);
    }

    [Fact]
    public void Flag_ThatIsNotCreated_LeavesOffWhatNeedsIt()
    {
        var plan = Plan([Flag("b", needs: "a"), Flag("a")], notes: [new(Subject.Flag, "a", null, "", "x", Loss.Evaluation)]);
        plan.Flags.ShouldHaveSingleItem().Configurations.ShouldAllBe(each => each.IsLeftOff);
        plan.LeftOut.ShouldBe(3);
    }

    [Fact]
    public void Segment_ThatIsNotCreated_LeavesOffWhatUsesIt()
    {
        var plan = Plan(
            [Flag("a", segment: "outer"), Flag("b")],
            [Segment("outer", names: "inner"), Segment("inner")],
            [new(Subject.Segment, "inner", null, "", "x", Loss.Evaluation)]
        );
        plan.Segments.ShouldBeEmpty();
        plan.Flags.Select(flag => flag.Configurations.All(each => each.IsLeftOff)).ShouldBe([true, false]);
    }

    [Fact]
    public void LossOfWords_IsRefused_UntilItIsAccepted()
    {
        ImportNote[] notes =
        [
            new(Subject.Flag, "a", null, "", "metadata", Loss.Words),
            new(Subject.File, "", null, "", "metadata", Loss.Words),
        ];
        var refused = Plan([Flag("a")], notes: notes);
        (refused.Flags.Count, refused.LeftOut).ShouldBe((0, 2));
        Plan([Flag("a")], notes: notes, accepted: [Loss.Chance]).LeftOut.ShouldBe(2);
        var accepted = Plan([Flag("a")], notes: notes, accepted: [Loss.Words]);
        (accepted.Flags.Count, accepted.LeftOut).ShouldBe((1, 0));
    }

    [Fact]
    public void LossOfChance_LeavesOffOneEnvironment_UntilItIsAccepted()
    {
        var note = new ImportNote(Subject.Flag, "a", "live", "/x", "chance", Loss.Chance);
        note.Consequence.ShouldBe("the flag is left off in this environment unless --accept-chance is given");
        var refused = Plan([Flag("a")], notes: [note], accepted: [Loss.Words]);
        refused.Flags.Single().Configurations.Select(each => each.IsLeftOff).ShouldBe([false, true]);
        refused.LeftOut.ShouldBe(1);
        Plan([Flag("a")], notes: [note], accepted: [Loss.Chance]).LeftOut.ShouldBe(0);
    }

    [Fact]
    public void LossOfEvaluation_IsNeverAccepted() =>
        Plan(
            [Flag("a")],
            notes: [new(Subject.Flag, "a", null, "", "x", Loss.Evaluation)],
            accepted: [Loss.Words, Loss.Chance, Loss.Evaluation]
        )
            .Flags.ShouldBeEmpty();

    [Fact]
    public void WhatHalyardRefuses_IsLeftOut_AndSaidWhy()
    {
        var plan = Plan([Flag("not a key"), Flag("cycle", needs: "cycle"), Flag("b")]);
        plan.Flags.Select(flag => flag.Key).ShouldBe(["cycle", "b"]);
        plan.Flags[0].Configurations.ShouldAllBe(each => each.IsLeftOff);
        plan.Notes.ShouldAllBe(note => note.What.StartsWith("Halyard refuses it: ", StringComparison.Ordinal));
        plan.Notes.Select(note => note.Key).Distinct().ShouldBe(["not a key", "cycle"]);
    }

    [Theory]
    [InlineData(new[] { "live=production" }, "live→production", "")]
    [InlineData(new[] { "live=a", "live=b" }, "live→a live→b", "")]
    [InlineData(new string[0], "test→test live→live", "")]
    [InlineData(new[] { "production" }, null, "name the source's environment too")]
    [InlineData(new[] { "moon=a" }, null, "no environment 'moon'")]
    [InlineData(new[] { "live=a", "test=a" }, null, "named twice")]
    [InlineData(new[] { "live=" }, null, "key is missing")]
    public void Mappings_AreReadAsWritten(string[] written, string? expected, string problem)
    {
        var project = new ImportedProject(["test", "live"], [], [], []);
        var mappings = EnvironmentMappings.Parse(written, project, out var said);
        (mappings is null ? null : string.Join(' ', mappings.Select(each => $"{each.Source}→{each.Key}"))).ShouldBe(expected);
        said.ShouldContain(problem);
    }

    [Fact]
    public void Mapping_OntoASourceWithoutEnvironments_IsSaid()
    {
        EnvironmentMappings.Parse(["production"], new ImportedProject([], [], [], []), out var problem).ShouldBeNull();
        problem.ShouldContain("it has none");
    }

    private static ImportPlan Plan(
        IReadOnlyList<ImportedFlag> flags,
        IReadOnlyList<ImportedSegment>? segments = null,
        IReadOnlyList<ImportNote>? notes = null,
        IReadOnlyList<Loss>? accepted = null
    ) => ImportPlanner.Plan(new ImportedProject(["test", "live"], segments ?? [], flags, notes ?? []), Both, accepted ?? []);

    private static ImportedFlag Flag(string key, string? needs = null, string? segment = null)
    {
        var rules = segment is null
            ? new Sequence<TargetingRule>()
            : [new TargetingRule("r", "", true, [InSegment(segment)], Serve.One("on"))];
        var configuration = new FlagEnvironment(
            true,
            "off",
            needs is null ? [] : [new Prerequisite(needs, ["on"])],
            [],
            rules,
            Serve.One("on")
        );
        return new ImportedFlag(
            new FlagDefinition(
                key,
                FlagType.Boolean,
                FlagStatus.Active,
                [new("on", FlagValue.Of(true)), new("off", FlagValue.Of(false))]
            ),
            "on",
            "off",
            new Dictionary<string, ImportedConfiguration>(StringComparer.Ordinal)
            {
                ["test"] = new(configuration, "off"),
                ["live"] = new(configuration, "off"),
            }
        );
    }

    private static ImportedSegment Segment(string key, string? names = null) =>
        new(new SegmentDefinition(key, [], [], names is null ? [] : [new SegmentRule("s", [InSegment(names)])]));

    private static Condition InSegment(string key) => new("", ConditionOperator.Segment, [FlagValue.Of(key)]);
}
