using Halyard.Core.Access;
using Halyard.Core.Access.Deciding;

namespace Halyard.Core.Tests.Access;

/// <summary>The policy that ships decides as <c>policies/inputs.json</c> says.</summary>
public sealed class ShippedPolicyTests
{
    public static TheoryData<string> Cases => [.. PolicyCases.Names];

    [Theory]
    [MemberData(nameof(Cases))]
    public Task Case_IsDecidedAsExpected(string name) =>
        PolicyCases.HoldsAsync(name, new RegoEngine(TimeProvider.System), TestContext.Current.CancellationToken);

    [Fact]
    public void Cases_AreMoreThanTwoHundred_AndNameEveryBuiltInRole()
    {
        PolicyCases.Names.Count.ShouldBeGreaterThan(200);
        BuiltInRoles.All.ShouldAllBe(role =>
            PolicyCases.Names.Any(name => name.StartsWith($"{role.Key} may ", StringComparison.Ordinal))
        );
    }
}
