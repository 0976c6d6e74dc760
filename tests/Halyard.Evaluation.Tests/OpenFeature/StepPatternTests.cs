namespace Halyard.Evaluation.Tests.OpenFeature;

public sealed class StepPatternTests
{
    [Theory]
    [InlineData("is {string}", """is "a" """, "a")]
    [InlineData("is {string}", """is "" """, "")]
    [InlineData("is {string}", """is "{\"a\": 1}" """, """{"a": 1}""")]
    [InlineData("is {string}", """is "a" or "b" """, null)]
    [InlineData("is {string}", """this is "a" """, null)]
    [InlineData("is {number}", "is 13", "13")]
    [InlineData("is {number}", "is -0.1", "-0.1")]
    [InlineData("is {number}", "is 1.", null)]
    [InlineData("is {number}", "is \"1\"", null)]
    [InlineData("is {value}", "is \"1\"", "1")]
    [InlineData("is {value}", "is 1", "1")]
    [InlineData("is {value}", "is one", null)]
    [InlineData("a {type}-flag", "a Boolean-flag", "Boolean")]
    [InlineData("a {type}-flag", "a boolean-flag", "boolean")]
    [InlineData("a {type}-flag", "a number-flag", null)]
    [InlineData("a.b", "acb", null)]
    public void Step_IsMatchedWhole(string expression, string step, string? parameter)
    {
        string[]? expected = parameter is null ? null : [parameter];
        new StepPattern(expression).Match(step.TrimEnd()).ShouldBe(expected);
    }

    [Fact]
    public void Parameters_ComeInOrder() =>
        new StepPattern("{value}, {type} and {string}").Match("7, Float and \"x\"").ShouldBe(["7", "Float", "x"]);
}
