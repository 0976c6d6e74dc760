using Halyard.Evaluation.Definitions;

namespace Halyard.Evaluation.Tests.OpenFeature;

public sealed class InMemoryFlagsTests
{
    [Theory]
    [InlineData("true", FlagType.Boolean)]
    [InlineData("false", FlagType.Boolean)]
    [InlineData("\"\"", FlagType.String)]
    [InlineData("0.0", FlagType.Number)]
    [InlineData("{}", FlagType.Json)]
    public void Flag_IsOfTheTypeOfItsVariants(string value, FlagType type)
    {
        var flag = Read($$"""{"variants":{"a":{{value}}},"defaultVariant":"a","flagMetadata":null}""").Flags.Single();
        flag.Flag.ShouldBe(new FlagDefinition("flag", type, FlagStatus.Active, [new("a", new FlagValue(value))]));
        flag.Configuration.ShouldBe(new FlagEnvironment(true, "a", [], [], [], Serve.One("a")));
    }

    [Fact]
    public void Flag_DisabledWithAnEvaluator_IsOffWithARule()
    {
        var flag = Read(
            """{"disabled":true,"variants":{"a":1,"b":2},"defaultVariant":"b","contextEvaluator":"x == 'y' ? 'a' : ''"}"""
        )
            .Flags.Single();
        flag.Configuration.Enabled.ShouldBeFalse();
        flag.Configuration.Rules.ShouldBe([ContextEvaluator.Rule("x == 'y' ? 'a' : ''")]);
        flag.Configuration.Fallthrough.ShouldBe(Serve.One("b"));
    }

    [Theory]
    [InlineData("""{"variants":{"a":true},"defaultVariant":null}""")]
    [InlineData("""{"variants":{"a":true}}""")]
    public void Flag_WithoutADefaultVariant_IsSetAside(string flag)
    {
        var flags = Read(flag);
        flags.Flags.ShouldBeEmpty();
        flags.WithoutDefault.ShouldBe(["flag"]);
    }

    [Theory]
    [InlineData("""{"variants":{"a":true},"defaultVariant":"a","prerequisites":[]}""")]
    [InlineData("""{"variants":{"a":[]},"defaultVariant":"a"}""")]
    [InlineData("""{"variants":{"a":null},"defaultVariant":"a"}""")]
    [InlineData("""{"variants":{"a":true},"defaultVariant":"a","contextEvaluator":"true"}""")]
    public void Flag_WithWhatIsNotKnown_IsRefused(string flag) => Should.Throw<FormatException>(() => Read(flag));

    private static InMemoryFlags Read(string flag) => InMemoryFlags.Read($$"""{"flag":{{flag}}}""");
}
