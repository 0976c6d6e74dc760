using System.Text.Json;
using Halyard.Evaluation.Definitions;

namespace Halyard.Evaluation.Tests.Definitions;

public sealed class JsonReadingTests
{
    [Fact]
    public void Environment_WithManyProblems_ReportsEachWithItsPointer()
    {
        var problems = Problems(
            DefinitionJson.ReadEnvironment,
            """
            {"enabled":"yes","offVariant":"","colour":1,"fallbackVariant":5,
             "prerequisites":[{"flag":"-x","variants":[]}],
             "overrides":[{"id":"o","variant":"on"},{"id":"p","targetingKey":"u","attribute":"a","value":1,"variant":"on","expiresAt":"soon"}, 7],
             "rules":[
               {"name":5,"enabled":null,"conditions":[{"attribute":"a","operator":"like","values":"x"},{"operator":"segment","attribute":"a","values":[]}],"serve":{}},
               {"id":"r","serve":{"variant":"on","rollout":{"weights":[{"variant":"on","weight":-1},{"weight":1.5}],"remainder":-1,"experiment":{"traffic":100001}}}},
               {"id":"s","id":"s","conditions":{},"serve":[]}]}
            """
        );
        problems.ShouldBe(
            [
                ("/colour", "unknown member 'colour'"),
                ("/enabled", "must be true or false"),
                ("/offVariant", "must not be empty"),
                ("/prerequisites/0/flag", "must be letters, digits, '.', '_' or '-', beginning with a letter or digit"),
                ("/prerequisites/0/variants", "must have at least 1 elements"),
                ("/overrides/0", "must have 'targetingKey', or 'attribute' and 'value'"),
                ("/overrides/1", "must have either 'targetingKey' or 'attribute' and 'value'"),
                ("/overrides/1/expiresAt", "must be a time such as 2026-01-31T09:30:00Z (RFC 3339)"),
                ("/overrides/2", "must be an object"),
                ("/rules/0/id", "is required"),
                ("/rules/0/name", "must be a string"),
                ("/rules/0/enabled", "must be true or false"),
                (
                    "/rules/0/conditions/0/operator",
                    $"'like' is not one of {string.Join(", ", WireNames.All<ConditionOperator>())}"
                ),
                ("/rules/0/conditions/0/values", "must be a list"),
                ("/rules/0/conditions/1/attribute", "a segment condition has no attribute"),
                ("/rules/0/serve", "must have either 'variant' or 'rollout'"),
                ("/rules/1/serve", "must have either 'variant' or 'rollout'"),
                ("/rules/1/serve/rollout/weights/0/weight", "must be a whole number from 0 to 2147483647"),
                ("/rules/1/serve/rollout/weights/1/variant", "is required"),
                ("/rules/1/serve/rollout/weights/1/weight", "must be a whole number from 0 to 2147483647"),
                ("/rules/1/serve/rollout/remainder", "must be a whole number from 0 to 2147483647"),
                ("/rules/1/serve/rollout/experiment/key", "is required"),
                ("/rules/1/serve/rollout/experiment/control", "is required"),
                ("/rules/1/serve/rollout/experiment/traffic", "must be a whole number from 0 to 100000"),
                ("/rules/2/id", "member 'id' appears more than once"),
                ("/rules/2/conditions", "must be a list"),
                ("/rules/2/serve", "must be an object"),
                ("/fallthrough", "is required"),
                ("/fallbackVariant", "must be a string"),
            ],
            ignoreOrder: true
        );
    }

    [Theory]
    [InlineData("""{"k":"\ud800"}""", "/k", "is not valid Unicode")]
    [InlineData("""{"k":null}""", "/k", "must be a string")]
    [InlineData("""{"k":".a"}""", "/k", "must be letters, digits, '.', '_' or '-', beginning with a letter or digit")]
    [InlineData("""{"k":"a b"}""", "/k", "must be letters, digits, '.', '_' or '-', beginning with a letter or digit")]
    [InlineData("""{"k":"é"}""", "/k", "must be letters, digits, '.', '_' or '-', beginning with a letter or digit")]
    [InlineData("{}", "/k", "is required")]
    [InlineData("[]", "", "must be an object")]
    [InlineData("""{"k":"a","a/b~c":1}""", "/a~1b~0c", "unknown member 'a/b~c'")]
    [InlineData("""{"k":"a","\udc00":1}""", "", "a member's name is not valid Unicode")]
    public void Key_ThatIsNone_IsReportedOnce(string json, string pointer, string message) =>
        Problems(cursor => cursor.IsObject("k") ? cursor.RequiredKey("k") : "", json).ShouldBe([(pointer, message)]);

    [Theory]
    [InlineData("a", true)]
    [InlineData("9.A_b-c", true)]
    [InlineData("", false)]
    [InlineData("_a", false)]
    [InlineData("a/b", false)]
    [InlineData("a\n", false)]
    [InlineData(null, false)]
    public void Key_HasLettersDigitsAndThreeSigns(string? text, bool isKey) => JsonCursor.IsKey(text).ShouldBe(isKey);

    [Fact]
    public void Key_HasAtMost128Characters() =>
        (JsonCursor.IsKey(new string('a', 128)), JsonCursor.IsKey(new string('a', 129))).ShouldBe((true, false));

