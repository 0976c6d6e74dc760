using FsCheck.Fluent;
using Halyard.Evaluation.Definitions;

namespace Halyard.Evaluation.Tests.Compiling;

public sealed class CompilerTests
{
    [Fact]
    public void Compile_OfAnyDefinition_NeverThrowsAndEveryFlagAnswers() =>
        Property.Holds(
            from flags in (
                from flag in Generate.Flag
                from environment in Generate.Environment
                select new FlagInEnvironment(flag, environment, 1)
            ).ListOf()
            from segments in Generate.Segment.ListOf()
            select (flags, segments),
            sample =>
            {
                var result = SnapshotCompiler.Compile(new("p", "e", 1, [.. sample.flags], [.. sample.segments]));
                var context = Given.Context(
                    """{"targetingKey":"user-1","plan":"a","a":{"b":1},"on":["x",5],"0":5,"5":"1.2.3"}"""
                );
                foreach (var key in result.Snapshot.FlagKeys)
                {
                    var answer = Evaluator.Evaluate(result.Snapshot, key, context, Given.Now);
                    var isBroken = result.Diagnostics.Any(d => d.Key == key && !d.IsSegment);
                    (answer.ErrorCode == ErrorCode.ParseError).ShouldBe(isBroken, key);
                    if (!isBroken)
                        answer.Variant.ShouldNotBeNull();
                }
            },
            tests: 500
        );

    [Fact]
    public void Compile_WithABadFlag_LeavesTheOthersAlone()
    {
        var result = Given.Compile(
            new FlagInEnvironment(Given.Boolean("bad"), new(true, "off", [], [], [], new Serve(null, null)), 1),
            Given.Flag("""{"fallthrough":{"variant":"on"}}""", Given.Boolean("good"))
        );
        result.Diagnostics.ShouldBe([new Diagnostic("bad", "/fallthrough", "must have either 'variant' or 'rollout'")]);
        Evaluator.Evaluate(result.Snapshot, "good", EvaluationContext.Empty, Given.Now).BooleanValue(false).ShouldBeTrue();
    }

    [Fact]
    public void Compile_OfTwoFlagsOfOneKey_RefusesToChoose()
    {
        var result = Given.Compile(Given.Flag("{}"), Given.Flag("{}"));
        result.Diagnostics.ShouldBe([new Diagnostic("flag", "/key", "'flag' appears more than once")]);
    }

    [Fact]
    public void Snapshot_KnowsItsPlaceAndItsFlagsInOrdinalOrder()
    {
        var snapshot = Given.Snapshot(new[] { "b", "B", "a.1", "a", "a-1" }.Select(key => Given.Flag("{}", Given.Boolean(key))));
        (snapshot.Project, snapshot.Environment, snapshot.LedgerIndex).ShouldBe(("project", "production", 42L));
        snapshot.FlagKeys.ShouldBe(["B", "a", "a-1", "a.1", "b"]);
        snapshot.TryGetFlag("a", out var flag).ShouldBeTrue();
        (flag!.Key, flag.Revision, flag.Type).ShouldBe(("a", 7L, FlagType.Boolean));
        snapshot.TryGetFlag("c", out _).ShouldBeFalse();
    }

    [Theory]
    [InlineData("a{1000}", true)]
    [InlineData("(a{99}){99}", true)]
    [InlineData("((a{999}){999}){999}", false)]
    [InlineData("(a{999})(?#c){999}", false)]
    [InlineData("(?x)(a{999}) {999}", false)]
    [InlineData("(?i-x:a)(b)", false)]
    [InlineData("(?X)((a{999}) {999}) {999}", false)]
    [InlineData("(?+x)(a{150}) {150}", false)]
    [InlineData("(?s+x:(a{150}) {150})", false)]
    [InlineData("[-[a](((b{9999}){9999}){9999}){9999}]", false)]
    [InlineData(@"[\-[](b{150}){150}]", false)]
    [InlineData("[+--[x](b{150}){150}]", false)]
    [InlineData("((a{150})[x-[(]]){150}", false)]
    [InlineData("[a-z-[aeiou]]{9}", true)]
    [InlineData("[-a-z[]{9}", true)]
    [InlineData("[]{}]{9}", true)]
    [InlineData(@"\{9999999}{9}", true)]
    [InlineData("a{2147483648}", false)]
    [InlineData("(a+)+$", true)]
    [InlineData("(?=a)", false)]
    [InlineData(@"(a)\1", false)]
    [InlineData("(?>a)", false)]
    [InlineData("[", false)]
    [InlineData("*", false)]
    [InlineData("", true)]
    public void Regex_IsAcceptedOnlyWhereItIsSmallAndLinear(string pattern, bool accepted)
    {
        var condition = new Condition("x", ConditionOperator.Matches, [FlagValue.Of(pattern)]);
        var problems = DefinitionRules.CheckSegment(new("s", [], [], [new("r", [condition])]));
        problems.Select(problem => problem.Pointer).ShouldBe(accepted ? [] : ["/rules/0/conditions/0/values/0"]);
    }
}
