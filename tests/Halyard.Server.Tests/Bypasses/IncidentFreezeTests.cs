using Halyard.Evaluation.Definitions;
using Halyard.Server.Bypasses;
using Halyard.Server.Tests.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Halyard.Server.Tests.Bypasses;

/// <summary>Freezes that somebody begins for an incident, and that hold until it is over or they are lifted.</summary>
public sealed class IncidentFreezeTests : IAsyncLifetime
{
    private const string Enable = "/api/v1/projects/shop/flags/checkout/environments/dev/enable";

    private readonly EmergencyWorld _world = new();

    public async ValueTask InitializeAsync()
    {
        await _world.InitializeAsync();
        // Where nothing waits for approval, so that freezes alone stand in the way.
        const string development = """{"key":"dev","type":"development"}""";
        (await _world.PostAsync("/api/v1/projects/shop/environments", development)).Expect(200);
    }

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task Freeze_ForAnIncident_HoldsUntilItsSourceSaysThatItIsOver_AndNobodyMustApproveThat()
    {
        await FreezeAsync("INC-1");
        var listed = await OneAsync();
        listed.Text("forIncident").ShouldBe("INC-1");
        listed.GetProperty("current").TryGetProperty("to", out _).ShouldBeFalse();

        await ElapseAsync(TimeSpan.FromDays(3));
        (await EnableAsync())
            .ExpectProblem(423, "frozen")
            .Text("detail")
            .ShouldContain("until it is lifted or incident 'INC-1' is over");

        // A word that nobody declared is no word that it is over.
        _world.Incidents.Say("INC-1", "SEV1", "reopened");
        await ElapseAsync(IncidentFreezes.Interval);
        (await EnableAsync()).ExpectProblem(423, "frozen");

        _world.Incidents.Say("INC-1", "SEV1", "resolved");
        await ElapseAsync(IncidentFreezes.Interval);

        (await EnableAsync()).Expect(200);
        listed = await OneAsync();
        listed.TryGetProperty("current", out _).ShouldBeFalse();
        listed.Text("forIncident").ShouldBe("INC-1");
        listed
            .GetProperty("intervals")[0]
            .GetProperty("to")
            .GetDateTimeOffset()
            .ShouldBe(_world.Time.GetUtcNow(), TimeSpan.FromMinutes(1));
        var entry = (await _world.EntriesAsync("freeze.lifted")).ShouldHaveSingleItem().GetProperty("leaf");
        entry.GetProperty("actor").Text("kind").ShouldBe("system");
        entry.GetProperty("why").Text("incident").ShouldBe("INC-1");
    }

    [Fact]
    public async Task Freeze_WhoseIncidentNobodyCanTellOf_Stays_AndNobodyLiftsItAlone()
    {
        await FreezeAsync("INC-404");
        await ElapseAsync(IncidentFreezes.Interval);
        _world.Incidents.Answer("INC-404", "it is down", 503);
        await ElapseAsync(IncidentFreezes.Interval);
        (await EnableAsync()).ExpectProblem(423, "frozen");

        // Whoever could lift it alone would need no exception.
        (await _world.SendAsync("DELETE", "/api/v1/freezes/inc?reason=over", null, _world.Commander)).Expect(202);

        (await EnableAsync()).ExpectProblem(423, "frozen");
    }

    private async Task FreezeAsync(string incident)
    {
        var from = Rfc3339.Format(_world.Time.GetUtcNow());
        var body =
            $$"""{"key":"inc","forIncident":"{{incident}}","scope":{"environments":["dev"]},"intervals":[{"from":"{{from}}"}]}""";
        (await _world.PostAsync("/api/v1/freezes", body, _world.Commander)).Expect(200);
    }

    private async Task<System.Text.Json.JsonElement> OneAsync() =>
        (await _world.GetAsync("/api/v1/freezes")).Expect(200).Items().ShouldHaveSingleItem();

    private Task<Answer> EnableAsync() => _world.PostAsync(Enable, """{"reason":"go on"}""");

    /// <summary>Puts the clock forward; the server asks by itself as well, and asking twice changes nothing.</summary>
    private async Task ElapseAsync(TimeSpan time)
    {
        _world.Time.Advance(time);
        await _world
            .Services.GetServices<IHostedService>()
            .OfType<IncidentFreezes>()
            .Single()
            .PassAsync(TestContext.Current.CancellationToken);
    }
}