    [Fact]
    public void Cursor_BelowAnotherPointer_PrefixesIt()
    {
        var problems = new List<DefinitionProblem>();
        using var document = JsonDocument.Parse("{}");
        JsonCursor.Root(document.RootElement, problems, "/operations/3").RequiredBool("on");
        problems.ShouldBe([new DefinitionProblem("/operations/3/on", "is required")]);
    }

    [Fact]
    public void List_ThatIsTooLong_IsReportedAndReadAsEmpty()
    {
        var rules = string.Join(',', Enumerable.Repeat("{}", Limits.Rules + 1));
        Problems(DefinitionJson.ReadSegment, $$"""{"key":"s","rules":[{{rules}}]}""")
            .ShouldBe([("/rules", "must have at most 200 elements")]);
    }

    [Theory]
    [InlineData("""{"attribute":"a","operator":"\udc00x","values":[1]}""", "/operator")]
    [InlineData("""{"attribute":"a","operator":"\ud800","values":[1]}""", "/operator")]
    [InlineData("""{"attribute":"a","operator":"in","values":["\ud800"]}""", "/values/0")]
    public void Condition_WithTextThatIsNoUnicode_IsReported(string json, string pointer) =>
        Problems(DefinitionJson.ReadCondition, json).ShouldBe([(pointer, "is not valid Unicode")]);

    [Fact]
    public void Bytes_ThatAreNotUtf8_AreReportedWhereverTheyStand()
    {
        byte[] variant = [.. "{\"key\":\"v\",\"value\":{\"a\":[\""u8, 0xcb, .. "\"]}}"u8];
        Problems(DefinitionJson.ReadVariant, variant).ShouldBe([("/value", "is not valid Unicode")]);
        byte[] condition = [.. "{\"attribute\":\"a\",\"operator\":\"i"u8, 0xcb, .. "\",\"values\":[1]}"u8];
        Problems(DefinitionJson.ReadCondition, condition).ShouldBe([("/operator", "is not valid Unicode")]);
    }

    // Looking each member up by name made this quadratic: a body of a megabyte took half a minute.
    [Fact]
    public void Members_ByTheHundredThousand_AreReportedInOnePass()
    {
        var members = string.Join(',', Enumerable.Range(0, 100_000).Select(i => $"\"{i}\":1"));
        Problems(cursor => cursor.IsObject("k"), $"{{{members}}}").Length.ShouldBe(100_000);
        var unreadable = string.Join(',', Enumerable.Repeat("\"\\ud800\":1", 100_000));
        Problems(DefinitionJson.ReadSegment, $"{{{unreadable}}}").ShouldBe([("", "a member's name is not valid Unicode")]);
    }

    [Fact]
    public void Value_ThatIsTooLarge_IsReported()
    {
        var list = string.Join(',', Enumerable.Repeat("1", Limits.ValueBytes));
        Problems(DefinitionJson.ReadVariant, $$"""{"key":"v","value":[{{list}}]}""")
            .ShouldBe([("/value", "must have at most 65536 bytes of JSON")]);
    }

    [Fact]
    public void Defaults_AreThoseOfTheWire()
    {
        var rule = Given.Read(
            DefinitionJson.ReadRule,
            """{"id":"r","conditions":[{"attribute":"a","operator":"in","values":["x"]}],"serve":{"variant":"on"}}"""
        );
        rule.ShouldBe(
            new TargetingRule("r", "", true, [new Condition("a", ConditionOperator.Equals, [FlagValue.Of("x")])], Serve.One("on"))
        );
        var environment = Given.Read(
            DefinitionJson.ReadEnvironment,
            """{"enabled":true,"offVariant":"off","fallthrough":{"variant":"on"}}"""
        );
        environment.ShouldBe(new FlagEnvironment(true, "off", [], [], [], Serve.One("on")));
    }

    [Fact]
    public void Enumerations_ReadBackTheNamesTheyWrite()
    {
        foreach (var value in Enum.GetValues<ConditionOperator>())
        {
            WireNames.TryParse<ConditionOperator>(value.WireName(), out var read).ShouldBeTrue();
            read.ShouldBe(value);
        }
        WireNames.Of(ConditionOperator.EqualsIgnoreCase).ShouldBe("equalsIgnoreCase");
        WireNames.Of(ConditionOperator.SemverCaret).ShouldBe("semverCaret");
        (FlagType.Json.WireName(), FlagStatus.Draft.WireName(), WhenMissing.NoMatch.WireName()).ShouldBe(
            ("json", "draft", "noMatch")
        );
        WireNames.TryParse<FlagType>("Boolean", out _).ShouldBeFalse();
        WireNames.TryParse<FlagType>("0", out _).ShouldBeFalse();
    }

    private static (string, string)[] Problems<T>(Func<JsonCursor, T> read, string json) =>
        Problems(read, System.Text.Encoding.UTF8.GetBytes(json));

    private static (string, string)[] Problems<T>(Func<JsonCursor, T> read, byte[] json)
    {
        var problems = new List<DefinitionProblem>();
        using var document = JsonDocument.Parse(json);
        _ = read(JsonCursor.Root(document.RootElement, problems));
        return [.. problems.Select(problem => (problem.Pointer, problem.Message))];
    }
}
