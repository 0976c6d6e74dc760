using Halyard.Evaluation.Definitions;

namespace Halyard.Evaluation.Tests.Evaluating;

public sealed class ReasonTests
{
    private const string Rule = """{"id":"r1","serve":{"variant":"on"}}""";

    [Fact]
    public void UnknownFlag_IsFlagNotFoundWithoutAValue()
    {
        var result = Evaluator.Evaluate(CompiledSnapshot.Empty, "nope", EvaluationContext.Empty, Given.Now);
        (result.Reason, result.ErrorCode, result.Variant, result.Revision).ShouldBe(
            (EvaluationReason.Error, ErrorCode.FlagNotFound, null, 0L)
        );
        Evaluator
            .Evaluate(CompiledSnapshot.Empty, "\xff\xfe"u8, EvaluationContext.Empty, Given.Now)
            .ErrorCode.ShouldBe(ErrorCode.FlagNotFound);
        Evaluator
            .Evaluate(CompiledSnapshot.Empty, new byte[500], EvaluationContext.Empty, Given.Now)
            .ErrorCode.ShouldBe(ErrorCode.FlagNotFound);
    }

    [Fact]
    public void BrokenFlag_ServesOffWithParseErrorBeforeAnythingElse()
    {
        var flag = new FlagInEnvironment(
            Given.Boolean(),
            new FlagEnvironment(false, "off", [], [], [new("r", "", true, [], Serve.One("nope"))], Serve.One("on")),
            3
        );
        var compiled = Given.Compile(flag);
        compiled.Diagnostics.ShouldBe([new Diagnostic("flag", "/rules/0/serve/variant", "there is no variant 'nope'")]);
        var result = Evaluator.Evaluate(compiled.Snapshot, "flag", EvaluationContext.Empty, Given.Now);
        (result.Reason, result.ErrorCode, result.Variant!.Key, result.Revision).ShouldBe(
            (EvaluationReason.Error, ErrorCode.ParseError, "off", 3L)
        );
        result.BooleanValue(true).ShouldBeFalse();
    }

    [Fact]
    public void BrokenFlag_WithoutAReadableOffVariant_IsTheErrorAlone()
    {
        var compiled = Given.Compile(new FlagInEnvironment(Given.Boolean(), new(true, "nope", [], [], [], Serve.One("on")), 3));
        var result = Evaluator.Evaluate(compiled.Snapshot, "flag", EvaluationContext.Empty, Given.Now);
        (result.ErrorCode, result.Variant).ShouldBe((ErrorCode.ParseError, null));
        result.BooleanValue(true).ShouldBeTrue();
    }

    [Theory]
    [InlineData(FlagStatus.Draft, true, EvaluationReason.Disabled)]
    [InlineData(FlagStatus.Archived, true, EvaluationReason.Disabled)]
    [InlineData(FlagStatus.Active, false, EvaluationReason.Disabled)]
    [InlineData(FlagStatus.Active, true, EvaluationReason.TargetingMatch)]
    [InlineData(FlagStatus.Deprecated, true, EvaluationReason.TargetingMatch)]
    public void Status_DecidesBeforeOverridesAndRules(FlagStatus status, bool enabled, EvaluationReason reason)
    {
        var result = Given.Evaluate(
            $$"""{"enabled":{{(enabled ? "true" : "false")}},"overrides":[{"id":"o","targetingKey":"u","variant":"on"}],"rules":[{{Rule}}]}""",
            """{"targetingKey":"u"}""",
            Given.Boolean(status: status)
        );
        result.Reason.ShouldBe(reason);
        result.Variant!.Key.ShouldBe(reason == EvaluationReason.Disabled ? "off" : "on");
    }

    [Theory]
    [InlineData("""{"fallthrough":{"variant":"on"}}""", EvaluationReason.Static)]
    [InlineData(
        """{"fallthrough":{"variant":"on"},"rules":[{"id":"r","enabled":false,"serve":{"variant":"off"}}]}""",
        EvaluationReason.Default
    )]
    [InlineData(
        """{"fallthrough":{"variant":"on"},"overrides":[{"id":"o","targetingKey":"x","variant":"off"}]}""",
        EvaluationReason.Default
    )]
    [InlineData("""{"fallthrough":{"rollout":{"weights":[{"variant":"on","weight":1}]}}}""", EvaluationReason.Split)]
    [InlineData(
        """{"rules":[{"id":"r","serve":{"rollout":{"weights":[{"variant":"on","weight":1}]}}}]}""",
        EvaluationReason.Split
    )]
    [InlineData("""{"rules":[{"id":"r","serve":{"variant":"on"}}]}""", EvaluationReason.TargetingMatch)]
    public void Reason_IsThatOfWhatDecided(string configuration, EvaluationReason reason)
    {
        var result = Given.Evaluate(configuration, """{"targetingKey":"u"}""");
        (result.Variant!.Key, result.Reason, result.Revision, result.FlagKey).ShouldBe(("on", reason, 7L, "flag"));
        result.ErrorCode.ShouldBeNull();
    }

