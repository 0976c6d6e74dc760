using Halyard.Cli.Importing.Logic;
using Halyard.Evaluation.Definitions;

namespace Halyard.Cli.Tests.Importing.Logic;

public sealed class NormalFormTests
{
    [Theory]
    [InlineData(NormalForm.MaxDepth - 1, true)]
    [InlineData(NormalForm.MaxDepth, false)]
    [InlineData(1_000_000, false)]
    public void Formula_NestedDeep_HasAFormUpToTheLimit(int negations, bool hasForm)
    {
        var formula = Formula.Exists("a");
        for (var i = 0; i < negations; i++)
            formula = Formula.Not(formula);
        (NormalForm.Of(formula) is not null).ShouldBe(hasForm);
    }

    [Theory]
    [InlineData(Limits.Conditions, true)]
    [InlineData(Limits.Conditions + 1, false)]
    public void Conjunction_HasAFormUpToTheConditionsOfARule(int conditions, bool hasForm) =>
        (NormalForm.Of(All(conditions)) is not null).ShouldBe(hasForm);

    [Fact]
    public void Conjunction_LongerThanARule_ThatContradictsItself_IsNever() =>
        NormalForm
            .Of(Formula.All(All(2 * Limits.Conditions), Formula.Not(Formula.Exists("a0"))))
            .ShouldNotBeNull()
            .ShouldBeEmpty();

    [Fact]
    public void Conjunction_OfManyDenials_OfOneAttribute_IsOneCondition()
    {
        var denials = Enumerable
            .Range(0, Limits.Values)
            .Select(i => Formula.Not(Formula.Test("a", ConditionOperator.Equals, [FlagValue.Of($"{i}")])));
        var condition = NormalForm.Of(Formula.All(denials)).ShouldNotBeNull().ShouldHaveSingleItem().ShouldHaveSingleItem();
        (condition.Negate, condition.Values.Count).ShouldBe((true, Limits.Values));
    }

    private static Formula All(int conditions) =>
        Formula.All(Enumerable.Range(0, conditions).Select(i => Formula.Exists($"a{i}")));
}
