using Halyard.Server.Tests.Hosting;

namespace Halyard.Server.Tests.Access;

/// <summary>Freezes over HTTP.</summary>
public sealed class FreezeTests(HalyardServer server) : IClassFixture<HalyardServer>
{
    [Fact]
    public async Task Freeze_CreatedReplacedAndDeleted_IsListedWithItsNextSpan_AndEachIsAnEntry()
    {
        const string Body =
            """{"key":"weekend","zone":"Europe/Berlin","recurring":[{"every":"weekly","days":["friday"],"at":"17:00","minutes":3780}]}""";
        (await server.PostAsync("/api/v1/freezes", Body)).Expect(200);
        (await server.PostAsync("/api/v1/freezes", Body)).ExpectInvalid().ShouldBe(["/key"]);

        var listed = (await server.GetAsync("/api/v1/freezes")).Expect(200).GetProperty("items")[0];
        listed.GetProperty("zone").GetString().ShouldBe("Europe/Berlin");
        var next = listed.GetProperty("next");
        var start = next.GetProperty("from").GetDateTimeOffset();
        start.DayOfWeek.ShouldBe(DayOfWeek.Friday);
        // Summer or winter time, at the beginning and at the end.
        (next.GetProperty("to").GetDateTimeOffset() - start).TotalHours.ShouldBeInRange(62, 64);
        listed.GetProperty("scope").GetProperty("tags").GetArrayLength().ShouldBe(0);

        var changed = """{"enabled":false,"intervals":[{"from":"2020-01-01T00:00:00Z","to":"2199-01-01T00:00:00Z"}]}"""u8;
        (await server.SendAsync("PUT", "/api/v1/freezes/weekend", changed.ToArray(), server.Admin)).Expect(200);
        listed = (await server.GetAsync("/api/v1/freezes")).Expect(200).GetProperty("items")[0];
        listed.TryGetProperty("current", out _).ShouldBeFalse("it is switched off");
        (await server.SendAsync("DELETE", "/api/v1/freezes/weekend?reason=done", null, server.Admin)).Expect(200);
        (await server.GetAsync("/api/v1/freezes")).Expect(200).GetProperty("items").GetArrayLength().ShouldBe(0);

        foreach (var type in new[] { "freeze.created", "freeze.updated", "freeze.deleted" })
            (await server.GetAsync($"/api/v1/audit/count?action={type}")).Expect(200).GetProperty("count").GetInt32().ShouldBe(1);
    }

    [Theory]
    [InlineData("""{"key":"f","zone":"../etc/passwd","intervals":[]}""", "/zone")]
    [InlineData("""{"key":"f","zone":"Mars/Olympus","intervals":[]}""", "/zone")]
    [InlineData("""{"key":"f"}""", "/intervals")]
    [InlineData("""{"key":"f","intervals":[],"always":true}""", "/always")]
    public async Task Freeze_ThatIsNotWellFormed_IsRefusedWhereItIsWrong(string body, string pointer) =>
        (await server.PostAsync("/api/v1/freezes", body)).ExpectInvalid().ShouldContain(pointer);

    [Fact]
    public async Task Freeze_ByWhoMayOnlyEvaluate_IsDenied()
    {
        var client = (await server.TokenAsync("CLIENT")).Secret;
        (await server.PostAsync("/api/v1/freezes", """{"key":"f","intervals":[]}""", client)).ExpectProblem(403, "denied");
        (await server.GetAsync("/api/v1/freezes", client)).ExpectProblem(403, "denied");
    }
}
