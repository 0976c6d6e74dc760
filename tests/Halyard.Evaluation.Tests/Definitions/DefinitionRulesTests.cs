using Halyard.Evaluation.Definitions;

namespace Halyard.Evaluation.Tests.Definitions;

public sealed class DefinitionRulesTests
{
    [Fact]
    public void Environment_WithManyProblems_ReportsEachWithItsPointer()
    {
        var environment = Given.Environment(
            """
            {"offVariant":"nope","fallbackVariant":"nope",
             "prerequisites":[{"flag":"flag","variants":["on"]},{"flag":"x","variants":["on"]},{"flag":"x","variants":["on"]}],
             "overrides":[{"id":"o","targetingKey":"u","variant":"nope"},{"id":"o","attribute":"a","value":[1],"variant":"on"}],
             "rules":[
               {"id":"r","serve":{"variant":"nope"}},
               {"id":"r","serve":{"rollout":{"weights":[{"variant":"nope","weight":0}],"experiment":{"key":"e","control":"nope","traffic":1}}}},
               {"id":"big","serve":{"rollout":{"weights":[{"variant":"on","weight":2147483647}],"remainder":1}}}]}
            """
        );
        DefinitionRules
            .Check(Given.Boolean(), environment)
            .Select(problem => (problem.Pointer, problem.Message))
            .ShouldBe([
                ("/offVariant", "there is no variant 'nope'"),
                ("/fallbackVariant", "there is no variant 'nope'"),
                ("/prerequisites/0/flag", "a flag cannot be its own prerequisite"),
                ("/prerequisites/2/flag", "'x' appears more than once"),
                ("/overrides/0/variant", "there is no variant 'nope'"),
                ("/overrides/1/id", "'o' appears more than once"),
                ("/overrides/1/value", "must be a string, a finite number, true or false"),
                ("/rules/0/serve/variant", "there is no variant 'nope'"),
                ("/rules/1/id", "'r' appears more than once"),
                ("/rules/1/serve/rollout/weights/0/variant", "there is no variant 'nope'"),
                ("/rules/1/serve/rollout/weights", "must have a total of 1 to 2147483647, not 0"),
                ("/rules/1/serve/rollout/experiment/control", "there is no variant 'nope'"),
                ("/rules/2/serve/rollout/weights", "must have a total of 1 to 2147483647, not 2147483648"),
            ]);
    }

    [Fact]
    public void Salt_ThatEndsInHalfACharacter_IsRefused()
    {
        // Not a theory: an attribute is stored as UTF-8, which has no half characters.
        foreach (var (salt, isRefused) in new[] { ("x\ud83d", true), ("x\ude00", false), ("x\ud83d\ude00", false) })
        {
            var split = new FlagEnvironment(true, "off", [], [], [], Serve.Split(new Rollout([new("on", 1)], salt)));
            var problems = DefinitionRules
                .CheckFlag(Given.Boolean() with { Salt = salt })
                .Concat(DefinitionRules.Check(Given.Boolean(), split));
            problems.Select(problem => problem.Pointer).ShouldBe(isRefused ? ["/salt", "/fallthrough/rollout/salt"] : []);
        }
    }

    [Theory]
    [InlineData("equals", "[]", "/values")]
    [InlineData("equals", "[null]", "/values/0")]
    [InlineData("equals", "[\"a\",{}]", "/values/1")]
    [InlineData("equals", "[1e400]", "/values/0")]
    [InlineData("equalsIgnoreCase", "[5]", "/values/0")]
    [InlineData("contains", "[true]", "/values/0")]
    [InlineData("greaterThan", "[\"5\"]", "/values/0")]
    [InlineData("between", "[5]", "/values")]
    [InlineData("between", "[5,1]", "/values")]
    [InlineData("between", "[1,\"5\"]", "/values/1")]
    [InlineData("exists", "[1]", "/values")]
    [InlineData("semverEquals", "[\"1.x\"]", "/values/0")]
    [InlineData("semverEquals", "[1]", "/values/0")]
    [InlineData("before", "[\"yesterday\"]", "/values/0")]
    [InlineData("before", "[true]", "/values/0")]
    [InlineData("after", "[1e17]", "/values/0")]
    [InlineData("cidr", "[\"10.0.0.0/33\"]", "/values/0")]
    [InlineData("cidr", "[\"10.0.0.0/8\",\"x\"]", "/values/1")]
    [InlineData("cidr", "[\"::/129\"]", "/values/0")]
    [InlineData("cidr", "[\"::ffff:10.0.0.0/8\"]", "/values/0")]
    [InlineData("matches", "[\"(\"]", "/values/0")]
    public void Condition_WithAValueItsOperatorCannotUse_IsReported(string comparison, string values, string pointer)
    {
        var condition = Given.Read(
            DefinitionJson.ReadCondition,
            $$"""{"attribute":"x","operator":"{{comparison}}","values":{{values}}}"""
        );
        var segment = new SegmentDefinition("s", [], [], [new("r", [condition])]);
        DefinitionRules.CheckSegment(segment).Select(problem => problem.Pointer).ShouldBe([$"/rules/0/conditions/0{pointer}"]);
    }

    [Fact]
    public void Flag_WithManyProblems_ReportsEachWithItsPointer()
    {
        var flag = new FlagDefinition(
            "bad key",
            FlagType.Number,
            FlagStatus.Active,
            [new("a", FlagValue.Of("5")), new("a", new("1e400")), new("", new("5")), new("d", new("5 6")), new("e", default)]
        );
        DefinitionRules
            .CheckFlag(flag)
            .Select(problem => problem.Pointer)
            .ShouldBe([
                "/key",
                "/variants/0/value",
                "/variants/1/key",
                "/variants/1/value",
                "/variants/2/key",
                "/variants/3/value",
                "/variants/4/value",
            ]);
    }

    [Theory]
    [InlineData(FlagType.Boolean, "\"true\"", "must be a boolean")]
    [InlineData(FlagType.String, "5", "must be a string")]
    [InlineData(FlagType.Number, "\"5\"", "must be a finite number")]
    [InlineData(FlagType.Json, "[]", "must be a JSON object")]
    [InlineData(FlagType.Json, "{", "must be a JSON object")]
    [InlineData(FlagType.Json, "{\"a\":\"\\ud800\"}", "must be a JSON object")]
    public void Variant_OfAnotherType_IsReported(FlagType type, string value, string message) =>
        DefinitionRules
            .CheckFlag(new("f", type, FlagStatus.Active, [new("a", new(value))]))
            .ShouldBe([new DefinitionProblem("/variants/0/value", message)]);

    [Fact]
    public void Flag_WithoutVariants_IsReported() =>
        DefinitionRules
            .CheckFlag(new("f", FlagType.Json, FlagStatus.Active, []))
            .ShouldBe([new DefinitionProblem("/variants", "must have at least one variant")]);

    [Fact]
    public void Check_OfTheEnvironment_LeavesTheFlagsOwnProblemsToCheckFlag() =>
        DefinitionRules
            .Check(
                Given.Boolean("bad key"),
                Given.Environment(
                    """{"rules":[{"id":"r","conditions":[{"operator":"segment","values":["any"]}],"serve":{"variant":"on"} } ] }"""
                )
            )
            .ShouldBeEmpty();
}