    [Fact]
    public void Rules_AreAskedInOrder_AndDisabledOnesSkipped()
    {
        var result = Given.Evaluate(
            """
            {"rules":[
              {"id":"a","enabled":false,"serve":{"variant":"off"}},
              {"id":"b","conditions":[{"attribute":"x","operator":"exists"}],"serve":{"variant":"off"}},
              {"id":"c","serve":{"variant":"on"}},
              {"id":"d","serve":{"variant":"off"}}]}
            """,
            "{}"
        );
        (result.RuleId, result.Variant!.Key).ShouldBe(("c", "on"));
    }

    [Theory]
    [InlineData(EvaluationReason.Error, "ERROR")]
    [InlineData(EvaluationReason.Static, "STATIC")]
    [InlineData(EvaluationReason.Default, "DEFAULT")]
    [InlineData(EvaluationReason.TargetingMatch, "TARGETING_MATCH")]
    [InlineData(EvaluationReason.Split, "SPLIT")]
    [InlineData(EvaluationReason.Disabled, "DISABLED")]
    [InlineData(EvaluationReason.PrerequisiteFailed, "PREREQUISITE_FAILED")]
    public void Reason_OnTheWire_IsInUpperCase(EvaluationReason reason, string name) => reason.WireName().ShouldBe(name);

    [Theory]
    [InlineData(ErrorCode.FlagNotFound, "FLAG_NOT_FOUND")]
    [InlineData(ErrorCode.ParseError, "PARSE_ERROR")]
    [InlineData(ErrorCode.TypeMismatch, "TYPE_MISMATCH")]
    [InlineData(ErrorCode.TargetingKeyMissing, "TARGETING_KEY_MISSING")]
    [InlineData(ErrorCode.InvalidContext, "INVALID_CONTEXT")]
    [InlineData(ErrorCode.General, "GENERAL")]
    public void ErrorCode_OnTheWire_IsInUpperCase(ErrorCode code, string name) => code.WireName().ShouldBe(name);

    [Theory]
    [InlineData(FlagType.Boolean, "true")]
    [InlineData(FlagType.String, "\"é\\\"\\n\"")]
    [InlineData(FlagType.Number, "1.5e3")]
    [InlineData(FlagType.Json, "{ \"a\": [1, null] }")]
    public void Value_OfEachType_IsServedTypedAndAsJson(FlagType type, string json)
    {
        var flag = new FlagDefinition("flag", type, FlagStatus.Active, [new("off", new FlagValue(json))]);
        var result = Given.Evaluate("{}", "{}", flag);

        result.TryGetBoolean(out var boolean, out var booleanError).ShouldBe(type == FlagType.Boolean);
        result.TryGetString(out var text, out var textError).ShouldBe(type == FlagType.String);
        result.TryGetNumber(out var number, out var numberError).ShouldBe(type == FlagType.Number);
        result.TryGetJson(out var bytes, out var jsonError).ShouldBe(type == FlagType.Json);

        boolean.ShouldBe(type == FlagType.Boolean);
        text.ShouldBe(type == FlagType.String ? "é\"\n" : "");
        number.ShouldBe(type == FlagType.Number ? 1500 : 0);
        System.Text.Encoding.UTF8.GetString(bytes.Span).ShouldBe(type == FlagType.Json ? "{\"a\":[1,null]}" : "");
        new[] { booleanError, textError, numberError, jsonError }.Count(error => error == ErrorCode.TypeMismatch).ShouldBe(3);
        new[] { booleanError, textError, numberError, jsonError }.Count(error => error is null).ShouldBe(1);

        foreach (var asked in Enum.GetValues<FlagType>())
            result.As(asked).ErrorCode.ShouldBe(asked == type ? null : ErrorCode.TypeMismatch);
        (result.BooleanValue(true), result.StringValue("x"), result.NumberValue(9)).ShouldBe(
            (true, type == FlagType.String ? text : "x", type == FlagType.Number ? 1500 : 9)
        );
        result.Variant!.ValueUtf8.Span.IndexOfAny(" \n"u8).ShouldBe(-1);
        System
            .Text.Encoding.UTF8.GetString(result.Variant.AnswerUtf8.Span)
            .ShouldBe(
                $$$"""{"key":"{{{flag.Key}}}","variant":"off","value":{{{System.Text.Encoding.UTF8.GetString(result.Variant.ValueUtf8.Span)}}},"metadata":{"revision":7"""
            );
    }
}
