using Halyard.Server.Tests.Hosting;

namespace Halyard.Server.Tests.Auditing;

/// <summary>A server that shows reasons to those alone who ask for personal values.</summary>
public sealed class HiddenReasonsTests(HiddenReasonsTests.Server server) : IClassFixture<HiddenReasonsTests.Server>
{
    [Fact]
    public async Task HiddenReason_CannotBeGuessedBySearching()
    {
        await server.ProjectAsync("hidden");
        await server.FlagAsync("hidden", "checkout");
        const string Change =
            """{"operations":[{"op":"setEnabled","flag":"checkout","environment":"staging","enabled":true,"baseRevision":1}],"reason":"because Zoe asked"}""";
        (await server.PostAsync("/api/v1/projects/hidden/changes", Change)).Expect(200);

        (await server.GetAsync("/api/v1/audit?text=zoe")).Expect(200).Items().ShouldBeEmpty();
        (await CountAsync("zoe")).ShouldBe(0);
        (await CountAsync("checkout")).ShouldBe(2);
        var revealed = (await server.GetAsync("/api/v1/audit?text=zoe&reveal=true")).Expect(200).Items();
        revealed.ShouldHaveSingleItem().Text("reason").ShouldBe("because Zoe asked");
    }

    private async Task<long> CountAsync(string text) =>
        (await server.GetAsync($"/api/v1/audit/count?text={text}")).Expect(200).GetProperty("count").GetInt64();

    public sealed class Server : HalyardServer
    {
        protected override IEnumerable<string> Settings => ["--Halyard:Privacy:ShowReasons=false"];
    }
}
