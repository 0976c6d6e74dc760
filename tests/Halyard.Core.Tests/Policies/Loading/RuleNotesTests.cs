namespace Halyard.Core.Tests.Policies.Loading;

public sealed class RuleNotesTests
{
    private const string Always = "always: true\n" + Policy.Two;

    [Theory]
    [InlineData("environment", "equals", "production", "environment", "equals", "production", true)]
    [InlineData("environment", "in", "[a, b]", "environment.key", "equals", "b", true)]
    [InlineData("environment", "equals", "a", "environment", "in", "[a, b]", false)]
    [InlineData("environment", "regex", "prod.*", "environment", "equals", "prod-eu", true)]
    [InlineData("environment", "regex", "prod", "environment", "equals", "non-prod", false)]
    [InlineData("flag.tags", "containsAny", "[a, b]", "flag.tags", "contains", "a", true)]
    [InlineData("audience.delta", "greaterThan", "5", "audience.delta", "greaterThan", "10", true)]
    [InlineData("audience.delta", "greaterThan", "10", "audience.delta", "greaterThan", "5", false)]
    [InlineData("audience.delta", "lessThan", "10", "audience.delta", "equals", "5", true)]
    [InlineData("environment.riskLevel", "greaterThan", "low", "environment.riskLevel", "in", "[high, critical]", true)]
    [InlineData("environment", "equals", "a", "environment.id", "equals", "a", false)]
    public void First_ReportsARuleThatAnotherHides(
        string field,
        string operation,
        string value,
        string laterField,
        string laterOperation,
        string laterValue,
        bool isHidden
    )
    {
        var yaml = Policy.Yaml(
            "first",
            Policy.When(field, operation, value) + "\n" + Policy.Two,
            Policy.When(laterField, laterOperation, laterValue) + "\n" + Policy.Two
        );

        Policy.TryLoad(yaml).Notes.Any(note => note.Rule == "r1" && note.Message.Contains("'r0'")).ShouldBe(isHidden);
    }

    [Fact]
    public void Strictest_HidesNoRule()
    {
        var loading = Policy.TryLoad(Policy.Yaml("strictest", Always, Always));

        loading.Problems.ShouldBeEmpty();
        loading.Notes.ShouldBeEmpty();
    }

    [Fact]
    public void First_ADenialIsNeverHidden()
    {
        var loading = Policy.TryLoad(Policy.Yaml("first", Always, "always: true\ndeny: never"));

        loading.Problems.ShouldBeEmpty();
        loading.Notes.ShouldBeEmpty();
    }

    [Fact]
    public void First_AnExemptionHidesOnlyRulesForSaferChanges()
    {
        const string safer = "conditions: [{ field: direction, operator: equals, value: safer }]\n";

        Policy
            .TryLoad(Policy.Yaml("first", "always: true\n" + Policy.None, Always))
            .Notes.ShouldHaveSingleItem()
            .Rule.ShouldBe("r0");
        Policy
            .TryLoad(Policy.Yaml("first", "always: true\n" + Policy.None, safer + Policy.Two))
            .Notes.Select(note => note.Rule)
            .ShouldBe(["r0", "r1"]);
    }
}
