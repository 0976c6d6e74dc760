using System.Text.Json;
using Halyard.Server.Tests.Hosting;

namespace Halyard.Server.Tests.Approvals;

/// <summary>What a request is called: the reason that was given, as far as there is room.</summary>
public sealed class RequestTitleTests(ApprovalWorld world) : IClassFixture<ApprovalWorld>
{
    [Fact]
    public async Task Title_OfALongReason_IsCutBetweenCharacters_NeverInOne()
    {
        var reason = JsonSerializer.Serialize(new string('a', 255) + "🚩 and why");

        var answer = await world.PostAsync(
            $"/api/v1/projects/shop/flags/calm{ApprovalWorld.Enable}",
            $$"""{"reason":{{reason}}}""",
            world.Developer
        );

        var id = answer.Expect(202).GetProperty("changeRequest").Text("id");
        (await world.GetAsync($"/api/v1/change-requests/{id}")).Expect(200).Text("title").ShouldBe(new string('a', 255));
    }
}
