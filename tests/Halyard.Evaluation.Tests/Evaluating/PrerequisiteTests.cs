using Halyard.Evaluation.Definitions;

namespace Halyard.Evaluation.Tests.Evaluating;

public sealed class PrerequisiteTests
{
    [Theory]
    [InlineData("""{"fallthrough":{"variant":"on"}}""", FlagStatus.Active, true)]
    [InlineData("""{"fallthrough":{"variant":"on"}}""", FlagStatus.Deprecated, true)]
    [InlineData("""{"fallthrough":{"variant":"on"}}""", FlagStatus.Archived, false)]
    [InlineData("""{"fallthrough":{"variant":"on"}}""", FlagStatus.Draft, false)]
    [InlineData("""{"fallthrough":{"variant":"off"}}""", FlagStatus.Active, false)]
    [InlineData("""{"enabled":false,"offVariant":"on"}""", FlagStatus.Active, false)]
    [InlineData(
        """{"rules":[{"id":"r","conditions":[{"attribute":"vip","operator":"exists"}],"serve":{"variant":"on"}}]}""",
        FlagStatus.Active,
        true
    )]
    public void Prerequisite_Holds_WhereItsFlagIsOnAndServesTheVariant(string needed, FlagStatus status, bool holds)
    {
        var snapshot = Given.Snapshot(
            Given.Flag(
                """{"fallthrough":{"variant":"on"},"prerequisites":[{"flag":"needed","variants":["on"]}]}""",
                Given.Boolean("flag")
            ),
            Given.Flag(needed, Given.Boolean("needed", status))
        );
        var result = Evaluator.Evaluate(snapshot, "flag", Given.Context("""{"vip":true}"""), Given.Now);
        result.Reason.ShouldBe(holds ? EvaluationReason.Default : EvaluationReason.PrerequisiteFailed);
        result.PrerequisiteKey.ShouldBe(holds ? null : "needed");
        result.Variant!.Key.ShouldBe(holds ? "on" : "off");
    }

    [Fact]
    public void Prerequisite_ThatFails_WinsOverOverrides()
    {
        var snapshot = Given.Snapshot(
            Given.Flag(
                """{"overrides":[{"id":"o","targetingKey":"u","variant":"on"}],"prerequisites":[{"flag":"needed","variants":["on"]}]}"""
            ),
            Given.Flag("{}", Given.Boolean("needed"))
        );
        Evaluator
            .Evaluate(snapshot, "flag", EvaluationContext.For("u"), Given.Now)
            .Reason.ShouldBe(EvaluationReason.PrerequisiteFailed);
    }

    [Fact]
    public void Cycle_OfPrerequisites_BreaksItsFlagsAndNoOthers()
    {
        var result = Given.Compile(
            Needs("a", "b"),
            Needs("b", "c"),
            Needs("c", "a"),
            Needs("d", "a"),
            Needs("e", "free"),
            Given.Flag("""{"fallthrough":{"variant":"on"}}""", Given.Boolean("free"))
        );
        result
            .Diagnostics.Select(d => (d.Key, d.Pointer, d.Message))
            .ShouldBe([.. new[] { "a", "b", "c" }.Select(key => (key, "/prerequisites", "is part of a cycle of prerequisites"))]);
        Reason(result, "a").ShouldBe(EvaluationReason.Error);
        Reason(result, "d").ShouldBe(EvaluationReason.PrerequisiteFailed);
        Reason(result, "e").ShouldBe(EvaluationReason.Default);
    }

    [Fact]
    public void Flag_NeedingItself_IsRefused() => Given.Compile(Needs("a", "a")).Diagnostics.ShouldNotBeEmpty();

    [Theory]
    [InlineData(64, true)]
    [InlineData(65, false)]
    [InlineData(20_000, false)]
    public void Chain_OfPrerequisites_IsFollowedUpToItsLimit(int length, bool compiles)
    {
        var flags = Enumerable.Range(1, length - 1).Select(i => Needs($"f{i}", $"f{i - 1}"));
        var result = Given.Compile([Given.Flag("""{"fallthrough":{"variant":"on"}}""", Given.Boolean("f0")), .. flags]);
        (result.Diagnostics.Count == 0).ShouldBe(compiles);
        Reason(result, "f63").ShouldBe(EvaluationReason.Default);
        if (!compiles)
            Reason(result, "f64").ShouldBe(EvaluationReason.Error);
    }

    [Fact]
    public void Prerequisites_ThatFanOutWithoutEnd_AreRefused()
    {
        var flags = new List<FlagInEnvironment>
        {
            Given.Flag("""{"fallthrough":{"variant":"on"}}""", Given.Boolean("l0")),
            Given.Flag("""{"fallthrough":{"variant":"on"}}""", Given.Boolean("r0")),
        };
        for (var i = 1; i < 40; i++)
            flags.AddRange([Needs($"l{i}", $"l{i - 1}", $"r{i - 1}"), Needs($"r{i}", $"l{i - 1}", $"r{i - 1}")]);
        var result = Given.Compile(flags);
        result.Diagnostics.ShouldContain(d => d.Message == "leads to more than 1000 prerequisites");
        foreach (var key in result.Snapshot.FlagKeys)
            Reason(result, key)
                .ShouldBeOneOf(
                    EvaluationReason.Static,
                    EvaluationReason.Default,
                    EvaluationReason.Error,
                    EvaluationReason.PrerequisiteFailed
                );
    }

    [Fact]
    public void Reference_ToNoFlagOrVariant_IsADiagnosticOfTheFlagThatRefers()
    {
        var result = Given.Compile(
            Needs("a", "nope"),
            Given.Flag("""{"prerequisites":[{"flag":"c","variants":["on","purple"]}]}""", Given.Boolean("b")),
            Given.Flag("{}", Given.Boolean("c"))
        );
        result.Diagnostics.ShouldBe([
            new Diagnostic("a", "/prerequisites/0/flag", "there is no flag 'nope'"),
            new Diagnostic("b", "/prerequisites/0/variants/1", "flag 'c' has no variant 'purple'"),
        ]);
        Reason(result, "c").ShouldBe(EvaluationReason.Static);
    }

    private static FlagInEnvironment Needs(string key, params string[] others)
    {
        var list = string.Join(',', others.Select(other => $$"""{"flag":"{{other}}","variants":["on"]}"""));
        return Given.Flag($$"""{"fallthrough":{"variant":"on"},"prerequisites":[{{list}}]}""", Given.Boolean(key));
    }

    private static EvaluationReason Reason(CompileResult result, string key) =>
        Evaluator.Evaluate(result.Snapshot, key, EvaluationContext.For("u"), Given.Now).Reason;
}
