using Halyard.Server.Tests.Hosting;

namespace Halyard.Server.Tests.Requests;

/// <summary>What the audit log is searched by over HTTP.</summary>
public sealed class AuditSearchTests(HalyardServer server) : IClassFixture<HalyardServer>
{
    [Fact]
    public async Task Text_FindsEntriesByTheirWords_TogetherWithOtherFilters()
    {
        await server.ProjectAsync("searched");
        await server.FlagAsync("searched", "checkout-redesign");
        await server.FlagAsync("searched", "pricing");
        var change = """
            {"operations":[{"op":"setEnabled","flag":"checkout-redesign","environment":"production","enabled":true,"baseRevision":1}],
            "reason":"Préféré by the payments team","ticket":"SHOP-4711"}
            """;
        (await server.PostAsync("/api/v1/projects/searched/changes", change)).Expect(200);

        (await FoundAsync("text=prefere%20pay")).ShouldBe(1);
        (await FoundAsync("text=%22payments%20team%22&environment=production")).ShouldBe(1);
        (await FoundAsync("text=%22payments%20team%22&environment=staging")).ShouldBe(0);
        (await FoundAsync("text=SHOP-4711")).ShouldBe(1);
        (await FoundAsync("text=checkout-redesign&project=searched")).ShouldBe(2);
        (await FoundAsync("text=checkout-redesign&project=elsewhere")).ShouldBe(0);
        (await FoundAsync("text=pricing&action=flag.created")).ShouldBe(1);
        (await FoundAsync("text=nowhere")).ShouldBe(0);
    }

    [Fact]
    public async Task ChangeRequest_IsAFilterAndNotPassedOver()
    {
        (await FoundAsync("changeRequest=cr_none")).ShouldBe(0);
    }

    [Fact]
    public async Task Text_WithoutAWordOrTooLong_IsRefused()
    {
        (await server.GetAsync("/api/v1/audit?text=%22*%22")).ExpectInvalid().ShouldBe(["/text"]);
        (await server.GetAsync($"/api/v1/audit/count?text={new string('x', 257)}")).ExpectInvalid().ShouldBe(["/text"]);
        (await server.GetAsync($"/api/v1/audit/count?text={new string('x', 256)}")).Expect(200);
    }

    private async Task<long> FoundAsync(string filters)
    {
        var count = (await server.GetAsync($"/api/v1/audit/count?{filters}")).Expect(200).GetProperty("count").GetInt64();
        (await server.GetAsync($"/api/v1/audit?{filters}")).Expect(200).Items().Count.ShouldBe((int)count, filters);
        return count;
    }
}
