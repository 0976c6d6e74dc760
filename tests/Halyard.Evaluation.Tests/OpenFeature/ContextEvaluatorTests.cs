using Halyard.Evaluation.Definitions;

namespace Halyard.Evaluation.Tests.OpenFeature;

public sealed class ContextEvaluatorTests
{
    [Fact]
    public void Expression_OfEveryComparison_IsOneConditionEach()
    {
        var rule = ContextEvaluator.Rule("!customer && email == 'a@b.c' && age > 10 ? 'internal' : ''");
        rule.Serve.ShouldBe(Serve.One("internal"));
        rule.Conditions.ShouldBe([
            new("customer", ConditionOperator.Equals, [FlagValue.Of(false)]),
            new("email", ConditionOperator.Equals, [FlagValue.Of("a@b.c")]),
            new("age", ConditionOperator.GreaterThan, [new FlagValue("10")]),
        ]);
    }

    [Theory]
    [InlineData("")]
    [InlineData("a == 'b'")]
    [InlineData("a == 'b' ? 'c' : 'd'")]
    [InlineData("a == 'b' ? '' : ''")]
    [InlineData("a == 'b' ? c : ''")]
    [InlineData("a == b ? 'c' : ''")]
    [InlineData("a != 'b' ? 'c' : ''")]
    [InlineData("a < 1 ? 'c' : ''")]
    [InlineData("a > -1 ? 'c' : ''")]
    [InlineData("a > 'b' ? 'c' : ''")]
    [InlineData("a ? 'c' : ''")]
    [InlineData("! ? 'c' : ''")]
    [InlineData("!!a ? 'c' : ''")]
    [InlineData("a.b == 'c' ? 'd' : ''")]
    [InlineData("a == 'b' || c == 'd' ? 'e' : ''")]
    [InlineData("a == 'b && c' ? 'd' : ''")]
    [InlineData("a == 'b\\'' ? 'c' : ''")]
    [InlineData("a == 'b' ? 'c' : '' ? 'd' : ''")]
    public void Expression_OfAnotherForm_IsRefused(string expression) =>
        Should.Throw<FormatException>(() => ContextEvaluator.Rule(expression));
}
