using Halyard.Core.Access;
using Halyard.Core.Tests.Fixtures;
using Halyard.Evaluation.Definitions;

namespace Halyard.Core.Tests.Access;

public sealed class BuiltInAuthorizerTests
{
    [Theory]
    [InlineData("ADMIN", "change.submit", true)]
    [InlineData("ADMIN", "flag.evaluate", true)]
    [InlineData("CLIENT", "flag.evaluate", true)]
    [InlineData("CLIENT", "change.submit", false)]
    [InlineData("CLIENT", "audit.read", false)]
    [InlineData("CLIENT", "flag.evaluate.more", false)]
    [InlineData("CLIENT", "", false)]
    [InlineData("admin", "flag.evaluate", false)]
    [InlineData("ADMIN ", "flag.evaluate", false)]
    [InlineData("", "flag.evaluate", false)]
    public async Task Decide_RoleAndAction_AllowsOnlyWhatIsFixedInCode(string role, string action, bool allowed)
    {
        var decision = await DecideAsync([role], action);

        decision.Allowed.ShouldBe(allowed);
        decision.Policy.ShouldBe("built-in@1");
        decision.Reason.ShouldNotBeEmpty();
    }

    [Fact]
    public async Task Decide_NoRole_Denies() => (await DecideAsync([], "flag.evaluate")).Allowed.ShouldBeFalse();

    [Fact]
    public async Task Decide_SeveralRoles_TheStrongestCounts() =>
        (await DecideAsync(["CLIENT", "ADMIN"], "change.submit")).Allowed.ShouldBeTrue();

    private static async Task<AuthorizationDecision> DecideAsync(Sequence<string> roles, string action)
    {
        var request = new AuthorizationRequest(Pipeline.Admin with { Roles = roles }, action, "web", "{}"u8.ToArray());
        return await new BuiltInAuthorizer().DecideAsync(request, TestContext.Current.CancellationToken);
    }
}
